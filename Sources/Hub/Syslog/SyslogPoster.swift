import ControlRoom
import CoreMetrics
import HubCore
import Metrics
import NIOCore
import NIOPosix
import Standards
import Synchronization

/// Posts what comes by syslog. What the rate of its sender puts off waits here (`PutOffLines`) and is posted again once a second,
/// while what comes behind it in the same connection is read on: a first occurrence waits behind no repeat.
///
/// Lines that are given up are counted in `impetus_hub_syslog_lines_refused_total{tenant}`: each says again what goes on.
final class SyslogPoster: Sendable {
    private let engine: HubEngine
    private let tenant: String
    private let silence: SilenceAlarm?
    private let putOff = Mutex(PutOffLines())
    private let refused: Counter

    private static let againSeconds: Int64 = 1
    /// Lines that are posted at once, of those that wait.
    private static let portion = 500

    init(_ engine: HubEngine, tenant: String, silence: SilenceAlarm?) {
        self.engine = engine
        self.tenant = tenant
        self.silence = silence
        refused = Counter(label: "impetus_hub_syslog_lines_refused_total", dimensions: [("tenant", tenant)])
    }

    /// The log took nothing, so that it is not known what became of the lines.
    struct Busy: Error, CustomStringConvertible {
        let description: String
    }

    /// Posts what was read of a connection.
    ///
    /// - Throws: `Busy`: the sender's connection is to end, so that it knows what to send again. `SyslogPeer.Stranger`.
    func post(_ messages: [[UInt8]], _ peer: SyslogPeer) async throws {
        let now = engine.surroundings.now()
        try peer.check(engine.central, now: now)
        let lines = messages.compactMap { line($0, peer, now) }
        guard !lines.isEmpty else { return }
        await silence?.heard(peer.name, lines.count)
        let later = try await submit(lines, peer)
        engine.noteLater(later.count, from: peer.submitter(tenant: tenant), sender: peer.name)
        giveUp(putOff.withLock { waiting in later.reduce(0) { $0 + waiting.add($1, of: peer) } }, of: peer.name)
    }

    private func line(_ bytes: [UInt8], _ peer: SyslogPeer, _ now: Timestamp) -> PutOffLines.Line? {
        do {
            return PutOffLines.Line(
                event: try SyslogMessage(bytes).event(now: now, sender: peer.name), bytes: bytes.count)
        } catch {
            engine.rejections.increment()
            engine.journal.note(.syslog, ["from": peer.name, "why": "\(error)"])
            return nil
        }
    }

    /// - Returns: the lines that are to come again later.
    private func submit(_ lines: [PutOffLines.Line], _ peer: SyslogPeer) async throws -> [PutOffLines.Line] {
        let submitter = peer.submitter(tenant: tenant)
        switch await engine.submit(lines.map(\.event), from: submitter, sender: peer.name) {
        case .success(let verdicts):
            for case (let line, .rejected(_, isDenied: true)) in zip(lines, verdicts) {
                engine.noteDenial(of: line.event, from: submitter)
            }
            let later = zip(lines, verdicts).compactMap { if case .later = $1 { $0 } else { nil } }
            let rejected = verdicts.count { if case .rejected = $0 { true } else { false } }
            engine.count(accepted: verdicts.count - rejected - later.count, duplicate: 0, rejected: rejected)
            return later
        case .failure(let failure): throw Busy(description: failure.description)
        }
    }

    private func giveUp(_ lines: Int, of sender: String) {
        guard lines > 0 else { return }
        refused.increment(by: lines)
        engine.journal.note(.tooMany, ["actor": sender, "tenant": tenant, "given_up": "\(lines)"])
    }

    // MARK: - What waits

    /// Until it is cancelled. What waits then is given up, and told.
    func run() async {
        while !Task.isCancelled {
            await SyslogPoster.pause(.seconds(SyslogPoster.againSeconds))
            for (name, peer) in putOff.withLock({ $0.senders }) where !Task.isCancelled { await bring(name, peer) }
        }
        for (name, _) in putOff.withLock({ $0.senders }) { giveUp(putOff.withLock { $0.drop(name) }, of: name) }
    }

    /// Ends early where the task is cancelled.
    static func pause(_ time: TimeAmount) async {
        let pause = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: time) {}
        await withTaskCancellationHandler {
            _ = try? await pause.futureResult.get()
        } onCancel: {
            pause.cancel()
        }
    }

    /// Posts what waits of a sender, as far as its rate has room.
    private func bring(_ name: String, _ peer: SyslogPeer) async {
        do {
            try peer.check(engine.central, now: engine.surroundings.now())
        } catch {
            return giveUp(putOff.withLock { $0.drop(name) }, of: name)
        }
        while true {
            let lines = putOff.withLock { $0.take(SyslogPoster.portion, of: name) }
            guard !lines.isEmpty else { return }
            // Where the log takes nothing, all of it waits on.
            let later = (try? await submit(lines, peer)) ?? lines
            putOff.withLock { $0.putBack(later, of: peer) }
            guard later.isEmpty else { return }
        }
    }
}
