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

    private struct State {
        /// Times of failures, the oldest first.
        var failures: [String: [Timestamp]] = [:]
        /// Tries of which nobody knows yet how they end.
        var open: [String: Int] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    /// - Throws: `Excess` where this address has to wait.
    public func check(_ address: String, now: Timestamp) throws {
        let key = EnrolmentTries.network(of: address)
        if let excess = state.withLock({ EnrolmentTries.excess(&$0, key, now) }) { throw excess }
    }

    /// Counts a try before anybody looks at its code: as many as may fail are looked at at once. `end` follows.
    ///
    /// - Throws: `Excess` where this address has to wait.
    public func begin(_ address: String, now: Timestamp) throws {
        let key = EnrolmentTries.network(of: address)
        let excess = state.withLock { state in
            if let excess = EnrolmentTries.excess(&state, key, now) { return Excess?.some(excess) }
            state.open[key, default: 0] += 1
            return nil
        }
        if let excess { throw excess }
    }

    /// How a try that was begun has ended.
    ///
    /// - Parameter isWrong: the code was wrong, used or over.
    public func end(_ address: String, isWrong: Bool, now: Timestamp) {
        let key = EnrolmentTries.network(of: address)
        state.withLock { state in
            let left = (state.open[key] ?? 1) - 1
            state.open[key] = left > 0 ? left : nil
            if isWrong { EnrolmentTries.note(&state.failures, key, now) }
        }
    }

    private static func excess(_ state: inout State, _ key: String, _ now: Timestamp) -> Excess? {
        let times = recent(state.failures[key] ?? [], now)
        state.failures[key] = times.isEmpty ? nil : times
        guard times.count + (state.open[key] ?? 0) >= mostFailures else { return nil }
        // How those end that are open is known at once.
        guard times.count >= mostFailures, let first = times.first else { return Excess(retryAfter: 1) }
        return Excess(retryAfter: max(1, Int((seconds - now.seconds(since: first)).rounded(.up))))
    }

    private static func note(_ failures: inout [String: [Timestamp]], _ key: String, _ now: Timestamp) {
        if failures[key] == nil, failures.count >= mostAddresses,
            let stalest = failures.min(by: { ($0.value.last ?? now) < ($1.value.last ?? now) })
        {
            failures[stalest.key] = nil
        }
        failures[key] = recent(failures[key] ?? [], now).suffix(mostFailures - 1) + [now]
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
