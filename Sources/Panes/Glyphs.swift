import ControlRoom

/// Characters that carry a meaning, with spellings that stay apart from each other on an ASCII terminal.
enum Glyphs {
    /// One cell; in ASCII up to two.
    static func severity(_ severity: Severity, unicode: Bool) -> String {
        switch severity {
        case .critical: unicode ? "‼" : "!!"
        case .high: "!"
        case .medium: unicode ? "•" : "*"
        case .low: unicode ? "·" : "."
        case .info: " "
        }
    }

    static func severityWidth(unicode: Bool) -> Int { unicode ? 1 : 2 }

    /// On the map a blank would not be seen.
    static func marker(_ severity: Severity, unicode: Bool) -> String {
        severity == .info ? "i" : self.severity(severity, unicode: unicode)
    }

    static func step(_ state: ChecklistRun.StepState, isNext: Bool) -> String {
        switch state {
        case .done: "✓"
        case .notApplicable: "–"
        case .blocked: "✗"
        case .open: isNext ? "▸" : " "
        }
    }

    static let sparks = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    static let plainSparks = ["_", ".", "-", "=", "#"]

    /// Parts of a cell in eighths, from none to seven.
    static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    static let plainEighths = ["", ".", ".", ".", ":", ":", ":", ":"]
}
