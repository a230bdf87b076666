public import ControlRoom
import Synchronization

extension JetStreamLog {
    /// Another hub may be first so often while one append goes on.
    private static let mostRaces = 100
    /// Whoever appends reads at most so many names on by itself; beyond it, authors are told to come again meanwhile.
    private static let mostUnread: Int64 = 200_000
    /// So long a hub that has just appended leaves the stream to another that appends too.
    private static let turnMilliseconds = 20

    /// - Throws: `JetStreamFailure` where not all were acknowledged, or what the file of the names says: some may have been written.
    ///   The same may be appended again, and what is there already is a duplicate then.
    public func append(_ entries: [NewEntry], now: Timestamp) throws -> [Appended] {
        guard !entries.isEmpty else { return [] }
        guard nats.isConnected else { throw JetStreamFailure("NATS: no server can be reached") }
        return try turn.withLock { try append(entries, &$0) }
    }

    private func append(_ entries: [NewEntry], _ turn: inout Turn) throws -> [Appended] {
        var answers: [Appended?] = Array(repeating: nil, count: entries.count)
        var races = 0
        _ = try readNames(&turn, to: tail.last, all: true)
        while true {
            let end = try names.end()
            let fresh = try decide(entries, &answers)
            if fresh.isEmpty { return answers.compactMap { $0 } }
            let (stored, isWhole) = try publish(fresh.map { entries[$0] }, after: end, &turn)
            for (offset, place) in fresh.prefix(stored).enumerated() {
                answers[place] = .accepted(sequence: end + Int64(offset) + 1)
            }
            guard !isWhole else { continue }
            races += 1
            guard races <= JetStreamLog.mostRaces else { throw JetStreamFailure("NATS: others were always first") }
            try readOn(&turn, past: end + Int64(stored))
        }
    }

    /// In as few round trips as the servers take, with what was stored taken into the names.
    ///
    /// - Returns: how many are in the stream, from the first on, and whether all are.
    private func publish(
        _ entries: [NewEntry], after end: Int64, _ turn: inout Turn
    ) throws -> (stored: Int, isWhole: Bool) {
        var done = 0
        while done < entries.count {
            let rest = entries[done...]
            let window = rest.prefix(Publisher.window(rest))
            turn.rounds += 1
            let outcome = publisher.publish(window, after: end + Int64(done))
            let stored = window.prefix(outcome.stored).enumerated().map { offset, entry in
                (name: Optional(JetStreamLog.name(of: entry)), place: end + Int64(done + offset) + 1)
            }
            try names.add(stored)
            done += outcome.stored
            if let failure = outcome.failure { throw failure }
            guard outcome.stored == window.count else { return (done, false) }
            leaveTurn(&turn, after: end + Int64(done))
        }
        return (done, true)
    }

    /// Another hub that reads on what this one has appended comes too late each time, if this one goes on at once.
    private func leaveTurn(_ turn: inout Turn, after end: Int64) {
        guard turn.isContended else { return }
        turn.isContended = false
        tail.wait(past: end, milliseconds: JetStreamLog.turnMilliseconds)
    }

    // MARK: - Names

    static func name(of entry: NewEntry) -> String { entry.source + "\u{1F}" + entry.id }

    /// Reads what the stream's leader has, after it did not end where it was thought to.
    private func readOn(_ turn: inout Turn, past end: Int64) throws {
        let last = try stream.info().last
        guard last >= end else {
            throw JetStreamFailure("the log ends at \(last), and this hub has seen it up to \(end)")
        }
        _ = try readNames(&turn, to: last, all: true)
    }

    /// Takes in the names of what others appended.
    ///
    /// - Parameter all: not only a portion.
    /// - Returns: whether there are more.
    func readNames(_ turn: inout Turn, to last: Int64, all: Bool = false) throws -> Bool {
        var end = try names.end()
        guard last > end else { return false }
        guard !all || last - end <= JetStreamLog.mostUnread else {
            throw JetStreamFailure("the names that the log holds are being read: \(last - end) entries to go")
        }
        turn.isContended = true
        repeat {
            let entries = try read(after: end, limit: JetStreamLog.portion)
            guard let read = entries.last?.sequence else { return false }
            guard entries.first?.sequence == end + 1 else {
                throw JetStreamFailure(
                    "entries \(end + 1) to \((entries.first?.sequence ?? 0) - 1) are missing in the log")
            }
            try names.add(entries.map { (name: naming($0).map(JetStreamLog.name), place: $0.sequence) })
            end = read
        } while all && end < last
        return end < last
    }

    // MARK: - Deciding

    /// Answers what is known without the servers' word: duplicates, conflicts, and what does not fit.
    ///
    /// - Returns: places of what is to be published, in their order.
    private func decide(_ entries: [NewEntry], _ answers: inout [Appended?]) throws -> [Int] {
        let open = entries.indices.filter { answers[$0] == nil }
        let places = try names.places(of: open.map { JetStreamLog.name(of: entries[$0]) })
        let largest = largestEntry
        var fresh: [Int] = []
        var first: [String: Int] = [:]
        for (place, known) in zip(open, places) {
            let entry = entries[place]
            if let answer = try answer(entry, at: known) {
                answers[place] = answer
            } else if entry.body.count > largest {
                answers[place] = .refused(JetStreamLog.tooLarge(entry, largest))
            } else if first[JetStreamLog.name(of: entry)] == nil {
                first[JetStreamLog.name(of: entry)] = place
                fresh.append(place)
            }
        }
        return fresh
    }

    private static func tooLarge(_ entry: NewEntry, _ largest: Int) -> String {
        "too large: \(entry.body.count) bytes in the log, whose servers take at most \(largest) (max_payload)"
    }

    /// Nil where none of these places has an entry of this name.
    private func answer(_ entry: NewEntry, at places: [Int64]) throws -> Appended? {
        for place in places {
            // Only the hash is known of what the stream does not keep any more.
            guard let known = try content(of: entry, at: place) else { return .duplicate }
            switch known {
            case .ofAnother: continue
            case .same: return .duplicate
            case .different: return .conflicting
            }
        }
        return nil
    }

    private enum Content {
        case ofAnother
        case same
        case different
    }

    /// Nil where nothing stands there.
    private func content(of entry: NewEntry, at place: Int64) throws -> Content? {
        if let near = tail.read(after: place - 1, limit: 1)?.first, near.sequence == place {
            guard let named = naming(near), named.source == entry.source, named.id == entry.id else {
                return .ofAnother
            }
            if named.content == entry.content { return .same }
        }
        // What was made of an event before it was published may differ from what came: the header has what came.
        guard let (far, content) = try stream.message(place) else { return nil }
        guard let named = naming(far), named.source == entry.source, named.id == entry.id else { return .ofAnother }
        return named.content == entry.content || content == String(entry.content) ? .same : .different
    }
}
