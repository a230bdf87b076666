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
    }

    private struct Held {
        /// When a line of this kind was written last.
        var written: Timestamp
        /// Refusals since then without a line, and the last of them.
        var leftOut = 0
        var last: [String: String] = [:]
    }

    /// So long nothing more is written of a kind.
    static let quietSeconds = 10.0

    private let held = Mutex<[Kind: Held]>([:])
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

    func note(_ kind: Kind, _ details: [String: String]) {
        counters[kind]?.increment()
        let time = now()
        let isDue = held.withLock { held in
            guard let known = held[kind], abs(time.seconds(since: known.written)) < RefusalJournal.quietSeconds else {
                // What was left out before is told by a line of its own first.
                return true
            }
            held[kind]?.leftOut += 1
            held[kind]?.last = details
            return false
        }
        guard isDue else { return }
        flush(kind, at: time)
        held.withLock { $0[kind] = Held(written: time) }
        write(kind, details)
    }

    /// Says how many were left out of each kind whose quiet time is over. To be called every second or so.
    func flush() {
        let time = now()
        let due = held.withLock { held in
            held.filter { abs(time.seconds(since: $0.value.written)) >= RefusalJournal.quietSeconds }.map(\.key)
        }
        for kind in due { flush(kind, at: time) }
    }

    private func flush(_ kind: Kind, at time: Timestamp) {
        let left: Held? = held.withLock { held in
            guard let known = held[kind] else { return nil }
            // With nothing to say the next refusal has its line at once.
            held[kind] = known.leftOut > 0 ? Held(written: time) : nil
            return known.leftOut > 0 ? known : nil
        }
        guard let left else { return }
        write(kind, left.last.merging(["left_out": "\(left.leftOut)"]) { $1 })
    }

    private func write(_ kind: Kind, _ details: [String: String]) {
        let told = details.merging(["kind": kind.rawValue]) { $1 }
        logger.warning("refused", metadata: told.mapValues { .string($0) })
    }
}
