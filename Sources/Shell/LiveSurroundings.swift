public import ControlRoom
import Foundation

extension Surroundings {
    /// The real world; only executables know it.
    public static let live = Surroundings(
        now: { Timestamp.wallClock() }, makeID: { UUID().uuidString.lowercased() },
        sleep: { Thread.sleep(forTimeInterval: $0) })
}

extension Timestamp {
    /// The system's clock, which can be set: it may go back.
    public static func wallClock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
