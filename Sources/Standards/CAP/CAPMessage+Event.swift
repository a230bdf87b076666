public import ControlRoom

extension CAPMessage {
    /// Bytes. A longer event would be refused by every reader of CloudEvents that keeps to the limits.
    static let maximumData = CloudEventReader.maximumBytes

    /// The type of an Ack, an Error, or a Cancel that names nothing: kept and passed on, raising nothing.
    static let received = EventType.named("cap.received")

    /// The event that stands for this message in a log.
    ///
    /// The subject names the instant of `sent` in UTC, so that a reference that writes it with another offset meets it.
    ///
    /// A message that was cut off is an event of its own, about the same subject: its id ends in a hash of what was read, so that the
    /// whole one is no duplicate of it. Its time is a millisecond before `sent`: whichever comes last, the whole one is the newer news.
    /// - Parameter languages: the best first; the headline and description are taken in it, or from the first info.
    public func event(languages: [String] = []) -> Event {
        let source = TextBound.name("urn:oasis:cap:" + PercentEncoding.encode(sender))
        let bytes = data(languages: languages)
        var event = Event(
            id: eventID, source: source, type: eventType, subject: subject, time: eventTime, data: .json(bytes))
        event.dataContentType = "application/json"
        return event
    }

    /// The key of the alert that this message raises.
    public var subject: String { CAPMessage.subject(sender, identifier, sent) }

    static func subject(_ sender: String, _ identifier: String, _ sent: CAPTime) -> String {
        "cap/" + CAPName.key(sender) + "," + CAPName.key(identifier) + "," + sent.instant.rfc3339
    }

    private var eventID: String {
        let name = CAPName.key(sender) + "," + CAPName.key(identifier) + "," + sent.text
        // Without languages, so that what was read has one name for all who read it.
        return TextBound.name(cutOff == nil ? name : name + ",cut," + ContentID.of(data(languages: [])))
    }

    private var eventTime: Timestamp {
        guard cutOff != nil else { return sent.instant }
        return Timestamp(milliseconds: sent.instant.milliseconds - 1)
    }

    /// One that was cut off takes no other back: what is missing may say otherwise, and the whole one is still to come.
    private var eventType: EventType {
        switch messageType {
        case .alert, .update: .alertRaised
        case .cancel: references.isEmpty || cutOff != nil ? CAPMessage.received : .alertCancelled
        case .ack, .error: CAPMessage.received
        }
    }

    /// The worst over all infos; Unknown is no severity at all, and neither is the lack of infos. One that was cut off before its
    /// severity counts as the worst that it may be.
    var severity: Severity {
        if cutOff == .withoutSeverity { return .critical }
        return infos.indices.lazy.map { infos[$0].severity.ours }.max() ?? .info
    }

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
