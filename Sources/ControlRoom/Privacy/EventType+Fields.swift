/// The one table of what is personal in which type: masking, copies, exports and the full-text index go by it.
extension EventType {
    /// The declared members of `data`; none of a type that this version does not know, of which everything is `person`.
    public var fields: DeclaredFields { DeclaredFields.table[self] ?? DeclaredFields.none }

    /// The types whose members are declared, those that have none included.
    public static var declared: Set<EventType> { Set(DeclaredFields.table.keys) }

    /// The paths of all declared members that are not open whatever they hold.
    public var personalFields: Set<String> { Set(fields.classes.filter { $0.value != .open }.keys) }
}

extension DeclaredFields {
    static let none = DeclaredFields([:])

    static let table: [EventType: DeclaredFields] = alarms.merging(acts) { $1 }.merging(quiet) { $1 }
        .merging(others) { $1 }.merging(tenancy) { $1 }.mapValues(DeclaredFields.init)

    private typealias Table = [EventType: [String: FieldClass]]

    private static func open(_ names: String, note notes: String = "", coded: String = "") -> [String: FieldClass] {
        var classes: [String: FieldClass] = [:]
        for name in names.split(separator: " ") { classes[String(name)] = .open }
        for name in notes.split(separator: " ") { classes[String(name)] = .note }
        for name in coded.split(separator: " ") { classes[String(name)] = .coded }
        return classes
    }

    // MARK: - What sources say

    private static let alarms: Table = [
        .alertRaised: raised,
        .alertCancelled: raised.merging(open("cancels")) { $1 },
        .alertCleared: open("", note: "reason"),
        .observationRecorded: open("value unit lat lon"),
        .toolReported: open("state message"),
    ]

    /// What is under `cap` is named as `CAPMessage` writes it.
    private static let raised: [String: FieldClass] = open(
        """
        tool kind severity headline description confidence lat lon radius_m area district area_name site stale status \
        latching external_id replaces signed instruction
        """, note: "unread"
    )
    .merging(["personal": .person, "evidence": .person]) { $1 }
    .merging(under("cap", message)) { $1 }

    private static let message =
        open(
            "version identifier sender sent status msg_type source scope restriction code references incidents",
            note: "note"
        )
        .merging(["addresses": .person]) { $1 }
        .merging(under("info", info)) { $1 }

    private static let info =
        open(
            """
            language category event response_type urgency severity certainty audience event_code effective onset expires \
            sender_name headline description instruction web
            """
        )
        .merging(["contact": .person, "parameter": .person]) { $1 }
        .merging(under("resource", open("resource_desc mime_type size deref_uri_length digest"))) { $1 }
        .merging(["resource.uri": .person, "resource.deref_uri": .person]) { $1 }
        .merging(under("area", open("area_desc polygon circle geocode altitude ceiling"))) { $1 }

    private static func under(_ name: String, _ fields: [String: FieldClass]) -> [String: FieldClass] {
        Dictionary(uniqueKeysWithValues: fields.map { (name + "." + $0.key, $0.value) })
    }

    // MARK: - What people and rules do

    private static let acts: Table = [
        .alertAcknowledged: open("occurrence severity", note: "note"),
        .alertAssessed: judged, .alertClosed: judged,
        .alertReset: open("occurrence severity"),
        .alertNoted: open("", note: "note"),
        .alertTaken: [:],
        .alertAssigned: open("to"),
        .alertEscalated: open("level to occurrence"),
        .alertReminded: [:],
        .alertLinked: open("occurrence cause"),
        .actUndone: open("act type occurrence severity"),
        .toolRegistered: open("name silent_after_s"),
        .toolRemoved: [:],
        .alarmPolicySet: open("shelf_s reminders shifts groups escalations"),
        .checklistStarted: open("playbook version alert"),
        .checklistStepSet: open("step state", note: "note"),
        .checklistNoted: open("", note: "note"),
    ]

    private static let judged = open("occurrence severity verdict disposition", note: "note")

    /// What keeps an alarm quiet: why is a code, and its words are a note.
    private static let quiet: Table = [
        .alertShelved: open("until once occurrence severity", note: "note", coded: "reason"),
        .alertUnshelved: open("", note: "reason"),
        .alertSuppressed: open("rule severity occurrence until cause", note: "note", coded: "reason"),
        .alertUnsuppressed: open("rule"),
        .alertRemovedFromService: open("occurrence severity", note: "note", coded: "reason"),
        .alertReturnedToService: [:],
        .approvalRequested: open("wish until once severity occurrence", note: "note", coded: "reason"),
        .approvalGranted: decided, .approvalRefused: decided,
        .suppressionStarted: open("filter until cause", note: "note", coded: "reason"),
        .suppressionEnded: [:],
        .actsBound: [:],
    ]

    private static let decided = open("wish until once author request", note: "note")

    // MARK: - What is defined

    private static let others: Table = [
        .cityDefined: open("id title timezone tenant district_set note"),
        .districtDefined: open("id set name population outline"),
        .siteDefined: open("id name kind lat lon district"),
        .streetsDefined: open("nodes edges"),
        .assetDefined: open(
            "id name kind vendor product version owner criticality exposure zone site district lat lon connects"),
        .vulnerabilityListed: open(
            """
            cveID vendorProject product vulnerabilityName dateAdded shortDescription requiredAction dueDate \
            knownRansomwareCampaignUse notes cwes
            """),
        .playbookPublished: open("id version title offered_for steps step"),
        .exerciseStarted: open("exercise title seed duration_s"),
        .exerciseEnded: [:],
    ]

    private static let tenancy: Table = [
        .tenantAdded: open("tenant title city"),
        .agreementMade: open("id from to categories purpose removed until"),
        // Both tenants are to read why: it stands in the withdrawal of what was shared.
        .agreementEnded: open("id reason"),
        .alertWithdrawn: open("reason"),
        .enrolmentOffered: open("code_hash actor tenant role until sources"),
        .enrolmentWithdrawn: open("code_hash"),
        .identityEnrolled: open("actor tenant role key_id certificate code_hash"),
        .identityRevoked: open("key_id", note: "reason"),
        .logCheckpointed: open("sequence head"),
        .logTrimmed: open("through head recorded begins_behind"),
        .retentionSet: open("tenant days"),
        .logTrusted: open("log log_id sequence head"),
        .logRekeyed: open("log sequence before after"),
        .hubFollowed: open("place through serves tenant watch"),
        .sourcePinned: open("tenant source key_id device"),
        .sourceReleased: open("tenant source"),
    ]
}
