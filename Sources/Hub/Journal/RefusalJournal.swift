import ControlRoom
import CoreMetrics
import Logging
import Metrics
import Synchronization

/// Tells the journal whom the hub refused: the first of each kind at once, then for some seconds only how many more there
/// were. Whoever attacks cannot fill the disk with lines, and none is left uncounted: `impetus_hub_refusals_total{kind}`.
///
/// A line names who was refused by pseudonym, tenant, key and address, never what was refused.
final class RefusalJournal: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case forgedSignature = "forged signature"
        case unsignedAct = "unsigned act"
        case unknownKey = "unknown key"
        case revoked
        case ended = "certificate ended"
        case foreignTenant = "foreign tenant"
        case refusedRole = "refused role"
        case foreignSource = "foreign source"
        case noCertificate = "no certificate"
        case handshake = "no handshake"
        case tooManyConnections = "too many connections"
        case outOfMemory = "memory budget used up"
        case fullDisk = "full disk"
        case cannotWrite = "the log takes nothing"
        case cannotFold = "the view could not follow"
        case cannotShare = "copies could not be delivered"
        case junk = "no event in the log"
        case unbelieved = "not believed in the log"
        case unproved = "no hub's word in the log"
        case enrolment
        case metrics = "metrics refused"
        case syslog = "syslog refused"
        case tooMany = "beyond the rate"
        case cannotServe = "the tenant cannot be served"
        case notToldToLog = "the tenant's log does not say yet what the system log asks for"

        /// What is no refusal but stands until somebody mends it: its line says it by itself, for each tenant.
        fileprivate var isFault: Bool { self == .cannotServe || self == .notToldToLog }

        /// So many seconds nothing more is written of it.
        fileprivate var quietSeconds: Double { isFault ? 60 : RefusalJournal.quietSeconds }
    }

    /// Of what there is one line at once: a kind, or a kind for one tenant.
    private struct Topic: Hashable {
        let kind: Kind
        let about: String
    }

    private struct Held {
        /// When a line of this was written last.
        var written: Timestamp
        /// Refusals since then without a line, and the last of them.
        var leftOut = 0
        var last: [String: String] = [:]
    }

    /// So long nothing more is written of a refusal.
    static let quietSeconds = 10.0

    private let held = Mutex<[Topic: Held]>([:])
    private let counters: [Kind: Counter]
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    init(_ logger: Logger, now: @escaping @Sendable () -> Timestamp) {
        self.logger = logger
        self.now = now
        counters = Dictionary(
            uniqueKeysWithValues: Kind.allCases.map {
                ($0, Counter(label: "impetus_hub_refusals_total", dimensions: [("kind", $0.rawValue)]))
            })
    }

    /// - Parameter about: whose lines keep no other's quiet: a tenant's name.
    func note(_ kind: Kind, _ details: [String: String], about: String = "") {
        counters[kind]?.increment()
        let (topic, time) = (Topic(kind: kind, about: about), now())
        let isDue = held.withLock { held in
            guard let known = held[topic], abs(time.seconds(since: known.written)) < kind.quietSeconds else {
                // What was left out before is told by a line of its own first.
                return true
            }
            held[topic]?.leftOut += 1
            held[topic]?.last = details
            return false
        }
        guard isDue else { return }
        flush(topic, at: time)
        held.withLock { $0[topic] = Held(written: time) }
        write(kind, details)
    }

    /// Says how many were left out of each kind whose quiet time is over. To be called every second or so.
    func flush() {
        let time = now()
        let due = held.withLock { held in
            held.filter { abs(time.seconds(since: $0.value.written)) >= $0.key.kind.quietSeconds }.map(\.key)
        }
        for topic in due { flush(topic, at: time) }
    }

    private func flush(_ topic: Topic, at time: Timestamp) {
        let left: Held? = held.withLock { held in
            guard let known = held[topic] else { return nil }
            // With nothing to say the next refusal has its line at once.
            held[topic] = known.leftOut > 0 ? Held(written: time) : nil
            return known.leftOut > 0 ? known : nil
        }
        guard let left else { return }
        write(topic.kind, left.last.merging(["left_out": "\(left.leftOut)"]) { $1 })
    }

    private func write(_ kind: Kind, _ details: [String: String]) {
        let told = details.merging(["kind": kind.rawValue]) { $1 }.mapValues { Logger.MetadataValue.string($0) }
        if kind.isFault {
            logger.error("\(kind.rawValue); it is tried again", metadata: told)
        } else {
            logger.warning("refused", metadata: told)
        }
    }
}
