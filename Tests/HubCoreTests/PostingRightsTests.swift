import ControlRoom
import Foundation
import TestSupport
import Testing

@testable import Feed
@testable import HubCore

/// The table "Who may what" of the README, against what a hub and an embedded feed let in.
@Suite("Who may post what")
struct PostingRightsTests {
    /// What the words of the table's column "defines" stand for.
    private static let defined: [String: [EventType]] = [
        "city": [.cityDefined], "districts": [.districtDefined], "sites": [.siteDefined], "streets": [.streetsDefined],
        "assets": [.assetDefined], "known vulnerabilities": [.vulnerabilityListed], "playbooks": [.playbookPublished],
    ]

    private static let reported: [EventType] = [
        .alertRaised, .alertCleared, .alertCancelled, .observationRecorded, .toolReported,
        // What this version does not know is kept and has no effect.
        EventType(rawValue: "com.example.x"),
    ]

    /// Types that the README gives to each role, in the words of its table.
    private static func told() throws -> [Role: Set<EventType>] {
        let readme = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
        let lines = try String(contentsOf: readme, encoding: .utf8).split(separator: "\n").map(cells)
        let head = try #require(lines.first { $0.contains("reports as a machine") })
        let column: (String) throws -> Int = { name in try #require(head.firstIndex(of: name), "no column \(name)") }
        let (imports, exercises) = (try column("imports alerts, measurements"), try column("exercises"))
        let (defines, reports) = (try column("defines"), try column("reports as a machine"))
        var told: [Role: Set<EventType>] = [.hub: []]
        for cells in lines where cells.count == head.count {
            guard let role = Role(rawValue: cells[0]) else { continue }
            var types: Set<EventType> = []
            if cells[imports] == "yes" || cells[reports] == "yes" { types.formUnion(reported) }
            if cells[exercises] == "yes" { types.formUnion([.exerciseStarted, .exerciseEnded]) }
            for word in cells[defines].split(whereSeparator: { ",;".contains($0) }) {
                types.formUnion(try #require(defined[word.trimmingCharacters(in: .whitespaces)], "\(word)"))
            }
            told[role] = types
        }
        return told
    }

    /// Of a line of a table in Markdown.
    private static func cells(_ line: Substring) -> [String] {
        guard line.hasPrefix("| "), line.hasSuffix("|") else { return [] }
        return line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// What is not posted as it is: a person's act, or what a feed makes alone.
    private static let posted = (EventType.known + [EventType(rawValue: "com.example.x")]).filter {
        $0.neededRight == nil && !$0.postingRights.isEmpty && $0 != .actUndone
    }

    @Test("every role may post what the README's table says, and nothing else")
    func table() throws {
        let told = try PostingRightsTests.told()
        #expect(Set(told.keys) == Set(Role.allCases))
        for role in Role.allCases {
            for type in PostingRightsTests.posted {
                let may = type.postingRights.contains(where: role.may)
                #expect(may == told[role]?.contains(type), "\(role.rawValue), \(type.rawValue)")
            }
        }
    }

    @Test("every type that is posted stands in the table")
    func whole() throws {
        let told = try PostingRightsTests.told().values.reduce(into: Set<EventType>()) { $0.formUnion($1) }
        for type in PostingRightsTests.posted { #expect(told.contains(type), "\(type.rawValue)") }
    }

    @Test("a hub refuses a definition by a role that may not make it, and takes it from one that may")
    func hub() throws {
        let bench = try CentralBench(tenants: ["police"])
        var make = EventMaker()
        for role in [Role.operator, .analyst, .responder, .supervisor, .sensor] {
            let verdict = bench.submit(
                [make.city("c", set: "s")], from: try bench.enrol(role.rawValue, role, of: "police").submitter)
            let reason = "the role \(role.rawValue) may not post eu.impetus.city.defined.v1"
            #expect(verdict == [.rejected(reason, isDenied: true)])
        }
        let admin = try bench.enrol("admin", .admin, of: "police").submitter
        let supervisor = try bench.enrol("chief", .supervisor, of: "police").submitter
        #expect(bench.submit([make.city("c", set: "s")], from: admin) == [.accepted])
        #expect(bench.submit([make.playbook("p")], from: supervisor) == [.accepted])
    }

    @Test("an embedded feed takes every definition of whoever runs the command")
    func embedded() throws {
        var make = EventMaker()
        let admitter = Admitter(identities: Identity.embedded(tenant: "x"))
        for event in [make.city("c", set: "s"), make.district("d", set: "s", south: 45, west: 11), make.playbook("p")] {
            #expect(throws: Never.self) { try admitter.admit(event, now: EventMaker.noon).get() }
        }
    }
}
