public import ControlRoom

extension CAPMessage {
    /// Bytes. A longer event would be refused by every reader of CloudEvents that keeps to the limits.
    static let maximumData = CloudEventReader.maximumBytes

    /// The type of an Ack, an Error, or a Cancel that names nothing: kept and passed on, raising nothing.
    static let received = EventType.named("cap.received")

    /// The event that stands for this message in a log.
    ///
    /// The subject names the instant of `sent` in UTC, so that a reference that writes it with another offset meets it.
    /// - Parameter languages: the best first; the headline and description are taken in it, or from the first info.
    public func event(languages: [String] = []) -> Event {
        let source = TextBound.name("urn:oasis:cap:" + PercentEncoding.encode(sender))
        let id = TextBound.name(CAPName.key(sender) + "," + CAPName.key(identifier) + "," + sent.text)
        let bytes = data(languages: languages)
        var event = Event(
            id: id, source: source, type: eventType, subject: subject, time: sent.instant, data: .json(bytes))
        event.dataContentType = "application/json"
        return event
    }

    /// The key of the alert that this message raises.
    public var subject: String { CAPMessage.subject(sender, identifier, sent) }

    static func subject(_ sender: String, _ identifier: String, _ sent: CAPTime) -> String {
        "cap/" + CAPName.key(sender) + "," + CAPName.key(identifier) + "," + sent.instant.rfc3339
    }

    private var eventType: EventType {
        switch messageType {
        case .alert, .update: .alertRaised
        case .cancel: references.isEmpty ? CAPMessage.received : .alertCancelled
        case .ack, .error: CAPMessage.received
        }
    }

    /// The worst over all infos; Unknown is no severity at all, and neither is the lack of infos.
    var severity: Severity { infos.indices.lazy.map { infos[$0].severity.ours }.max() ?? .info }

    /// Which info is in the best language; a language also meets its regions ("en" is "en-GB").
    func indexOfInfo(in languages: [String]) -> Int? {
        guard infos.count > 1 else { return infos.indices.first }
        for language in languages {
            let wanted = language.lowercased()
            let found = infos.indices.first { CAPMessage.matches(infos[$0].language ?? "en-us", wanted) }
            if let found { return found }
        }
        return 0
    }

    private static func matches(_ language: String, _ wanted: String) -> Bool {
        let given = language.lowercased()
        return given == wanted || given.hasPrefix(wanted + "-")
    }
}

extension CAPSeverity {
    var ours: Severity {
        switch self {
        case .extreme: .critical
        case .severe: .high
        case .moderate: .medium
        case .minor: .low
        case .unknown: .info
        }
    }
}
