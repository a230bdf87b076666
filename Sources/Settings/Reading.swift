import TOMLKit

/// A file being read: its tables, and the warnings so far. Every look at a value checks its type and, if it is wrong,
/// notes the line.
public struct Reading {
    /// A hostile file may have an error in each of its thousands of lines; nobody reads that many.
    static let mostWarnings = 50

    public let file: String
    public let root: Section
    private let outline: SourceOutline
    private var found: [Warning] = []

    /// - Throws: the `Warning` that says why nothing of the text can be read.
    public init(_ text: String, file: String, bounds: FileBounds = .small) throws(Warning) {
        let checked = try CheckedText(text, file: file, bounds: bounds)
        self.file = file
        outline = checked.outline
        root = Section(table: checked.table, path: [])
    }

    /// The warnings in the order of the file.
    public var warnings: [Warning] {
        let sorted = found.sorted { $0.line < $1.line }
        guard sorted.count > Reading.mostWarnings else { return sorted }
        let rest = Warning(file: file, line: 0, reason: "\(sorted.count - Reading.mostWarnings) more problems")
        return sorted.prefix(Reading.mostWarnings) + [rest]
    }

    /// Notes what is wrong with the value of a path, at its line. Of more than fifty the first ones are shown, and how
    /// many there are beside them.
    public mutating func warn(_ path: [String], _ reason: String) {
        found.append(Warning(file: file, line: outline.line(of: path), reason: reason))
    }
}

// MARK: - Values

extension Reading {
    /// A key that nobody reads is most often one that is misspelled.
    public mutating func refuseOthers(than known: [String], in section: Section) {
        for key in section.keys where !known.contains(key) {
            warn(section.path(key), "unknown key \(PlainText.quoted(key)); known: \(known.joined(separator: ", "))")
        }
    }

    /// The table of a key; of another type it is left out with a warning.
    public mutating func section(_ key: String, in section: Section) -> Section? {
        guard let value = section.table[key] else { return nil }
        if let table = value.table { return Section(table: table, path: section.path(key)) }
        warn(section.path(key), "\(PlainText.quoted(key)) is \(value.type.named), not a table")
        return nil
    }

    /// The text of a key; a value of another type is left out with a warning.
    public mutating func text(_ key: String, in section: Section) -> String? {
        guard let value = section.table[key] else { return nil }
        if let text = value.string { return text }
        warn(section.path(key), "\(PlainText.quoted(key)) is \(value.type.named), not a text")
        return nil
    }

    /// Whether a key is true; a value of another type is left out with a warning.
    public mutating func flag(_ key: String, in section: Section) -> Bool? {
        guard let value = section.table[key] else { return nil }
        if value.type == .bool, let flag = value.bool { return flag }
        warn(section.path(key), "\(PlainText.quoted(key)) is \(value.type.named), not true or false")
        return nil
    }

    /// The number of a key; one outside the range is left out with a warning, not bent into it.
    public mutating func integer(_ key: String, in section: Section, from range: ClosedRange<Int>) -> Int? {
        guard let value = section.table[key] else { return nil }
        if value.type == .int, let number = value.int, range.contains(number) { return number }
        let wanted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        warn(section.path(key), "\(PlainText.quoted(key)) must be \(wanted)")
        return nil
    }

    /// The texts of a list with their paths; items of another type are left out with a warning.
    public mutating func texts(_ key: String, in section: Section) -> [(text: String, path: [String])]? {
        guard let value = section.table[key] else { return nil }
        guard let array = value.array else {
            warn(section.path(key), "\(PlainText.quoted(key)) is \(value.type.named), not a list")
            return nil
        }
        var result: [(text: String, path: [String])] = []
        for (position, item) in array.enumerated() {
            let path = section.path(key) + [String(position)]
            if let text = item.string {
                result.append((text, path))
            } else {
                warn(path, "\(PlainText.quoted(key)) holds \(item.type.named), not a text")
            }
        }
        return result
    }
}

extension TOMLType {
    fileprivate var named: String {
        switch self {
        case .table: "a table"
        case .array: "a list"
        case .string: "a text"
        case .int, .double: "a number"
        case .bool: "true or false"
        case .date, .time, .dateTime: "a date or time"
        }
    }
}
