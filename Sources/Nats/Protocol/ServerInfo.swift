import ControlRoom

/// What a server says of itself (`INFO` of the NATS client protocol): when a client comes, and when something changes.
struct ServerInfo: Equatable, Sendable {
    /// Bytes of a message, its headers included.
    var largestPayload = 1 << 20
    var wantsTLS = false
    var offersTLS = false
    /// Lets in only who shows a certificate.
    var verifiesClients = false
    /// To be signed by a client with an NKey.
    var nonce: String?
    /// Addresses of the other servers, as `HOST:PORT`.
    var others: [String] = []

    /// - Throws: `JSONError` where it is none.
    init(_ json: [UInt8]) throws {
        try JSONReader.read(json) { reader in
            try reader.object { name, value in
                switch name {
                case "max_payload": largestPayload = max(1, try value.integer())
                case "tls_required": wantsTLS = try value.bool()
                case "tls_verify": verifiesClients = try value.bool()
                case "tls_available": offersTLS = try value.bool()
                case "nonce": nonce = try value.optionalString()
                case "connect_urls": others = Array(try value.strings().prefix(ServerInfo.mostOthers))
                default: _ = try value.skip()
                }
            }
        }
    }

    private static let mostOthers = 256
}
