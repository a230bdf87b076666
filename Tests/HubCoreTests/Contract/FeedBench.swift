import ControlRoom
import Feed
import HubCore
import Standards
import Store
import TestSupport
import Trust

/// A city with its feed and one console, stepped by hand: what a feed does shows there in the same way, whichever it is.
protocol FeedBench {
    var clock: ManualClock { get }
    /// What the console shows.
    var shown: Store { get }
    /// Something comes from a tool, and is in the log.
    func report(_ events: [Event]) throws
    /// Somebody does something at the console; it waits there until the feed takes it.
    func enqueue(_ acts: [Event]) throws
    func rest() throws
    /// Without what each feed says of itself.
    func log() throws -> [Event]
    /// For how many days is kept what has ended.
    func keep(days: Int) throws
}

extension FeedBench {
    func report(_ event: Event) throws { try report([event]) }

    func state(_ subject: String) throws -> AlertState? {
        try shown.alert(subject: subject, realm: .actual)?.alert.state(at: clock.now)
    }

    /// What the author of each is told.
    func told(_ acts: [Event]) throws -> [Store.Settlement?] { try acts.map { try shown.settlement(of: $0.id) } }
}

enum FeedKind: CaseIterable {
    /// In the console itself.
    case embedded
    /// A hub's, over whose log the console lies.
    case hub

    func bench() throws -> any FeedBench {
        switch self {
        case .embedded: try Bench()
        case .hub: try HubBench()
        }
    }
}

extension Bench: FeedBench {
    var shown: Store { disk.store }

    func report(_ events: [Event]) throws { try disk.ingest(events, at: clock.now) }

    func keep(days: Int) throws { try disk.store.setRetention(days: days) }
}

/// The core of a hub, and a console that follows it without a network in between.
final class HubBench: FeedBench {
    private let central: CentralBench
    private let camera: Submitter
    private let desk: Submitter
    private let keys: [String: SigningKey]
    let shown: Store
    private static let tenant = "police"

    init() throws {
        let central = try CentralBench(tenants: [HubBench.tenant])
        self.central = central
        camera = try central.enrol("cam", .sensor, of: HubBench.tenant).submitter
        let people = try Identity.embedded(tenant: HubBench.tenant).map {
            ($0.actor, try central.enrol($0.actor, $0.role, of: HubBench.tenant))
        }
        keys = Dictionary(people.map { ($0, $1.key) }, uniquingKeysWith: { first, _ in first })
        // A supervisor publishes playbooks, too; acts are their authors'.
        guard let desk = people.first(where: { $0.1.submitter.identity.role == .supervisor })?.1.submitter else {
            throw Nobody()
        }
        self.desk = desk
        let mirror = Store.Mirror(decode: { try CloudEventReader.kept($0) })
        shown = try Store(path: central.folder.file("console"), mirror: mirror) { "console" }
        try rest()
    }

    struct Nobody: Error {}

    deinit { shown.close() }

    var clock: ManualClock { central.clock }

    func report(_ events: [Event]) throws {
        for verdict in central.submit(events, from: camera) where verdict != .accepted && verdict != .duplicate {
            throw Refused(verdict: verdict)
        }
        try rest(isSending: false)
    }

    struct Refused: Error { let verdict: Central.Verdict }

    /// A stranger signs with a key that nobody knows.
    func enqueue(_ acts: [Event]) throws {
        let signed = try acts.map { act in
            var event = act
            if act.isAct, let actor = act.actor {
                event.tenant = HubBench.tenant
                // A camera's source is no person's.
                event.source = "urn:impetus:console:" + act.source
                try (keys[actor] ?? SigningKey()).sign(&event)
            }
            return event
        }
        try shown.enqueue(
            signed.map { (id: $0.id, subject: $0.subject, event: CloudEventWriter.json($0)) }, now: clock.now)
    }

    func rest() throws { try rest(isSending: true) }

    private func rest(isSending: Bool) throws {
        for _ in 0..<2 {
            if isSending { try send() }
            try central.rest()
            try follow()
        }
        while try shown.backgroundStep() {}
    }

    private func send() throws {
        while true {
            let waiting = try shown.unsettled(after: 0, limit: 500, resending: false)
            guard !waiting.isEmpty else { return }
            for act in waiting {
                guard let event = try? CloudEventReader.event(act.event) else {
                    try shown.reject(act.position, reason: "no event", isDenied: false)
                    continue
                }
                let verdict = central.submit([event], from: desk).first
                if case .rejected(let reason, let isDenied) = verdict {
                    try shown.reject(act.position, reason: reason, isDenied: isDenied)
                } else {
                    try shown.markSent([act.position])
                }
            }
        }
    }

    private func follow() throws {
        guard let feed = central.central.feed(of: HubBench.tenant) else { throw Nobody() }
        let cursor = try shown.cursor() ?? .start(of: try feed.log.logID)
        let knownMembers = KnownMembers(authority: central.authority.certificate, known: try shown.identities())
        var verifier = LogVerifier(knownMembers: knownMembers, from: cursor)
        let entries = try feed.log.read(after: cursor.sequence, limit: 10_000)
        let events = try entries.compactMap { verifier.take(try CentralBench.wire.event($0))?.event }
        guard !events.isEmpty else { return }
        _ = try shown.ingest(
            mirrored: events,
            to: Store.Cursor(logID: cursor.logID, sequence: verifier.chain.sequence, head: verifier.chain.head))
    }

    /// Without what a hub says of its log and its members.
    func log() throws -> [Event] {
        let own: Set<EventType> = [.identityEnrolled, .logCheckpointed, .actsBound]
        return try central.log(HubBench.tenant).filter { !own.contains($0.type) }
    }

    func keep(days: Int) throws {
        try central.say(.retentionSet, RetentionSet(tenant: HubBench.tenant, days: days).write)
    }
}
