import ControlRoom
public import Store
public import Trust

/// What a hub says of a snapshot: which log, how far, folded how, and what its bytes are.
public struct SnapshotWord: Equatable, Sendable {
    public var cursor: Store.Cursor
    public var fold: Int
    /// SHA-256 of the file, hexadecimal.
    public var hash: String

    public init(cursor: Store.Cursor, fold: Int, hash: String) {
        self.cursor = cursor
        self.fold = fold
        self.hash = hash
    }

    /// Header fields by which it travels, in the order in which they are signed.
    static let names = ["Impetus-Log", "Impetus-Sequence", "Impetus-Head", "Impetus-Fold", "Impetus-Hash"]

    private var values: [String] { [cursor.logID, String(cursor.sequence), cursor.head, String(fold), hash] }

    var signed: [UInt8] { Array(("snapshot\n" + values.joined(separator: "\n")).utf8) }

    /// - Parameter header: the value of a field.
    /// - Throws: `SnapshotFault`.
    public init(header: (String) -> String?, signers: Directory) throws {
        let values = SnapshotWord.names.compactMap(header)
        guard values.count == SnapshotWord.names.count, let sequence = Int64(values[1]), let fold = Int(values[3])
        else {
            throw SnapshotFault(description: "the hub says too little of the snapshot")
        }
        self.init(
            cursor: Store.Cursor(logID: values[0], sequence: sequence, head: values[2]), fold: fold, hash: values[4])
        guard let keyID = header("Impetus-Key"), let signature = header("Impetus-Signature"),
            let member = signers.member(keyID: keyID), member.identity.role == .hub,
            member.key.isValid(signature, of: signed)
        else { throw SnapshotFault(description: "the snapshot is not signed by a hub of this authority") }
    }
}

public struct SnapshotFault: Error, CustomStringConvertible {
    public let description: String
}

extension Central {
    /// The fields that vouch for a snapshot, the hub's certificate included.
    public func vouch(for word: SnapshotWord) throws -> [(String, String)] {
        let values = [word.cursor.logID, String(word.cursor.sequence), word.cursor.head, String(word.fold), word.hash]
        return zip(SnapshotWord.names, values).map { ($0, $1) } + [
            ("Impetus-Key", certificate.keyID), ("Impetus-Signature", try sign(word.signed)),
        ]
    }
}
