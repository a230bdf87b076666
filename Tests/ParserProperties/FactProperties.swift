import ControlRoom

/// The data of events, of every type that is known.
enum FactProperties {
    /// What is read and can be written is read as the same.
    static func check(_ data: [UInt8], _ type: EventType) throws {
        guard let fact = try? Fact(of: event(type, data)), let written = written(fact) else { return }
        do {
            guard try Fact(of: event(type, written)) == fact else {
                throw ParserProperties.Broken(description: "\(type.rawValue) changes when it is written and read")
            }
        } catch is JSONError {
            throw ParserProperties.Broken(description: "\(type.rawValue) is written so that it cannot be read")
        }
    }

    private static func event(_ type: EventType, _ data: [UInt8]) -> Event {
        Event(id: "e", source: "urn:fuzz", type: type, subject: "a", data: .json(data))
    }

    /// Nil for what only others write, or what is not written whole.
    private static func written(_ fact: Fact) -> [UInt8]? {
        switch fact {
        case .alertNoted: nil
        case .alertSuppressed(let fact): JSONWriter.bytes(fact.write)
        case .alertEscalated(let fact): JSONWriter.bytes(fact.write)
        case .actUndone(let fact): JSONWriter.bytes(fact.write)
        case .suppressionStarted(let fact): JSONWriter.bytes(fact.write)
        default: fact.isActOnAlert ? JSONWriter.bytes(fact.writeAct) : tenancy(fact)
        }
    }

    private static func tenancy(_ fact: Fact) -> [UInt8]? {
        switch fact {
        case .tenantAdded(let fact): JSONWriter.bytes(fact.write)
        case .agreementMade(let fact): JSONWriter.bytes(fact.write)
        case .agreementEnded(let fact): JSONWriter.bytes(fact.write)
        case .hubFollowed(let fact): JSONWriter.bytes(fact.write)
        case .enrolmentOffered(let fact): JSONWriter.bytes(fact.write)
        case .enrolmentWithdrawn(let fact): JSONWriter.bytes(fact.write)
        case .identityEnrolled(let fact): JSONWriter.bytes(fact.write)
        case .identityRevoked(let fact): JSONWriter.bytes(fact.write)
        case .logCheckpointed(let fact): JSONWriter.bytes(fact.write)
        case .logTrimmed(let fact): JSONWriter.bytes(fact.write)
        case .retentionSet(let fact): JSONWriter.bytes(fact.write)
        case .logTrusted(let fact): JSONWriter.bytes(fact.write)
        case .sourcePinned(let fact): JSONWriter.bytes(fact.write)
        case .sourceReleased(let fact): JSONWriter.bytes(fact.write)
        default: nil
        }
    }

    // MARK: - What may leave the tenant

    /// Of the part that may leave its tenant all may, a reason is a code, and it is an object.
    static func open(_ data: [UInt8], _ type: EventType) throws {
        guard let part = try? OpenData.bytes(of: data, type) else { return }
        guard let again = try? OpenData.bytes(of: part, type) else {
            throw ParserProperties.Broken(description: "what may leave of \(type.rawValue) is no object")
        }
        guard again == part else {
            throw ParserProperties.Broken(description: "not all that leaves of \(type.rawValue) may")
        }
        try checkReason(part, type)
    }

    private static func checkReason(_ part: [UInt8], _ type: EventType) throws {
        guard type.fields.class(of: "reason") == .coded else { return }
        try JSONReader.read(part) { reader in
            try reader.object { key, reader in
                guard key == "reason" else {
                    try reader.skip()
                    return
                }
                guard SuppressionReason.Code(rawValue: try reader.string()) != nil else {
                    throw ParserProperties.Broken(description: "a reason that is no code leaves")
                }
            }
        }
    }
}
