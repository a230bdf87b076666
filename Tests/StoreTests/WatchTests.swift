import ControlRoom
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Store

private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}

@Suite("The watch over a store")
struct WatchTests {
    @Test("tells what another process wrote, each time, and rests when nobody writes")
    func others() throws {
        let disk = try TemporaryStore()
        let other = try disk.again()
        let watch = StoreWatch(disk.store)
        var make = EventMaker()
        var version = try disk.store.dataVersion()
        for number in 0..<20 {
            let event = try AdmittedEvent(make.raised("a\(number)"))
            Thread {
                usleep(UInt32(number % 4) * 5_000)
                _ = try? other.ingest([event], now: EventMaker.noon)
            }.start()
            let seen = watch.wait(after: version)
            #expect(seen != version, "write \(number) was not seen before the second was over")
            version = seen
        }
        #expect(watch.wait(after: version) == version)
    }

    @Test("tells what this process wrote")
    func own() throws {
        let disk = try TemporaryStore()
        let watch = StoreWatch(disk.store)
        let version = try disk.store.dataVersion()
        try disk.store.remember("a", "b")
        watch.wake()
        #expect(watch.wait(after: version) != version)
    }

    @Test("is not kept waiting by a long answer, and neither is the feed")
    func besideAnswers() throws {
        let disk = try TemporaryStore()
        let other = try disk.again()
        let (store, isBusy, over) = (disk.store, DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let isDone = Flag()
        Thread {
            store.whileReading {
                isBusy.signal()
                over.wait()
            }
            isDone.set()
        }.start()
        isBusy.wait()
        let version = try store.dataVersion()
        try other.enqueue([("act", nil, Array("{}".utf8))], now: EventMaker.noon)
        #expect(StoreWatch(store).wait(after: version) != version)
        #expect(try store.waiting(limit: 9).count == 1)
        #expect(try store.settlement(of: "act") == .waiting)
        #expect(!isDone.isSet)
        over.signal()
    }
}
