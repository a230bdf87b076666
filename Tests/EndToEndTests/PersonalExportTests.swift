import Foundation
import TestSupport
import Testing

/// An alert with a marker in every member, people's words around it, and all that the program prints of it.
@Suite(
    "What people wrote and what is personal", .serialized,
    .enabled(if: Product.isBuilt, Comment(rawValue: Product.missing)))
struct PersonalExportTests {
    @Test("is in no list, JSON, CSV, CAP or suppression that is printed or written to a file; the codes of reasons are")
    func exports() throws {
        let desk = try Desk()
        let raised = FieldSamples.raised("camera-1/weapon", at: ISO8601DateFormatter().string(from: Date()))
        #expect(try desk.impetus("import", desk.file("alert.json", raised.json)).code == 0)
        try desk.raise("camera-2/weapon", "low", "Weapon 2")
        let words = "MARK(words)"
        let acts: [[String]] = [
            ["ack", "camera-1/weapon", "--note", words],
            ["assess", "camera-1/weapon", "confirmed", "--note", words],
            ["shelve", "camera-1/weapon", "--for", "2h", "--reason", "known-fault", "--note", words],
            ["service", "out", "camera-2/weapon", "--reason", "maintenance", "--note", words, "--as", "sup1"],
            ["shelve", "camera-2/weapon", "--for", "3d", "--reason", "duplicate", "--note", words, "--ask"],
            [
                "suppress", "--where", "kind = weapon", "--reason", "test", "--note", words, "--for", "1h", "--as",
                "sup1",
            ],
        ]
        for act in acts { #expect(try desk.impetusWith(act).code == 0, "\(act)") }
        let all = "active = yes or active = no"
        let csv = desk.folder + "/all.csv"
        let calls: [[String]] = [
            ["alerts", all], ["alerts", all, "--json"], ["alerts", all, "--grouped", "--json"],
            ["export", all, "--format", "csv"], ["export", all, "--format", "jsonl"],
            ["export", all, "--format", "cap"],
            ["export", all, "--format", "csv", "--output", csv], ["suppress"], ["suppress", "--json"],
            ["status", "--json"],
            ["checklists", "--json"], ["team"],
        ]
        var printed = ""
        for call in calls {
            let outcome = try desk.impetusWith(call)
            #expect(outcome.code == 0, "\(call): \(outcome.complaints)")
            let text = outcome.output + outcome.complaints
            for marker in raised.hidden + [words] { #expect(!text.contains(marker), "\(call) prints \(marker)") }
            printed += text
        }
        let written = try String(contentsOfFile: csv, encoding: .utf8)
        for marker in raised.hidden + [words] { #expect(!written.contains(marker)) }
        for word in raised.open + ["known-fault", "maintenance", "duplicate", "test"] {
            #expect(printed.contains(word))
        }
        #expect(written.contains("known-fault") && written.contains("maintenance") && written.contains("duplicate"))
    }
}

@Suite("What a hub refuses", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct PersonalRefusalTests {
    @Test("is quoted neither in its answer nor in its journal, and what it takes of an alert is not in the journal")
    func refusals() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        let raised = FieldSamples.raised("camera-1/weapon", at: ISO8601DateFormatter().string(from: Date()))
        let marker = "MARK(refused)"
        let wrong = raised.json.replacing("\"severity\":\"low\"", with: "\"severity\":\"\(marker)\"")
        #expect(wrong.contains(marker))
        let act = raised.json.replacing("alert.raised", with: "alert.noted").replacing(
            "\"specversion\"", with: "\"actor\":\"op7\",\"specversion\"")
        for event in [wrong, act, raised.json] {
            let outcome = try host.post(event, as: camera)
            #expect(outcome.code == 202, "\(outcome)")
            for hidden in raised.hidden + [marker] { #expect(!outcome.output.contains(hidden)) }
        }
        // Of the act there is a line: it was not signed.
        try until("the refusal to be told", seconds: 20) { host.journalText.contains("unsigned act") }
        for hidden in raised.hidden + [marker] { #expect(!host.journalText.contains(hidden)) }
    }
}
