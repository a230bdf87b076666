import ControlRoom

/// What a hub says of a snapshot: which log, how far, folded how, and what its bytes are.
public struct SnapshotWord: Equatable, Sendable {
    public var logID: String
    /// The last place of the log that is in it.
    public var sequence: Int64
    /// The head of the chain there, hexadecimal.
    public var head: String
    /// The version of the fold that made it.
    public var fold: Int
    /// SHA-256 of the file, hexadecimal.
    public var hash: String

    public init(logID: String, sequence: Int64, head: String, fold: Int, hash: String) {
        self.logID = logID
        self.sequence = sequence
        self.head = head
        self.fold = fold
        self.hash = hash
    }

    /// Header fields by which it travels, in the order in which they are signed.
    static let names = ["Impetus-Log", "Impetus-Sequence", "Impetus-Head", "Impetus-Fold", "Impetus-Hash"]
    private static let key = "Impetus-Key"
    private static let signature = "Impetus-Signature"
    /// The certificate of the hub that signed, in hexadecimal of its DER form.
    private static let certificate = "Impetus-Certificate"

    /// Why a snapshot is not believed, in words for the journal and the screen.
    public struct Fault: Error, CustomStringConvertible {
        public let description: String

        public init(_ description: String) { self.description = description }
    }

    private var values: [String] { [logID, String(sequence), head, String(fold), hash] }

    private var signed: [UInt8] { Array(("snapshot\n" + values.joined(separator: "\n")).utf8) }

    /// The fields that vouch for it.
    ///
    /// Names and values in the order of `names`, then the certificate (DER, hexadecimal) and the signature over the
    /// values.
    ///
    /// - Throws: what CryptoKit says where the key cannot sign.
    public func fields(signedBy key: SigningKey, _ certificate: MemberCertificate) throws -> [(String, String)] {
        zip(SnapshotWord.names, values).map { ($0, $1) } + [
            (SnapshotWord.certificate, Hex.text(certificate.der)),
            (SnapshotWord.signature, try key.signature(signed)),
        ]
    }

    /// - Parameters:
    ///   - field: the value of a header field.
    ///   - authority: whose hubs are believed.
    /// - Throws: `Fault`.
    public init(field: (String) -> String?, authority: AuthorityCertificate) throws {
        let values = SnapshotWord.names.compactMap(field)
        guard values.count == SnapshotWord.names.count, let sequence = Int64(values[1]), let fold = Int(values[3])
        else {
            throw Fault("the hub says too little of the snapshot")
        }
        self.init(logID: values[0], sequence: sequence, head: values[2], fold: fold, hash: values[4])
        guard let der = field(SnapshotWord.certificate).flatMap(Hex.bytes),
            let signature = field(SnapshotWord.signature),
            let hub = try? MemberCertificate(der: der), authority.issued(hub.certificate), hub.identity.role == .hub,
            hub.key.isValid(signature, of: signed)
        else { throw Fault("the snapshot is not signed by a hub of this authority") }
    }
}
