/// A value that is only touched on the queue of one database connection, which runs one closure at a time.
final class Confined<Value>: @unchecked Sendable {
    private(set) var known: Value?

    init() {}

    /// The value, made on first use. Must be called on the connection's queue.
    func value(_ make: () throws -> Value) rethrows -> Value {
        if let known { return known }
        let fresh = try make()
        known = fresh
        return fresh
    }

    func drop() { known = nil }
}
