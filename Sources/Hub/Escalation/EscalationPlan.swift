import ControlRoom

/// When the site's command is run for a tenant of which no console is open (ISA-18.2 leaves no alarm without somebody who is to
/// respond; EN 50518 asks for a proof that the way to them works). It decides and runs nothing; the time is passed in.
///
/// One run at a time tells of all that waits. What comes later is told by a next run, a minute later at the earliest; what goes on
/// waiting is told again every quarter of an hour. A run that failed is repeated after 10 s, then twice as long each time, ten
/// minutes at most, for as long as anything waits.
struct EscalationPlan: Sendable {
    /// An alarm that waits.
    struct Alarm: Hashable, Sendable {
        var subject: String
        var occurrence: Int
        var tool: String
        var kind: String
        var severity: Severity
        var headline: String
        /// Since when somebody is asked for.
        var since: Timestamp

        var name: String { "\(subject)\u{1F}\(occurrence)" }
    }

    /// What the command is to tell.
    struct Run: Equatable, Sendable {
        var isTest: Bool
        var unwatchedSince: Timestamp?
        /// The worst and those that ask first, first.
        var alarms: [Alarm]
    }

    let afterSeconds: Double
    /// Other hubs serve the same log, and consoles may be open there, of which they say so once an alarm waits (`SharedWatch`):
    /// what waits has to wait for `afterSeconds` as well.
    let sharesLog: Bool

    static let restSeconds = 60.0
    static let repeatSeconds = 900.0
    static let firstRetrySeconds = 10.0
    static let longestRetrySeconds = 600.0
    /// A command that has failed for so long, and a test alarm that has not reached it, are an alarm.
    static let troubleSeconds = 600.0

    /// A critical alarm waits, and nobody has been there for so long.
    private(set) var isUnwatched = false
    /// Why the last run failed, and since when all have; nil after one that did not.
    private(set) var failure: (reason: String, since: Timestamp)?
    /// A run has not failed since this was made: the way to the command works.
    private(set) var hasWorked = false
    private var running: Run?
    private var told: Set<String> = []
    private var lastTold: Timestamp?
    private var failures = 0
    private var retryAt: Timestamp?
    /// The test alarm that is on its way, and since when.
    private var test: (alarm: String, since: Timestamp)?

    init(afterSeconds: Double, sharesLog: Bool) {
        self.afterSeconds = afterSeconds
        self.sharesLog = sharesLog
    }

    /// A test alarm was posted. Where one before it has not come, nothing has worked since that one.
    mutating func expectTest(_ subject: String, at now: Timestamp) { test = (subject, test?.since ?? now) }

    var expectedTest: String? { test?.alarm }

    /// What is to be run now; nil for nothing.
    ///
    /// - Parameters:
    ///   - unwatchedSince: nil while a console is open.
    ///   - waiting: critical alarms that wait for an acknowledgement.
    ///   - arrived: the test alarm, where it is in the view.
    mutating func look(
        unwatchedSince: Timestamp?, waiting: [Alarm], arrived: Alarm? = nil, now: Timestamp
    ) -> Run? {
        let due = self.due(unwatchedSince, waiting, now)
        isUnwatched = !due.isEmpty
        if due.isEmpty { (told, lastTold) = ([], nil) }
        guard running == nil, retryAt.map({ now >= $0 || isBack(now, from: $0) }) ?? true else { return nil }
        if let arrived, arrived.subject == test?.alarm {
            return begin(Run(isTest: true, unwatchedSince: unwatchedSince, alarms: [arrived]))
        }
        guard !due.isEmpty, isNews(due, now) else { return nil }
        return begin(Run(isTest: false, unwatchedSince: unwatchedSince, alarms: due))
    }

    /// A clock that was put back would wait for longer than ever.
    private func isBack(_ now: Timestamp, from time: Timestamp) -> Bool {
        time.seconds(since: now) > EscalationPlan.longestRetrySeconds
    }

    private func due(_ unwatchedSince: Timestamp?, _ waiting: [Alarm], _ now: Timestamp) -> [Alarm] {
        guard let unwatchedSince, now.seconds(since: unwatchedSince) >= afterSeconds else { return [] }
        return sharesLog ? waiting.filter { now.seconds(since: $0.since) >= afterSeconds } : waiting
    }

    private func isNews(_ due: [Alarm], _ now: Timestamp) -> Bool {
        guard let lastTold else { return true }
        let passed = abs(now.seconds(since: lastTold))
        if passed >= EscalationPlan.repeatSeconds { return true }
        return passed >= EscalationPlan.restSeconds && !due.allSatisfy { told.contains($0.name) }
    }

    private mutating func begin(_ run: Run) -> Run {
        running = run
        return run
    }

    /// - Parameter reason: why the run failed; nil where it did not.
    /// - Returns: whether it was the test alarm that arrived.
    mutating func ended(_ reason: String?, now: Timestamp) -> Bool {
        guard let run = running else { return false }
        running = nil
        guard let reason else {
            (failures, retryAt, failure, hasWorked) = (0, nil, nil, true)
            if run.isTest {
                test = nil
                return true
            }
            told.formUnion(run.alarms.map(\.name))
            lastTold = now
            return false
        }
        failures += 1
        let doubled = EscalationPlan.firstRetrySeconds * Double(1 << min(failures - 1, 10))
        retryAt = now.adding(seconds: min(EscalationPlan.longestRetrySeconds, doubled))
        failure = (reason, failure?.since ?? now)
        return false
    }

    /// The run is left to another hub on the same log.
    mutating func leave() { running = nil }

    /// Why somebody has to look after the way to the command; nil where nobody has to.
    func trouble(at now: Timestamp) -> String? {
        if let failure, now.seconds(since: failure.since) >= EscalationPlan.troubleSeconds {
            return "the escalation command has failed since \(failure.since.rfc3339): \(failure.reason)"
        }
        if let test, now.seconds(since: test.since) >= EscalationPlan.troubleSeconds {
            return "the test alarm of \(test.since.rfc3339) did not reach the escalation command"
        }
        return nil
    }
}
