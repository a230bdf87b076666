/// The order of a list. Each is one number for each alert, which rises; so a list is read from one key to the next.
public enum AlertOrder: Hashable, Sendable {
    /// What waits for a person first, the worst first, then the newest.
    case need
    case newest, oldest
    /// The worst first whatever its state, then the newest.
    case severity
    /// By several columns, the first of them first.
    case columns([SortColumn])

    /// Those that have a name.
    public static let named: [AlertOrder] = [.need, .newest, .oldest, .severity]

    public init(_ columns: [SortColumn]) { self = .columns(columns) }

    /// As a view keeps it: `need`, or the columns, those that are reversed with a minus: `severity,-age`.
    public var name: String {
        switch self {
        case .need: "need"
        case .newest: "newest"
        case .oldest: "oldest"
        case .severity: "severity"
        case .columns(let columns):
            columns.map { ($0.isReversed ? "-" : "") + $0.field.rawValue }.joined(separator: ",")
        }
    }

    /// Why an order that somebody wrote is none; the texts are the words that they wrote.
    public enum Problem: Error, Equatable {
        case unknown(String)
        case twice(String)
        /// Their values do not fit into one number; `age` takes most of it.
        case tooMany
        case empty
    }

    /// Reads a name, or columns with commas or blanks between them.
    public init(reading text: String) throws(Problem) {
        if let known = AlertOrder.named.first(where: { $0.name == text }) {
            self = known
            return
        }
        var columns: [SortColumn] = []
        for word in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let name = word.hasPrefix("-") ? String(word.dropFirst()) : String(word)
            guard let field = SortColumn.Field(rawValue: name.lowercased()) else { throw .unknown(name) }
            guard !columns.contains(where: { $0.field == field }) else { throw .twice(name) }
            columns.append(SortColumn(field, isReversed: word.hasPrefix("-")))
        }
        guard !columns.isEmpty else { throw .empty }
        guard columns.reduce(0, { $0 + $1.field.bits }) <= 63 else { throw .tooMany }
        self = .columns(columns)
    }

    public var isByColumns: Bool {
        if case .columns = self { return true }
        return false
    }
}

/// One column to sort by, in the direction in which it is most often wanted, or in the other.
public struct SortColumn: Hashable, Sendable {
    /// What a list can be sorted by; the raw value is the word that people write.
    public enum Field: String, CaseIterable, Sendable {
        /// The worst first.
        case severity
        /// As by need: what waits first, what is over last.
        case state
        /// The newest first.
        case age
        /// By id; without one last.
        case district
        /// By code; beyond the first 31 that are known, all the same and last.
        case tool
        /// The most often annunciated first.
        case occurrence

        /// So many its values take.
        public var bits: Int {
            switch self {
            case .severity, .state: 3
            case .age: 44
            case .district: 8
            case .tool: 5
            case .occurrence: 12
            }
        }

        public var greatest: Int64 { (1 << Int64(bits)) - 1 }
    }

    public var field: Field
    public var isReversed: Bool

    public init(_ field: Field, isReversed: Bool = false) {
        self.field = field
        self.isReversed = isReversed
    }
}
