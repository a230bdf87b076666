/// A source speaks for itself alone.
extension Alert {
    /// The source of shared copies before each named whose it is a copy of.
    static let unnamedHub = "urn:impetus:hub"

    /// Whether it is this source's to repeat, clear, replace or cancel. Of an alert whose source nobody knows any more it is the
    /// first one's to raise it again (`isAdoptable`).
    public func belongs(to source: String) -> Bool {
        self.source == source || self.source == Alert.unnamedHub && source.hasPrefix(Alert.unnamedHub)
    }

    /// Whether the next source that raises it is its source from then on.
    public var isAdoptable: Bool { source.isEmpty }

    /// The key of the alarm that a source raises under a subject which another source raised before: its own, next to the
    /// first, which keeps its key.
    ///
    /// - Parameter round: from 0; the next where that key is taken by somebody else too.
    /// - Returns: at most as many bytes as a subject may have.
    public static func key(of subject: String, from source: String, round: Int) -> String {
        let mark = String(ContentID.of("\(round)\u{1F}\(source)".utf8).prefix(8))
        let isShort = subject.utf8.count + mark.utf8.count < longestSubject
        return (isShort ? subject : ContentID.of(subject.utf8)) + "~" + mark
    }

    /// Bytes.
    private static let longestSubject = 500

    /// Whether a subject looks like one that is made for a second source. Nobody posts one.
    public static func isMadeKey(_ subject: String) -> Bool {
        guard let mark = subject.lastIndex(of: "~") else { return false }
        let digits = subject[subject.index(after: mark)...]
        return digits.utf8.count == 8
            && digits.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

/// Who speaks in an event of a source that a machine owns: the machine, or somebody who imports what they say it said.
extension Event {
    /// The extension by which a hub marks what a person brings of a machine's source. Only a hub gives it.
    public static let importedExtension = "imported"

    /// What a source would end in to pass for that of an import; nobody posts one.
    private static let importMark = " (imported)"

    /// By whom the fold tells whose an alarm is: the source, and for what was imported under a machine's source another one,
    /// which neither clears, replaces nor repeats what the machine raised.
    public var speaker: String {
        Event.speaker(source, isImported: extensions[Event.importedExtension] != nil)
    }

    /// See `speaker`.
    public static func speaker(_ source: String, isImported: Bool) -> String {
        isImported ? source + importMark : source
    }

    /// Whether its source looks like that of an import.
    public var isSourceMarked: Bool { source.hasSuffix(Event.importMark) }
}
