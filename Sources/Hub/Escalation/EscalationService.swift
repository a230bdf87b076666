import ControlRoom
import CoreMetrics
import HubCore
public import Logging
import Metrics
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Store
import Synchronization
import Tenancy

/// Runs the site's command for tenants that nobody watches while a critical alarm waits, and sends a test alarm the whole way each
/// day where the settings say so: posted as a source posts, kept in the log, folded, found in the view, told to the command.
///
/// Failures are lines of the journal and counted (`impetus_hub_escalations_total{result}`); that nobody watches while something
/// waits is a metric (`impetus_hub_unwatched{tenant}`, 0 or 1). A command that fails for ten minutes, and a test alarm that has not
/// reached it by then, raise an alarm of the hub itself, which the next run that does not fail ends.
public final class EscalationService: Service {
    /// Runs the command with this on its standard input.
    ///
    /// - Returns: why it failed; nil where it did not.
    public typealias Command = @Sendable ([UInt8]) async -> String?

    private let engine: HubEngine
    private let settings: HubConfiguration.Escalation
    private let sharesLog: Bool
    private let command: Command
    private let logger: Logger
    private let plans = Mutex<[String: Plan]>([:])
    private let told = Counter(label: "impetus_hub_escalations_total", dimensions: [("result", "told")])
    private let failed = Counter(label: "impetus_hub_escalations_total", dimensions: [("result", "failed")])

    private struct Plan {
        var plan: EscalationPlan
        var isUnwatched: Meter
        var shared = SharedWatch()
        /// Whether an alarm of this hub on its escalation stands; nil before that was looked for: one may be left from before a restart.
        var hasRaised: Bool?
        var day: Int64?
        /// A look takes its time where the view is busy: the next waits for it.
        var isLooking = false
    }

    static let source = "urn:impetus:escalation"
    private static let dayKey = "escalation test"
    private static let lookSeconds: Int64 = 1
    /// Alarms that a run names; of the others, up to `mostLooked` are counted.
    private static let mostNamed = 20
    private static let mostLooked = 200
    /// Bytes of a kind and of a headline, and of all that the command is told: fewer than it is given (`SiteCommand`).
    private static let mostText = 200
    private static let mostBytes = 30_000

    /// - Parameter sharesLog: whether other hubs can serve the same log.
    public init(
        _ engine: HubEngine, _ settings: HubConfiguration.Escalation, sharesLog: Bool, logger: Logger,
        command: @escaping Command
    ) {
        self.engine = engine
        self.settings = settings
        self.sharesLog = sharesLog
        self.command = command
        self.logger = logger
    }

    /// Looks every second until the service group stops.
    ///
    /// - Throws: nothing of its own: what the service group throws where it is cancelled.
    public func run() async throws {
        let looks = MultiThreadedEventLoopGroup.singleton.any().scheduleRepeatedTask(
            initialDelay: .seconds(1), delay: .seconds(EscalationService.lookSeconds)
        ) { [weak self] _ in
            Task { await self?.look() }
        }
        defer { looks.cancel() }
        try await gracefulShutdown()
    }

    // MARK: - Looking

    func look() async {
        for tenant in engine.tenants {
            guard let ground = engine.engine(of: tenant), begin(tenant) else { continue }
            await look(tenant, ground)
            plans.withLock { $0[tenant]?.isLooking = false }
        }
    }

    private func begin(_ tenant: String) -> Bool {
        plans.withLock { plans in
            let known =
                plans[tenant]
                ?? Plan(
                    plan: EscalationPlan(afterSeconds: Double(settings.afterSeconds), sharesLog: sharesLog),
                    isUnwatched: Meter(label: "impetus_hub_unwatched", dimensions: [("tenant", tenant)]))
            plans[tenant] = known
            guard !known.isLooking else { return false }
            plans[tenant]?.isLooking = true
            return true
        }
    }

