import ControlRoom
import Feed
import HubCore
import Store
import Sync
import Synchronization
import Tenancy
import Trust

/// What goes over the network.
extension Simulation {
    func feed(_ console: SimulatedConsole, _ input: SyncMachine.Input) throws {
        for action in try console.feed(input, now: now) {
            switch action {
            case .open(let hub, let cursor):
                send(
                    .open(
                        console: console.number, life: console.life, hub: Int(hub) ?? 0, log: cursor?.logID,
                        after: cursor?.sequence ?? 0))
            case .post(let hub, let after, let resending):
                let waiting = try console.outgoing(after: after, resending: resending, &chance)
                guard let last = waiting.last?.position else {
                    try feed(console, .posted(upTo: after, more: false))
                    continue
                }
                send(
                    .post(console: console.number, life: console.life, hub: Int(hub) ?? 0, waiting, upTo: last))
            case .fill(let hub, let gap):
                send(
                    .fill(
                        console: console.number, life: console.life, hub: Int(hub) ?? 0, after: gap.after.sequence))
            default: break
            }
        }
    }

    private func send(_ message: SimulatedNetwork.Message) {
        network.send(message, at: now, &chance, isHealing: isHealing)
    }

    func sendSensors() throws {
        for (number, sensor) in sensors.enumerated() {
            for event in sensor.unconfirmed.prefix(5) {
                send(.report(event, sensor: number, hub: chance.unit() < 0.5 ? 0 : 1))
            }
        }
    }

    func deliver(_ message: SimulatedNetwork.Message) throws {
        switch message {
        case .open(let number, let life, let hub, let logID, let after):
            // Nobody is there any more to whom the stream would go.
            if consoles[number].life == life { try open(consoles[number], hubs[hub], logID, after) }
        case .post(let number, let life, let hub, let acts, let last):
            try post(consoles[number], life, hubs[hub], acts, last)
        case .answer(let number, let life, let acts, let rejected, let last):
            if consoles[number].life == life { try answered(consoles[number], acts, rejected, last) }
        case .fill(let number, let life, let hub, let after):
            try fill(consoles[number], life, hubs[hub], after)
        case .older(let number, let life, let events):
            if consoles[number].life == life { try feed(consoles[number], consoles[number].filled(with: events)) }
        case .lost(let number, let life, let request):
            let console = consoles[number]
            guard console.isUp, console.life == life else { return }
            switch request {
            case .stream: try feed(console, .closed(reason: "lost"))
            case .post: try feed(console, .postFailed(reason: "lost"))
            case .fill: try feed(console, .fillFailed(reason: "lost", isFinal: false))
            }
        case .ended(let number, let stream):
            let console = consoles[number]
            guard console.isUp, console.stream?.number == stream else { return }
            console.loseStream()
            try feed(console, .closed(reason: "cut"))
        case .report(let event, let sensor, let hub): try report(event, of: sensor, hubs[hub])
        case .told(let id, let sensor, let isTaken):
            if isTaken { sensors[sensor].confirm(id) } else { sensors[sensor].refuse(id) }
        }
    }

    private func open(_ console: SimulatedConsole, _ hub: SimulatedHub, _ logID: String?, _ after: Int64) throws {
        guard console.isUp else { return }
        guard let feed = hub.feed else { return try self.feed(console, .closed(reason: "no hub")) }
        let id = try feed.log.logID
        guard logID == nil || logID == id else { return try self.feed(console, .refused(reason: "another log")) }
        _ = console.opened(hub.number, at: after)
        try self.feed(console, .opened(logID: id))
    }

    /// A stream is in order or it is cut; how much comes at once is chance.
    func pushStream(to console: SimulatedConsole) throws {
        guard console.isUp, let stream = console.stream, let feed = hubs[stream.hub].feed else { return }
        guard isHealing || chance.unit() < 0.8 else { return }
        let entries = try feed.log.read(after: stream.place, limit: 1 + Int(chance.unit() * 12))
        guard let last = entries.last else {
            let end = try feed.log.lastSequence()
            return try self.feed(console, .heartbeat(hub: now.adding(seconds: hubs[stream.hub].skew), last: end))
        }
        console.moveStream(to: last.sequence)
        try self.feed(console, .received(entries.map { wire.admitted($0) }))
    }

