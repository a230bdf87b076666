import ControlRoom
import TestSupport
import Testing

@testable import Hub

/// When the site's command is run, stepped by hand.
@Suite("Escalation where nobody watches")
struct EscalationPlanTests {
    private let start = EventMaker.noon
    private var plan = EscalationPlan(afterSeconds: 300, sharesLog: false)

    private func at(_ seconds: Double) -> Timestamp { start.adding(seconds: seconds) }

    private func alarm(_ subject: String, occurrence: Int = 1, since seconds: Double = 0) -> EscalationPlan.Alarm {
        EscalationPlan.Alarm(
            subject: subject, occurrence: occurrence, tool: "FD", kind: "weapon", severity: .critical, headline: "h",
            since: at(seconds))
    }

    /// What is told at a time, with no console open since the start.
    private mutating func look(
        _ seconds: Double, _ waiting: [EscalationPlan.Alarm], arrived: EscalationPlan.Alarm? = nil
    ) -> [String]? {
        plan.look(unwatchedSince: start, waiting: waiting, arrived: arrived, now: at(seconds))?.alarms.map(\.subject)
    }

    /// Whether it was the test alarm that arrived.
    private mutating func ended(_ reason: String?, _ seconds: Double) -> Bool { plan.ended(reason, now: at(seconds)) }

    @Test("nothing is run while a console is open, before it has been gone for so long, or where nothing waits")
    mutating func watched() {
        #expect(plan.look(unwatchedSince: nil, waiting: [alarm("a")], now: at(9_000)) == nil && !plan.isUnwatched)
        #expect(look(299, [alarm("a")]) == nil && !plan.isUnwatched)
        #expect(look(300, []) == nil && !plan.isUnwatched)
        #expect(look(300, [alarm("a")]) == ["a"] && plan.isUnwatched)
    }

    @Test("one run tells of all that waits; what comes later is told by the next, what is told already is not")
    mutating func merged() {
        #expect(look(300, [alarm("a"), alarm("b")]) == ["a", "b"])
        // While it runs nothing else does.
        #expect(look(301, [alarm("a"), alarm("b"), alarm("c")]) == nil)
        #expect(ended(nil, 302) == false)
        #expect(look(303, [alarm("a"), alarm("b")]) == nil)
        #expect(look(310, [alarm("a"), alarm("b"), alarm("c")]) == nil)
        #expect(look(362, [alarm("a"), alarm("b"), alarm("c"), alarm("d")]) == ["a", "b", "c", "d"])
        #expect(ended(nil, 363) == false)
        // The same alarm that came anew is another.
        #expect(look(430, [alarm("a", occurrence: 2)]) == ["a"])
    }

    @Test("what goes on waiting is told again, and anew when a console was open meanwhile")
    mutating func again() {
        #expect(look(300, [alarm("a")]) != nil)
        _ = plan.ended(nil, now: at(300))
        #expect(look(1_199, [alarm("a")]) == nil)
        #expect(look(1_200, [alarm("a")]) == ["a"])
        _ = plan.ended(nil, now: at(1_200))
        #expect(plan.look(unwatchedSince: nil, waiting: [], now: at(1_300)) == nil)
        #expect(plan.look(unwatchedSince: at(1_300), waiting: [alarm("a")], now: at(1_599)) == nil)
        #expect(plan.look(unwatchedSince: at(1_300), waiting: [alarm("a")], now: at(1_600)) != nil)
    }

    @Test("a run that failed is repeated, later each time, and is trouble after ten minutes until one does not fail")
    mutating func failing() {
        var (time, tries) = (300.0, [Double]())
        while time < 3_000 {
            if look(time, [alarm("a")]) != nil {
                tries.append(time)
                #expect(ended("it ended with 1", time) == false)
            }
            #expect((plan.trouble(at: at(time)) != nil) == (time >= 900), "\(time)")
            time += 1
        }
        let waits = zip(tries.dropFirst(), tries).map { $0 - $1 }
        #expect(Array(waits.prefix(6)) == [10, 20, 40, 80, 160, 320] && waits.dropFirst(6).allSatisfy { $0 == 600 })
        #expect(plan.trouble(at: at(3_000))?.contains("it ended with 1") == true)
        #expect(look(4_000, [alarm("a")]) != nil)
        _ = plan.ended(nil, now: at(4_000))
        #expect(plan.trouble(at: at(9_000)) == nil && plan.failure == nil)
    }

    @Test("a run that is left to another hub is no failure, and comes up again")
    mutating func left() {
        #expect(look(300, [alarm("a")]) == ["a"])
        plan.leave()
        #expect(plan.failure == nil && !plan.hasWorked && plan.isUnwatched)
        #expect(look(301, [alarm("a")]) == ["a"])
        #expect(ended(nil, 302) == false && plan.hasWorked)
    }

