import ArgumentParser
import ControlRoom
import Foundation
import Store
import Synchronization

/// A feed of so many events a second into a store that a console is looking at.
final class Feeder: Sendable {
    private let store: Store
    private let rate: Int
    private let stops = Mutex(false)
    private let done = DispatchSemaphore(value: 0)
    private let ping = Mutex<(headline: String, id: Int)?>(nil)

    init(store: Store, rate: Int) {
        self.store = store
        self.rate = rate
    }

    func start() {
        let thread = Thread { [self] in
            run()
            done.signal()
        }
        thread.start()
    }

    func stop() {
        stops.withLock { $0 = true }
        done.wait()
    }

    /// Puts a critical alert with this headline into the next batch; returns when it is appended.
    func send(_ headline: String, id: Int) -> Double {
        ping.withLock { $0 = (headline, id) }
        while ping.withLock({ $0 != nil }) { usleep(200) }
        return Clock.seconds()
    }

    private func run() {
        var maker = AlertMaker(seed: 99, startingAt: now())
        let pause = 0.02
        var next = Clock.seconds()
        while !stops.withLock({ $0 }) {
            var batch: [AdmittedEvent] = []
            for _ in 0..<Int(Double(rate) * pause) {
                var event = maker.next()
                event.source = "urn:impetus:bench:live"
                event.time = now()
                if let made = try? AdmittedEvent(event) { batch.append(made) }
            }
            let wanted = ping.withLock { $0 }
            if let wanted, let made = pinged(wanted.headline, wanted.id) { batch.append(made) }
            _ = try? store.ingest(batch, now: now())
            if wanted != nil { ping.withLock { $0 = nil } }
            next += pause
            let wait = next - Clock.seconds()
            if wait > 0 { usleep(UInt32(wait * 1_000_000)) }
        }
    }

    private func pinged(_ headline: String, _ id: Int) -> AdmittedEvent? {
        let data = "{\"tool\":\"FD\",\"kind\":\"weapon\",\"severity\":\"critical\",\"headline\":\"\(headline)\"}"
        return try? AdmittedEvent(
            Event(
                id: "ping\(id)", source: "urn:impetus:bench:ping", type: .alertRaised, subject: "ping/\(id)",
                time: now(), data: .json(Array(data.utf8))))
    }

    private func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}

struct Live: MaterialBenchmark {
    static let configuration = CommandConfiguration(
        abstract: "Key to frame and append to painted cell while events arrive.")

    @Option(help: "Events a second.") var rate = 1_000
    @Option(help: "Alerts in the store before.") var alerts = 1_000_000
    @Option(help: "Measurements of each kind.") var samples = 200

    func run(_ materials: Materials) throws {
        let path = try materials.store(alerts)
        let store = try Store(path: path, makeLogID: { "bench" })
        // The bench is the feed: it holds the lease, and the console follows.
        guard let lease = try Lease.take(storePath: path) else {
            throw Screen.Failure(description: "the lease is taken")
        }
        let screen = try Screen([try Programs.impetus(), "--store", path, "--no-exercise", "--no-bell"])
        _ = screen.wait(for: "number", from: 0, limit: 30)
        let feeder = Feeder(store: store, rate: rate)
        feeder.start()
        screen.drain(seconds: 3)
        let keys = Spread(keyTimes(screen))
        let paints = Spread(paintTimes(screen, feeder))
        feeder.stop()
        screen.end()
        withExtendedLifetime(lease) {}
        store.close()
        Report.line("key to frame, live", "\(rate) events/s", keys.text, goal: "p99 8 ms", met: keys.p99 <= 8)
        Report.line(
            "append to painted cell", "\(rate) events/s", paints.text, goal: "p99 100 ms", met: paints.p99 <= 100)
    }

    /// Unified Canadian Aboriginal Syllabics: one column each, and in no text of ours.
    private static let firstFresh: UInt32 = 0x1401
    private static let freshCount = 600
    /// What is not seen by then counts as this.
    private static let limit = 3.0

    private func keyTimes(_ screen: Screen) -> [Double] {
        var times: [Double] = []
        for _ in 0..<samples {
            let mark = screen.mark
            let start = Clock.seconds()
            screen.type(":")
            if let seen = screen.wait(for: "Command", from: mark, limit: 2) { times.append(seen - start) }
            screen.drain(seconds: 0.03)
            screen.type("\u{1B}")
            screen.drain(seconds: 0.07)
        }
        return times
    }

    private func paintTimes(_ screen: Screen, _ feeder: Feeder) -> [Double] {
        var times: [Double] = []
        for number in 0..<samples {
            // A character that stood nowhere on the screen before: its cell must be written, whatever stood there.
            guard let fresh = Unicode.Scalar(Live.firstFresh + UInt32(number % Live.freshCount)) else { continue }
            let mark = screen.mark
            let appended = feeder.send("Shot \(fresh)", id: number)
            let seen = screen.wait(for: String(fresh), from: mark, limit: Live.limit)
            times.append(seen.map { max(0, $0 - appended) } ?? Live.limit)
        }
        return times
    }
}

struct Idle: MaterialBenchmark {
    static let configuration = CommandConfiguration(
        abstract: "Bytes and processor time of a console with nothing to do.")

    @Option(help: "Seconds.") var seconds = 20
    @Option(help: "Alerts in the store.") var alerts = 1_000

    func run(_ materials: Materials) throws {
        let path = try materials.store(alerts)
        let screen = try Screen([try Programs.impetus(), "--store", path, "--no-exercise", "--no-bell"])
        screen.drain(seconds: 4)
        let mark = screen.mark
        let before = screen.processorSeconds
        screen.drain(seconds: Double(seconds))
        let bytes = screen.mark - mark
        let load = (screen.processorSeconds - before) / Double(seconds) * 100
        screen.end()
        // The clock is one write of some forty bytes a second.
        let perSecond = bytes / max(1, seconds)
        Report.line(
            "idle, bytes a second", "\(alerts) alerts", "\(perSecond)", goal: "the clock's (60)", met: perSecond <= 60)
        Report.line(
            "idle, processor", "\(alerts) alerts", String(format: "%.2f %%", load), goal: "0.5 %", met: load < 0.5)
    }
}
