/// What the world gives to the pure code: the time, fresh identifiers and chance. Only executables make a live one.
public struct Surroundings: Sendable {
    /// The wall clock, which can be set: it may go back.
    public var now: @Sendable () -> Timestamp
    /// A fresh identifier, unique in the world.
    public var makeID: @Sendable () -> String
    /// Puts the calling thread to sleep for so many seconds.
    public var sleep: @Sendable (Double) -> Void

    /// A number for a source of chance, from the fresh identifiers.
    public func seed() -> UInt64 { FNV1a.of(makeID().utf8) }

    public init(
        now: @escaping @Sendable () -> Timestamp, makeID: @escaping @Sendable () -> String,
        sleep: @escaping @Sendable (Double) -> Void
    ) {
        self.now = now
        self.makeID = makeID
        self.sleep = sleep
    }
}

/// A seeded source of chance (SplitMix64; Steele, Lea and Flood 2014): the same seed plays the same exercise.
public struct SeededChance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number from 0 up to but not including 1.
    public mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
