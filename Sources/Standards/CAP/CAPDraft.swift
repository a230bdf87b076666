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

    /// - Throws: `CAPFault` where the rules that span elements are broken.
    func message(_ version: CAPVersion) throws(CAPFault) -> CAPMessage {
        guard let identifier, let sender, let sent, let status, let messageType else {
            throw CAPFault("<alert> lacks one of identifier, sender, sent, status and msgType")
        }
        if messageType != .alert, references.isEmpty {
            let word = messageType.rawValue
            throw CAPFault("msgType is \(word), but no <references> say which message it means (CAP 1.2, 3.2.1)")
        }
        var message = CAPMessage(
            version: version, identifier: identifier, sender: sender, sent: sent, status: status,
            messageType: messageType, scope: scope)
        fill(&message)
        return message
    }

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
