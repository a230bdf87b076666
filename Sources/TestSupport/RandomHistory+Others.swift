import ControlRoom

/// Events of every other type in a random history: each is about one of a few things, so that many fit something that came before.
extension RandomHistory {
    /// Raises and references are made with care elsewhere; who may sign, and what is trimmed, only a hub says.
    private static let others = EventType.known.filter { type in
        ![
            .alertRaised, .alertCancelled, .identityEnrolled, .identityRevoked, .logCheckpointed, .logTrimmed,
        ].contains(type)
    }

    /// What is drawn from: those that alerts depend on stand in it twice.
    private static let choice =
        others
        + [
            .approvalRequested, .approvalGranted, .approvalRefused, .suppressionStarted, .alertSuppressed,
            .alertAssigned, .alertRemovedFromService, .alarmPolicySet, .toolRegistered, .districtDefined,
        ]

    mutating func other(about alarm: String) -> Event {
        let type = RandomHistory.choice[pick(RandomHistory.choice.count)]
        var changed: [String: String] = [:]
        // In one order, for each draws from chance.
        for path in type.fields.classes.keys.sorted() { changed[path] = value(of: path, type, alarm) }
        let data = FieldSamples.data(of: type, changed: changed)
        let subject = subject(of: type, alarm)
        let event = make.event(
            type, subject, String(decoding: data, as: UTF8.self),
            by: type.neededRight == nil ? nil : "op\(1 + pick(2))")
        if type == .approvalRequested { requests.append(event.id) }
        return event
    }

    private mutating func subject(of type: EventType, _ alarm: String) -> String {
        switch type {
        case .toolReported, .toolRegistered, .toolRemoved: RandomHistory.tools[pick(5)].code
        case .checklistStarted, .checklistStepSet, .checklistNoted: "run\(pick(3))"
        case .suppressionStarted, .suppressionEnded: "rule\(pick(3))"
        case .exerciseStarted, .exerciseEnded: "exercise/x"
        default: alarm
        }
    }

    /// A member's value as JSON; nil where the sample's will do.
    private mutating func value(of path: String, _ type: EventType, _ alarm: String) -> String? {
        switch path {
        case "occurrence": return "\(occurrence())"
        case "severity": return "\"\(Severity.allCases[pick(5)].name)\""
        case "until": return "\"\(now.adding(seconds: chance.unit() * 300 - 50).rfc3339)\""
        case "level": return "\(1 + pick(3))"
        case "to" where type != .agreementMade: return "\"\(people[pick(2)])\""
        case "author": return "\"\(people[pick(2)])\""
        case "request": return "\"\(requests.isEmpty ? "none" : requests[pick(requests.count)])\""
        case "act": return "\"\(acts.isEmpty ? "none" : acts[pick(acts.count)].id)\""
        case "type": return "\"\(acts.isEmpty ? "none" : acts[pick(acts.count)].type.rawValue)\""
        case "cause": return pick(3) == 0 ? "null" : "\"s\(pick(10))\""
        case "rule": return "\"rule\(pick(3))\""
        case "filter": return pick(2) == 0 ? "\"severity = low\"" : "\"district = d0\""
        case "wish": return pick(2) == 0 ? "\"shelve\"" : "\"remove_from_service\""
        case "reason" where type != .alertCleared: return "\"maintenance\""
        case "id" where type == .playbookPublished, "playbook": return "\"p\(pick(2))\""
        case "version" where type != .assetDefined: return "\(1 + pick(2))"
        case "id" where type == .districtDefined: return "\"d\(pick(3))\""
        case "id": return "\"x\(pick(3))\""
        case "set", "district_set": return "\"set\(pick(2))\""
        case "alert": return "\"\(alarm)\""
        case "step" where type == .checklistStepSet: return "\(1 + pick(3))"
        case "state" where type == .toolReported: return pick(2) == 0 ? "\"ok\"" : "\"degraded\""
        case "state": return pick(2) == 0 ? "\"done\"" : "\"open\""
        case "shelf_s": return "\(100 * (1 + pick(3)))"
        case "exercise": return "\"x\""
        default: return nil
        }
    }
}
