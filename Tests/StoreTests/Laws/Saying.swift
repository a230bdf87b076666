import ControlRoom
import TestSupport

/// One thing that can be said of an alarm.
struct Saying {
    var type: EventType
    /// What tells it from others of its type.
    var variant = ""
    var sight = Sight.nothing
    /// The event is a message of its own, that names the alarm.
    var isMessage = false
    var time = Saying.now
    var members: String

    /// When it is said.
    static let now = EventMaker.noon.adding(seconds: 100)
    /// Between the two lives of the alarm.
    private static let earlier = EventMaker.noon.adding(seconds: 5)

    var name: String { (type.shortName ?? "?") + (variant.isEmpty ? "" : "/" + variant) }

    /// All that events of a type can say of an alarm, by what their author had seen; none for a type that nobody has thought of.
    static func all(_ type: EventType, of alert: Alert, logEnd: Int64) -> [Saying] {
        switch type {
        case .alertRaised: raises(of: alert)
        case .alertCleared:
            [Saying(type: type, members: ""), Saying(type: type, variant: "earlier", time: earlier, members: "")]
        case .alertCancelled:
            [Saying(type: type, isMessage: true, members: raise(.info) + ",\"cancels\":[\"\(alert.subject)\"]")]
        case .logTrimmed: [Saying(type: type, members: trim(through: logEnd))]
        case .actUndone: undos(of: alert)
        default: acts(type, of: alert) ?? plain[type].map { [Saying(type: type, members: $0)] } ?? []
        }
    }

    /// - Parameter voice: gives it a source, and a person where it is a person's act.
    func event(_ subject: String, by voice: Voice) -> Event {
        var event = Event(
            id: "\(subject)/said", source: voice.source, type: type, subject: isMessage ? subject + "/new" : subject,
            time: time, data: .json(Array("{\(members)}".utf8)))
        event.actor = type.isPersons ? voice.actor : nil
        return event
    }

    // MARK: - What sources say

    private static func raise(_ severity: Severity) -> String {
        "\"tool\":\"UAD\",\"kind\":\"crowd\",\"severity\":\"\(severity.name)\",\"headline\":\"Crowd\""
    }

    private static func raises(of alert: Alert) -> [Saying] {
        let stale = ",\"stale\":\"\(AlarmStates.goneStale.rfc3339)\""
        let type = EventType.alertRaised
        return [
            Saying(type: type, variant: "same", members: raise(.medium)),
            Saying(type: type, variant: "lower", members: raise(.info)),
            Saying(type: type, variant: "higher", members: raise(.critical)),
            Saying(type: type, variant: "earlier", time: earlier, members: raise(.info)),
            Saying(
                type: type, variant: "stale", time: AlarmStates.raised.adding(seconds: 20),
                members: raise(.medium) + stale),
            Saying(
                type: type, variant: "replaces", isMessage: true,
                members: raise(.info) + ",\"replaces\":[\"\(alert.subject)\"]"),
        ]
    }

    // MARK: - What people and rules say

    private static func acts(_ type: EventType, of alert: Alert) -> [Saying]? {
        guard needs[type] != nil || rest[type] != nil else { return nil }
        return Sight.allCases.compactMap { sight in
            let seen = sight.of(alert)
            guard seen != nil || needs[type] == nil else { return bare(type, alert) }
            let decided = type == .approvalGranted || type == .approvalRefused ? decision(sight, alert.subject) : ""
            let parts = [rest[type] ?? "", decided, seen.map(text) ?? ""].filter { !$0.isEmpty }
            return Saying(type: type, sight: sight, members: parts.joined(separator: ","))
        }
    }

    private static func text(_ seen: Seen) -> String {
        "\"occurrence\":\(seen.occurrence),\"severity\":\"\(seen.severity.name)\""
    }

    /// Members without which an event of the type cannot be read, and which say something of what was seen.
    private static let needs: [EventType: [String]] = [
        .alertAcknowledged: [], .alertAssessed: ["occurrence"], .alertClosed: ["occurrence"],
        .alertLinked: ["occurrence"], .alertSuppressed: ["severity"], .approvalRequested: ["severity"],
    ]

    /// As little as can be said; nil where the type does not allow it.
    private static func bare(_ type: EventType, _ alert: Alert) -> Saying? {
        let known = ["occurrence": "\"occurrence\":\(alert.occurrence)", "severity": "\"severity\":\"critical\""]
        let parts = (needs[type] ?? []).compactMap { known[$0] }
        guard !parts.isEmpty else { return nil }
        let members = (parts + [rest[type] ?? ""]).filter { !$0.isEmpty }
        return Saying(type: type, members: members.joined(separator: ","))
    }