    @Test("a clock that was put back does not keep a retry waiting")
    mutating func clockBack() {
        #expect(look(100_000, [alarm("a")]) != nil)
        _ = plan.ended("failed", now: at(100_000))
        #expect(look(400, [alarm("a")]) != nil)
    }

    @Test("beside other hubs a critical alarm has to wait as well: their consoles may be open")
    mutating func shared() {
        plan = EscalationPlan(afterSeconds: 300, sharesLog: true)
        #expect(look(900, [alarm("a", since: 800)]) == nil)
        #expect(look(1_100, [alarm("a", since: 800), alarm("b", since: 900)]) == ["a"])
    }

    @Test("a test alarm is told when it has come, whoever watches; one that does not come is trouble")
    mutating func test() {
        plan.expectTest("t", at: at(0))
        #expect(plan.expectedTest == "t")
        #expect(plan.look(unwatchedSince: nil, waiting: [], now: at(10)) == nil)
        #expect(plan.trouble(at: at(599)) == nil)
        #expect(plan.trouble(at: at(600))?.contains("did not reach") == true)
        let run = plan.look(unwatchedSince: nil, waiting: [], arrived: alarm("t"), now: at(601))
        #expect(run?.isTest == true && run?.alarms.map(\.subject) == ["t"])
        #expect(ended(nil, 602) == true)
        #expect(plan.expectedTest == nil && plan.trouble(at: at(9_000)) == nil)
        // What is still in the view is not told twice.
        #expect(plan.look(unwatchedSince: nil, waiting: [], arrived: alarm("t"), now: at(700)) == nil)
    }

    @Test("a test that did not come stays trouble when the next day's is posted, and when an ordinary run works")
    mutating func missedTest() {
        plan.expectTest("t", at: at(0))
        #expect(plan.trouble(at: at(600)) != nil)
        #expect(look(700, [alarm("a")]) == ["a"])
        #expect(ended(nil, 701) == false)
        #expect(plan.trouble(at: at(702)) != nil)
        plan.expectTest("t", at: at(86_400))
        #expect(plan.trouble(at: at(86_401))?.contains(at(0).rfc3339) == true)
        #expect(plan.look(unwatchedSince: nil, waiting: [], arrived: alarm("t"), now: at(86_410))?.isTest == true)
        #expect(ended(nil, 86_411) == true && plan.trouble(at: at(86_412)) == nil)
    }

    @Test("the command reads counts and open fields, and the alarms that ask first")
    func text() throws {
        let alarms = (1...30).map { alarm("a\($0)") }
        let run = EscalationPlan.Run(isTest: false, unwatchedSince: start, alarms: alarms)
        let text = String(decoding: EscalationService.text(run, tenant: "police", hub: "hub-1"), as: UTF8.self)
        #expect(
            text.hasPrefix(#"{"tenant":"police","hub":"hub-1","test":false,"unwatched_since":"2026-11-23T12:00:00"#))
        #expect(text.contains("\"waiting\":30") && text.contains("\"id\":\"a20\"") && !text.contains("\"id\":\"a21\""))
    }

    @Test("who left last is who was there last")
    func watchers() {
        let watchers = Watchers(now: start)
        #expect(watchers.unwatchedSince(at: start) == start)
        let first = watchers.came("op1", answers: false, at: start)
        let second = watchers.came("op2", answers: false, at: start)
        watchers.left(first, at: at(5))
        #expect(watchers.unwatchedSince(at: at(5)) == nil)
        watchers.left(second, at: at(9))
        #expect(watchers.unwatchedSince(at: at(9)) == at(9))
    }

    @Test("a stream that takes nothing any more is nobody who watches, since it took something last")
    func frozen() {
        let watchers = Watchers(now: start)
        let stream = watchers.came("op1", answers: false, at: start)
        watchers.took(stream, at: at(100))
        #expect(watchers.unwatchedSince(at: at(129)) == nil)
        #expect(watchers.unwatchedSince(at: at(130)) == at(100))
        // That it is closed at last changes nothing.
        watchers.left(stream, at: at(160))
        #expect(watchers.unwatchedSince(at: at(160)) == at(100))
    }

    @Test("a console that says it answers is there while it does, whatever its machine takes for it")
    func answering() {
        let watchers = Watchers(now: start)
        let stream = watchers.came("op1", answers: true, at: start)
        let other = watchers.came("op2", answers: true, at: start)
        for second in [10.0, 20, 30] {
            watchers.took(stream, at: at(second))
            watchers.took(other, at: at(second))
            watchers.answered("op1", at: at(second))
        }
        #expect(watchers.unwatchedSince(at: at(35)) == nil)
        watchers.left(stream, at: at(35))
        // The other has been stopped since it came.
        #expect(watchers.unwatchedSince(at: at(35)) == at(35))
        watchers.answered("op2", at: at(36))
        watchers.took(other, at: at(36))
        #expect(watchers.unwatchedSince(at: at(36)) == nil)
    }
}
