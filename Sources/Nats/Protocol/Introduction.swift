import ControlRoom
import FoundationEssentials

/// What a client says of itself before anything else (`CONNECT` of the NATS client protocol).
struct Introduction {
    let name: String
    let credentials: NatsAccess.Credentials

    /// A line of the protocol.
    ///
    /// - Throws: `NatsRefused` where a file of secrets cannot be used.
    func line(to server: ServerInfo, isTLS: Bool) throws -> [UInt8] {
        let proof = try proof(for: server.nonce ?? "")
        let json = JSONWriter.bytes { writer in
            writer.object { connect in
                connect.member("verbose", false)
                connect.member("pedantic", false)
                connect.member("tls_required", isTLS)
                connect.member("name", name)
                connect.member("lang", "swift")
                connect.member("version", "1")
                connect.member("protocol", 1)
                connect.member("headers", true)
                connect.member("no_responders", true)
                for (name, value) in proof { connect.member(name, value) }
            }
        }
        return Array("CONNECT ".utf8) + json + [0x0D, 0x0A]
    }

    private func proof(for nonce: String) throws -> [(name: String, value: String)] {
        switch credentials {
        case .none: return []
        case .password(let user, let password): return [("user", user), ("pass", password)]
        case .token(let token): return [("auth_token", token)]
        case .nkey(let user, let file):
            return [("nkey", user), ("sig", try signature(of: nonce, by: file, text(of: file)))]
        case .file(let file):
            let text = try text(of: file)
            guard let token = Introduction.token(in: text) else { throw unusable(file, "holds no JWT of a user") }
            return [("jwt", token), ("sig", try signature(of: nonce, by: file, text))]
        }
    }

    private func signature(of nonce: String, by file: String, _ text: String) throws -> String {
        do {
            return Introduction.base64URL(try NatsUserSeed(file: text).signature(of: Array(nonce.utf8)))
        } catch {
            throw unusable(file, "\(error)")
        }
    }

    private func unusable(_ file: String, _ why: String) -> NatsRefused {
        NatsRefused("NATS: \(credentials) cannot be used: \(file) \(why)")
    }

    private func text(of file: String) throws -> String {
        guard let text = SecretFile.textNow(of: file) else { throw unusable(file, "cannot be read") }
        return text
    }

    /// The first line behind the one that announces it, as `nsc` writes it.
    private static func token(in text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix { $0.isWhitespace } }
        guard let start = lines.firstIndex(where: { $0.contains("BEGIN NATS USER JWT") }) else { return nil }
        let token = lines.dropFirst(start + 1).first { !$0.isEmpty }
        return token.flatMap { $0.hasPrefix("-") ? nil : $0.filter { !$0.isWhitespace } }
    }

    /// RFC 4648, section 5, without padding.
    static func base64URL(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString()
        return String(text.compactMap { $0 == "=" ? nil : $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
}
