import ControlRoom
import Store

/// What happened in a run, counted in its log and in what became of each act.
extension Agreement {
    /// - Parameter receiver: what happened at the tenant with whom the city shares.
    func tally(_ receiver: Happenings?) throws -> Happenings {
        var happened = city.happened
        if let receiver { happened.add(receiver) }
        happened.note(.junk, junk)
        happened.note(.olderEventsFilled, city.consoles.count { $0.filledUpTo > 0 })
        happened.note(.forgedSource, city.sensors[1].refused.count)
        happened.note(.actBehindRevocation, behindRevocation.count)
        for event in once { count(event, &happened) }
        countReports(&happened)
        for console in city.consoles {
            for act in console.acts { count(act, try console.store.settlement(of: act.id), &happened) }
        }
        countRequests(&happened)
        return happened
    }

    private func count(_ event: Event, _ happened: inout Happenings) {
        switch event.type {
        case .agreementMade: happened.note(.agreed)
        case .agreementEnded: happened.note(.agreementEnded)
        case .identityRevoked: happened.note(.revoked)
        case .alertUnshelved where event.actor == nil: happened.note(.shelfEndedByTime)
        case .alertEscalated: happened.note(.escalated)
        case .logTrimmed: happened.note(.trimmed)
        case SimulatedSensor.laterType: happened.note(.unknownType)
        default: break
        }
    }

    /// What sources say of their own alarms, and of those under a subject that another raised first.
    private func countReports(_ happened: inout Happenings) {
        var holders: [String: String] = [:]
        var newest: [String: Timestamp] = [:]
        for event in once where Cast.sources.contains(event.source) {
            let (subject, recorded) = (event.subject ?? "", event.recorded ?? Cast.start)
            let time = event.time ?? recorded
            let key = event.source + " " + subject
            if event.type == .alertRaised, holders[subject] == nil { holders[subject] = event.source }
            if time < newest[key] ?? time { happened.note(.late) }
            newest[key] = max(time, newest[key] ?? time)
            if recorded.seconds(since: time) > 600 { happened.note(.old) }
            if time.seconds(since: recorded) > 600 { happened.note(.ahead) }
            count(event, isForeign: { holders[$0].map { $0 != event.source } ?? false }, &happened)
        }
    }

    private func count(_ event: Event, isForeign: (String) -> Bool, _ happened: inout Happenings) {
        let subject = event.subject ?? ""
        switch try? Fact(of: event) {
        case .alertRaised(let fact) where fact.replaces.contains(where: isForeign): happened.note(.foreignReplacement)
        case .alertRaised(let fact) where !fact.replaces.isEmpty: happened.note(.replaced)
        case .alertRaised: happened.note(isForeign(subject) ? .foreignRaise : .raised)
        case .alertCleared: happened.note(isForeign(subject) ? .foreignClear : .cleared)
        case .alertCancelled(let fact):
            happened.note(fact.cancels.contains(where: isForeign) ? .foreignCancel : .cancelled)
        default: break
        }
    }

    private static let acts: [EventType: Happening] = [
        .alertAcknowledged: .acknowledged, .alertAssessed: .verdict, .alertClosed: .closed, .alertReset: .reset,
        .alertTaken: .taken, .alertNoted: .noted, .alertUnshelved: .shelfEndedByHand,
        .alertRemovedFromService: .outOfService, .alertReturnedToService: .returned, .approvalGranted: .granted,
        .approvalRefused: .refused, .actUndone: .undone,
    ]

    /// What took effect, or why not.
    private func count(_ act: SimulatedConsole.Act, _ settlement: Store.Settlement?, _ happened: inout Happenings) {
        switch settlement {
        case .applied:
            if act.type == .alertShelved, act.isOffline { happened.note(.shelvedOffline) }
            Agreement.acts[act.type].map { happened.note($0) }
        case .refused: happened.note(.actWithoutEffect)
        case .denied: happened.note(.actDenied)
        default: break
        }
    }

    /// A request, and one more of the same person for the same alarm.
    private func countRequests(_ happened: inout Happenings) {
        var asked: Set<String> = []
        for event in once where event.type == .approvalRequested {
            let isNew = asked.insert((event.actor ?? "") + " " + (event.subject ?? "")).inserted
            happened.note(isNew ? .requested : .requestedAgain)
        }
    }
}
