import ControlRoom
import HubCore
import Store
import TestSupport
import Testing

@Suite("An alarm that the hub does not take is seen")
struct RefusedRaiseTests {
    private let bench: CentralBench
    private let camera: Submitter
    private var make = EventMaker(source: "urn:camera:12")

    init() throws {
        bench = try CentralBench(tenants: ["police"])
        camera = try bench.enrol("cam12", .sensor, of: "police").submitter
    }

    private func faults() throws -> [Alert] {
        try bench.rest()
        return try #require(try bench.view("police")).allAlerts(afterRow: 0, limit: 1_000).map(\.line.alert)
            .filter { $0.kind == "raise-refused" }
    }

    private func isRefused(_ verdicts: [Central.Verdict]) -> Bool {
        if case .rejected(_, isDenied: false)? = verdicts.first { true } else { false }
    }

    @Test("a camera that counts from one again, with its severity; a duplicate is no fault")
    mutating func restarted() throws {
        let first = make.raised("a", .low)
        #expect(bench.submit([first], from: camera) == [.accepted])
        #expect(bench.submit([first], from: camera) == [.duplicate])
        #expect(try faults().isEmpty)
        var again = EventMaker(source: "urn:camera:12")
        let real = again.raised("b", .critical, tool: .fd, headline: "Weapon")
        #expect(bench.submit([real], from: camera) == [.conflicting])
        let shown = try #require(try faults().first)
        #expect(shown.severity == .critical && shown.tool == .fd && shown.state(at: bench.clock.now) == .unacknowledged)
        #expect(shown.headline.contains("cam12") && shown.headline.contains("Weapon"))
        // While it goes on it is one alarm.
        for _ in 0..<20 { #expect(bench.submit([real], from: camera) == [.conflicting]) }
        #expect(try faults().map(\.occurrence) == [1])
        var other = real
        other.type = .observationRecorded
        other.data = .json(Array(#"{"value":1}"#.utf8))
        #expect(bench.submit([other], from: camera) == [.conflicting])
        #expect(try faults().count == 1)
    }

    @Test("what says that it is a raise and is no event; of whoever may raise nothing, nothing is told")
    mutating func unread() throws {
        var read = make.raised("a", .low, headline: "Smoke")
        read.id = ""
        let reason = "time \"yesterday\" cannot be read"
        bench.central.tell([Central.UnreadRaise(event: read, reason: reason)], from: camera, now: bench.clock.now)
        let shown = try #require(try faults().first)
        #expect(shown.severity == .low && shown.headline.contains("cam12") && shown.headline.contains("Smoke"))
        let reader = try bench.enrol("reader", .responder, of: "police").submitter
        read.subject = "b"
        bench.central.tell([Central.UnreadRaise(event: read, reason: reason)], from: reader, now: bench.clock.now)
        #expect(try faults().count == 1)
    }

    @Test("one whose form nobody can take, or that is too large; as critical where nobody can read its severity")
    mutating func form() throws {
        var long = make.raised("long", .high)
        long.subject = String(repeating: "x", count: 501)
        long.exercise = String(repeating: "e", count: 501)
        let wrong = make.event(.alertRaised, "place", #"{"tool":"BD","severity":"critical","lat":95,"lon":1}"#)
        let cut = make.event(.alertRaised, "cut", #"{"severity":"medium","headline":"Crowd","tool":"#)
        let text = String(repeating: "x", count: 1_100_000)
        let large = make.raised("large", .low, headline: "Large", #""x":"\#(text)""#)
        for event in [long, wrong, cut, large] {
            #expect(isRefused(bench.submit([event], from: camera)), "\(event.id)")
        }
        let severe = try Set(faults().map(\.severity))
        #expect(severe.isSuperset(of: [.high, .critical, .medium, .low]))
        #expect(try faults().contains { $0.tool == .bd && $0.headline.contains("form of an alarm") })
        let before = try faults().count
        #expect(isRefused(bench.submit([make.event(.alertCleared, "a", "[]")], from: camera)))
        #expect(try faults().count == before)
        let unread: [(data: String, severity: Severity)] = [
            (#"{"tool":"CTI","severity":"very"}"#, .critical), (#"{"tool":"CTI"}"#, .critical), ("[]", .critical),
            (#"{"tool":"CTI","severity":5}"#, .critical), (#"{"tool":"CTI","severity":"Low"}"#, .low),
        ]
        for (number, (data, severity)) in unread.enumerated() {
            let known = try Set(faults().map(\.subject))
            #expect(isRefused(bench.submit([make.event(.alertRaised, "unread/\(number)", data)], from: camera)))
            #expect(try faults().filter { !known.contains($0.subject) }.map(\.severity) == [severity], "\(data)")
        }
    }
}
