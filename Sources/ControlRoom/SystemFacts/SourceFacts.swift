/// `source.pinned.v1`: a machine without patterns was the first of its tenant to use a source, which is its own from then on.
public struct SourcePinned: Equatable, Sendable {
    public var tenant: String
    public var source: String
    /// Whose it is.
    public var owner: Owner

    /// By what a machine is known whose source it is.
    public enum Owner: Equatable, Sendable {
        /// The member with this key.
        case key(String)
        /// A sender of syslog that is no member, by the name under which the hub knows it: its address, or its certificate.
        case device(String)
    }

    public init(tenant: String, source: String, owner: Owner) {
        self.tenant = tenant
        self.source = source
        self.owner = owner
    }

    init(reading reader: inout JSONReader) throws {
        var (tenant, source) = ("", "")
        var (keyID, device): (String?, String?)
        try reader.object { key, reader in
            switch key {
            case "tenant": tenant = try reader.string()
            case "source": source = try reader.string()
            case "key_id": keyID = try reader.optionalString()
            case "device": device = try reader.optionalString()
            default: try reader.skip()
            }
        }
        guard !tenant.isEmpty, !source.isEmpty, let owner = keyID.map(Owner.key) ?? device.map(Owner.device) else {
            throw reader.failure("a pin names a tenant, a source, and a key or a device")
        }
        self.init(tenant: tenant, source: source, owner: owner)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("tenant", tenant)
            writer.member("source", source)
            switch owner {
            case .key(let keyID): writer.member("key_id", keyID)
            case .device(let name): writer.member("device", name)
            }
        }
    }
}

/// `source.released.v1`: a source is nobody's any more, and the next machine to use it owns it. What a machine was enrolled with
/// stays its own.
public struct SourceReleased: Equatable, Sendable {
    public var tenant: String
    public var source: String

    public init(tenant: String, source: String) {
        self.tenant = tenant
        self.source = source
    }

    init(reading reader: inout JSONReader) throws {
        self.init(tenant: "", source: "")
        try reader.object { key, reader in
            switch key {
            case "tenant": tenant = try reader.string()
            case "source": source = try reader.string()
            default: try reader.skip()
            }
        }
        guard !tenant.isEmpty, !source.isEmpty else { throw reader.failure("a release names a tenant and a source") }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("tenant", tenant)
            writer.member("source", source)
        }
    }
}
