import ArgumentParser
import ControlRoom
import Feed
import Shell
import Tenancy

/// Waits until every hub that serves has followed the system log to what a command appended.
struct HubWait {
    private let system: SystemLog
    private var register: Register
    private var cursor: Int64

    static let mostSeconds = 5.0
    private static let lookSeconds = 0.05

    /// Before the command appends.
    init(_ system: SystemLog) throws {
        self.system = system
        register = system.register
        cursor = try system.log.lastSequence()
    }

    /// After it has appended.
    ///
    /// - Parameter agreement: that the entry was about.
    /// - Returns: where the hubs run that had not seen it after `mostSeconds`; empty as soon as all have.
    mutating func missing(_ type: EventType, _ agreement: String) throws -> [String] {
        let surroundings = Surroundings.live
        let start = surroundings.now()
        var place: Int64?
        while true {
            try follow { event, fact, sequence in
                guard place == nil, event.type == type, fact.agreement == agreement else { return }
                place = sequence
            }
            let now = surroundings.now()
            let missing = register.hubs(behind: place ?? .max, at: now)
            if missing.isEmpty || abs(now.seconds(since: start)) >= HubWait.mostSeconds { return missing }
            surroundings.sleep(HubWait.lookSeconds)
        }
    }

    private mutating func follow(_ body: (Event, Fact, Int64) -> Void) throws {
        while true {
            let entries = try system.log.read(after: cursor, limit: 500)
            guard let last = entries.last else { return }
            for entry in entries {
                guard let event = try? HubFolder.wire.event(entry), let fact = try? Fact(of: event) else { continue }
                _ = register.apply(fact, at: entry.recorded)
                body(event, fact, entry.sequence)
            }
            cursor = last.sequence
        }
    }

    /// Names who has not seen it.
    ///
    /// - Throws: exit code 75 where somebody has not: what was appended stands.
    static func tell(_ missing: [String]) throws {
        guard !missing.isEmpty else { return }
        Output.note(
            "not seen within \(Int(mostSeconds)) s by the hub at \(missing.joined(separator: ", ")): it is kept, and holds for "
                + "what comes after that hub sees it; one that was killed is waited for until 25 hours after its last word"
        )
        throw ExitCode.tryLater
    }
}

extension Fact {
    /// The agreement that it makes or ends.
    fileprivate var agreement: String? {
        switch self {
        case .agreementMade(let made): made.id
        case .agreementEnded(let ended): ended.id
        default: nil
        }
    }
}
