import Foundation
import JetStreamLog
import Nats
import Synchronization
import TestSupport

/// Openings of logs as hubs make them: each with a connection and an index of names of its own.
final class Hubs: Sendable {
    private let folder: TemporaryFolder
    private let count = Mutex(0)

    init() throws { folder = try TemporaryFolder() }

    /// The file of the next hub's names.
    func names() -> String {
        folder.file(
            "names"
                + String(
                    count.withLock { count in
                        count += 1
                        return count
                    }))
    }

    func open(
        _ servers: NatsServers, _ name: String = "city", replicas: Int = 1, names: String? = nil,
        access: NatsAccess = NatsAccess()
    ) throws -> JetStreamLog {
        let log = try JetStreamLog(
            try NatsConnection(urls: servers.urls, name: "test", access: access), name: name, replicas: replicas,
            names: names ?? self.names(), makeSecret: { "a secret" })
        log.name(by: EventLogContract.naming)
        return log
    }

    func openEventually(_ servers: NatsServers, replicas: Int = 3, names: String? = nil) -> JetStreamLog? {
        var log: JetStreamLog?
        _ = eventually(within: 40) {
            log = try? open(servers, replicas: replicas, names: names)
            return log != nil
        }
        return log
    }
}