    private func look(_ tenant: String, _ ground: TenantEngine) async {
        let now = engine.surroundings.now()
        await sendTest(tenant, ground, now)
        let (own, test) = (ground.watchers.unwatchedSince(at: now), plans.withLock { $0[tenant]?.plan.expectedTest })
        // While a console is open nothing is due, and the view need not be asked, but for hubs that cannot see the console.
        let isAsked = own != nil || sharesLog
        let found = try? await ground.read { feed in
            (
                !isAsked ? [] : try EscalationService.waiting(feed.view, now),
                try test.flatMap { try EscalationService.arrived($0, feed.view) }
            )
        }
        guard let found else { return }
        let since = await unwatchedSince(own, waits: !found.0.isEmpty, tenant, now)
        let run = plans.withLock { plans in
            let run = plans[tenant]?.plan.look(
                unwatchedSince: since, waiting: found.0, arrived: found.1, now: now)
            let isUnwatched = plans[tenant]?.plan.isUnwatched ?? false
            plans[tenant]?.isUnwatched.set(isUnwatched ? 1 : 0)
            return run ?? nil
        }
        if let run { Task { await self.carryOut(run, tenant) } }
        await tellTrouble(tenant, now)
    }

    // MARK: - Beside other hubs

    /// Since when no console is open, here or at a hub on the same log; nil while one is. Tells those hubs of the consoles here.
    private func unwatchedSince(_ own: Timestamp?, waits: Bool, _ tenant: String, _ now: Timestamp) async -> Timestamp?
    {
        guard sharesLog, let place = engine.listeningAt else { return own }
        let watches = engine.central.register.watches
        let isUnwatched = plans.withLock { $0[tenant]?.plan.isUnwatched ?? false }
        let look = SharedWatch.Look(
            unwatchedSince: own, waits: waits, isUnwatched: isUnwatched,
            said: watches.word(of: place, on: tenant, at: now),
            isWatchedElsewhere: watches.isWatched(tenant, but: place, at: now), now: now)
        let (word, since) = plans.withLock { plans in
            (plans[tenant]?.shared.word(look), plans[tenant]?.shared.unwatchedSince(look))
        }
        if let word { await say(word, tenant, at: place) }
        return since
    }

    private func say(_ word: HubWatch.State, _ tenant: String, at place: String) async {
        let now = engine.surroundings.now()
        // That the system log takes nothing is told by who follows it, and the next look tries again.
        try? await engine.onSystem { try $0.sayWatch(word, of: tenant, at: place, now: now) }
    }

    /// Whether this hub is to run the command. Where the log does not answer it is: better told twice than not at all.
    private func isOurs(_ run: EscalationPlan.Run, _ tenant: String) async -> Bool {
        guard !run.isTest, sharesLog, let place = engine.listeningAt else { return true }
        let now = engine.surroundings.now()
        return (try? await engine.onSystem { try $0.claimEscalation(of: tenant, at: place, now: now) }) ?? true
    }

    private static func waiting(_ view: Store, _ now: Timestamp) throws -> [EscalationPlan.Alarm] {
        let query = AlertQuery(
            realm: .actual, filter: AlertFilter(show: .unacknowledged, minimumSeverity: .critical)
        ).at(now)
        return try view.alerts(query, at: .start, limit: mostLooked).lines.map(\.alert)
            .filter { $0.state(at: now).needsAcknowledgement }.map(alarm)
    }

    /// The test alarm as it is in the view, where it has come so far.
    private static func arrived(_ subject: String, _ view: Store) throws -> EscalationPlan.Alarm? {
        guard let alert = try view.alert(subject: subject, realm: .technical)?.alert, alert.active else { return nil }
        return alarm(alert)
    }

    private static func alarm(_ alert: Alert) -> EscalationPlan.Alarm {
        EscalationPlan.Alarm(
            subject: alert.subject, occurrence: alert.occurrence, tool: alert.tool.code, kind: alert.kind,
            severity: alert.severity, headline: alert.headline, since: alert.wanted)
    }

    // MARK: - Running

