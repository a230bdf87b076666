public import ControlRoom
import SwiftASN1
import X509

/// A certificate that a hub shows to others because its settings name it, whoever gave it out.
public struct NamedCertificate: Equatable, Sendable {
    /// The section of the settings, such as `nats`.
    public var section: String
    public var file: String
    /// The end of its validity, or of one before it in its chain, if that is sooner.
    public var ends: Timestamp

    /// - Parameters:
    ///   - section: whose key `certificate` names it.
    ///   - pem: what the file holds; the certificates of a chain one after the other.
    /// - Returns: nil where no certificate can be read in it.
    public init?(section: String, file: String, pem: String) {
        let documents = (try? PEMDocument.parseMultiple(pemString: pem)) ?? []
        let ends = documents.compactMap { try? Timestamp(Certificate(pemDocument: $0).notValidAfter) }
        guard let first = ends.min() else { return nil }
        (self.section, self.file, self.ends) = (section, file, first)
    }

    /// Whole days that are left; negative where it has ended.
    public func daysLeft(at now: Timestamp) -> Int { Int((ends.seconds(since: now) / 86_400).rounded(.down)) }

    /// Whether it ends within `EndingCertificate.warningDays`, or has ended.
    public func endsSoon(at now: Timestamp) -> Bool {
        ends < now.adding(seconds: EndingCertificate.warningDays * 86_400)
    }

    /// What ends, when, and what is to be done, as a line of a journal or a console.
    public func words(at now: Timestamp) -> String {
        let when = now <= ends ? "ends at \(ends.rfc3339), in \(daysLeft(at: now)) days" : "ended at \(ends.rfc3339)"
        return PlainText.shown(
            "the certificate of [\(section)], \(file), \(when): put its successor there; what the hub reads at a start alone wants one"
        )
    }
}
