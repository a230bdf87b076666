import Foundation
import Testing

@Suite("The rules of the house")
struct HouseTests {
    @Test("are kept by every source")
    func sourcesKeepThem() throws {
        let files = try ProjectFiles.swift(in: "Sources")
        #expect(files.count > 100)
        let faults = files.flatMap { HouseRules.faults(path: $0.path, text: $0.text) }
        #expect(faults.isEmpty, "\(faults.map(\.description).joined(separator: "\n"))")
    }

    @Test("know every room there is, and no other")
    func rooms() throws {
        let sources = ProjectFiles.root.appending(path: "Sources").path
        let names = try FileManager.default.contentsOfDirectory(atPath: sources)
        let folders = names.filter { name in
            (try? FileManager.default.contentsOfDirectory(atPath: sources + "/" + name)) != nil
        }
        let known = Set(HouseRules.rooms.keys).union(HouseRules.executables.keys).union(["TestSupport"])
        #expect(Set(folders).subtracting(known).isEmpty)
        #expect(known.subtracting(folders).isEmpty)
    }

    @Test("excuse no file that does not need it")
    func excuses() throws {
        for (path, calls) in HouseRules.excused {
            let text = try #require(try ProjectFiles.swift(in: "Sources").first { $0.path == path }).text
            for call in calls { #expect(text.contains(call)) }
            #expect(HouseRules.faults(path: "Store/Other.swift", text: text).count >= calls.count)
        }
    }

    private func what(_ text: String, in room: String) -> [String] {
        HouseRules.faults(path: room + "/File.swift", text: text).map(\.what)
    }

    @Test(
        "an import that a room may not have is found",
        arguments: [
            ("Panes", "Store"), ("Console", "Store"), ("Console", "Terminal"), ("Store", "Cells"), ("Feed", "GRDB"),
            ("Feed", "SQLite"),
            ("SQLiteLog", "GRDB"), ("SQLiteLog", "Store"), ("Feed", "SQLiteLog"),
            ("impetus", "SQLiteLog"), ("impetus", "HubCore"), ("impetus", "Tenancy"), ("ControlRoom", "Tenancy"),
            ("Store", "Tenancy"), ("Sync", "HubCore"), ("Feed", "HubCore"),
            ("HubCore", "Hub"), ("HubCore", "SQLiteLog"),
            ("ControlRoom", "Foundation"), ("Standards", "FoundationXML"), ("Store", "Foundation"),
            ("Terminal", "Console"),
            ("Cells", "ControlRoom"), ("Settings", "Console"), ("Cities", "TOMLKit"), ("Appearance", "ControlRoom"),
            ("Panes", "TestSupport"), ("impetus", "TestSupport"), ("impetus-bench", "Terminal"), ("Panes", "Glibc"),
        ])
    func forbiddenImports(_ room: String, _ module: String) {
        for form in [
            "import X", "public import X", "@testable import X", "@preconcurrency internal import struct X.Y",
            "    private import X;",
        ] {
            let line = form.replacing("X", with: module)
            #expect(what("// A\n" + line, in: room) == ["imports \(module)"], "\(line)")
        }
    }

    @Test(
        "an import that a room may have is none",
        arguments: [
            ("Store", "GRDB"), ("Standards", "CLibXML2"), ("Appearance", "Foundation"), ("impetus", "Terminal"),
            ("Cells", "FoundationEssentials"), ("Panes", "Synchronization"), ("TestSupport", "Testing"),
            ("Store", "Glibc"),
        ])
    func allowedImports(_ room: String, _ module: String) {
        #expect(what("public import \(module)\nlet important = 1 // import Terminal", in: room).isEmpty)
    }

    @Test("a room that is not on the plan is found")
    func unknownRoom() { #expect(what("import Glibc", in: "Shed") == ["the house has no room Shed"]) }

    static let calls = [
        ("let now = Date()", "Date()"), ("f(Date.now)", "Date.now"), ("[UUID()]", "UUID()"),
        ("Int.random(in: 0...1)", ".random("),
        ("var g = SystemRandomNumberGenerator()", "SystemRandomNumberGenerator"),
        ("try await Task.sleep(for: x)", "Task.sleep"),
        ("sleep(1)", "sleep("), ("Glibc.sleep(1)", "sleep("), ("usleep(1)", "usleep"),
        ("Thread.sleep(forTimeInterval: 1)", "Thread.sleep"),
        ("clock_gettime(CLOCK_REALTIME, &t)", "clock_gettime"), ("time(nil)", "time(nil)"),
        ("\"\\(Date())\"", "Date()"),
    ]

    @Test("a banned call is found in every room, and allowed in an executable", arguments: calls)
    func bannedCalls(_ code: String, _ call: String) {
        for room in HouseRules.rooms.keys.sorted() { #expect(what(code, in: room) == ["uses \(call)"], "\(room)") }
        #expect(what(code, in: "impetus").isEmpty && what(code, in: "TestSupport").isEmpty)
    }

    @Test("every banned call has a sample")
    func everyCall() { #expect(Set(HouseTests.calls.map(\.1)) == Set(HouseRules.banned)) }

    @Test(
        "what only looks like a banned call is none",
        arguments: [
            "surroundings.sleep(1)", "/// Date() is banned", "let text = \"UUID() and sleep(1)\"",
            "func runtime(nil: Int)", "isUpdateDate(x)",
            "/* usleep(1) /* nested */ Date() */", "#\"Date() \\(UUID())\"#",
            "\"\"\"\n Date()\n \"quoted\" UUID()\n \"\"\"",
            "var sleep: (Double) -> Void", "MyDate()",
        ])
    func lookalikes(_ code: String) { #expect(what(code, in: "Store").isEmpty) }

    @Test(
        "force is found",
        arguments: [
            ("let a = b!", "force unwraps"), ("b!.c", "force unwraps"), ("f(x)![0]", "force unwraps"),
            ("a[0]!", "force unwraps"),
            ("var a: Int!", "force unwraps"), ("try! f()", "try!"), ("x as! Y", "as!"), ("\"\\(a!)\"", "force unwraps"),
            ("a?!", "force unwraps"),
            ("(a! == b)", "force unwraps"), ("\"\\(f(\"x\")!)\"", "force unwraps"),
        ])
    func force(_ code: String, _ expected: String) {
        for room in ["ControlRoom", "impetus"] { #expect(what(code, in: room) == [expected]) }
    }

    @Test(
        "what only looks like force is none",
        arguments: [
            "if !a { }", "a != b", "a!=b", "(!a)", "[!a, !b]", "// a!", "\"wow!\"", "\"\"\"\n wow! \\(a) b!\n \"\"\"",
            "a !== b", "f(\"\\(a)!\")",
            "#\"a\"!\"#", "let q = \"\\\"a!\"", "try? f()", "x as? Y",
        ])
    func noForce(_ code: String) { #expect(what(code, in: "ControlRoom").isEmpty) }

    @Test("a file that is too long is found")
    func tooLong() {
        let lines = { String(repeating: "let a = 1\n", count: $0) }
        #expect(what(lines(400), in: "Store").isEmpty && what(lines(401), in: "Store") == ["401 lines"])
    }

    @Test("the line of a fault is the one it stands in, behind strings and comments of many lines")
    func lineNumbers() {
        let text = "/* a\n b */\nlet s = \"\"\"\n  x \\(y\n  ) z\n  \"\"\"\nlet d = Date()\n"
        #expect(
            HouseRules.faults(path: "Feed/F.swift", text: text) == [
                Fault(path: "Feed/F.swift", line: 7, what: "uses Date()")
            ])
    }
}
