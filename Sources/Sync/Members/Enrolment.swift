import AsyncHTTPClient
import ControlRoom
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import Trust

/// Becoming a member of a hub with a code, and staying one.
public enum Enrolment {
    /// Fetches the authority's certificate from a hub that is not trusted yet, and believes it only if the code names it.
    ///
    /// - Throws: `HubClient.Failure`.
    public static func authority(of hub: String, code: EnrolmentCode) async throws -> AuthorityCertificate {
        // This connection carries no secret: whoever answers can only tell what anybody may know.
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        tls.minimumTLSVersion = .tlsv13
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(10))
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        let text: String
        do {
            let response = try await client.execute(
                HTTPClientRequest(url: hub + "/v1/authority"), timeout: .seconds(10))
            let body = try await response.body.collect(upTo: 64 << 10)
            text = String(buffer: body)
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw HubClient.meaning(of: error)
        }
        guard let authority = try? AuthorityCertificate(pem: text), code.names(authority) else {
            throw HubClient.Failure.refused(
                495, "the code does not fit this hub: check its letters, the address, and who gave you the code")
        }
        return authority
    }

    /// Asks whether a hub is there, is ours, and serves.
    ///
    /// - Throws: `HubClient.Failure`.
    public static func greet(_ hub: String, trusting authority: AuthorityCertificate) async throws {
        let client = try HubClient(trusting: authority)
        do {
            _ = try await client.call(.GET, hub + "/readyz")
            await client.shutdown()
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// - Parameter applicant: a hub gives a person's role to no machine, and a machine's to no person.
    /// - Throws: `HubClient.Failure`, where the hub does not take the code, or cannot be reached. Whether the code was used up
    ///   is not known then: the same may be asked again with the same key.
    public static func enrol(
        at hub: String, code: EnrolmentCode, key: SigningKey, authority: AuthorityCertificate,
        as applicant: Applicant
    ) async throws -> MemberCertificate {
        let client = try HubClient(trusting: authority)
        do {
            let made = try await ask(
                client, hub + "/v1/enrol", key: key, code: code.secret, applicant: applicant)
            await client.shutdown()
            return made
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// A certificate for the same key, for as long again. `client` may show one that ended a while ago
    /// (`MemberCertificate.graceDays`).
    ///
    /// - Throws: `HubClient.Failure`.
    public static func renew(at hub: String, client: HubClient, key: SigningKey) async throws -> MemberCertificate {
        try await ask(client, hub + "/v1/renew", key: key, code: nil)
    }

    /// Of these hubs the first that answers renews.
    ///
    /// - Throws: `HubClient.Failure`, that of the last.
    public static func renew(at hubs: [String], client: HubClient, key: SigningKey) async throws -> MemberCertificate {
        var failure: any Error = HubClient.Failure.unreachable("no hub is known")
        for hub in hubs {
            do { return try await renew(at: hub, client: client, key: key) } catch { failure = error }
        }
        throw failure
    }

    private static func ask(
        _ client: HubClient, _ url: String, key: SigningKey, code: String?, applicant: Applicant? = nil
    ) async throws -> MemberCertificate {
        let request = try CertificateRequest.make(key: key)
        let body = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("code", code)
                writer.member("request", request)
                writer.member("applicant", applicant?.rawValue)
            }
        }
        let answer = try await client.call(.POST, url, type: "application/json", body: body)
        let pem = try JSONReader.read(answer.body) { try $0.member("certificate") }
        let made = try MemberCertificate(pem: pem)
        guard made.keyID == key.keyID else {
            throw HubClient.Failure.unreachable("the hub answered with a certificate for another key")
        }
        return made
    }
}
