public import Trust

/// The key of an enrolment that is asked for: it is on the disk before the hub hears of it, so that where the answer is lost
/// the same key can be asked for again with the same code. A code is good for one key.
public struct PendingKey: Sendable {
    private let folder: String
    private let path: String

    /// - Parameter folder: where the file lies; it is made where it is missing.
    public init(of code: EnrolmentCode, in folder: String) {
        self.folder = folder
        path = folder + "/.pending-" + TextHash.of(code.secret).prefix(16)
    }

    /// A person's: the key that was begun with, or a new one, sealed with the passphrase.
    ///
    /// - Throws: `SealedKey.Failure.wrongPassphrase` where the enrolment was begun with another passphrase;
    ///   `EnrolledIdentity.Failure` where it cannot be written.
    public func sealed(passphrase: String) throws -> SigningKey {
        if PrivateFile.exists(path) { return try SealedKey.open(PrivateFile.read(path), passphrase: passphrase) }
        return try begin { try SealedKey.seal($0, passphrase: passphrase) }
    }

    /// A machine's: the key that was begun with, or a new one.
    ///
    /// - Throws: `EnrolledIdentity.Failure` where it cannot be read or written.
    public func plain() throws -> SigningKey {
        if PrivateFile.exists(path), let key = try? SigningKey(pem: PrivateFile.read(path)) { return key }
        return try begin { $0.pem }
    }

    private func begin(_ text: (SigningKey) throws -> String) throws -> SigningKey {
        let key = SigningKey()
        try PrivateFile.makeFolder(folder)
        try PrivateFile.write(try text(key), to: path)
        return key
    }

    /// The hub has answered: the key is kept elsewhere now, or is good for nothing.
    public func forget() { PrivateFile.remove(path) }
}
