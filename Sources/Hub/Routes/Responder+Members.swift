import ControlRoom
import Feed
import Hummingbird
import Logging
import Trust

/// How somebody becomes a member, and stays one.
extension Responder {
    /// A request for a certificate is some hundred bytes.
    private static let mostOfRequest = 64 << 10

    private struct Wanted {
        var code = ""
        var request = ""

        init(_ body: Body) throws {
            var wanted = ("", "")
            do {
                try JSONReader.read(body.bytes) { reader in
                    try reader.object { key, reader in
                        switch key {
                        case "code": wanted.0 = try reader.string()
                        case "request": wanted.1 = try reader.string()
                        default: try reader.skip()
                        }
                    }
                }
            } catch let error as JSONError {
                throw Refusal(.badRequest, "at byte \(error.offset): \(error.reason)")
            }
            (code, request) = wanted
        }
    }

    /// The code is the only proof here: whoever guesses is slowed by its length, and by the limit on connections.
    func enrol(_ request: Request, _ connection: Connection) async throws -> Response {
        let wanted = try Wanted(await body(of: request, for: .machines, most: Responder.mostOfRequest))
        let now = engine.surroundings.now()
        let made: MemberCertificate
        do {
            made = try await engine.onSystem { try $0.enrol(code: wanted.code, request: wanted.request, now: now) }
        } catch let failure as Central.EnrolmentFailure {
            engine.journal.note(.enrolment, ["from": connection.address, "why": "\(failure)"])
            throw failure
        }
        engine.logger.info("enrolled", metadata: ["actor": "\(made.identity.actor)", "key": "\(made.keyID)"])
        return try certificate(made)
    }

    func renew(_ request: Request, _ connection: Connection) async throws -> Response {
        let submitter = try await submitter(connection)
        let wanted = try Wanted(await body(of: request, for: submitter.bringsAs, most: Responder.mostOfRequest))
        let now = engine.surroundings.now()
        let made = try await engine.onSystem { try $0.renew(submitter, request: wanted.request, now: now) }
        engine.logger.info("renewed", metadata: ["actor": "\(made.identity.actor)", "key": "\(made.keyID)"])
        return try certificate(made)
    }

    private func certificate(_ made: MemberCertificate) throws -> Response {
        let (pem, authority) = (try made.pem(), try engine.central.authorityCertificate.pem())
        return .json { writer in
            writer.member("actor", made.identity.actor)
            writer.member("tenant", made.identity.tenant)
            writer.member("role", made.identity.role.rawValue)
            writer.member("certificate", pem)
            writer.member("authority", authority)
            writer.member("ends", made.ends.rfc3339)
        }
    }
}
