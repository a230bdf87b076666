import Foundation
import TestSupport
import Testing

/// What both programs print, wherever it goes.
@Suite("What is printed", .serialized, .enabled(if: Product.isBuilt, Comment(rawValue: Product.missing)))
struct OutputTests {
    /// Clears a screen (ESC and C1), rings, rubs out, turns the direction round, hides itself, breaks a line.
    private static let nasty = "a\u{1B}[2J\u{9B}31m\u{7}\u{7F}\u{85}\u{202E}\u{200B}\u{2066}\u{2028}\rb"

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar == "\n" || scalar == "\t"
        case .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    /// Fails where something of it would steer a terminal. Lines may end as CSV ends them.
    private func expectPlain(_ outcome: Outcome, _ words: [String]) {
        for text in [outcome.output, outcome.complaints] {
            let bad = text.replacing("\r\n", with: "\n").unicodeScalars.filter { !Self.isPlain($0) }
            #expect(bad.isEmpty, "\(words): \(bad.map { String($0.value, radix: 16) })")
        }
    }

    /// A desk at which everything that has words has such ones.
    private func nastyDesk() throws -> Desk {
        let desk = try Desk()
        let nasty = Self.nasty
        let more = [
            "site": nasty, "area_name": nasty, "kind": nasty, "external_id": "id" + nasty, "description": nasty,
        ]
        try desk.raise("camera-1/weapon", "critical", nasty, more: more)
        try desk.raise("camera-2/" + nasty, "low", nasty)
        #expect(try desk.impetus("ack", "camera-1/weapon", "--note", nasty).code == 0)
        let shelf = ["shelve", "camera-2/" + nasty, "--for", "30m", "--reason", "other", "--note", nasty]
        #expect(try desk.impetusWith(shelf).code == 0)
        let rule = [
            "suppress", "--where", "headline ~ \"gas\"", "--reason", "other", "--note", nasty, "--for", "1h", "--as",
            "sup1",
        ]
        #expect(try desk.impetusWith(rule).code == 0)
        let ring = "[[10,59],[11,59],[11,60],[10,60],[10,59]]"
        let name = String(decoding: try JSONEncoder().encode(nasty), as: UTF8.self)
        let district =
            #"{"type":"FeatureCollection","name":\#(name),"features":[{"type":"Feature","properties":{"name":\#(name)},"#
            + #""geometry":{"type":"Polygon","coordinates":[\#(ring)]}}]}"#
        #expect(try desk.impetus("import", desk.file("districts.json", district)).code == 0)
        return desk
    }

