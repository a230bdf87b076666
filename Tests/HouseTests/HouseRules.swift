/// The rules of `Sources/README.md` that a machine can check.
enum HouseRules {
    /// What each room may import besides the standard library, `FoundationEssentials` and `Synchronization`.
    static let rooms: [String: Set<String>] = [
        "ControlRoom": systemC,
        "Tenancy": ["ControlRoom"],
        "Standards": systemC.union(["ControlRoom", "CLibXML2", "CZlib"]),
        "Settings": ["TOMLKit", "Foundation"],
        "Cities": ["ControlRoom", "Standards", "Settings", "Foundation"],
        "SQLite": systemC.union(["ControlRoom", "GRDB", "GRDBSQLite"]),
        "Store": systemC.union(["ControlRoom", "SQLite", "Trust", "GRDB", "GRDBSQLite", "HeapModule"]),
        "Trust": ["ControlRoom", "Crypto", "CryptoExtras", "X509", "SwiftASN1"],
        "Feed": ["ControlRoom", "Store", "Trust"],
        "HubCore": ["ControlRoom", "Tenancy", "Store", "Trust", "Feed"],
        "Sync": systemC.union([
            "ControlRoom", "Standards", "Trust", "Store", "Feed", "AsyncHTTPClient", "Dispatch", "NIOCore", "NIOPosix",
            "NIOHTTP1",
            "NIOSSL",
        ]),
        "Hub": systemC.union([
            "ControlRoom", "Standards", "Settings", "Store", "Trust", "Tenancy", "Feed", "HubCore", "Nats",
            "Hummingbird",
            "HummingbirdCore", "HummingbirdTLS", "Dispatch", "HTTPTypes", "NIOCore", "NIOPosix", "NIOHTTP1",
            "NIOHTTPTypes", "NIOSSL",
            "NIOTLS", "ServiceLifecycle", "Logging", "Metrics", "CoreMetrics",
        ]),
        "Cells": [],
        "Console": ["ControlRoom"],
        "Panes": ["ControlRoom", "Console", "Cells"],
        "Answers": ["Console", "ControlRoom", "Store"],
        "Appearance": ["Cells", "Console", "Settings", "Foundation"],
        "Terminal": systemC.union(["Cells", "CNcurses"]),
        "CNcurses": [],
        "Nats": systemC.union(["ControlRoom", "Trust", "Crypto", "Dispatch", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS"]
        ),
        "JetStreamLog": systemC.union(["ControlRoom", "Nats", "Dispatch", "SQLite"]),
        "SQLiteLog": systemC.union(["ControlRoom", "SQLite"]),
        "CLibXML2": [],
        "CZlib": [],
    ]

    private static let systemC: Set<String> = ["Glibc", "Darwin"]
    private static let everywhere: Set<String> = ["Swift", "FoundationEssentials", "Synchronization"]

    /// Executables may import anything but these.
    static let executables: [String: Set<String>] = [
        "Shell": ["TestSupport", "Tenancy", "Store", "Feed", "HubCore", "Sync", "Hub", "Terminal", "Panes", "Console"],
        "impetus": ["TestSupport", "Tenancy", "HubCore", "Hub", "Nats", "JetStreamLog", "SQLiteLog"],
        "impetus-hub": ["TestSupport", "Terminal", "Panes", "Console"],
        "impetus-bench": ["TestSupport", "Terminal", "Panes", "Console"],
    ]

    /// What only the executables may ask of the world.
    static let banned = [
        "Date()", "Date.now", "UUID()", ".random(", "SystemRandomNumberGenerator", "Task.sleep", "sleep(", "usleep",
        "Thread.sleep", "clock_gettime", "time(nil)",
    ]

    /// What a file may use all the same: a terminal tells a lone ESC from the start of a sequence by the time between
    /// bytes, on a clock that nobody sets and that enters no decision.
    static let excused = ["Terminal/InputReader.swift": ["clock_gettime"]]

    static let longestFile = 400

    /// - Parameter path: from `Sources` on, as in `Store/Log/EventRows.swift`.
    static func faults(path: String, text: String) -> [Fault] {
        let room = String(path.prefix { $0 != "/" })
        let lines = BareCode.lines(of: text)
        var faults = length(path, lines)
        for (number, line) in lines.enumerated() {
            let found = imports(line, room) + (isTestOnly(room) ? [] : force(line))
            let calls = isTestOnly(room) || executables[room] != nil ? [] : calls(line, in: path)
            faults += (found + calls).map { Fault(path: path, line: number + 1, what: $0) }
        }
        return faults
    }

    /// It is there for the tests, which alone may import it.
    private static func isTestOnly(_ room: String) -> Bool { room == "TestSupport" }

    private static func length(_ path: String, _ lines: [String]) -> [Fault] {
        let count = lines.last == "" ? lines.count - 1 : lines.count
        return count > longestFile ? [Fault(path: path, line: count, what: "\(count) lines")] : []
    }

    // MARK: - Imports

    private static func imports(_ line: String, _ room: String) -> [String] {
        guard let module = module(line) else { return [] }
        if everywhere.contains(module) || isTestOnly(room) { return [] }
        if let refused = executables[room] { return refused.contains(module) ? ["imports \(module)"] : [] }
        guard let allowed = rooms[room] else { return ["the house has no room \(room)"] }
        return allowed.contains(module) ? [] : ["imports \(module)"]
    }

    /// The module that a line imports, under whatever attributes and access it does so.
    private static func module(_ line: String) -> String? {
        let words = line.split { $0.isWhitespace || $0 == ";" }.map(String.init)
        guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
            words[..<place].allSatisfy({ $0.hasPrefix("@") || access.contains($0) })
        else { return nil }
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let name = kinds.contains(words[place + 1]) ? words.dropFirst(place + 2).first : words[place + 1]
        return name.map { String($0.prefix { $0 != "." }) }
    }

    private static let access: Set<String> = ["public", "package", "internal", "fileprivate", "private"]

    // MARK: - Calls

    private static func calls(_ line: String, in path: String) -> [String] {
        let excused = excused[path] ?? []
        return banned.filter { !excused.contains($0) && stands($0, in: line) }.map { "uses \($0)" }
    }

    /// Whether a call stands in a line as a word of its own: `usleep(` is not `sleep(`, nor is `world.sleep(`.
    private static func stands(_ call: String, in line: String) -> Bool {
        var rest = line[...]
        while let range = rest.firstRange(of: call) {
            let before = line[..<range.lowerBound].last
            let isPart = before.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." } ?? false
            if call.hasPrefix(".") || !isPart || isQualified(line[..<range.lowerBound]) { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    private static func isQualified(_ before: Substring) -> Bool {
        ["Glibc.", "Darwin.", "Foundation.", "Swift."].contains { before.hasSuffix($0) }
    }

    // MARK: - Force

    private static func force(_ line: String) -> [String] {
        var found: [String] = []
        let characters = Array(line)
        for (index, character) in characters.enumerated() where character == "!" {
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            guard index > 0, next != "=" || characters.dropFirst(index + 1).starts(with: "==") else { continue }
            let before = characters[index - 1]
            guard before.isLetter || before.isNumber || ")]}>_?!`".contains(before) else { continue }
            let word = String(characters[..<index].reversed().prefix { $0.isLetter }.reversed())
            found.append(["try", "as"].contains(word) ? "\(word)!" : "force unwraps")
        }
        return found
    }
}
