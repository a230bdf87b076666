internal import ControlRoom

/// The versions of the Common Alerting Protocol, each with its own namespace.
public enum CAPVersion: String, CaseIterable, Sendable {
    case v10 = "1.0"
    case v11 = "1.1"
    case v12 = "1.2"

    public var namespace: String {
        switch self {
        case .v10: "http://www.incident.com/cap/1.0"
        case .v11: "urn:oasis:names:tc:emergency:cap:1.1"
        case .v12: "urn:oasis:names:tc:emergency:cap:1.2"
        }
    }
}

/// A list of words that a CAP element chooses from; older versions know fewer.
protocol CAPWord: RawRepresentable, CaseIterable, Sendable where RawValue == String {
    func exists(in version: CAPVersion) -> Bool
}

extension CAPWord {
    func exists(in version: CAPVersion) -> Bool { true }
}

/// CAP 1.2, 3.2.1 `status`; 1.0 has no Draft.
public enum CAPStatus: String, CAPWord {
    case actual = "Actual"
    case exercise = "Exercise"
    case system = "System"
    case test = "Test"
    case draft = "Draft"

    func exists(in version: CAPVersion) -> Bool { self != .draft || version != .v10 }

    /// The word of our events.
    public var lowercased: String { rawValue.lowercased() }
}

/// CAP 1.2, 3.2.1 `msgType`.
public enum CAPMessageType: String, CAPWord {
    case alert = "Alert"
    case update = "Update"
    case cancel = "Cancel"
    case ack = "Ack"
    case error = "Error"
}

/// CAP 1.2, 3.2.1 `scope`.
public enum CAPScope: String, CAPWord {
    case everyone = "Public"
    case restricted = "Restricted"
    case personal = "Private"
}

/// CAP 1.2, 3.2.2 `category`; CBRNE came with 1.1.
public enum CAPCategory: String, CAPWord {
    case geo = "Geo"
    case met = "Met"
    case safety = "Safety"
    case security = "Security"
    case rescue = "Rescue"
    case fire = "Fire"
    case health = "Health"
    case env = "Env"
    case transport = "Transport"
    case infra = "Infra"
    case cbrne = "CBRNE"
    case other = "Other"

    func exists(in version: CAPVersion) -> Bool { self != .cbrne || version != .v10 }
}

/// CAP 1.2, 3.2.2 `responseType`; Avoid and AllClear came with 1.2.
public enum CAPResponseType: String, CAPWord {
    case shelter = "Shelter"
    case evacuate = "Evacuate"
    case prepare = "Prepare"
    case execute = "Execute"
    case avoid = "Avoid"
    case monitor = "Monitor"
    case assess = "Assess"
    case allClear = "AllClear"
    case none = "None"

    func exists(in version: CAPVersion) -> Bool {
        version == .v12 || (self != .avoid && self != .allClear)
    }
}

/// CAP 1.2, 3.2.2 `urgency`.
public enum CAPUrgency: String, CAPWord {
    case immediate = "Immediate"
    case expected = "Expected"
    case future = "Future"
    case past = "Past"
    case unknown = "Unknown"
}

/// CAP 1.2, 3.2.2 `severity`.
public enum CAPSeverity: String, CAPWord {
    case extreme = "Extreme"
    case severe = "Severe"
    case moderate = "Moderate"
    case minor = "Minor"
    case unknown = "Unknown"
}

/// CAP 1.2, 3.2.2 `certainty`: "Very Likely" of 1.0 is taken as Likely by the later ones; Observed came with 1.1.
public enum CAPCertainty: String, CAPWord {
    case observed = "Observed"
    case veryLikely = "Very Likely"
    case likely = "Likely"
    case possible = "Possible"
    case unlikely = "Unlikely"
    case unknown = "Unknown"

    func exists(in version: CAPVersion) -> Bool { self != .observed || version != .v10 }
}
