import Synchronization

extension Mutex where Value: Sendable {
    /// Puts a value in, for whoever tells what has changed since the last time.
    ///
    /// - Returns: what was there.
    func exchange(_ value: Value) -> Value {
        withLock { known in
            defer { known = value }
            return known
        }
    }
}
