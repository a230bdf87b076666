import Foundation
import Nats
import Synchronization

/// The peer of a replicated log: the same bytes published to a stream of three replicas, by nobody who looks at them.
struct RawPublishing {
    /// Messages a second that were acknowledged.
    let rate: Double

    private static let lanes = 2

    /// - Parameters:
    ///   - address: of the servers, with commas between them.
    ///   - body: of each message.
    ///   - atOnce: messages that are on their way at the same time.
    init(_ address: String, body: [UInt8], atOnce: Int, seconds: Int) throws {
        let urls = address.split(separator: ",").map(String.init)
        let control = try NatsConnection(urls: urls, name: "raw")
        let name = "RAW_\(UniqueName.make())"
        let configuration = #"{"name":"\#(name)","subjects":["\#(name)"],"storage":"file","num_replicas":3}"#
        let made = try control.request(
            OutgoingMessage(subject: "$JS.API.STREAM.CREATE." + name, body: Array(configuration.utf8)),
            milliseconds: 10_000)
        guard !String(decoding: made.body, as: UTF8.self).contains("\"error\"") else {
            throw NatsFailure(String(decoding: made.body, as: UTF8.self))
        }
        let connections = try (0..<RawPublishing.lanes).map { _ in try NatsConnection(urls: urls, name: "raw") }
        let window = Array(
            repeating: OutgoingMessage(subject: name, body: body), count: max(1, atOnce / RawPublishing.lanes))
        let stored = Mutex(0)
        let begun = Clock.seconds()
        let end = begun + Double(seconds)
        DispatchQueue.concurrentPerform(iterations: connections.count) { lane in
            while Clock.seconds() < end {
                let answers = (try? connections[lane].request(window, milliseconds: 5_000)) ?? []
                let count = answers.count { answer in
                    (try? answer.get().body).map { String(decoding: $0, as: UTF8.self).contains("\"seq\"") } ?? false
                }
                stored.withLock { $0 += count }
            }
        }
        rate = Double(stored.withLock { $0 }) / (Clock.seconds() - begun)
    }
}
