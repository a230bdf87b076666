public import ControlRoom

/// A city as a folder tells of it: what the console needs before the first event comes.
public struct CityPack: Sendable {
    public var city: City
    /// Everything the pack defines, as events: a city is a fold like all else.
    public var definitions: [Event]
    public var exercises: [ExerciseScript]
}
