import Testing

@testable import Sync

/// Who is told that their certificate was revoked keeps no act any more: nobody but a hub may bring that about.
@Suite("What counts as a hub's word that a certificate was revoked")
struct RevocationTests {
    private struct Said: Error, CustomStringConvertible {
        let description: String
    }

    private func failure(_ status: Int, _ body: String) -> HubClient.Failure? {
        do {
            try HubClient.check(status, Array(body.utf8))
            return nil
        } catch {
            return error as? HubClient.Failure
        }
    }

    @Test("an answer that names it, and no other")
    func answers() {
        let body = #"{"error":"it was revoked","certificate":"revoked"}"#
        #expect(failure(401, body) == .revoked("it was revoked"))
        // Of a hub whose clock runs ahead, or which has not read of the enrolment yet, or of a portal.
        let plain = #"{"error":"a certificate of this hub that is in force is needed; enrol with a code"}"#
        for text in [plain, #"{"error":"revoked"}"#, #"{"certificate":"x"}"#, "<html>revoked</html>", ""] {
            guard case .refused(401, _) = failure(401, text) else {
                Issue.record("\(text)")
                continue
            }
        }
        if case .refused(403, _) = failure(403, body) {} else { Issue.record("403 \(body)") }
        if case .unreachable = failure(503, body) {} else { Issue.record("503 \(body)") }
        #expect(failure(200, body) == nil)
    }

    @Test("an alert of TLS is none: anybody on the wire can send it")
    func alerts() {
        for alert in ["TLSV1_ALERT_ACCESS_DENIED", "SSLV3_ALERT_CERTIFICATE_REVOKED", "TLSV1_ALERT_UNKNOWN_CA"] {
            let meant = HubClient.meaning(of: Said(description: "handshakeFailed(error: \(alert))"))
            guard case .refused(let status, _)? = meant as? HubClient.Failure else {
                Issue.record("\(meant)")
                continue
            }
            #expect(status != 401)
        }
    }
}