    private func carryOut(_ run: EscalationPlan.Run, _ tenant: String) async {
        guard await isOurs(run, tenant) else { return plans.withLock { $0[tenant]?.plan.leave() ?? () } }
        let reason = await command(EscalationService.text(run, tenant: tenant, hub: engine.central.hub))
        let now = engine.surroundings.now()
        let isTestDone = plans.withLock { $0[tenant]?.plan.ended(reason, now: now) ?? false }
        let details: Logger.Metadata = [
            "tenant": "\(tenant)", "alarms": "\(run.alarms.count)", "test": "\(run.isTest)",
        ]
        if let reason {
            failed.increment()
            logger.error(
                "the escalation command failed", metadata: details.merging(["error": "\(reason)"]) { $1 })
            // Another hub may have a command that works.
            if !run.isTest, sharesLog, let place = engine.listeningAt { await say(.unwatched, tenant, at: place) }
            return
        }
        told.increment()
        logger.notice("escalated: no console is open", metadata: details)
        if isTestDone, let alarm = run.alarms.first {
            logger.notice("the test alarm reached the escalation command", metadata: ["tenant": "\(tenant)"])
            _ = await post(ending(alarm.subject, "arrived", isTest: true, now), tenant)
            // Not before: a hub that is started anew meanwhile sends it again.
            if let day = plans.withLock({ $0[tenant]?.day }), let ground = engine.engine(of: tenant) {
                await keep(day, ground)
            }
        }
    }

    /// What the command reads: counts and open fields of the alarms, nothing that is personal.
    static func text(_ run: EscalationPlan.Run, tenant: String, hub: String) -> [UInt8] {
        var named = run.alarms.prefix(mostNamed)
        while true {
            let bytes = text(run, naming: named, tenant: tenant, hub: hub)
            // Whatever sources write: that somebody is told does not hang on it.
            guard bytes.count > mostBytes, !named.isEmpty else { return bytes }
            named.removeLast()
        }
    }

