public import ControlRoom
import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// A certificate of the hub's authority (X.509, RFC 5280), and what it says of its holder.
///
/// The subject holds the pseudonym as common name, the tenant as organisation and the role as organisational unit.
public struct MemberCertificate: Sendable {
    let certificate: Certificate
    public let der: [UInt8]
    /// Pseudonym, tenant and role out of its subject.
    public let identity: Identity
    public let key: VerifyingKey

    /// Why a certificate is not taken. `expired` and `notYet` carry the end or the beginning of its validity (RFC 5280,
    /// 4.1.2.5).
    public enum Failure: Error, Equatable, CustomStringConvertible {
        case unreadable(String)
        case foreign
        case expired(Timestamp)
        case notYet(Timestamp)

        public var description: String {
            switch self {
            case .unreadable(let reason): "the certificate cannot be read: \(reason)"
            case .foreign: "the certificate is not of this hub's authority"
            case .expired(let end): "the certificate ended at \(end.rfc3339)"
            case .notYet(let start): "the certificate begins at \(start.rfc3339)"
            }
        }
    }

    /// - Throws: `Failure.unreadable`.
    public init(der: [UInt8]) throws {
        do { try self.init(Certificate(derEncoded: der)) } catch let failure as Failure {
            throw failure
        } catch { throw Failure.unreadable("\(error)") }
    }

    /// Reads one certificate in PEM (RFC 7468).
    ///
    /// - Throws: `Failure.unreadable`: no X.509 certificate, a key that is not on P-256, or a subject without
    ///   pseudonym, tenant and role.
    public init(pem: String) throws {
        do { try self.init(Certificate(pemEncoded: pem)) } catch let failure as Failure {
            throw failure
        } catch { throw Failure.unreadable("\(error)") }
    }

    init(_ certificate: Certificate) throws {
        self.certificate = certificate
        guard let key = P256.Signing.PublicKey(certificate.publicKey) else {
            throw Failure.unreadable("its key is not on P-256")
        }
        self.key = VerifyingKey(key)
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        der = serializer.serializedBytes
        let names = SubjectNames(certificate.subject)
        guard let actor = names.commonName, let tenant = names.organization,
            let role = names.unit.flatMap(Role.init(rawValue:))
        else { throw Failure.unreadable("it names no pseudonym, tenant and role") }
        identity = Identity(actor: actor, role: role, tenant: tenant)
    }

    public var keyID: String { key.keyID }

    /// For so many days after its end a certificate can still be renewed, and acts count that were signed while it was in
    /// force: whoever was out of reach for a while loses nothing. A revocation goes before.
    public static let graceDays = 30.0

    /// `graceDays` in seconds.
    static let grace = graceDays * 86_400

    /// The beginning of its validity: five minutes before it was given out, for clocks that are behind.
    public var begins: Timestamp { Timestamp(certificate.notValidBefore) }
    /// The end of its validity, itself still in it.
    public var ends: Timestamp { Timestamp(certificate.notValidAfter) }

    /// PEM (RFC 7468) with a line feed at its end.
    ///
    /// - Throws: what SwiftASN1 says where the certificate cannot be written as DER.
    public func pem() throws -> String { try certificate.serializeAsPEM().pemString + "\n" }

    /// The names and addresses of a hub, as `Authority.issueHub` takes them; empty for whoever is no hub.
    public var hosts: [String] {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            switch name {
            case .dnsName(let name): name
            case .ipAddress(let bytes): HostName.text(ofAddress: Array(bytes.bytes))
            default: nil
            }
        }
    }

    /// Whether the authority gave it out, and it is in force.
    ///
    /// - Throws: `Failure`.
    public func check(against authority: AuthorityCertificate, at now: Timestamp) throws {
        guard authority.issued(certificate) else { throw Failure.foreign }
        guard now >= begins else { throw Failure.notYet(begins) }
        guard now <= ends else { throw Failure.expired(ends) }
    }

    /// Whether the authority gave it out, and it can be renewed: until `graceDays` after its end.
    ///
    /// - Throws: `Failure`.
    public func checkRenewable(by authority: AuthorityCertificate, at now: Timestamp) throws {
        guard authority.issued(certificate) else { throw Failure.foreign }
        guard now >= begins else { throw Failure.notYet(begins) }
        guard now <= ends.adding(seconds: MemberCertificate.grace) else { throw Failure.expired(ends) }
    }

    /// Whether less than a third of its time is left, or none: it is time to renew it.
    public func isDueForRenewal(at now: Timestamp) -> Bool {
        ends.seconds(since: now) < ends.seconds(since: begins) / 3
    }
}

/// The certificate of a hub's authority: all that a console has to know to trust what the hub and others say.
public struct AuthorityCertificate: Sendable {
    let certificate: Certificate
    public let der: [UInt8]

    /// Reads one certificate in PEM (RFC 7468). Whether it is an authority's is not looked at: whoever calls has it
    /// from a file or a hub that it trusts.
    ///
    /// - Throws: what SwiftASN1 or X509 says where it is no certificate.
    public init(pem: String) throws { try self.init(Certificate(pemEncoded: pem)) }

    init(_ certificate: Certificate) throws {
        self.certificate = certificate
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        der = serializer.serializedBytes
    }

    /// SHA-256 over the DER form, hexadecimal.
    public var fingerprint: String { TextHash.of(der) }

    public var ends: Timestamp { Timestamp(certificate.notValidAfter) }

    /// PEM (RFC 7468) with a line feed at its end.
    ///
    /// - Throws: what SwiftASN1 says where the certificate cannot be written as DER.
    public func pem() throws -> String { try certificate.serializeAsPEM().pemString + "\n" }

    /// Whether the authority itself signed the event, by `SigningKey.sign` with its own key.
    public func isSigner(of event: Event) -> Bool {
        guard let key = P256.Signing.PublicKey(certificate.publicKey).map({ VerifyingKey($0) }) else { return false }
        return event.extensions[EventDigest.keyID] == key.keyID && key.isSigner(of: event)
    }

    /// Whether this authority gave the certificate out, in force or not.
    public func hasIssued(_ other: MemberCertificate) -> Bool { issued(other.certificate) }

    func issued(_ other: Certificate) -> Bool {
        other.issuer == certificate.subject && certificate.publicKey.isValidSignature(other.signature, for: other)
    }
}

/// The names in a subject.
struct SubjectNames {
    private(set) var commonName: String?
    private(set) var organization: String?
    private(set) var unit: String?

    init(_ name: DistinguishedName) {
        for attribute in name.flatMap({ $0 }) {
            let text = String(attribute.value)
            switch attribute.type {
            case .RDNAttributeType.commonName: commonName = text
            case .RDNAttributeType.organizationName: organization = text
            case .RDNAttributeType.organizationalUnitName: unit = text
            default: break
            }
        }
    }
}

extension Timestamp {
    init(_ date: Date) { self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded())) }

    var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
