import ControlRoom
import Feed
import HubCore
import Synchronization
import Tenancy
import TestSupport
import Testing

/// What a post must not do on the event loop that many connections share, nor on the thread of the system log.
@Suite("Work that is done aside")
struct AsideTests {
    private let bench: CentralBench
    private let central: Central
    private let aside = Aside()

    /// Keeps what it is given, until it is told to go on.
    private final class Aside: Sendable {
        private let kept = Mutex<[@Sendable () -> Void]>([])

        var count: Int { kept.withLock { $0.count } }

        func keep(_ body: @escaping @Sendable () -> Void) { kept.withLock { $0.append(body) } }

        func goOn() {
            let all = kept.withLock { kept in
                defer { kept = [] }
                return kept
            }
            for body in all { body() }
        }
    }

    private final class Answer: Sendable {
        private let verdicts = Mutex<[Central.Verdict]?>(nil)

        var value: [Central.Verdict]? { verdicts.withLock { $0 } }

        func set(_ new: [Central.Verdict]?) { verdicts.withLock { $0 = new } }
    }

    init() throws {
        bench = try CentralBench(tenants: ["police"])
        central = try bench.another(aside: { [aside] tenant, body in
            #expect(tenant == "police")
            aside.keep(body)
        })
    }

    private func submit(_ events: [Event], from submitter: Submitter) throws -> Answer {
        try central.followSystem(now: bench.clock.now)
        _ = central.carryOutOwed(now: bench.clock.now)
        let answer = Answer()
        central.submit(events, from: submitter, now: bench.clock.now) { answer.set(try? $0.get()) }
        drain()
        return answer
    }

    private func drain() {
        for feed in central.feeds { while feed.appender.drain(now: bench.clock.now) {} }
    }

    @Test(
        "the view is read for what somebody imports of a machine's source beside the event loop, and for nothing else")
    func imports() throws {
        var make = EventMaker(source: "urn:camera:1")
        let camera = try bench.enrol("cam", .sensor, of: "police", sources: ["urn:camera:*"]).submitter
        let person = try bench.enrol("op7", .operator, of: "police").submitter
        #expect(try submit([make.raised("a")], from: camera).value == [.accepted])
        var own = make.raised("b")
        own.source = "urn:archive"
        #expect(try submit([own], from: person).value == [.accepted] && aside.count == 0)
        let brought = try submit([make.raised("c")], from: person)
        #expect(brought.value == nil && aside.count == 1)
        aside.goOn()
        drain()
        #expect(brought.value == [.accepted])
    }

    @Test("behind a first use of a source the batch is admitted beside the system log's thread")
    func pins() throws {
        var make = EventMaker(source: "urn:door:1")
        let door = try bench.enrol("door", .sensor, of: "police").submitter
        let answer = try submit([make.raised("a"), make.raised("b")], from: door)
        // Whether another machine used it before is looked up in the view.
        #expect(answer.value == nil && aside.count == 1)
        aside.goOn()
        #expect(answer.value == nil && aside.count == 1)
        #expect(central.register.sources.isPinned("urn:door:1", in: "police"))
        aside.goOn()
        drain()
        #expect(answer.value == [.accepted, .accepted])
        // What is known is admitted at once.
        #expect(try submit([make.raised("c")], from: door).value == [.accepted] && aside.count == 0)
    }
}
