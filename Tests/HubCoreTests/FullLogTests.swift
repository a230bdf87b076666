import ControlRoom
import Feed
import SQLiteLog
import Standards
import Store
import Synchronization
import TestSupport
import Testing
import Trust

@testable import HubCore

@Suite("A log on a full disk", .enabled(if: TinyDisk.isPossible, "a small file system cannot be mounted"))
struct FullLogTests {
    @Test("what the hub itself could not keep is known to whoever asks whether the log can be written, until it can")
    func keeping() throws {
        let (disk, folder, woken) = (try TinyDisk(kibibytes: 2_000), try TemporaryFolder(), Woken())
        let feed = TenantFeed(
            tenant: "t", log: try SQLiteLog(path: disk.path + "/log") { "log" },
            view: try Store(
                path: folder.file("view"), mirror: Store.Mirror(decode: { try CloudEventReader.kept($0) })
            ) { "v" }, authority: nil, key: SigningKey(), hub: "h", wire: CentralBench.wire, isOld: false,
            wake: { woken.note() })
        var make = EventMaker()
        let events = { (count: Int) in
            (0..<count).map { _ in
                make.event(
                    .observationRecorded, "x", #"{"value":1,"more":"\#(String(repeating: "x", count: 20_000))"}"#)
            }
        }
        try feed.keep(events(1), now: EventMaker.noon)
        #expect(feed.appender.failure == nil && woken.count == 0)
        let ballast = try disk.fillUp(leaving: 100_000)
        #expect(throws: StoreError.self) {
            for _ in 0..<50 { try feed.keep(events(5), now: EventMaker.noon) }
        }
        guard case .full? = feed.appender.failure as? StoreError else {
            Issue.record("\(String(describing: feed.appender.failure))")
            return
        }
        #expect(woken.count == 1)
        try disk.remove(ballast)
        try feed.keep(events(1), now: EventMaker.noon)
        #expect(feed.appender.failure == nil && woken.count == 2)
    }

    private final class Woken: Sendable {
        private let times = Mutex(0)

        var count: Int { times.withLock { $0 } }

        func note() { times.withLock { $0 += 1 } }
    }
}
