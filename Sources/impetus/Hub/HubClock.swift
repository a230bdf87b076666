import ControlRoom
import Synchronization

/// The time as the hub has it: this machine's clock, set right by what the hub says. A clock that is a day off corrupts no age.
final class HubClock: Sendable {
    private let base: Surroundings
    private let offset: Mutex<Int64>

    init(_ base: Surroundings, offset: Int64) {
        self.base = base
        self.offset = Mutex(offset)
    }

    func set(_ milliseconds: Int64) { offset.withLock { $0 = milliseconds } }

    /// For everything that shows or writes a time.
    var surroundings: Surroundings {
        Surroundings(
            now: { [self] in Timestamp(milliseconds: base.now().milliseconds + offset.withLock { $0 }) },
            makeID: base.makeID, sleep: base.sleep)
    }
}