    private static func text(
        _ run: EscalationPlan.Run, naming alarms: some Sequence<EscalationPlan.Alarm>, tenant: String, hub: String
    ) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("tenant", tenant)
                writer.member("hub", hub)
                writer.member("test", run.isTest)
                writer.member("unwatched_since", run.unwatchedSince?.rfc3339)
                writer.member("waiting", run.alarms.count)
                writer.key("alarms")
                writer.array { writer in
                    for alarm in alarms {
                        writer.object { writer in
                            writer.member("id", alarm.subject)
                            writer.member("tool", alarm.tool)
                            writer.member("kind", TextBound.cut(alarm.kind, to: mostText))
                            writer.member("severity", alarm.severity.name)
                            writer.member("headline", TextBound.cut(alarm.headline, to: mostText))
                            writer.member("since", alarm.since.rfc3339)
                        }
                    }
                }
            }
        }
    }

    // MARK: - The test alarm

    private func testSubject() -> String { "escalation-test/" + engine.central.hub }

    /// Once a day, from its time on; also when the hub was not running then.
    private func sendTest(_ tenant: String, _ ground: TenantEngine, _ now: Timestamp) async {
        guard let time = settings.test else { return }
        let day = time.day(at: now)
        var known = plans.withLock { $0[tenant]?.day }
        if known == nil {
            guard let kept = try? await ground.read({ try $0.view.recall(EscalationService.dayKey) ?? "" }) else {
                return
            }
            // A hub that begins has not missed what was before it.
            known = Int64(kept) ?? day
            plans.withLock { $0[tenant]?.day = known }
            if kept.isEmpty { await keep(day, ground) }
        }
        guard let known, day > known else { return }
        guard await post(testAlarm(day, now), tenant) else { return }
        plans.withLock { plans in
            plans[tenant]?.day = day
            plans[tenant]?.plan.expectTest(testSubject(), at: now)
        }
    }

    private func keep(_ day: Int64, _ ground: TenantEngine) async {
        try? await ground.read { try $0.view.remember(EscalationService.dayKey, String(day)) }
    }

    private func testAlarm(_ day: Int64, _ now: Timestamp) -> Event {
        alarm(
            "test/\(engine.central.hub)/\(day)", testSubject(), "escalation-test", .low,
            "Daily test of the way to the escalation command", status: MessageStatus.test, now)
    }

    // MARK: - The hub's own alarm

    private func tellTrouble(_ tenant: String, _ now: Timestamp) async {
        let subject = "escalation-failed/" + engine.central.hub
        let (trouble, known, hasWorked) = plans.withLock { plans in
            (plans[tenant]?.plan.trouble(at: now), plans[tenant]?.hasRaised, plans[tenant]?.plan.hasWorked ?? false)
        }
        // Before a run has worked nobody knows whether what failed before a restart is over.
        guard known != nil || trouble != nil || hasWorked else { return }
        let hasRaised: Bool
        if let known {
            hasRaised = known
        } else {
            guard let found = await stands(subject, tenant) else { return }
            hasRaised = found
            plans.withLock { $0[tenant]?.hasRaised = found }
        }
        guard (trouble != nil) != hasRaised else { return }
        if let trouble {
            logger.error("escalation does not work", metadata: ["tenant": "\(tenant)", "why": "\(trouble)"])
            let raised = alarm(
                "failed/\(engine.central.hub)/\(now.milliseconds)", subject, "escalation-failed", .high,
                "Escalation does not work: nobody is told while no console is open", status: .actual, now)
            guard await post(raised, tenant) else { return }
        } else {
            guard await post(ending(subject, "it works again", isTest: false, now), tenant) else { return }
        }
        plans.withLock { $0[tenant]?.hasRaised = trouble != nil }
    }

    /// Whether an alarm of the hub goes on; nil where the view cannot be read.
    private func stands(_ subject: String, _ tenant: String) async -> Bool? {
        try? await engine.engine(of: tenant)?.read { feed in
            try feed.view.alert(subject: subject, realm: .actual).map {
                $0.alert.active && $0.alert.belongs(to: EscalationService.source)
            } ?? false
        }
    }

    private func alarm(
        _ id: String, _ subject: String, _ kind: String, _ severity: Severity, _ headline: String,
        status: MessageStatus, _ now: Timestamp
    ) -> Event {
        let data = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("tool", "CTDR")
                writer.member("kind", kind)
                writer.member("severity", severity.name)
                writer.member("headline", headline)
                writer.member("status", status.rawValue)
            }
        }
        return event(id, .alertRaised, subject, data, now)
    }

    private func ending(_ subject: String, _ reason: String, isTest: Bool, _ now: Timestamp) -> Event {
        let data = JSONWriter.bytes { $0.object { $0.member("reason", reason) } }
        var event = event("end/\(subject)/\(now.milliseconds)", .alertCleared, subject, data, now)
        if isTest { event.extensions["status"] = MessageStatus.test.rawValue }
        return event
    }

    private func event(_ id: String, _ type: EventType, _ subject: String, _ data: [UInt8], _ now: Timestamp) -> Event {
        var event = Event(
            id: id, source: EscalationService.source, type: type, subject: subject, time: now, data: .json(data))
        event.dataContentType = "application/json"
        return event
    }

    /// Whether it is in the log; what is not is tried again.
    private func post(_ event: Event, _ tenant: String) async -> Bool {
        let machine = Submitter(
            identity: Identity(actor: "escalation", role: .sensor, tenant: tenant), keyID: nil, isHub: true)
        guard case .success(let verdicts) = await engine.submit([event], from: machine) else { return false }
        // One of the same name is in the log already: it was posted before this hub was started anew.
        for verdict in verdicts where verdict != .conflicting {
            guard case .rejected(let reason, _) = verdict else { continue }
            logger.error("an alarm on escalation was rejected", metadata: ["reason": "\(reason)"])
            return false
        }
        return true
    }
}
