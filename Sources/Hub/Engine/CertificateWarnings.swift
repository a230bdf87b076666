import ControlRoom
import HubCore
import Logging
import Metrics
import Synchronization
import Trust

/// Says in the journal, once a day, that a certificate that this hub lives by ends soon, and keeps the metric
/// `impetus_hub_certificate_days{certificate}`: whole days that are left, negative where it has ended.
final class CertificateWarnings: Sendable {
    private let central: Central
    private let named: @Sendable () -> [NamedCertificate]
    private let logger: Logger
    private let looked = Mutex<(measured: Timestamp?, said: Timestamp?)>((nil, nil))
    /// Those of the settings that end soon, as they were looked at last.
    private let ending = Mutex<[NamedCertificate]>([])

    private static let measureSeconds = 3_600.0
    private static let saySeconds = 86_400.0

    /// - Parameter named: the certificates that the settings name, as they are now.
    init(_ central: Central, named: @escaping @Sendable () -> [NamedCertificate], logger: Logger) {
        self.central = central
        self.named = named
        self.logger = logger
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
        if measures { measure(now) }
        guard says else { return [] }
        let words = central.endingCertificates(now: now).map { $0.words(at: now) } + namedWords(at: now)
        for line in words { logger.warning("\(line)") }
        return words
    }

    /// What is to be said of those that the settings name: nobody learns of them from the log, as of the hub's own.
    func namedWords(at now: Timestamp) -> [String] { ending.withLock { $0.map { $0.words(at: now) } } }

    private func measure(_ now: Timestamp) {
        tell("hub", EndingCertificate(hub: central.hub, ends: central.certificate.ends).daysLeft(at: now))
        tell("authority", EndingCertificate(hub: nil, ends: central.authorityCertificate.ends).daysLeft(at: now))
        let named = named()
        for certificate in named { tell(certificate.section, certificate.daysLeft(at: now)) }
        ending.withLock { $0 = named.filter { $0.endsSoon(at: now) } }
    }

    private func tell(_ certificate: String, _ days: Int) {
        Meter(label: "impetus_hub_certificate_days", dimensions: [("certificate", certificate)]).set(days)
    }

    private static func isDue(_ last: Timestamp?, every seconds: Double, _ now: Timestamp) -> Bool {
        last.map { abs(now.seconds(since: $0)) >= seconds } ?? true
    }
}