    /// What they say besides.
    private static let rest: [EventType: String] = [
        .alertAssessed: "\"verdict\":\"rejected\"", .alertClosed: "\"disposition\":\"none\"", .alertReset: "",
        .alertShelved: "\"until\":\"\(AlarmStates.shelfEnds.adding(seconds: 300).rfc3339)\"",
        .alertSuppressed: "\"rule\":\"another\"", .alertRemovedFromService: "\"reason\":\"r\"",
        .alertLinked: "\"cause\":\"scada-3/power\"",
        .approvalRequested: "\"wish\":\"remove_from_service\",\"reason\":\"r\"",
        .approvalGranted: "\"wish\":\"remove_from_service\",\"author\":\"\(AlarmStates.asker)\"",
        .approvalRefused: "\"wish\":\"remove_from_service\",\"author\":\"\(AlarmStates.asker)\"",
    ]

    /// A decision has seen the request that it names.
    private static func decision(_ sight: Sight, _ subject: String) -> String {
        switch sight {
        case .right: "\"request\":\"\(subject)/ask\""
        case .older, .lower, .yetToCome: "\"request\":\"\(subject)/ask-before\""
        case .nothing: ""
        }
    }

    private static let undone: [(word: String, type: EventType)] = [
        ("first", .alertAcknowledged), ("ack", .alertAcknowledged), ("close", .alertClosed), ("reset", .alertReset),
        ("shelve", .alertShelved), ("remove", .alertRemovedFromService), ("ask", .approvalRequested),
    ]

    private static func undos(of alert: Alert) -> [Saying] {
        undone.flatMap { word, type in
            Sight.allCases.map { sight in
                let seen = sight.of(alert).map { "," + text($0) } ?? ""
                let act = "\"act\":\"\(alert.subject)/\(word)\",\"type\":\"\(type.rawValue)\""
                return Saying(type: .actUndone, variant: word, sight: sight, members: act + seen)
            }
        }
    }

    // MARK: - What says nothing of what was seen

    private static func trim(through sequence: Int64) -> String {
        "\"through\":\(sequence),\"head\":\"00\",\"recorded\":\"\(now.rfc3339)\""
    }

    private static let later = AlarmStates.shelfEnds.rfc3339

    private static let plain: [EventType: String] = [
        .alertUnshelved: "", .alertNoted: "\"note\":\"n\"", .alertWithdrawn: "\"reason\":\"r\"",
        .alertUnsuppressed: "\"rule\":\"\(AlarmStates.rule)\"", .alertReturnedToService: "", .alertTaken: "",
        .alertAssigned: "\"to\":\"op2\"", .alertEscalated: "\"level\":1,\"to\":\"supervisor\",\"occurrence\":2",
        .alertReminded: "", .alarmPolicySet: "\"escalations\":[],\"reminders\":{}",
        .suppressionStarted: "\"filter\":\"severity >= info\",\"reason\":\"power cut\"", .suppressionEnded: "",
        .actsBound: "", .observationRecorded: "\"value\":1", .toolReported: "\"state\":\"ok\"",
        .toolRegistered: "\"name\":\"n\"", .toolRemoved: "",
        .checklistStarted: "\"playbook\":\"p\"", .checklistStepSet: "\"step\":1,\"state\":\"done\"",
        .checklistNoted: "\"note\":\"n\"", .cityDefined: "\"id\":\"c\"",
        .districtDefined:
            #""id":"d","name":"D","outline":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
        .siteDefined: "\"id\":\"s\",\"name\":\"S\",\"lat\":0,\"lon\":0", .streetsDefined: "\"nodes\":[]",
        .assetDefined: "\"id\":\"a\",\"name\":\"A\"",
        .vulnerabilityListed:
            #""cveID":"C","vendorProject":"v","product":"p","dateAdded":"2026-01-01","dueDate":"2026-01-02""#,
        .playbookPublished: #""id":"p","steps":[{"id":1}]"#, .exerciseStarted: "\"exercise\":\"x\"",
        .exerciseEnded: "", .tenantAdded: "\"tenant\":\"police\"",
        .agreementMade: #""id":"a","from":"police","to":"fire","purpose":"p","categories":["*"]"#,
        .agreementEnded: "\"id\":\"a\"",
        .enrolmentOffered: "\"code_hash\":\"h\",\"actor\":\"a\",\"role\":\"operator\",\"until\":\"\(later)\"",
        .hubFollowed: "\"place\":\"h:1\"",
        .enrolmentWithdrawn: "\"code_hash\":\"h\"",
        .identityEnrolled: "\"actor\":\"a\",\"role\":\"operator\",\"key_id\":\"k\"",
        .identityRevoked: "\"key_id\":\"k\"", .logCheckpointed: "\"sequence\":1,\"head\":\"00\"",
        .retentionSet: "\"tenant\":\"t\",\"days\":90",
        .logTrusted: "\"log\":\"t\",\"log_id\":\"l\",\"sequence\":1,\"head\":\"00\"",
        .logRekeyed: "\"log\":\"t\",\"sequence\":1,\"before\":\"00\",\"after\":\"01\"",
        .sourcePinned: "\"tenant\":\"t\",\"source\":\"s\",\"key_id\":\"k\"",
        .sourceReleased: "\"tenant\":\"t\",\"source\":\"s\"",
    ]
}
