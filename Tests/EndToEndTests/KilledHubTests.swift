import ControlRoom
import Foundation
import GRDB
import TestSupport
import Testing

/// A hub on its own log and the consoles that follow it are killed under load, at random times. So many kills as `IMPETUS_KILLS`
/// says; `sh .ci/soak` makes 100. `IMPETUS_SEED` chooses who is killed when.
@Suite(
    "Kills of a hub and of consoles under load", .serialized,
    .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct KilledHubTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let kills = environment["IMPETUS_KILLS"].flatMap { Int($0) } ?? 5
    private static let seed = environment["IMPETUS_SEED"].flatMap { UInt64($0) } ?? 1
    /// The longest that passes from the load going on to a kill.
    private static let longestSeconds = 0.4

    @Test(
        "what the hub has taken is in its log once, all copies are equal, acts that were confirmed hold, and the audit passes"
    )
    func kills() throws {
        let city = try LoadedCity()
        var chance = SeededChance(seed: KilledHubTests.seed)
        city.begin()
        for kill in 1...KilledHubTests.kills {
            let before = city.now
            try goesOn(city, since: before, kill)
            // Each in its turn where there are few.
            let victims = LoadedCity.Victim.allCases
            let victim = kill <= victims.count ? victims[kill - 1] : victims.randomElement(using: &chance) ?? .hub
            try city.kill(victim, after: chance.unit() * KilledHubTests.longestSeconds)
        }
        try goesOn(city, since: city.now, KilledHubTests.kills + 1)
        let books = city.end()
        #expect(books.odd.isEmpty, "\(books.odd)")
        #expect(books.acknowledged.allSatisfy { !$0.isEmpty })
        try compareConsoles(city, books)
        try readLog(city, books)
    }

    /// Cameras and members get on.
    private func goesOn(_ city: LoadedCity, since before: LoadedCity.Books, _ kill: Int) throws {
        try until("the load to go on before kill \(kill)", seconds: 60) {
            let now = city.now
            let answered = now.acknowledged.reduce(0) { $0 + $1.count }
            let answeredBefore = before.acknowledged.reduce(0) { $0 + $1.count }
            return now.taken.count >= before.taken.count + 20 && answered > answeredBefore
        }
    }

    /// What a console shows of an alarm.
    private struct Shown: Equatable {
        var subject, state, severity, by: String
        var occurrence: Int

        init(_ alert: [String: Any]) {
            func text(_ name: String) -> String { alert[name] as? String ?? "" }
            (subject, state, severity) = (text("subject"), text("state"), text("severity"))
            by = text("acknowledged_by")
            occurrence = alert["occurrence"] as? Int ?? 0
        }
    }

    private func shown(_ desk: Desk) throws -> [Shown] {
        try desk.synced().map(Shown.init).sorted { $0.subject < $1.subject }
    }

    /// Those who were killed, and one that begins with the hub's snapshot.
    private func compareConsoles(_ city: LoadedCity, _ books: LoadedCity.Books) throws {
        let desks = [city.desk(0), city.desk(1), try city.host.person("op9")]
        // Acts that were kept are sent first, and then everybody has them.
        for desk in desks { try until("no act to wait", seconds: 60) { try isSettled(desk) } }
        let first = try shown(desks[0])
        for desk in desks.dropFirst() { #expect(try shown(desk) == first) }
        #expect(first.map(\.subject) == books.taken.sorted())
        #expect(first.allSatisfy { $0.occurrence == 1 })
        let by = Dictionary(uniqueKeysWithValues: first.map { ($0.subject, $0.by) })
        for (actor, subjects) in zip(LoadedCity.actors, books.acknowledged) {
            let lost = subjects.filter { by[$0] != actor }
            #expect(lost.isEmpty, "\(actor): \(lost.sorted())")
        }
        for desk in desks { #expect(try desk.hubbed("audit", "verify").code == 0) }
    }

    private func isSettled(_ desk: Desk) throws -> Bool {
        _ = try desk.synced()
        return try desk.hubbed("status").output.contains("outbox     0")
    }

    /// The file, after the last kill.
    private func readLog(_ city: LoadedCity, _ books: LoadedCity.Books) throws {
        city.host.kill()
        #expect(try city.host.hub("audit").code == 0)
        let names = try KilledHubTests.names(in: city.host.log)
        #expect(Set(names).count == names.count, "some stand in the log twice")
        #expect(
            names.filter { $0.hasPrefix("urn:test id-") }.sorted() == books.taken.map { "urn:test id-" + $0 }.sorted())
        let acts = names.count { $0.hasPrefix("urn:impetus:console ") }
        let confirmed = books.acknowledged.reduce(0) { $0 + $1.count }
        // Of those that were killed in the middle some are there.
        #expect(acts >= confirmed && acts <= books.begun.count)
    }

    /// Source and id of each entry, in order. Behind an entry stands the hub's word: a byte, and 32 of a code.
    private static func names(in file: String) throws -> [String] {
        let log = try DatabaseQueue(path: file)
        defer { try? log.close() }
        let bodies = try log.read { try Data.fetchAll($0, sql: "SELECT body FROM entries ORDER BY sequence") }
        return try bodies.map { body in
            let event = body.count > 33 && body[body.count - 33] == 0x1E ? body.dropLast(33) : body
            let object = try #require(try JSONSerialization.jsonObject(with: event) as? [String: Any])
            return "\(object["source"] ?? "") \(object["id"] ?? "")"
        }
    }
}
