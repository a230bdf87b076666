public import ControlRoom

/// What lies over the panes and takes the keys. Escape always leaves it without doing anything.
public enum Modal: Equatable, Sendable {
    case help(scroll: Int)
    case palette(PaletteState)
    case filter(FilterPrompt)
    case prompt(Prompt)
    case choice(Choice)
    case confirm(Confirmation)
}

/// The command palette: what was written into it, and which line of what it finds is chosen, from 0.
public struct PaletteState: Equatable, Sendable {
    public var input = LineInput()
    public var cursor = 0
}

/// A filter is being written.
public struct FilterPrompt: Equatable, Sendable {
    public var input: LineInput
    /// Which of what is offered would be taken.
    public var cursor = 0
    /// What it would ask, as far as it can be read, and how many it would find.
    public var draft: AlertQuery?
    public var found: Int?
    /// Why it cannot be read.
    public var error: FilterError?
    /// Where the cursor stood when it was begun; the list may move below it.
    public var here: Coordinate?
    /// One of what is offered was chosen with the arrows: Enter takes it.
    public var hasChosen = false

    public init(text: String, here: Coordinate? = nil) {
        input = LineInput(text)
        self.here = here
    }

    /// More would hide the list that is filtered.
    static let mostOffered = 8
}

/// One line of text is asked for.
public struct Prompt: Equatable, Sendable {
    /// What is done with the text once Enter is pressed, and on what.
    public enum Purpose: Equatable, Sendable {
        case acknowledge(Targets)
        case assess(Targets, Verdict, Disposition)
        case close(Targets, Disposition)
        /// What is written to the reason of what keeps something quiet.
        case because(Quieting, SuppressionReason.Code)
        case decide(Targets, isGranted: Bool)
        case step(run: String, step: Int, ChecklistRun.StepState)
        case checklistNote(run: String)
        /// The columns that the list is sorted by.
        case sort
        /// The name under which the list is kept.
        case saveView
        /// The time at which the list is looked at.
        case travel
        /// The file into which the list is written.
        case export
        /// Not shown as it is typed.
        case passphrase(Identity)
    }

    public var purpose: Purpose
    public var input: LineInput

    public init(_ purpose: Purpose, text: String = "") {
        self.purpose = purpose
        input = LineInput(text)
    }
}

/// One of several things is to be chosen.
public struct Choice: Equatable, Sendable {
    /// One line to choose, and what choosing it does.
    public struct Item: Equatable, Sendable {
        public var text: String
        public var note: String
        public var intent: Intent

        public init(_ text: String, note: String = "", _ intent: Intent) {
            self.text = text
            self.note = note
            self.intent = intent
        }
    }

    public var title: String
    public var text: String
    public var items: [Item]
    /// -1 where nothing is chosen yet: Enter then does nothing.
    public var cursor: Int

    /// A choice in which nothing is chosen beforehand.
    public static func unchosen(title: String, text: String, items: [Item]) -> Choice {
        var choice = Choice(title: title, text: text, items: items)
        choice.cursor = -1
        return choice
    }

    public init(title: String, text: String = "", items: [Item], cursor: Int = 0) {
        self.title = title
        self.text = text
        self.items = items
        self.cursor = max(0, min(cursor, items.count - 1))
    }
}

/// Something is about to be done that a slip of the finger must not do: it wants `y`, not Enter.
public struct Confirmation: Equatable, Sendable {
    public var title: String
    public var text: String
    public var intent: Intent

    public init(title: String, text: String, intent: Intent) {
        self.title = title
        self.text = text
        self.intent = intent
    }
}

/// What a modal leads to.
public indirect enum Intent: Equatable, Sendable {
    case run(Command)
    case judge(Targets, Verdict)
    case assess(Targets, Verdict, Disposition)
    case close(Targets, Disposition)
    case quiet(Quieting)
    case because(Quieting, SuppressionReason.Code)
    case unshelve(Targets)
    case returnToService(Targets)
    case decide(Targets, isGranted: Bool)
    case take(Targets)
    case assign(Targets, String?)
    case endSuppression(String)
    case toggleColumn(AlertColumn)
    case group([GroupingRule]?)
    /// The list with what this finds.
    case narrow(Filter)
    /// What is somebody's, in the list.
    case showOwned(String)
    case actOnMany(MassAct)
    case view(AlertView)
    case saveView(AlertView)
    case askDeleteView(String)
    case deleteView(String)
    case start(PlaybookOffer, AlertRef)
    case startAgain(PlaybookOffer, AlertRef)
    case filterTool(Tool?)
    case filterDistrict(String?)
    case filterSeverity(Severity?)
    case chooseRun(String)
    case become(Identity)
    case layout(String)
    case theme(String)
    case language(Language)
    case showSet(String)
    /// With what its author sees, by the keys of the alerts.
    case undo([Event], seen: [String: Seen])
    case quit
    case endExercise
}

