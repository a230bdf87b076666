import CNats

extension NatsAccess {
    /// Puts all into libnats' options; its files are read here for the first time.
    ///
    /// - Throws: `NatsRefused`, with the setting whose file cannot be used.
    func set(on options: OpaquePointer?) throws {
        natsOptions_SetIgnoreDiscoveredServers(options, !followsDiscovered)
        if let tls { try NatsAccess.set(tls, on: options) }
        switch credentials {
        case .none: break
        case .password(let user, let password): natsOptions_SetUserInfo(options, user, password)
        case .token(let token): natsOptions_SetToken(options, token)
        case .nkey(let user, let seedFile): natsOptions_SetNKeyFromSeed(options, user, seedFile)
        case .file(let file): natsOptions_SetUserCredentialsFromFiles(options, file, nil)
        }
    }

    private static func set(_ tls: TLS, on options: OpaquePointer?) throws {
        try check(natsOptions_SetSecure(options, true), "tls")
        if let file = tls.authorities {
            try check(natsOptions_LoadCATrustedCertificates(options, file), "ca = \"\(file)\"")
        }
        if let certificate = tls.certificate, let key = tls.key {
            try check(
                natsOptions_LoadCertificatesChain(options, certificate, key),
                "certificate = \"\(certificate)\", key = \"\(key)\"")
        }
        if let name = tls.serverName { natsOptions_SetExpectedHostname(options, name) }
    }

    private static func check(_ status: natsStatus, _ setting: String) throws {
        guard status != NATS_OK else { return }
        throw NatsRefused("[nats] \(setting): it cannot be used: \(NatsRefused.lastWords())")
    }
}

extension NatsRefused {
    /// Nil where it is no question of settings: nobody answered, or all went well.
    init?(_ status: natsStatus, _ access: NatsAccess) {
        guard status != NATS_OK else { return nil }
        let words = NatsRefused.words(status, said: NatsRefused.lastWords(), access)
        guard let words else { return nil }
        self.init(words)
    }

    /// What libnats said last on this thread, without its place in the source.
    static func lastWords() -> String {
        var status = NATS_OK
        guard let said = nats_GetLastError(&status) else { return "" }
        let text = String(cString: said)
        guard text.hasPrefix("("), let end = text.firstRange(of: "): ") else { return text }
        return String(text[end.upperBound...])
    }

    /// What is wrong, and which setting changes it. Where several servers were tried, libnats tells of the last that answered.
    static func words(_ status: natsStatus, said: String, _ access: NatsAccess) -> String? {
        if said.contains("SSL ") { return certificateWords(said, access) }
        if said.contains("Authorization") || status == NATS_CONNECTION_AUTH_FAILED {
            return "NATS: the servers do not let \(access.credentials) in: \(credentialsRemedy(access))"
        }
        if status == NATS_SECURE_CONNECTION_WANTED {
            return "NATS: a server speaks no TLS, which [nats] asks for: give the server a tls section, or take tls, "
                + "ca, certificate and server_name out"
        }
        // TLS 1.3 says that a client's certificate is missing only after the handshake: the server hangs up.
        if status == NATS_PROTOCOL_ERROR, let tls = access.tls {
            let what = tls.certificate.map { "not the certificate \($0)" } ?? "perhaps it wants a certificate"
            return "NATS: a server hung up after the TLS handshake; \(what): [nats] certificate and key name one of an "
                + "authority that the server knows"
        }
        // A file of a seed or of credentials; what libnats says names the file and quotes nothing of it.
        if said.contains("seed") || said.contains("JWT") || said.contains("opening file") {
            return "NATS: \(access.credentials) cannot be used: \(said)"
        }
        return nil
    }

    /// libnats' words hold OpenSSL's verification code (`X509_V_ERR_*`) before its text.
    private static func certificateWords(_ said: String, _ access: NatsAccess) -> String {
        let start = "NATS: a server's certificate is not believed: "
        let end = " (\(said))"
        if said.contains("mismatch") {
            return start + "it is for another name or address: put the one that it is reached by into the "
                + "certificate, reach it by one that stands there, or say which does: [nats] server_name" + end
        }
        if said.contains("expired") || said.contains("not yet valid") {
            return start + "its time is over or has not begun: give the server a new one, or look at the clock" + end
        }
        if said.contains("issuer") || said.contains("self-signed") || said.contains("self signed") {
            let known = access.tls?.authorities.map { "the authorities in \($0)" } ?? "the system's authorities"
            return start + "it is by none of \(known): [nats] ca = FILE names the authority's certificate" + end
        }
        return "NATS: no TLS with a server: the certificates and keys of both sides, and [nats] certificate and key"
            + end
    }

    private static func credentialsRemedy(_ access: NatsAccess) -> String {
        switch access.credentials {
        case .none: "[nats] user and password_file, nkey_seed_file or credentials_file say who the hub is"
        case .password: "[nats] user and password_file are not those that the servers have"
        case .token: "the token in log is not the one that the servers have"
        case .nkey: "[nats] nkey_seed_file is of no user whom the servers have"
        case .file: "[nats] credentials_file is of no user of an account that the servers have, or has ended"
        }
    }
}
