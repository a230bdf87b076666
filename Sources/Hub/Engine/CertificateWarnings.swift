import ControlRoom
import HubCore
import Logging
import Metrics
import Synchronization
import Trust

/// Says in the journal, once a day, that a certificate of this hub's own ends soon, and keeps the metric
/// `impetus_hub_certificate_days{certificate}`: whole days that are left, negative where it has ended.
final class CertificateWarnings: Sendable {
    private let central: Central
    private let logger: Logger
    private let hub: Meter
    private let authority: Meter
    private let looked = Mutex<(measured: Timestamp?, said: Timestamp?)>((nil, nil))

    private static let measureSeconds = 3_600.0
    private static let saySeconds = 86_400.0

    init(_ central: Central, logger: Logger) {
        self.central = central
        self.logger = logger
        hub = Meter(label: "impetus_hub_certificate_days", dimensions: [("certificate", "hub")])
        authority = Meter(label: "impetus_hub_certificate_days", dimensions: [("certificate", "authority")])
    }

    /// - Returns: what was said, in words; empty where it is not time, or nothing ends soon.
    @discardableResult
    func look(now: Timestamp) -> [String] {
        let (measures, says) = looked.withLock { looked in
            let due = (
                CertificateWarnings.isDue(looked.measured, every: CertificateWarnings.measureSeconds, now),
                CertificateWarnings.isDue(looked.said, every: CertificateWarnings.saySeconds, now)
            )
            if due.0 { looked.measured = now }
            if due.1 { looked.said = now }
            return due
        }
        if measures {
            hub.set(EndingCertificate(hub: central.hub, ends: central.certificate.ends).daysLeft(at: now))
            authority.set(EndingCertificate(hub: nil, ends: central.authorityCertificate.ends).daysLeft(at: now))
        }
        guard says else { return [] }
        let words = central.endingCertificates(now: now).map { $0.words(at: now) }
        for line in words { logger.warning("\(line)") }
        return words
    }

    private static func isDue(_ last: Timestamp?, every seconds: Double, _ now: Timestamp) -> Bool {
        last.map { abs(now.seconds(since: $0)) >= seconds } ?? true
    }
}
