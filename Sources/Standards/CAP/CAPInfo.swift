/// What an alert says, in one language (CAP 1.2, 3.2.2).
public struct CAPInfo: Equatable, Sendable {
    public var language: String?
    public var categories: [CAPCategory] = []
    public var event = ""
    public var responseTypes: [CAPResponseType] = []
    public var urgency = CAPUrgency.unknown
    public var severity = CAPSeverity.unknown
    public var certainty = CAPCertainty.unknown
    public var audience: String?
    public var eventCodes: [CAPNamedValue] = []
    public var effective: CAPTime?
    public var onset: CAPTime?
    public var expires: CAPTime?
    public var senderName: String?
    public var headline: String?
    public var description: String?
    public var instruction: String?
    public var web: String?
    public var contact: String?
    public var parameters: [CAPNamedValue] = []
    public var resources: [CAPResource] = []
    public var areas: [CAPArea] = []

    public init() {}
}

/// A file that goes with an alert (CAP 1.2, 3.2.3).
public struct CAPResource: Equatable, Sendable {
    public var description: String?
    public var mimeType: String?
    /// As written; the standard means bytes, in whole numbers.
    public var size: String?
    public var uri: String?
    /// Length of the base64 text that was there; the text itself is not kept, for it may be megabytes.
    public var derefURILength: Int?
    /// SHA-1 of the file as its sender gives it; nobody checks it here.
    public var digest: String?

    public init() {}
}
