import ControlRoom
import HubCore
import Logging
import Store
import Synchronization

/// Raises an alarm when a known sender of syslog falls silent, and clears it when the sender is heard again.
///
/// It is an alarm of its own for each sender, not a state of the tool (`tool.reported`): one silent device of many is no
/// failure of the tool, somebody has to look after it, and what asks for a person's response is an alarm (ISA-18.2, 3.1.7;
/// loss of a signal is told as one, EEMUA 191).
final class SilenceAlarm: Sendable {
    private let engine: HubEngine
    private let tenant: String
    private let watch: Mutex<SenderWatch>
    /// What was kept last, and when.
    private let kept = Mutex<(text: [UInt8], at: Timestamp)>(([], Timestamp(milliseconds: 0)))

    private static let key = "syslog senders"
    private static let keepSeconds = 60.0
    static let source = "urn:impetus:syslog"

    /// - Parameter leastSeconds: shorter silence is never told.
    init(_ engine: HubEngine, tenant: String, leastSeconds: Double) {
        self.engine = engine
        self.tenant = tenant
        watch = Mutex(SenderWatch(leastSeconds: leastSeconds))
    }

    /// Takes up who was known before the hub was started.
    func begin() async {
        let now = engine.surroundings.now()
        guard let text = try? await engine.engine(of: tenant)?.read({ try $0.view.recall(SilenceAlarm.key) }) else {
            return
        }
        watch.withLock { watch in
            guard let known = try? SenderWatch(leastSeconds: watch.leastSeconds, text: Array(text.utf8), now: now)
            else { return }
            watch = known
        }
    }

    func heard(_ name: String, _ messages: Int) async {
        let now = engine.surroundings.now()
        let wasSilent = watch.withLock { $0.heard(name, messages, at: now) }
        guard wasSilent, await post(clearing(name, now)) else { return }
        watch.withLock { $0.mark(name, isSilent: false) }
    }

    /// To be called every few seconds.
    func look() async {
        let now = engine.surroundings.now()
        let (due, text) = watch.withLock { ($0.due(at: now), $0.text) }
        for name in due where await post(raising(name, now)) { watch.withLock { $0.mark(name, isSilent: true) } }
        await keep(due.isEmpty ? text : watch.withLock { $0.text }, isUrgent: !due.isEmpty, now)
    }

    private func keep(_ text: [UInt8], isUrgent: Bool, _ now: Timestamp) async {
        let isDue = kept.withLock { kept in
            guard kept.text != text else { return false }
            guard isUrgent || abs(now.seconds(since: kept.at)) >= SilenceAlarm.keepSeconds else { return false }
            kept = (text, now)
            return true
        }
        guard isDue else { return }
        try? await engine.engine(of: tenant)?.read {
            try $0.view.remember(SilenceAlarm.key, String(decoding: text, as: UTF8.self))
        }
    }

    // MARK: - Events

    private func subject(_ name: String) -> String { "syslog-silent/" + name.prefix(200) }

    private func last(_ name: String) -> Timestamp {
        watch.withLock { $0.senders[name]?.last } ?? Timestamp(milliseconds: 0)
    }

    private func raising(_ name: String, _ now: Timestamp) -> Event {
        let minutes = Int(now.seconds(since: last(name)) / 60)
        let data = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("tool", "CTDR")
                writer.member("kind", "sender-silent")
                writer.member("severity", "medium")
                writer.member("headline", "No syslog from \(name.prefix(200)) for \(max(1, minutes)) min")
            }
        }
        return event("silent/\(name.prefix(200))/\(last(name).milliseconds)", .alertRaised, name, data, now)
    }

    private func clearing(_ name: String, _ now: Timestamp) -> Event {
        let data = JSONWriter.bytes { $0.object { $0.member("reason", "it sends again") } }
        return event("speaks/\(name.prefix(200))/\(now.milliseconds)", .alertCleared, name, data, now)
    }

    private func event(_ id: String, _ type: EventType, _ name: String, _ data: [UInt8], _ now: Timestamp) -> Event {
        var event = Event(
            id: id, source: SilenceAlarm.source, type: type, subject: subject(name), time: now, data: .json(data))
        event.dataContentType = "application/json"
        return event
    }

    /// Whether it is in the log; what is not is tried again.
    private func post(_ event: Event) async -> Bool {
        let hub = Submitter(
            identity: Identity(actor: "syslog", role: .sensor, tenant: tenant), keyID: nil, isHub: true)
        guard case .success(let verdicts) = await engine.submit([event], from: hub) else { return false }
        for case .rejected(let reason, _) in verdicts {
            engine.logger.error("an alarm on silence was rejected", metadata: ["reason": "\(reason)"])
        }
        return true
    }
}
