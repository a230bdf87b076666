internal import ControlRoom

/// A message of which parts may still be missing.
struct CAPDraft {
    var identifier: String?
    var sender: String?
    var sent: CAPTime?
    var status: CAPStatus?
    var messageType: CAPMessageType?
    var source: String?
    var scope: CAPScope?
    var restriction: String?
    var addresses: [String] = []
    var codes: [String] = []
    var note: String?
    var references: [CAPReference] = []
    var incidents: [String] = []
    var infos: [CAPInfo] = []
    var isSigned = false

    /// Why a message that must name another does not; it takes effect on none then (CAP 1.2, 3.2.1 `msgType`).
    var referenceFault: String? {
        guard let messageType, messageType != .alert, references.isEmpty else { return nil }
        return "msgType is \(messageType.rawValue), but no <references> say which message it means (CAP 1.2, 3.2.1)"
    }

    /// - Throws: `CAPFault` where it cannot be known which message it is: without an identifier, a sender, or any time.
    func message(_ version: CAPVersion) throws(CAPFault) -> CAPMessage {
        guard let identifier else { throw CAPFault("<alert> has no <identifier> that can be read") }
        guard let sender else { throw CAPFault("<alert> has no <sender> that can be read") }
        guard let sent = sent ?? otherTime else { throw CAPFault("<alert> has no <sent> that can be read") }
        var message = CAPMessage(
            version: version, identifier: identifier, sender: sender, sent: sent, status: status ?? .actual,
            messageType: messageType ?? .alert, scope: scope)
        fill(&message)
        return message
    }

    /// What stands in the place of `sent` where that cannot be read: since when the alert holds.
    private var otherTime: CAPTime? { infos.lazy.compactMap { $0.effective ?? $0.onset }.first }

    private func fill(_ message: inout CAPMessage) {
        message.source = source
        message.restriction = restriction
        message.addresses = addresses
        message.codes = codes
        message.note = note
        message.references = references
        message.incidents = incidents
        message.infos = infos
        message.isSigned = isSigned
    }
}