/// What keeps alarms quiet, before it is said why.
public enum Quieting: Equatable, Sendable {
    case shelve(Targets, Shelf)
    case removeFromService(Targets)
    /// What a filter finds, by design.
    case suppress(filter: String, SuppressionEnd)
}

/// What ends a rule of suppression by itself; nothing where somebody is to end it.
public struct SuppressionEnd: Equatable, Sendable {
    /// From now on; nil where no time ends it.
    public var seconds: Int?
    /// The alarm with which it ends.
    public var cause: AlertDeed.Cause?
}

/// For how long something is shelved.
public struct Shelf: Equatable, Sendable {
    /// From now on.
    public var seconds: Int
    /// No longer than until it returns to normal.
    public var isOnce = false

    /// From a quarter of an hour to a week; one-shot for a shift at most.
    static let offered = [
        Shelf(seconds: 900), Shelf(seconds: 3_600), Shelf(seconds: 4 * 3_600),
        Shelf(seconds: AlertShelved.shiftSeconds),
        Shelf(seconds: AlertShelved.shiftSeconds, isOnce: true),
        Shelf(seconds: 86_400), Shelf(seconds: 3 * 86_400), Shelf(seconds: AlertShelved.longestSeconds),
    ]
}

/// A line of text with a cursor, edited as people are used to.
public struct LineInput: Equatable, Sendable {
    public private(set) var characters: [Character]
    public private(set) var cursor: Int

    /// Longer text is cut: a note is a sentence or two.
    public static let limit = 500

    public init(_ text: String = "") {
        characters = Array(text.prefix(LineInput.limit))
        cursor = characters.count
    }

    public var text: String { String(characters) }

    /// At the cursor, as far as there is room up to `limit` characters; the rest is lost.
    public mutating func insert(_ text: String) {
        // What is pasted is text, never keys: line ends become spaces, other controls vanish.
        let clean = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }.filter { !$0.isControl }
        let room = LineInput.limit - characters.count
        guard room > 0 else { return }
        // A mark that comes alone joins the character before it, as it does on the screen.
        let before = Array(String(characters[..<cursor]) + String(clean.prefix(room)))
        characters = Array(String(before) + String(characters[cursor...]))
        cursor = min(before.count, characters.count)
    }

    /// Edits by a key; false where the key means nothing here.
    public mutating func edit(_ key: Key) -> Bool {
        switch (key.code, key.control) {
        case (.character("u"), true): remove(from: 0)
        case (.character("w"), true): remove(from: wordStart)
        case (.character("a"), true), (.home, _): cursor = 0
        case (.character("e"), true), (.end, _): cursor = characters.count
        case (.character("k"), true): characters.removeSubrange(cursor...)
        case (.character(let character), false) where !key.alt: insert(String(character))
        case (.backspace, _): remove(from: max(0, cursor - 1))
        case (.delete, _): if cursor < characters.count { characters.remove(at: cursor) }
        case (.left, _): cursor = max(0, cursor - 1)
        case (.right, _): cursor = min(characters.count, cursor + 1)
        default: return false
        }
        return true
    }

    /// Writes a text in place of some characters; the cursor stands behind it.
    public mutating func replace(_ range: Range<Int>, with text: String) {
        let range = range.clamped(to: 0..<characters.count)
        characters.removeSubrange(range)
        cursor = range.lowerBound
        insert(text)
    }

    private mutating func remove(from start: Int) {
        characters.removeSubrange(start..<cursor)
        cursor = start
    }

    private var wordStart: Int {
        var index = cursor
        while index > 0, characters[index - 1] == " " { index -= 1 }
        while index > 0, characters[index - 1] != " " { index -= 1 }
        return index
    }
}

extension Character {
    fileprivate var isControl: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
