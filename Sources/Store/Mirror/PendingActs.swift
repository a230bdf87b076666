import ControlRoom

/// Acts that were made here and that the hub has not put into the log yet. Only a store that mirrors a hub's log has any:
/// they lie over what the log says, so that who made them sees what they did, connected or not.
final class PendingActs {
    private let statements: Statements
    private let names: Names
    private let mirror: Store.Mirror?
    private var subjects: Set<String>?
    private var hasAny: Bool?

    init(_ statements: Statements, _ names: Names, _ mirror: Store.Mirror?) {
        self.statements = statements
        self.names = names
        self.mirror = mirror
    }

    /// Whether acts may lie over anything here.
    var areKept: Bool { mirror != nil }

    /// The acts on a subject, in the order in which they were made.
    func acts(on subject: String) throws -> [AdmittedEvent] {
        guard let mirror, try subjectsWithActs().contains(subject) else { return [] }
        let select = try statements(
            "SELECT event FROM outbox WHERE subject = ? AND state IN (0, 6) ORDER BY position")
        select.bind(1, subject)
        return try select.all { $0.blob(0) }.compactMap { bytes in
            // What cannot be read is not shown; the hub will say why it refuses it.
            (try? mirror.decode(bytes)).flatMap { try? AdmittedEvent($0) }
        }.filter { $0.event.type.neededRight != nil || $0.event.type == .actUndone }
    }

    /// The same, as far as they take effect in a realm.
    func acts(on subject: String, realm: Int64) throws -> [AdmittedEvent] {
        let acts = try acts(on: subject)
        guard !acts.isEmpty else { return [] }
        let name = try names.text(realm)
        return acts.filter { $0.fact.realm(of: $0.event).name == name }
    }

    /// Whether anything waits for its echo; asked once a transaction.
    func areThereAny() throws -> Bool {
        if let hasAny { return hasAny }
        let found = try statements("SELECT 1 FROM outbox WHERE state IN (0, 6) LIMIT 1").first { _ in true } ?? false
        hasAny = found
        return found
    }

    /// All that a person did and that is not settled.
    func newestFirst(by actor: String) throws -> [Event] {
        guard let mirror else { return [] }
        let select = try statements(
            "SELECT event FROM outbox WHERE state IN (0, 6) AND actor = ? ORDER BY position DESC LIMIT 50000")
        select.bind(1, actor)
        return try select.all { $0.blob(0) }.compactMap { try? mirror.decode($0) }
    }

    private func subjectsWithActs() throws -> Set<String> {
        if let subjects { return subjects }
        let select = try statements(
            "SELECT DISTINCT subject FROM outbox WHERE state IN (0, 6) AND subject IS NOT NULL")
        let found = Set(try select.all { $0.text(0) })
        subjects = found
        return found
    }

    /// The outbox changed, or may have been changed by another process.
    func forget() {
        subjects = nil
        hasAny = nil
    }
}
