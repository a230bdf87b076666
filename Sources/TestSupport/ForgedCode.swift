import Foundation
import Trust

/// A code that nobody at a hub has made, for whoever offers it past the hub.
public struct ForgedCode {
    /// As it is typed: it names the hub's authority.
    public let text: String
    /// As an offer names it.
    public let hash: String

    /// - Parameter hub: the hub's folder; only what everybody may know is read.
    public init(hub: String) throws {
        let authority = try AuthorityCertificate(pem: String(contentsOfFile: hub + "/authority.pem", encoding: .utf8))
        let code = EnrolmentCode(entropy: "a forger's own", authority: authority)
        (text, hash) = (code.text, TextHash.of(code.secret))
    }
}
