public import ControlRoom

/// An event that passed admission: decoded once, outside the write transaction.
///
/// A class, because it goes through many hands by the thousand, and to copy its twenty parts each time costs more than to
/// find them.
public final class AdmittedEvent: Sendable {
    public let event: Event
    public let fact: Fact
    /// Why it has no effect, where it is kept only for its place; nil for what is folded.
    public let distrust: String?
    /// SHA-256 of it as the chain has it, kept where it turns out to stand in the log a second time.
    public let digest: [UInt8]?
    /// Set where there is no event at this place of the log: `event` then has nothing but its sequence.
    public let junk: JunkEntry?

    /// - Throws: `JSONError` where the data of a known type is not what the type asks for.
    public convenience init(_ event: Event) throws {
        self.init(event: event, fact: try Fact(of: event))
    }

    init(event: Event, fact: Fact, distrust: String? = nil, digest: [UInt8]? = nil, junk: JunkEntry? = nil) {
        self.event = event
        self.fact = fact
        self.distrust = distrust
        self.digest = digest
        self.junk = junk
    }

    /// A place of the log at which there is no event. It has no effect, and is kept for the chain alone.
    ///
    /// - Parameter digest: as the chain has it.
    public convenience init(junk: JunkEntry, digest: [UInt8]) {
        var event = Event(id: "", source: "", type: EventType(rawValue: ""))
        event.sequence = junk.sequence
        self.init(event: event, fact: .unknown, digest: digest, junk: junk)
    }

    /// An event that is in the log already. Where this version does not understand its data, it is kept as one of an
    /// unknown type, as it would be if a newer version had named it otherwise.
    ///
    /// - Parameter distrust: why it is not believed; it then stays in the log without effect.
    public convenience init(fromLog event: Event, distrust: String? = nil, digest: [UInt8]? = nil) {
        let fact = distrust == nil ? (try? Fact(of: event)) ?? .unknown : .unknown
        self.init(event: event, fact: fact, distrust: distrust, digest: digest)
    }

    /// The same, recorded now where it says nothing of when it happened: it then happened when it was recorded, whenever it is
    /// folded.
    func dated(_ now: Timestamp) -> AdmittedEvent {
        guard event.time == nil, event.occurred == nil, event.recorded == nil else { return self }
        var event = event
        event.recorded = now
        return AdmittedEvent(event: event, fact: fact, distrust: distrust, digest: digest)
    }

    static let forged = "forged"
    /// In a log of its own, of a type that was not known when it came: nobody was asked who may say it, and nobody signed it.
    static let onceUnknown = "unknown-type"
    /// In SQL: whether an event of the log is one that is believed.
    static let isBelieved = "(refused IS NULL OR refused NOT IN ('\(forged)', '\(onceUnknown)'))"

    /// The same, without effect.
    public var distrusted: AdmittedEvent {
        AdmittedEvent(fromLog: event, distrust: AdmittedEvent.forged, digest: digest)
    }

    /// The same, without effect for good, whatever version comes to know its type.
    public var unproved: AdmittedEvent { AdmittedEvent(fromLog: event, distrust: AdmittedEvent.onceUnknown) }
}

extension AdmittedEvent: Equatable {
    /// The fact follows from the event.
    public static func == (one: AdmittedEvent, other: AdmittedEvent) -> Bool {
        one.event == other.event && one.distrust == other.distrust && one.digest == other.digest
            && one.junk == other.junk
    }
}
