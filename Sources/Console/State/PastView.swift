public import ControlRoom

/// A time that a console looks at instead of now: everything there can be looked at, and nothing done.
public struct PastView: Equatable, Sendable {
    public var time: Timestamp
    public var realm: Realm
    public var totals: AlertTotals
    /// What was over by then is left out, because there is too much of it.
    public var isOpenOnly: Bool

    public init(time: Timestamp, realm: Realm, totals: AlertTotals, isOpenOnly: Bool) {
        self.time = time
        self.realm = realm
        self.totals = totals
        self.isOpenOnly = isOpenOnly
    }
}

/// The journey that was asked for last. What a screen shows changes with the answer, never with the key: until then it is what it
/// says it is.
struct Journey: Equatable, Sendable {
    var number = 0
    /// It is built, and waits until nothing is being written.
    var isReady = false
}
