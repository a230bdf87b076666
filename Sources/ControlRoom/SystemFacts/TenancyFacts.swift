/// `tenant.added.v1`: an agency with a log of its own.
public struct TenantAdded: Equatable, Sendable {
    /// Lower-case letters, digits and hyphens; also the name of its log.
    public var tenant: String
    public var title: String
    /// The city pack that its log begins with; nil for none.
    public var city: String?

    public init(tenant: String, title: String, city: String? = nil) {
        self.tenant = tenant
        self.title = title
        self.city = city
    }

    init(reading reader: inout JSONReader) throws {
        self.init(tenant: "", title: "")
        try reader.object { key, reader in
            switch key {
            case "tenant": tenant = try reader.string()
            case "title": title = try reader.string()
            case "city": city = try reader.optionalString()
            default: try reader.skip()
            }
        }
        guard TenantAdded.isName(tenant) else {
            throw reader.failure("a tenant's name is 1 to 40 lower-case letters, digits and hyphens")
        }
    }

    /// The name stands in file names, certificates and subjects of streams.
    public static func isName(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count) && text != "system"
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (0x30...0x39).contains($0)
                    || $0 == UInt8(ascii: "-")
            }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("tenant", tenant)
            writer.member("title", title)
            writer.member("city", city)
        }
    }
}

/// `enrolment.offered.v1`: whoever shows the code before the offer ends becomes this identity.
public struct EnrolmentOffered: Equatable, Sendable {
    /// SHA-256 of the code, hexadecimal; the code itself is written nowhere.
    public var codeHash: String
    public var identity: Identity
    public var until: Timestamp
    /// The sources that a machine is enrolled with, at most `SourcePattern.most`; none where it owns those that it is first to
    /// use. Of a person there are none.
    public var sources: [SourcePattern]

    public init(codeHash: String, identity: Identity, until: Timestamp, sources: [SourcePattern] = []) {
        self.codeHash = codeHash
        self.identity = identity
        self.until = until
        self.sources = sources
    }

    init(reading reader: inout JSONReader) throws {
        var (codeHash, actor, tenant) = ("", "", "")
        var role: Role?
        var until: Timestamp?
        var sources: [SourcePattern] = []
        try reader.object { key, reader in
            switch key {
            case "code_hash": codeHash = try reader.string()
            case "actor": actor = try reader.string()
            case "tenant": tenant = try reader.string()
            case "role": role = try reader.named("role", Role.init(rawValue:))
            case "until": until = try reader.optionalTime("until")
            case "sources": sources = try reader.sourcePatterns()
            default: try reader.skip()
            }
        }
        guard let role, let until else { throw reader.failure("an offer names a role and its end") }
        guard sources.isEmpty || role.isMachines else { throw reader.failure("sources are a machine's") }
        self.init(
            codeHash: codeHash, identity: Identity(actor: actor, role: role, tenant: tenant), until: until,
            sources: sources)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("code_hash", codeHash)
            writer.member("actor", identity.actor)
            writer.member("tenant", identity.tenant)
            writer.member("role", identity.role.rawValue)
            writer.member("until", until.rfc3339)
            guard !sources.isEmpty else { return }
            writer.key("sources")
            writer.array { list in for pattern in sources { list.string(pattern.text) } }
        }
    }
}

/// `enrolment.withdrawn.v1`: a code that nobody has used is good for nothing any more.
public struct EnrolmentWithdrawn: Equatable, Sendable {
    /// SHA-256 of the code, hexadecimal.
    public var codeHash: String

    public init(codeHash: String) { self.codeHash = codeHash }

    init(reading reader: inout JSONReader) throws {
        self.init(codeHash: "")
        try reader.object { key, reader in
            switch key {
            case "code_hash": codeHash = try reader.string()
            default: try reader.skip()
            }
        }
        guard !codeHash.isEmpty else { throw reader.failure("a withdrawal names a code by its hash") }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in writer.member("code_hash", codeHash) }
    }
}

/// `identity.enrolled.v1`: a certificate was given out.
public struct IdentityEnrolled: Equatable, Sendable {
    public var identity: Identity
    /// Names the key in signatures: the first 16 bytes of the SHA-256 of its public point, hexadecimal.
    public var keyID: String
    /// PEM; it speaks for itself to whoever knows the authority.
    public var certificate: String
    /// The hash of the code that it was given for; nil for a renewal.
    public var codeHash: String?

    public init(identity: Identity, keyID: String, certificate: String, codeHash: String?) {
        self.identity = identity
        self.keyID = keyID
        self.certificate = certificate
        self.codeHash = codeHash
    }

    init(reading reader: inout JSONReader) throws {
        var (actor, tenant, keyID, certificate) = ("", "", "", "")
        var codeHash: String?
        var role: Role?
        try reader.object { key, reader in
            switch key {
            case "actor": actor = try reader.string()
            case "tenant": tenant = try reader.string()
            case "role": role = try reader.named("role", Role.init(rawValue:))
            case "key_id": keyID = try reader.string()
            case "certificate": certificate = try reader.string()
            case "code_hash": codeHash = try reader.optionalString()
            default: try reader.skip()
            }
        }
        guard let role, !keyID.isEmpty else { throw reader.failure("an enrolment names a role and a key") }
        self.init(
            identity: Identity(actor: actor, role: role, tenant: tenant), keyID: keyID, certificate: certificate,
            codeHash: codeHash)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("actor", identity.actor)
            writer.member("tenant", identity.tenant)
            writer.member("role", identity.role.rawValue)
            writer.member("key_id", keyID)
            writer.member("certificate", certificate)
            writer.member("code_hash", codeHash)
        }
    }
}

/// `identity.revoked.v1`: the certificate of this key is good for nothing any more.
public struct IdentityRevoked: Equatable, Sendable {
    public var keyID: String
    public var reason: String

    public init(keyID: String, reason: String) {
        self.keyID = keyID
        self.reason = reason
    }

    init(reading reader: inout JSONReader) throws {
        self.init(keyID: "", reason: "")
        try reader.object { key, reader in
            switch key {
            case "key_id": keyID = try reader.string()
            case "reason": reason = try reader.string()
            default: try reader.skip()
            }
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("key_id", keyID)
            writer.member("reason", reason)
        }
    }
}
