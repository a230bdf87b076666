import ControlRoom
import Feed
import Store
import Trust

extension AcceptedLog {
    private static let page = 2_000

    /// The last word behind a place of a log by which a hub has taken it as it is, and that fits what stands there. Reads the log
    /// from there to its end.
    ///
    /// - Parameters:
    ///   - chain: up to the place.
    ///   - key: the hub's: each hub takes a log for itself.
    /// - Returns: nil where there is none.
    /// - Throws: what the log says.
    static func word(
        in log: any EventLog, of tenant: String, _ wire: Wire, behind chain: LogChain, signedBy key: VerifyingKey
    ) throws -> LogTrusted? {
        let cursor = Store.Cursor(logID: try log.logID, sequence: chain.sequence, head: chain.head)
        var verifier = LogVerifier(knownMembers: nil, from: cursor)
        var last: LogTrusted?
        while case let entries = try log.read(after: verifier.chain.sequence, limit: page), !entries.isEmpty {
            for entry in entries {
                let read = wire.admitted(entry)
                let word = word(read, on: tenant, key)
                // Of others' words only the place counts.
                guard verifier.take(read: word == nil ? read.distrusted : read) != nil else { return last }
                if let word, word.sequence == verifier.accepted { last = word }
            }
        }
        return last
    }

    private static func word(_ read: AdmittedEvent, on tenant: String, _ key: VerifyingKey) -> LogTrusted? {
        guard case .logTrusted(let word) = read.fact, word.log == tenant, read.event.tenant == tenant,
            key.isSigner(of: read.event)
        else { return nil }
        return word
    }
}
