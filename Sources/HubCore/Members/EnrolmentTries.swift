public import ControlRoom
import Synchronization
import Trust

/// How often enrolment failed of late, from each address: whoever guesses codes is slowed down.
///
/// Of one address `mostFailures` count within `seconds`; what goes well counts nothing, so that a whole office can enrol from
/// behind one. IPv6 hosts have as many addresses as they like in their network: its first 64 bits count. At most `mostAddresses`
/// are remembered; beyond, the one whose failures lie longest behind is forgotten.
public final class EnrolmentTries: Sendable {
    public static let mostFailures = 10
    /// How long a failure counts.
    public static let seconds = 600.0
    public static let mostAddresses = 4_096

    /// Too many failures.
    public struct Excess: Error, Equatable, CustomStringConvertible {
        /// Whole seconds until another try is taken, at least 1.
        public let retryAfter: Int

        public var description: String { "too many wrong codes from this address; wait \(retryAfter) s" }
    }

    /// Times of failures, the oldest first.
    private let failures = Mutex<[String: [Timestamp]]>([:])

    /// - Throws: `Excess` where this address has to wait.
    public func check(_ address: String, now: Timestamp) throws {
        let key = EnrolmentTries.network(of: address)
        let wait: Int? = failures.withLock { failures in
            guard let times = failures[key] else { return nil }
            let recent = EnrolmentTries.recent(times, now)
            failures[key] = recent.isEmpty ? nil : recent
            guard recent.count >= EnrolmentTries.mostFailures, let first = recent.first else { return nil }
            return max(1, Int((EnrolmentTries.seconds - now.seconds(since: first)).rounded(.up)))
        }
        if let wait { throw Excess(retryAfter: wait) }
    }

    public init() {}

    /// To be called where a code was wrong, used or over.
    public func noteFailure(_ address: String, now: Timestamp) {
        let key = EnrolmentTries.network(of: address)
        failures.withLock { failures in
            if failures[key] == nil, failures.count >= EnrolmentTries.mostAddresses,
                let stalest = failures.min(by: { ($0.value.last ?? now) < ($1.value.last ?? now) })
            {
                failures[stalest.key] = nil
            }
            let recent = EnrolmentTries.recent(failures[key] ?? [], now)
            failures[key] = recent.suffix(EnrolmentTries.mostFailures - 1) + [now]
        }
    }

    /// Also where the clock was set back.
    private static func recent(_ times: [Timestamp], _ now: Timestamp) -> [Timestamp] {
        times.filter { abs(now.seconds(since: $0)) < seconds }
    }

    /// The network of an IPv6 address; an IPv4 address as it is.
    static func network(of address: String) -> String {
        guard address.contains(":"), case .address(let bytes)? = try? HostName(String(address.prefix { $0 != "%" }))
        else { return address }
        // An IPv4 address in IPv6's clothes (RFC 4291, 2.5.5.2).
        if bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) {
            return bytes.suffix(4).map(String.init).joined(separator: ".")
        }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }
}
