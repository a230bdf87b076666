import ControlRoom
import Synchronization
import Trust

/// A copy of another tenant's alert that the receiver's log does not hold as it is: as a rule it is too large for the servers.
public struct RefusedCopy: Equatable, Sendable {
    /// Whose alert it is, as far as its key says.
    public var from: String
    /// What the log said.
    public var reason: String
    /// Whether the receiver has it with its key and severity alone; where not, they have nothing of it.
    public var isReduced: Bool

    public var words: String {
        isReduced ? "a copy was reduced to key and severity: \(reason)" : "a copy is lost: \(reason)"
    }

    /// The data of a copy by which nothing gets quieter: what it is about, how severe it is, and which alerts it ends. Nil where
    /// nothing can be left out.
    static func reduced(_ copy: Event) -> [UInt8]? {
        switch try? Fact(of: copy) {
        case .alertRaised(let fact): reduced(fact, "replaces", fact.replaces)
        case .alertCancelled(let fact): reduced(fact.message, "cancels", fact.cancels)
        default: nil
        }
    }

    private static func reduced(_ raise: AlertRaised, _ name: String, _ others: [String]) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("tool", raise.tool.code)
                writer.member("severity", raise.severity.name)
                writer.member("headline", "Too large for the log of this tenant: ask whose alert it is")
                writer.member("status", raise.status.rawValue)
                writer.member("stale", raise.stale?.rfc3339)
                if !others.isEmpty { writer.member(name, others) }
            }
        }
    }
}

extension TenantFeed {
    private static let mostRefusedCopies = 100

    /// Copies of other tenants' alerts that the log did not hold since this was called last; at most a hundred.
    public func takeRefusedCopies() -> [RefusedCopy] {
        refusedCopies.withLock { copies in
            defer { copies = [] }
            return copies
        }
    }

    /// Appends copies of another tenant's alerts durably, before it returns. One that the log does not hold is reduced; what became
    /// of it is told by `takeRefusedCopies`.
    ///
    /// - Throws: what the log says, and signing.
    func keepCopies(_ copies: [Event], now: Timestamp) throws {
        let answers = try keep(copies, now: now)
        for (copy, answer) in zip(copies, answers) {
            guard case .refused(let reason) = answer else { continue }
            var refused = RefusedCopy(from: copy.sharedBy ?? "", reason: reason, isReduced: false)
            if let data = RefusedCopy.reduced(copy) {
                var less = copy
                less.data = .json(data)
                try key.sign(&less)
                refused.isReduced =
                    switch try keep([less], now: now).first {
                    case .accepted, .duplicate, .conflicting: true
                    case .refused, nil: false
                    }
            }
            let told = refused
            refusedCopies.withLock { if $0.count < TenantFeed.mostRefusedCopies { $0.append(told) } }
        }
    }
}