    @Test("steers no terminal, whichever command prints it")
    func commands() throws {
        let (desk, nasty) = (try nastyDesk(), Self.nasty)
        var calls: [[String]] = [
            ["alerts"], ["alerts", "--json"], ["alerts", "--grouped"], ["alerts", "--grouped", "--json"],
            ["alerts", "--explain", "headline ~ \"\(nasty)\""], ["alerts", "sverity = \(nasty)"],
            ["alerts", "--view", nasty], ["alerts", "--at", nasty], ["export", "--format", "csv"],
            ["export", "--format", "jsonl"], ["export", "--format", "cap"], ["assets"], ["assets", "--json"],
            ["districts"], ["districts", "--json"], ["checklists"], ["checklists", "--json"], ["team"], ["metrics"],
            ["metrics", "--json"], ["policy"], ["suppress"], ["suppress", "--json"], ["status"], ["status", "--json"],
            ["doctor"], ["doctor", "--json"], ["ack", nasty], ["ack", "id" + nasty], ["ack", "id" + nasty, "--json"],
            ["assess", "a", nasty], ["start", nasty, nasty], ["step", nasty, nasty], ["undo", "--as", nasty],
            ["status", "--store", desk.folder + "/" + nasty], ["status", "--city", nasty], [nasty], ["--" + nasty],
            ["alerts", "--" + nasty], ["import", desk.folder + "/" + nasty], ["import", "--format", nasty, "x"],
            ["enrol", "--hub", nasty, nasty], ["--help"], ["help", nasty],
        ]
        calls.append(["import", try desk.file("\u{1B}[2J.cap", "<\u{9B}31m>")])
        calls.append([
            "import", try desk.file("a.cap", capAlert(id: "x", headline: "h").replacing("Actual", with: "\u{9B}2J")),
        ])
        calls.append(["import", try desk.file("b.json", #"{"specversion":"1.0","id":"\u001b[2J","type":"\u009b2J"}"#)])
        for words in calls { expectPlain(try desk.impetusWith(words), words) }
    }

    @Test("JSON keeps what it escapes")
    func lossless() throws {
        let desk = try nastyDesk()
        #expect(try desk.alert("camera-1/weapon")["headline"] as? String == Self.nasty)
        #expect(try desk.alert("camera-1/weapon")["site"] as? String == Self.nasty)
        let lines = try desk.objects(desk.impetus("export", "--format", "jsonl").output)
        #expect(lines.contains { $0["headline"] as? String == Self.nasty })
    }

    @Test("the hub's program steers no terminal either", .enabled(if: Product.hub != nil, "impetus-hub is not built"))
    func hub() throws {
        let (desk, nasty) = (try Desk(), Self.nasty)
        let program = try #require(Product.hub)
        for words in [
            [nasty], ["--" + nasty], ["init", "--name", nasty, "--host", nasty], ["check"], ["members"],
            ["tenant", "add", nasty], ["tenant", "add", "police", "--city", nasty], ["tenant", "list"],
            ["enrol", nasty, "--tenant", nasty, "--role", nasty], ["revoke", nasty, "--tenant", nasty],
            ["agreement", "end", nasty], ["retention", nasty, "--days", "3"],
            ["serve", "--config", desk.folder + "/" + nasty],
            ["serve", "--listen", nasty], ["archive", desk.folder + "/" + nasty, "--days", "1"], ["--help"],
        ] {
            let data = words.first?.first == "-" || words.count == 1 ? [] : ["--data", desk.folder + "/hub"]
            let outcome = try Programs.run(
                program, words + data, environment: desk.environment.merging(HubHost.secrets) { $1 },
                folder: desk.folder)
            expectPlain(outcome, words)
        }
    }

    // MARK: - Lengths

    @Test("elsewhere than on a terminal a headline is whole to 2,000 characters, and the id always")
    func piped() throws {
        let desk = try Desk()
        let whole = String(repeating: "é", count: 2_000)
        try desk.raise("camera-1/weapon", "critical", String(repeating: "x", count: 50_000))
        try desk.raise("camera-2/weapon", "critical", whole)
        let id = String(repeating: "i", count: 300)
        try desk.raise("camera-3/weapon", "critical", "short", more: ["external_id": id])
        let lines = try desk.impetus("alerts").lines
        func line(_ end: String) throws -> String { try #require(lines.first { $0.hasSuffix("  " + end) }) }
        #expect(try line("camera-1/weapon").contains("  " + String(repeating: "x", count: 1_999) + "…  "))
        #expect(try line("camera-2/weapon").contains("  \(whole)  "))
        #expect(try line(id).contains("  short  "))
        #expect(lines.allSatisfy { $0.count < 2_500 })
        #expect(try (desk.alert("camera-2/weapon")["headline"] as? String) == whole)
    }

    @Test(
        "on a terminal the headline gives way to the width, and the id never does",
        .enabled(if: Product.hasTerminal, Comment(rawValue: Product.missingTerminal)))
    func onTerminal() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", String(repeating: "火災 ", count: 10_000))
        try desk.raise("camera-2/weapon", "low", "Gas smell")
        let screen = try Screen("110x30", at: desk)
        let program = try #require(Product.path)
        try screen.shell("clear; \(program) alerts; echo fin''ished")
        try screen.see("finished")
        let found = screen.lines.filter { $0.contains("camera-1/weapon") }
        #expect(
            found.count == 1 && found[0].hasSuffix("…  camera-1/weapon") && found[0].hasPrefix("critical"), "\(found)")
        #expect(found[0].contains("火災"))
        #expect(screen.lines.contains { $0.contains("  Gas smell  camera-2/weapon") })
        try screen.resize(60, 30)
        try screen.shell("clear; \(program) alerts; echo do''ne")
        try screen.see("done")
        #expect(screen.lines.joined().contains("…  camera-1/weapon"))
    }
}
