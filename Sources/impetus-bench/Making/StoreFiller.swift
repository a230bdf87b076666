import ControlRoom
import Dispatch
import Foundation
import Store
import Synchronization

/// Fills a store the way a feed does: events are made and decoded on one thread, appended and folded on another.
struct StoreFiller {
    let store: Store
    static let batch = 10_000

    /// - Returns: seconds for log, projections and counts; and for the full-text index behind them.
    func fill(_ count: Int, seed: UInt64 = 7) throws -> (fold: Double, text: Double) {
        let start = Clock.seconds()
        let queue = DispatchQueue(label: "ingest")
        let room = DispatchSemaphore(value: 3)
        let failure = Mutex<(any Error)?>(nil)
        var maker = AlertMaker(seed: seed)
        var left = count
        while left > 0 {
            let size = min(left, StoreFiller.batch)
            var batch: [AdmittedEvent] = []
            batch.reserveCapacity(size)
            for _ in 0..<size { batch.append(try AdmittedEvent(maker.next())) }
            left -= size
            let ready = batch
            room.wait()
            queue.async { [store] in
                defer { room.signal() }
                do {
                    _ = try store.ingest(ready, now: ready.last?.event.time ?? Timestamp(milliseconds: 0))
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
        queue.sync {}
        if let error = failure.withLock({ $0 }) { throw error }
        let folded = Clock.seconds()
        while try store.backgroundStep(limit: 10_000) {}
        return (folded - start, Clock.seconds() - folded)
    }
}

extension StoreFiller {
    /// Acknowledges and ends the first so many of what `fill` made.
    func end(_ count: Int, seed: UInt64 = 7) throws {
        var maker = AlertMaker(seed: seed)
        var left = count
        while left > 0 {
            let size = min(left, StoreFiller.batch / 2)
            var batch: [AdmittedEvent] = []
            for _ in 0..<size {
                let raised = maker.next()
                let data = Array("{\"occurrence\":1,\"severity\":\"critical\"}".utf8)
                var acknowledged = Event(
                    id: raised.id + "/a", source: raised.source, type: .alertAcknowledged, subject: raised.subject,
                    time: raised.time, data: .json(data))
                acknowledged.actor = "op1"
                let cleared = Event(
                    id: raised.id + "/c", source: raised.source, type: .alertCleared, subject: raised.subject,
                    time: raised.time, data: .json(Array("{\"reason\":\"over\"}".utf8)))
                batch += [try AdmittedEvent(acknowledged), try AdmittedEvent(cleared)]
            }
            left -= size
            _ = try store.ingest(batch, now: batch.last?.event.time ?? Timestamp(milliseconds: 0))
        }
    }
}

enum Clock {
    /// Monotonic seconds.
    static func seconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}

/// A folder for one run, gone afterwards.
struct Workshop {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "impetus-bench-\(getpid())-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func store(_ name: String) throws -> Store {
        try Store(path: path + "/" + name, writeCacheKiB: 64_000, makeLogID: { "bench" })
    }
}
