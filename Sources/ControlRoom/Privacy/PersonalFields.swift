extension EventType {
    /// Members of `data` that may hold personal data. They never enter the full-text index, are masked on every
    /// screen unless a purpose is given, and are what crypto-shredding will seal. Free text written by people counts.
    public var personalFields: Set<String> {
        switch self {
        case .alertRaised: ["personal", "evidence"]
        case .alertShelved, .alertRemovedFromService, .approvalRequested, .suppressionStarted,
            .alertSuppressed:
            ["note", "reason"]
        case .alertAcknowledged, .alertAssessed, .alertClosed, .alertNoted, .checklistStepSet,
            .checklistNoted, .approvalGranted, .approvalRefused:
            ["note"]
        default: []
        }
    }
}
