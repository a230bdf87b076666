package import ControlRoom
package import Store
package import Trust

/// Reads a tenant's log for the hub's own view as consoles read it: with a verifier that knows the members whom this log has
/// introduced up to here, and no other. Whoever folds the log so ends the same.
package struct LogReader {
    private var verifier: LogVerifier

    /// Entries that were archived, or lost, before they were read.
    package struct Hole: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - authority: nil where nobody signs.
    ///   - view: knows who was introduced, and revoked, up to the cursor.
    /// - Throws: `StoreError`.
    package init(authority: AuthorityCertificate?, view: Store, from cursor: Store.Cursor) throws {
        let knownMembers = try authority.map { KnownMembers(authority: $0, known: try view.identities()) }
        verifier = LogVerifier(knownMembers: knownMembers, from: cursor)
    }

    /// Up to where it has read.
    package var place: Int64 { verifier.chain.sequence }

    package var chain: LogChain { verifier.chain }

    /// Takes the next entries, in order.
    ///
    /// - Throws: `Hole` where entries are missing: to go on behind it would be to sign another history.
    package mutating func take(
        _ entries: [LogEntry], _ wire: Wire
    ) throws -> (events: [AdmittedEvent], findings: [LogVerifier.Finding]) {
        var events: [AdmittedEvent] = []
        var findings: [LogVerifier.Finding] = []
        events.reserveCapacity(entries.count)
        for entry in entries {
            guard let taken = verifier.take(read: wire.admitted(entry)) else {
                throw Hole(
                    description: "entries \(place + 1) to \(entry.sequence - 1) are missing in the log")
            }
            events.append(taken.event)
            if let finding = taken.finding { findings.append(finding) }
        }
        return (events, findings)
    }

    /// Takes the next places of a copy of the log, in order. One where an event stands a second time has nothing to fold.
    ///
    /// - Throws: `Hole` where places are missing.
    package mutating func take(_ places: [Store.Place]) throws -> [AdmittedEvent] {
        var events: [AdmittedEvent] = []
        for place in places {
            let isNext =
                switch place {
                case .event(let event): take(LogVerifier.read(event), into: &events)
                case .junk(let junk): take(LogVerifier.read(junk), into: &events)
                case .ghost(let sequence, let digest): verifier.take(digest: digest, sequence: sequence)
                }
            guard isNext else {
                throw Hole(
                    description: "events \(self.place + 1) to \(place.sequence - 1) are missing in the store")
            }
        }
        return events
    }

    private mutating func take(_ read: AdmittedEvent, into events: inout [AdmittedEvent]) -> Bool {
        guard let taken = verifier.take(read: read) else { return false }
        events.append(taken.event)
        return true
    }
}
