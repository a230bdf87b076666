import ControlRoom
import HubCore
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
        var applicant: Applicant?

        init(_ body: Body) throws {
            var wanted = ("", "", "")
            do {
                try JSONReader.read(body.bytes) { reader in
                    try reader.object { key, reader in
                        switch key {
                        case "code": wanted.0 = try reader.string()
                        case "request": wanted.1 = try reader.string()
                        case "applicant": wanted.2 = try reader.string()
                        default: try reader.skip()
                        }
                    }
                }
            } catch let error as JSONError {
                throw Refusal(.badRequest, "at byte \(error.offset): \(error.reason)")
            }
            (code, request) = (wanted.0, wanted.1)
            applicant = Applicant(rawValue: wanted.2)
            guard applicant != nil || wanted.2.isEmpty else {
                throw Refusal(.badRequest, "an applicant is a person or a machine")
            }
        }
    }

    /// The code is the only proof here: whoever guesses is stopped by its length, and by `EnrolmentTries`.
    func enrol(_ request: Request, _ connection: Connection) async throws -> Response {
        let now = engine.surroundings.now()
        try limited(connection) { try tries.check($0, now: now) }
        let wanted = try Wanted(await body(of: request, for: .machines, most: Responder.mostOfRequest))
        let made = try await made(wanted, connection, now)
        await engine.errands.settle(made.identity.tenant)
        engine.logger.info("enrolled", metadata: ["actor": "\(made.identity.actor)", "key": "\(made.keyID)"])
        return try certificate(made)
    }

    /// A try counts until it is known whether the code was wrong, and no longer.
    private func made(
        _ wanted: Wanted, _ connection: Connection, _ now: Timestamp
    ) async throws -> MemberCertificate {
        try limited(connection) { try tries.begin($0, now: now) }
        var isWrong = false
        defer { tries.end(connection.address, isWrong: isWrong, now: now) }
        do {
            return try await engine.onSystem {
                try $0.enrol(code: wanted.code, request: wanted.request, as: wanted.applicant, now: now)
            }
        } catch let failure as Central.EnrolmentFailure {
            isWrong = failure == .badCode
            engine.journal.note(.enrolment, ["from": connection.address, "why": "\(failure)"])
            throw failure
        }
    }

    private func limited(_ connection: Connection, _ body: (_ address: String) throws -> Void) throws {
        do { try body(connection.address) } catch {
            engine.journal.note(.enrolment, ["from": connection.address, "why": "\(error)"])
            throw error
        }
    }

    /// A certificate that has ended is taken here alone, for `MemberCertificate.graceDays`.
    func renew(_ request: Request, _ connection: Connection) async throws -> Response {
        let now = engine.surroundings.now()
        guard let submitter = await connection.renewer(now: now) else {
            throw Refusal(
                .unauthorized,
                "a certificate of this hub is needed that is in force, or ended at most \(Int(MemberCertificate.graceDays)) days ago; enrol with a code"
            )
        }
        let wanted = try Wanted(await body(of: request, for: submitter.bringsAs, most: Responder.mostOfRequest))
        let made = try await engine.onSystem { try $0.renew(submitter, request: wanted.request, now: now) }
        await engine.errands.settle(made.identity.tenant)
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
