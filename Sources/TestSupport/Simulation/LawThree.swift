import ControlRoom
import Feed
import HubCore
import Store
import Trust

/// Who speaks is proved: what another source says changes nothing of an alarm. The log is folded again as if the second sensor had
/// said nothing, and the alarms of the first are to be the same. One run in two is looked at so, unless something was trimmed.
struct LawThree {
    private let city: Simulation

    /// A type that says nothing to anybody.
    private static let silence = EventType(rawValue: "eu.impetus.simulation.silence.v1")

    init(_ city: Simulation) { self.city = city }

    /// - Parameters:
    ///   - truth: the alerts as all have them, by their subjects.
    ///   - entries: of the log.
    /// - Returns: what differs, in words; nil where the law holds.
    func breach(_ truth: [String: Alert], _ entries: [Event]) throws -> String? {
        let alone = try alerts()
        let beyond = displaced(truth, entries)
        for (subject, alert) in truth where alert.source == Cast.sources[0] && !beyond.contains(subject) {
            guard alone[subject] == alert else {
                let other = alone[subject].map { "\($0)" } ?? "none"
                return "\(subject) is \(alert), and without what another source said \(other)"
            }
        }
        return nil
    }

    /// What is not compared: an alarm that stands next to another of the same subject would have the subject to itself, and so the
    /// acts that were meant for the other; with it what its source's messages bind together with it.
    private func displaced(_ truth: [String: Alert], _ entries: [Event]) -> Set<String> {
        var next = truth.keys.filter { truth[$0]?.source == Cast.sources[0] && Alert.isMadeKey($0) }
        var found = Set(next)
        next += next.compactMap { key in key.lastIndex(of: "~").map { String(key[..<$0]) } }
        found.formUnion(next)
        let bonds = bonds(entries)
        while let one = next.popLast() {
            for other in bonds[one] ?? [] where found.insert(other).inserted { next.append(other) }
        }
        return found
    }

    /// Which subjects the first sensor's messages name together.
    private func bonds(_ entries: [Event]) -> [String: Set<String>] {
        var bonds: [String: Set<String>] = [:]
        for event in entries where event.source == Cast.sources[0] {
            let named =
                switch try? Fact(of: event) {
                case .alertRaised(let fact): fact.replaces
                case .alertCancelled(let fact): fact.cancels
                default: [String]()
                }
            for other in named {
                bonds[event.subject ?? "", default: []].insert(other)
                bonds[other, default: []].insert(event.subject ?? "")
            }
        }
        return bonds
    }

    /// As they are without what the second sensor said.
    private func alerts() throws -> [String: Alert] {
        let log = city.logs.city
        let other = city.sensors[1].made
        let start = Store.Cursor(logID: try log.logID, sequence: 0, head: "")
        var verifier = LogVerifier(knownMembers: KnownMembers(authority: city.cast.authority.certificate), from: start)
        let events = try log.read(after: 0, limit: 1_000_000).compactMap { entry -> AdmittedEvent? in
            guard let read = verifier.take(read: city.wire.admitted(entry))?.event else { return nil }
            guard read.junk == nil, other.contains(read.event.id) else { return read }
            var event = read.event
            event.type = LawThree.silence
            return AdmittedEvent(fromLog: event, digest: read.digest)
        }
        let store = try city.files.store("without")
        defer { store.close() }
        let cursor = Store.Cursor(
            logID: start.logID, sequence: verifier.chain.sequence, head: verifier.chain.head)
        _ = try store.ingest(mirrored: events, to: cursor)
        return try Agreement.picture(store)
    }
}
