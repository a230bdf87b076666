import ArgumentParser
import Foundation

/// Many consoles on one hub's stream: from a post to its delivery, and the hub's memory.
struct HubFollowers: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Post to delivery with many who follow.")

    @Option(help: "Who follow.") var followers = 500
    @Option(help: "Events a second.") var rate = 200
    @Option(help: "Seconds.") var seconds = 10

    func run() throws {
        let workshop = try Workshop()
        defer { workshop.remove() }
        let hub = try workshop.hub()
        defer { hub.end() }
        let audience = try Audience(port: hub.port, count: followers, events: rate * seconds)
        try audience.settle()
        let poster = Poster(port: hub.port, rate: rate, count: rate * seconds)
        poster.start()
        try audience.listen(to: poster, limit: Double(seconds) + 20)
        let times = Spread(audience.times)
        Report.line(
            "post to delivery", "\(followers) follow, \(rate)/s", times.text, goal: "p99 100 ms",
            met: times.p99 < 100 && times.count == followers * rate * seconds)
        Report.line(
            "delivered", "\(followers) follow", "\(times.count)", goal: "\(followers * rate * seconds)",
            met: times.count == followers * rate * seconds)
        Report.line(
            "hub's peak memory", "\(followers) follow, \(rate)/s", String(format: "%.0f MiB", hub.peakMegabytes),
            goal: "300 MiB", met: hub.peakMegabytes < 300)
    }
}

/// Posts one event after the other at an even rate, and remembers when each was sent.
private final class Poster: @unchecked Sendable {
    private let port: Int
    private let rate: Int
    /// Written by the poster's thread before the event is sent, read for events that have come back from the hub.
    private let sent: UnsafeMutableBufferPointer<Double>

    init(port: Int, rate: Int, count: Int) {
        (self.port, self.rate) = (port, rate)
        sent = .allocate(capacity: count)
        sent.initialize(repeating: 0)
    }

    deinit { sent.deallocate() }

    func time(of number: Int) -> Double { sent[number] }

    func start() { Thread { [self] in try? run() }.start() }

    private func run() throws {
        let connection = try Connection(port: port)
        let start = Clock.seconds()
        for number in 0..<sent.count {
            let wait = start + Double(number) / Double(rate) - Clock.seconds()
            if wait > 0 { usleep(UInt32(wait * 1_000_000)) }
            let text =
                #"{"specversion":"1.0","id":"\#(Audience.mark)\#(String(format: "%08d", number))","source":"urn:bench:sensor","type":"eu.impetus.observation.recorded.v1","subject":"crowd/piazza","time":"2026-11-24T12:00:00Z","datacontenttype":"application/json","data":{"value":3.5,"unit":"persons/m2","lat":45.407,"lon":11.873}}"#
            sent[number] = Clock.seconds()
            try connection.post("/v1/events", type: "application/cloudevents+json", Array(text.utf8))
        }
    }
}

/// Open streams, read by one thread.
private final class Audience {
    static let mark = "follow-"
    private static let digits = 8
    private let wanted: Int
    private var streams: [Connection] = []
    /// What came on each stream and may be the beginning of a mark.
    private var tails: [[UInt8]]
    private(set) var times: [Double] = []
    private var polled: [pollfd]

    init(port: Int, count: Int, events: Int) throws {
        wanted = count * events
        times.reserveCapacity(wanted)
        tails = Array(repeating: [], count: count)
        polled = []
        for _ in 0..<count {
            let stream = try Connection(port: port)
            try stream.follow("/v1/events")
            polled.append(pollfd(fd: stream.descriptor, events: Int16(POLLIN), revents: 0))
            streams.append(stream)
        }
    }

    /// Reads what was in the log before.
    func settle() throws {
        let end = Clock.seconds() + 2
        while Clock.seconds() < end { try read(within: 0.1) { _ in } }
    }

    func listen(to poster: Poster, limit: Double) throws {
        let end = Clock.seconds() + limit
        while times.count < wanted, Clock.seconds() < end {
            try read(within: 0.1) { number in times.append(Clock.seconds() - poster.time(of: number)) }
        }
    }

    private func read(within seconds: Double, _ found: (Int) -> Void) throws {
        guard poll(&polled, nfds_t(polled.count), Int32(seconds * 1_000)) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        for index in polled.indices where polled[index].revents != 0 {
            let size = Foundation.read(streams[index].descriptor, &buffer, buffer.count)
            guard size > 0 else { throw Screen.Failure(description: "the hub ended a stream") }
            let bytes = tails[index] + buffer[..<size]
            tails[index] = scan(bytes, found)
        }
    }

    /// - Returns: the end of the bytes, where it may be cut within a mark.
    private func scan(_ bytes: [UInt8], _ found: (Int) -> Void) -> [UInt8] {
        let (mark, length) = (Array(Audience.mark.utf8), Audience.mark.utf8.count + Audience.digits)
        var place = 0
        bytes.withUnsafeBytes { area in
            guard let base = area.baseAddress else { return }
            while place + length <= area.count {
                guard let hit = memchr(base + place, Int32(mark[0]), area.count - place - length + 1) else { return }
                let start = base.distance(to: UnsafeRawPointer(hit))
                place = start + 1
                guard memcmp(hit, mark, mark.count) == 0 else { continue }
                let digits = area[(start + mark.count)..<(start + length)]
                if let number = Int(String(decoding: digits, as: UTF8.self)) { found(number) }
                place = start + length
            }
        }
        return Array(bytes[max(place, bytes.count - length + 1)...])
    }
}