    /// How many older events come at once is chance.
    private func fill(_ console: SimulatedConsole, _ life: Int, _ hub: SimulatedHub, _ after: Int64) throws {
        guard let feed = hub.feed else {
            return network.send(.lost(console: console.number, life: life, .fill), at: now)
        }
        let entries = try feed.log.read(after: after, limit: 1 + Int(chance.unit() * 12))
        send(.older(console: console.number, life: life, entries.map { wire.admitted($0) }))
    }

    private func post(
        _ console: SimulatedConsole, _ life: Int, _ hub: SimulatedHub, _ acts: [Store.Waiting], _ last: Int64
    ) throws {
        guard let central = hub.central, let submitter = submitter(console, at: hub, central) else {
            return network.send(.lost(console: console.number, life: life, .post), at: now)
        }
        let events = try acts.map { try Cast.wire.decode($0.event) }
        let number = console.number
        let answers = Mutex<[SimulatedNetwork.Message]>([])
        central.submit(events, from: submitter, now: now) { result in
            guard case .success(let verdicts) = result else { return }
            var rejected: [String: String] = [:]
            for (event, verdict) in zip(events, verdicts) {
                if case .rejected(let reason, _) = verdict { rejected[event.id] = reason }
            }
            let answer = SimulatedNetwork.Message.answer(
                console: number, life: life, acts, rejected: rejected, upTo: last)
            answers.withLock { $0.append(answer) }
        }
        // The hub may die between taking the acts and writing them: then there is neither act nor answer.
        if isHealing || chance.unit() < 0.85 { try hub.step(now: now) } else { crash(hub) }
        let made = answers.withLock { $0 }
        if made.isEmpty { network.send(.lost(console: number, life: life, .post), at: now) }
        for answer in made { send(answer) }
    }

    private func answered(
        _ console: SimulatedConsole, _ acts: [Store.Waiting], _ rejected: [String: String], _ last: Int64
    ) throws {
        guard console.isUp else { return }
        var sent: [Int64] = []
        for act in acts {
            let id = try Cast.wire.decode(act.event).id
            if let reason = rejected[id] {
                try console.store.reject(act.position, reason: reason, isDenied: true)
            } else {
                sent.append(act.position)
            }
        }
        try console.store.markSent(sent)
        try feed(console, .posted(upTo: last, more: acts.count == 20))
    }

    /// Whom the hub takes a console for. Nobody whose key it knows as revoked, or whose certificate has ended, gets as far as to
    /// post; what a revoked member reads goes on here, so that it can be compared.
    private func submitter(_ console: SimulatedConsole, at hub: SimulatedHub, _ central: Central) -> Submitter? {
        let certificate = console.certificate
        guard !kind.isTerm else { return central.member(certificate: certificate.der, now: hub.here(now))?.submitter }
        guard central.register.isMember(keyID: certificate.keyID) else { return nil }
        return Submitter(identity: certificate.identity, keyID: certificate.keyID)
    }

    private func report(_ event: Event, of number: Int, _ hub: SimulatedHub) throws {
        guard let central = hub.central else { return }
        let machine = Submitter(
            identity: Identity(actor: sensors[number].machine, role: .sensor, tenant: Cast.tenant), keyID: nil)
        let verdict = Mutex<Central.Verdict?>(nil)
        central.submit([event], from: machine, now: now) { result in
            verdict.withLock { $0 = (try? result.get())?.first }
        }
        if isHealing || chance.unit() < 0.9 { try hub.step(now: now) } else { crash(hub) }
        switch verdict.withLock({ $0 }) {
        case .accepted, .duplicate: send(.told(event.id, sensor: number, isTaken: true))
        case .rejected: send(.told(event.id, sensor: number, isTaken: false))
        case .later, nil: break
        }
    }
}
