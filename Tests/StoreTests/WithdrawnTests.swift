import ControlRoom
import Store
import TestSupport
import Testing

@Suite("What was shared and is withdrawn")
struct WithdrawnTests {
    private let disk: TemporaryStore
    private var make = EventMaker(source: "urn:impetus:hub:shared:one")
    private static let subject = "police//camera-1/weapon"

    init() throws { disk = try TemporaryStore() }

    private func copy(_ event: Event) -> Event {
        var copy = event
        copy.extensions[Event.agreementExtension] = "a1"
        return copy
    }

    private func found(_ text: String) throws -> [String] {
        let query = AlertQuery(realm: .actual, order: .oldest, filter: try .reading(text))
        return try disk.store.alerts(query, at: .start, limit: 50).lines.map(\.alert.subject)
    }

    private mutating func share() throws {
        let raised = make.raised(
            Self.subject, .high, tool: .fd, headline: "Rifle at the fountain",
            #""description":"two persons","lat":45.4,"lon":11.8,"site":"erbe","confidence":0.9"#)
        try disk.ingest(copy(raised))
    }

    private mutating func withdraw() throws {
        try disk.ingest(copy(make.event(.alertWithdrawn, Self.subject, #"{"reason":"a1 is over"}"#)))
    }

    private func line() throws -> AlertLine {
        try #require(try disk.store.alert(subject: Self.subject, realm: .actual))
    }

    @Test("waits on by its key and severity, and tells nothing else of what it said", arguments: [false, true])
    mutating func reduced(isIndexedBefore: Bool) throws {
        try share()
        if isIndexedBefore {
            try disk.settle()
            #expect(try found("rifle") == [Self.subject])
        }
        try withdraw()
        try disk.settle()
        let line = try line()
        let alert = line.alert
        #expect(alert.state(at: EventMaker.noon) == .rtnUnacknowledged && alert.severity == .high)
        #expect(alert.headline == Self.subject && alert.replacedBy == "a1 is over")
        #expect(alert.tool == .other && alert.kind.isEmpty)
        #expect(try found("tool = FD").isEmpty && found("kind = crowd").isEmpty)
        #expect(alert.place == nil && alert.site == nil && alert.confidence == nil && alert.district == nil)
        let detail = try #require(try disk.store.detail(row: line.row))
        #expect(detail.description == nil && detail.area == nil)
        #expect(try found("rifle").isEmpty && found("fountain").isEmpty && found("persons").isEmpty)
        #expect(try found("weapon") == [Self.subject])
    }

    @Test("is in the log, too, by its key alone, and why its source said that it was over is told no more")
    mutating func log() throws {
        try share()
        try disk.ingest(copy(make.event(.alertCleared, Self.subject, #"{"reason":"rifle was a tripod"}"#)))
        let told = { [disk] in
            let titles = try disk.store.recentLog(.actual, limit: 10).compactMap(\.title)
            let row = try #require(try disk.store.alert(subject: Self.subject, realm: .actual)).row
            return (titles, try #require(try disk.store.detail(row: row)).timeline.compactMap(\.note))
        }
        var (titles, notes) = try told()
        #expect(titles.contains("Rifle at the fountain") && notes == ["rifle was a tripod"])
        try withdraw()
        (titles, notes) = try told()
        #expect(Set(titles) == [Self.subject] && notes.isEmpty)
    }

    @Test("is reduced when it was over before as well, and when an acknowledgement of it is taken back")
    mutating func over() throws {
        try share()
        let act = make.acknowledged(Self.subject, .high)
        try disk.ingest(act)
        try disk.ingest(copy(make.cleared(Self.subject)))
        try withdraw()
        #expect(try line().alert.headline == Self.subject)
        try disk.ingest(
            make.event(
                .actUndone, Self.subject,
                #"{"act":"\#(act.id)","type":"alert.acknowledged","occurrence":1,"severity":"high"}"#, by: "op1"))
        #expect(try line().alert.headline == Self.subject && line().alert.place == nil)
        #expect(try line().alert.tool == .other && line().alert.kind.isEmpty)
    }

    @Test("says what it says when it is shared anew")
    mutating func anew() throws {
        try share()
        try withdraw()
        try share()
        try disk.settle()
        #expect(try line().alert.headline == "Rifle at the fountain" && line().alert.place != nil)
        #expect(try found("rifle") == [Self.subject])
        #expect(try disk.store.detail(row: line().row)?.description == "two persons")
    }
}
