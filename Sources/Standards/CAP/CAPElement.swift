/// The elements that are known by name: CAP's, and those of the documents that carry alerts.
enum CAPElement: Int, CaseIterable {
    // Those of CAP come first: a set of them is the bits of one word.
    case identifier, sender, sent, status, msgType, password, source, scope, restriction, addresses, code, note
    case references, incidents, info
    case language, category, event, responseType, urgency, severity, certainty, audience, eventCode, effective, onset
    case expires, senderName, headline, description, instruction, web, contact, parameter, resource, area
    case resourceDesc, mimeType, size, uri, derefUri, digest
    case areaDesc, polygon, circle, geocode, altitude, ceiling
    case valueName, value
    case alert, signature
    case feed, entry, link, content, rss, item, distribution, contentObject

    static let names = allCases.map(\.name)

    /// The element's name: that of the case, save where it begins with a capital.
    var name: String {
        switch self {
        case .signature: "Signature"
        case .distribution: "EDXLDistribution"
        default: String(describing: self)
        }
    }

    /// As it is named in messages.
    var tag: String { "<\(name)>" }
}

/// A set of CAP's elements.
struct CAPElementSet {
    private var bits: UInt64 = 0

    var isEmpty: Bool { bits == 0 }

    init(_ elements: [CAPElement] = []) {
        for element in elements { insert(element) }
    }

    func contains(_ element: CAPElement) -> Bool { bits & CAPElementSet.bit(element) != 0 }

    mutating func insert(_ element: CAPElement) { bits |= CAPElementSet.bit(element) }

    mutating func remove(_ element: CAPElement) { bits &= ~CAPElementSet.bit(element) }

    private static func bit(_ element: CAPElement) -> UInt64 { 1 << UInt64(element.rawValue) }
}

/// The namespaces that are known, in the order of their codes.
enum CAPNamespace {
    static let names = CAPVersion.allCases.map(\.namespace) + [atomName, edxlName, signatureName]

    static let atom = 3
    static let edxl = 4
    static let signature = 5

    private static let atomName = "http://www.w3.org/2005/Atom"
    private static let edxlName = "urn:oasis:names:tc:emergency:EDXL:DE:1.0"
    private static let signatureName = "http://www.w3.org/2000/09/xmldsig#"

    /// The version of CAP that a namespace code stands for.
    static func version(_ code: Int) -> CAPVersion? {
        CAPVersion.allCases.indices.contains(code) ? CAPVersion.allCases[code] : nil
    }
}

/// The nested parts of an alert and the elements that each may hold (the schemas of CAP 1.0, 1.1 and 1.2).
enum CAPLevel {
    case alert, info, resource, area, namedValue

    func children(in version: CAPVersion) -> CAPElementSet {
        version == .v10 ? CAPLevel.old[index] : CAPLevel.new[index]
    }

    private var index: Int {
        switch self {
        case .alert: 0
        case .info: 1
        case .resource: 2
        case .area: 3
        case .namedValue: 4
        }
    }

    private static let alertElements: [CAPElement] = [
        .identifier, .sender, .sent, .status, .msgType, .source, .scope, .restriction, .addresses, .code, .note,
        .references, .incidents, .info,
    ]
    private static let infoElements: [CAPElement] = [
        .language, .category, .event, .urgency, .severity, .certainty, .audience, .eventCode, .effective, .onset,
        .expires, .senderName, .headline, .description, .instruction, .web, .contact, .parameter, .resource, .area,
    ]
    private static let resourceSet = CAPElementSet([.resourceDesc, .mimeType, .size, .uri, .derefUri, .digest])
    private static let areaSet = CAPElementSet([.areaDesc, .polygon, .circle, .geocode, .altitude, .ceiling])

    /// 1.0 has a password, which is passed over: a secret has no place in a log.
    private static let old = [
        CAPElementSet(alertElements + [.password]), CAPElementSet(infoElements), resourceSet, areaSet,
        CAPElementSet(),
    ]
    private static let new = [
        CAPElementSet(alertElements), CAPElementSet(infoElements + [.responseType]), resourceSet,
        areaSet, CAPElementSet([.valueName, .value]),
    ]

    /// Those that may stand more than once.
    static let repeatable = CAPElementSet([
        .code, .info, .category, .responseType, .eventCode, .parameter, .resource, .area, .polygon, .circle,
        .geocode,
    ])
}

extension CAPLevel {
    /// Without any of these it is not known which message it is (CAP 1.2, 3.2.1): the alert is refused, in its own words.
    static let refusing = CAPElementSet([.identifier, .sender, .sent])

    /// Elements that the part must have; `scope` and `category` are optional in the schema of 1.0.
    func required(in version: CAPVersion) -> [CAPElement] {
        switch self {
        case .alert: version == .v10 ? CAPLevel.oldAlert : CAPLevel.newAlert
        case .info: version == .v10 ? CAPLevel.oldInfo : CAPLevel.newInfo
        case .area: CAPLevel.needed
        case .resource, .namedValue: []
        }
    }

    private static let oldAlert: [CAPElement] = [.identifier, .sender, .sent, .status, .msgType]
    private static let newAlert = oldAlert + [.scope]
    private static let oldInfo: [CAPElement] = [.event, .urgency, .severity, .certainty]
    private static let newInfo = [.category] + oldInfo
    private static let needed: [CAPElement] = [.areaDesc]
}
