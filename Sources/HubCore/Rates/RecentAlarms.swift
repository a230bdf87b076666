import ControlRoom

/// What sources said last of their alarms, as far as this hub has let it in lately: by it a repeat is told from what is new.
///
/// Bounded: what was not heard of for longest is forgotten, and then it is new.
struct RecentAlarms {
    /// Whose word it is, and of what.
    struct Name: Hashable {
        let tenant: String
        let realm: String
        let source: String
        let subject: String

        /// Another alarm of the same source.
        func other(_ subject: String) -> Name {
            Name(tenant: tenant, realm: realm, source: source, subject: subject)
        }
    }

    enum Word: Equatable {
        /// The alarm goes on, until it goes stale.
        case raised(Severity, stale: Timestamp?)
        case ended
        /// The state that a tool has reported of itself.
        case reported(String)
        /// A person's act may have ended the alarm of this key; said without a source, which only the view knows.
        case actedOn
        case nothing
    }

    private struct Entry {
        var word: Word
        /// When the view was last found to say the same; nil where it was not asked.
        var confirmed: Timestamp?
    }

    // By the hash alone, which is keyed anew in each process: nobody can look for two names with one.
    private var young: [Int: Entry] = [:]
    private var old: [Int: Entry] = [:]
    /// When the last act came that can end an alarm: what the view said before counts for nothing.
    private var acted: Timestamp?
    private let most: Int

    /// - Parameter most: names, of which at least the half are kept that were heard of last.
    init(most: Int = 131_072) { self.most = max(2, most) }

    var count: Int { young.count + old.count }

    func word(_ name: Name) -> Word? { entry(name.hashValue)?.word }

    private func entry(_ hash: Int) -> Entry? { young[hash] ?? old[hash] }

    mutating func note(_ word: Word, of name: Name) { keep(Entry(word: word), name.hashValue) }

    /// An act was let in that can end the alarm of a key.
    mutating func noteAct(on key: String, tenant: String, at now: Timestamp) {
        note(.actedOn, of: RecentAlarms.actName(key, tenant))
        acted = now
    }

    /// Whether such an act was let in since this was asked last.
    mutating func takeAct(on key: String, tenant: String) -> Bool {
        let name = RecentAlarms.actName(key, tenant)
        guard word(name) == .actedOn else { return false }
        note(.nothing, of: name)
        return true
    }

    private static func actName(_ key: String, _ tenant: String) -> Name {
        Name(tenant: tenant, realm: "", source: "", subject: key)
    }

    /// The view says the same of it.
    mutating func confirm(_ name: Name, at now: Timestamp) {
        guard var entry = entry(name.hashValue) else { return }
        entry.confirmed = now
        keep(entry, name.hashValue)
    }

    /// Whether the view was asked within the last second.
    func isConfirmed(_ name: Name, at now: Timestamp) -> Bool {
        guard let confirmed = entry(name.hashValue)?.confirmed else { return false }
        return (0..<1).contains(now.seconds(since: confirmed)) && acted.map { $0 < confirmed } ?? true
    }

    private mutating func keep(_ entry: Entry, _ hash: Int) {
        if young[hash] == nil, young.count >= most / 2 { (young, old) = ([:], young) }
        old[hash] = nil
        young[hash] = entry
    }
}
