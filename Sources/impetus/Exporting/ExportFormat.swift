import ArgumentParser

/// As what alerts leave the house.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
    /// RFC 4180, with a line of names.
    case csv
    /// One JSON object a line, as `alerts --json` has them.
    case jsonl
    /// CAP 1.2 inside one EDXL-DE 1.0 document.
    case cap

    /// By how a file is called: `.csv`, `.jsonl`, `.json`, `.cap`, `.xml`, `.edxlde`.
    init?(file: String) {
        let name = file.lowercased()
        let endings: [(String, ExportFormat)] = [
            (".csv", .csv), (".jsonl", .jsonl), (".json", .jsonl), (".cap", .cap), (".xml", .cap), (".edxlde", .cap),
        ]
        guard let found = endings.first(where: { name.hasSuffix($0.0) }) else { return nil }
        self = found.1
    }
}
