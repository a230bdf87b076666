import ControlRoom
import HubCore
import Store
import TestSupport
import Testing
import Trust

/// Law 3 at the hub's door: everybody who can post, everything that is no act, and everybody's kind of source.
@Suite("Who speaks is proved", .serialized)
struct SourceWalkTests {
    enum Poster: String, CaseIterable {
        case owner, machine, enrolledElsewhere, device, `operator`, supervisor, responder, analyst, dpo, admin, trial
    }

    enum Ownership: String, CaseIterable { case nobodys, used, enrolled }

    /// Something said of the alarm `ALARM`, or beside it.
    struct Word {
        var name: String
        var type: EventType
        var data: String
        /// It is a message of its own, that names the alarm.
        var isMessage = false
        /// It would clear, replace or repeat the alarm.
        var touches = false
    }

    static let words: [Word] = [
        Word(name: "repeat", type: .alertRaised, data: #"{"tool":"FD","severity":"info"}"#, touches: true),
        Word(
            name: "replace", type: .alertRaised, data: #"{"tool":"FD","severity":"info","replaces":["ALARM"]}"#,
            isMessage: true, touches: true),
        Word(name: "new", type: .alertRaised, data: #"{"tool":"FD","severity":"high"}"#, isMessage: true),
        Word(name: "clear", type: .alertCleared, data: "{}", touches: true),
        Word(
            name: "cancel", type: .alertCancelled, data: #"{"tool":"CAP","severity":"info","cancels":["ALARM"]}"#,
            isMessage: true, touches: true),
        Word(name: "observation", type: .observationRecorded, data: #"{"value":1}"#),
        Word(name: "tool", type: .toolReported, data: #"{"state":"ok"}"#),
        Word(name: "city", type: .cityDefined, data: #"{"id":"c"}"#, isMessage: true),
        Word(
            name: "district", type: .districtDefined,
            data: #"{"id":"d","name":"D","outline":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}"#,
            isMessage: true),
        Word(name: "site", type: .siteDefined, data: #"{"id":"s","name":"S","lat":0,"lon":0}"#, isMessage: true),
        Word(name: "streets", type: .streetsDefined, data: #"{"nodes":[]}"#, isMessage: true),
        Word(name: "asset", type: .assetDefined, data: #"{"id":"a","name":"A"}"#, isMessage: true),
        Word(
            name: "vulnerability", type: .vulnerabilityListed,
            data: #"{"cveID":"C","vendorProject":"v","product":"p","dateAdded":"2026-01-01","dueDate":"2026-01-02"}"#,
            isMessage: true),
        Word(name: "playbook", type: .playbookPublished, data: #"{"id":"p","steps":[{"id":1}]}"#, isMessage: true),
        Word(name: "exercise", type: .exerciseStarted, data: #"{"exercise":"x"}"#),
        Word(name: "end", type: .exerciseEnded, data: "{}"),
        Word(name: "unknown", type: EventType(rawValue: "com.example.x"), data: "{}"),
    ]

    @Test("every type that somebody posts has something to say in the walk")
    func complete() {
        let posted = EventType.known.filter { !$0.postingRights.isEmpty && $0.neededRight == nil && $0 != .actUndone }
        #expect(Set(posted).isSubset(of: SourceWalkTests.words.map(\.type)))
    }

    @Test("a machine posts of its own sources alone, and nobody else touches its alarms", arguments: Ownership.allCases)
    func walk(_ ownership: Ownership) throws {
        let bench = try CentralBench(tenants: ["police"])
        let posters = try self.posters(bench, ownership)
        let owner = try #require(posters[.owner])
        var cases: [(poster: Poster, word: Word, source: String)] = []
        var make = EventMaker()
        for poster in Poster.allCases {
            for word in SourceWalkTests.words {
                let source = "urn:own:\(poster):\(word.name)"
                cases.append((poster, word, source))
                make.source = source
                guard ownership != .nobodys else { continue }
                #expect(bench.submit([make.raised("alarm/" + source, .high)], from: owner) == [.accepted])
            }
        }
        try bench.rest()
        let before = try cases.map { try alarm(bench, $0.source) }
        #expect(ownership == .nobodys || before.allSatisfy { $0 != nil })
        for (poster, word, source) in cases {
            let submitter = try #require(posters[poster])
            let said = event(word, source, &make)
            let verdict = try #require(bench.submit([said], from: submitter).first)
            #expect(
                (verdict == .accepted) == isTaken(word, from: poster, ownership),
                "\(poster) \(word.name), \(ownership): \(verdict)")
        }
        try bench.rest()
        for ((poster, word, source), alarm) in zip(cases, before) where poster != .owner && poster != .trial {
            guard let alarm else { continue }
            #expect(try self.alarm(bench, source) == alarm, "\(poster) \(word.name), \(ownership)")
        }
    }

    @Test(
        "no name that somebody brings is the machine's, in an exercise neither", arguments: [Ownership.used, .enrolled])
    func names(_ ownership: Ownership) throws {
        let bench = try CentralBench(tenants: ["police"])
        let posters = try self.posters(bench, ownership)
        let owner = try #require(posters[.owner])
        var make = EventMaker()
        for poster in Poster.allCases where poster != .owner && poster != .trial {
            let submitter = try #require(posters[poster])
            for (word, exercise) in SourceWalkTests.words.flatMap({ [($0, nil), ($0, "drill/1")] }) {
                let source = "urn:own:\(poster):\(word.name)/\(exercise ?? "")"
                make.source = source
                #expect(bench.submit([make.raised("alarm/" + source, .high)], from: owner) == [.accepted])
                var said = event(word, source, &make)
                said.exercise = said.exercise ?? exercise
                _ = bench.submit([said], from: submitter)
                var real = make.raised("real/" + source, .critical)
                real.id = said.id
                #expect(bench.submit([real], from: owner) == [.accepted], "\(poster) \(word.name), \(ownership)")
            }
        }
    }

    private func posters(_ bench: CentralBench, _ ownership: Ownership) throws -> [Poster: Submitter] {
        let sources = ownership == .enrolled ? ["urn:own:*"] : []
        let identity = Identity(actor: "x", role: .admin, tenant: "police")
        let device = Identity(actor: "syslog", role: .sensor, tenant: "police")
        var posters: [Poster: Submitter] = [
            .owner: try bench.enrol("owner", .sensor, of: "police", sources: sources).submitter,
            .machine: try bench.enrol("machine", .sensor, of: "police").submitter,
            .enrolledElsewhere: try bench.enrol("else", .sensor, of: "police", sources: ["urn:else:*"]).submitter,
            .device: Submitter(identity: device, keyID: nil, device: "10.0.0.1"),
            .trial: Submitter(identity: identity, keyID: nil, isTrial: true),
        ]
        for poster in Poster.allCases {
            guard let role = SourceWalkTests.role(poster) else { continue }
            posters[poster] = try bench.enrol(poster.rawValue, role, of: "police").submitter
        }
        return posters
    }

    private static func role(_ poster: Poster) -> Role? {
        switch poster {
        case .operator: .operator
        case .supervisor: .supervisor
        case .responder: .responder
        case .analyst: .analyst
        case .dpo: .dpo
        case .admin: .admin
        case .owner, .machine, .enrolledElsewhere, .device, .trial: nil
        }
    }

    private func alarm(_ bench: CentralBench, _ source: String) throws -> Alert? {
        try bench.view("police")?.alert(subject: "alarm/" + source, realm: .actual)?.alert
    }

    private func event(_ word: Word, _ source: String, _ make: inout EventMaker) -> Event {
        make.source = source
        let alarm = "alarm/" + source
        var event = make.event(
            word.type, word.isMessage ? "message/" + source : alarm, word.data.replacing("ALARM", with: alarm))
        if word.type == .exerciseStarted || word.type == .exerciseEnded { event.exercise = "x" }
        return event
    }

    /// What the table of the README says.
    private func isTaken(_ word: Word, from poster: Poster, _ ownership: Ownership) -> Bool {
        if poster == .trial { return true }
        let rights = (SourceWalkTests.role(poster) ?? .sensor).rights
        guard !rights.isDisjoint(with: word.type.postingRights) else { return false }
        switch poster {
        case .owner, .trial: return true
        case .machine, .device: return ownership == .nobodys
        case .enrolledElsewhere: return false
        case .operator, .supervisor, .responder, .analyst, .dpo, .admin: return ownership == .nobodys || !word.touches
        }
    }
}
