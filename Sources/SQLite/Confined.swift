/// A value that is only touched on the queue of one database connection, which runs one closure at a time.
package final class Confined<Value>: @unchecked Sendable {
    /// Nil before the first use. On the connection's queue only.
    package private(set) var known: Value?

    package init() {}

    /// The value, made on first use. Must be called on the connection's queue.
    @inlinable
    package func value(_ make: () throws -> Value) rethrows -> Value {
        if let known { return known }
        return keep(try make())
    }

    @usableFromInline
    func keep(_ fresh: Value) -> Value {
        known = fresh
        return fresh
    }

    /// The next use makes it anew. On the connection's queue only.
    package func drop() { known = nil }
}
