public import ControlRoom
import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// The hub's own certificate authority: it gives out certificates to people, sensors and hubs.
public struct Authority: Sendable {
    public let certificate: AuthorityCertificate
    private let key: SigningKey

    public init(certificate: AuthorityCertificate, key: SigningKey) {
        self.certificate = certificate
        self.key = key
    }

    /// How long the certificates it gives out are in force, in days: the authority's own, a member's, a hub's.
    public static let authorityDays = 3_650.0
    public static let memberDays = 90.0
    public static let hubDays = 825.0

    /// A new authority with a certificate that it signed itself.
    ///
    /// - Parameter name: the common name of its subject.
    /// - Throws: what X509 or SwiftASN1 says where a certificate cannot be made of it.
    public static func make(name: String, key: SigningKey = SigningKey(), now: Timestamp) throws -> Authority {
        let subject = try DistinguishedName {
            CommonName(name)
            OrganizationName("IMPETUS")
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.key.publicKey),
            notValidBefore: start(now), notValidAfter: end(now, authorityDays), issuer: subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: .init(key.key.publicKey))
            },
            issuerPrivateKey: .init(key.key))
        return Authority(certificate: try AuthorityCertificate(certificate), key: key)
    }

    /// For a person or a sensor whose request proves that they have the key.
    ///
    /// - Throws: `MemberCertificate.Failure` where the request is none, or is not signed by its own key.
    public func issue(_ request: CertificateRequest, to identity: Identity, days: Double = memberDays, now: Timestamp)
        throws -> MemberCertificate
    {
        let subject = try DistinguishedName {
            CommonName(identity.actor)
            OrganizationName(identity.tenant)
            OrganizationalUnitName(identity.role.rawValue)
        }
        return try MemberCertificate(
            try certificate(
                for: request.request.publicKey, subject, days: days, now: now,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.clientAuth])
                }))
    }

    /// For a hub.
    ///
    /// - Parameter hosts: the DNS names, IPv4 and IPv6 addresses under which it is reached: its subject alternative names
    ///   (RFC 5280, 4.2.1.6). An IPv6 address may stand in brackets.
    /// - Throws: `HostName.Failure` where one is none of these.
    public func issueHub(key hubKey: VerifyingKey, name: String, hosts: [String], now: Timestamp) throws
        -> MemberCertificate
    {
        let subject = try DistinguishedName {
            CommonName(name)
            OrganizationName("IMPETUS")
            OrganizationalUnitName(Role.hub.rawValue)
        }
        let names = try hosts.map { host -> GeneralName in
            switch try HostName(host) {
            case .name(let name): .dnsName(name)
            case .address(let bytes): .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
            }
        }
        return try MemberCertificate(
            try certificate(
                for: .init(hubKey.key), subject, days: Authority.hubDays, now: now,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth, .clientAuth])
                    SubjectAlternativeNames(names)
                }))
    }

    private func certificate(
        for publicKey: Certificate.PublicKey, _ subject: DistinguishedName, days: Double, now: Timestamp,
        extensions: Certificate.Extensions
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: Authority.start(now), notValidAfter: Authority.end(now, days),
            issuer: certificate.certificate.subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions, issuerPrivateKey: .init(key.key))
    }

    /// Clocks that are a little behind are to accept a certificate that was just made.
    private static func start(_ now: Timestamp) -> Date { now.adding(seconds: -300).date }

    private static func end(_ now: Timestamp, _ days: Double) -> Date { now.adding(seconds: days * 86_400).date }
}

/// A request for a certificate (PKCS #10, RFC 2986), signed by the key that it is for.
public struct CertificateRequest: Sendable {
    let request: CertificateSigningRequest
    /// Names the key that it is for.
    public let keyID: String

    /// A request in PEM (PKCS #10, RFC 2986), signed by the key. Its subject is always `impetus`: name, tenant and role
    /// come from who enrols, never from the request.
    ///
    /// - Throws: what X509 or SwiftASN1 says where it cannot be signed or written.
    public static func make(key: SigningKey) throws -> String {
        let request = try CertificateSigningRequest(
            version: .v1, subject: try DistinguishedName { CommonName("impetus") }, privateKey: .init(key.key),
            attributes: CertificateSigningRequest.Attributes())
        return try request.serializeAsPEM().pemString + "\n"
    }

    /// - Throws: `MemberCertificate.Failure.unreadable`, also where the signature is not that of the key.
    public init(pem: String) throws {
        do {
            request = try CertificateSigningRequest(pemEncoded: pem)
        } catch {
            throw MemberCertificate.Failure.unreadable("\(error)")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw MemberCertificate.Failure.unreadable("the request is not signed by its key")
        }
        guard let key = P256.Signing.PublicKey(request.publicKey) else {
            throw MemberCertificate.Failure.unreadable("its key is not on P-256")
        }
        keyID = VerifyingKey(key).keyID
    }
}
