public import ControlRoom
import Nats
import Synchronization

extension JetStreamLog {
    /// Another hub may be first so often while one append goes on.
    private static let mostRaces = 100
    /// Whoever appends reads at most so many names on by itself; beyond it, authors are told to come again meanwhile.
    private static let mostUnread: Int64 = 200_000
    /// So long the messages of whoever had the turn before are waited for, until they are looked for in the stream.
    private static let tailMilliseconds = 200

    /// - Throws: `NatsFailure` where not all were acknowledged, or what the file of the names says: some may have been written.
    ///   The same may be appended again, and what is there already is a duplicate then.
    public func append(_ entries: [NewEntry], now: Timestamp) throws -> [Appended] {
        guard !entries.isEmpty else { return [] }
        if let trouble = nats.trouble { throw NatsFailure(trouble) }
        return try turn.withLock { try append(entries, &$0) }
    }

    private func append(_ entries: [NewEntry], _ turn: inout Turn) throws -> [Appended] {
        var answers: [Appended?] = Array(repeating: nil, count: entries.count)
        var races = 0
        while true {
            // Not what comes meanwhile: a hub that reads more slowly than another appends would never have its turn.
            try readNamesOfOthers(to: tail.last)
            // What is known needs no turn.
            if try decide(entries, &answers).isEmpty { return answers.compactMap { $0 } }
            let outcome = try appendInTurn(entries, &answers, &turn)
            if let failure = outcome.failure { throw failure }
            guard outcome.isOvertaken else { continue }
            races += 1
            guard races <= JetStreamLog.mostRaces else { throw NatsFailure("NATS: others were always first") }
            try readOn(past: try names.end())
        }
    }

    /// Publishes what fits into one batch while it is this hub's turn.
    private func appendInTurn(
        _ entries: [NewEntry], _ answers: inout [Appended?], _ turn: inout Turn
    ) throws -> (failure: NatsFailure?, isOvertaken: Bool) {
        let given = handover.take()
        var isWhole = true
        defer { handover.release(end: (try? names.end()) ?? 0, hasTurn: isWhole) }
        if let given { try readNames(upTo: given) }
        let (end, fresh) = (try names.end(), try decide(entries, &answers))
        guard !fresh.isEmpty else { return (nil, false) }
        let all = fresh.map { entries[$0] }[...]
        let batch = all.prefix(Publisher.window(all))
        turn.rounds += 1
        let outcome = publisher.publish(batch, after: end)
        try names.add(
            batch.prefix(outcome.stored).enumerated().map { (JetStreamLog.name(of: $1), end + Int64($0) + 1) })
        for (offset, place) in fresh.prefix(outcome.stored).enumerated() {
            answers[place] = .accepted(sequence: end + Int64(offset) + 1)
        }
        isWhole = outcome.stored == batch.count
        return (outcome.failure, !isWhole)
    }

    /// What whoever had the turn before appended comes by itself; where it does not, the stream is asked.
    private func readNames(upTo end: Int64) throws {
        tail.wait(past: end - 1, milliseconds: JetStreamLog.tailMilliseconds)
        if tail.last >= end { return try readNamesOfOthers(to: end) }
        // Whoever reaches the servers can say any number.
        try readNamesOfOthers(to: min(end, try stream.info().last))
    }

    // MARK: - Names

    static func name(of entry: NewEntry) -> String { entry.source + "\u{1F}" + entry.id }

    /// Reads what the stream's leader has, after it did not end where it was thought to.
    private func readOn(past end: Int64) throws {
        let last = try stream.info().last
        guard last >= end else {
            throw NatsFailure("the log ends at \(last), and this hub has seen it up to \(end)")
        }
        try readNamesOfOthers(to: last)
    }

    private func readNamesOfOthers(to last: Int64) throws {
        while try readNames(to: last, isAwaited: true) {}
    }

    /// Takes in a portion of the names of what others appended.
    ///
    /// - Parameter isAwaited: somebody waits for all of them, and is told to come again where they are too many.
    /// - Returns: whether there are more.
    func readNames(to last: Int64, isAwaited: Bool = false) throws -> Bool {
        let end = try names.end()
        guard last > end else { return false }
        guard !isAwaited || last - end <= JetStreamLog.mostUnread else {
            throw NatsFailure("the names that the log holds are being read: \(last - end) entries to go")
        }
        let naming = try knownNaming()
        let entries = try read(after: end, limit: JetStreamLog.portion)
        guard let (first, read) = entries.first.flatMap({ first in entries.last.map { (first.sequence, $0.sequence) } })
        else { return false }
        guard try first == end + 1 || first == stream.info().first else {
            throw NatsFailure("entries \(end + 1) to \(first - 1) are missing in the log")
        }
        handover.lose()
        // Of what the stream does not keep any more, no name is found again.
        let before: [(name: String?, place: Int64)] = first == end + 1 ? [] : [(nil, first - 1)]
        try names.add(before + entries.map { (name: naming($0).map(JetStreamLog.name), place: $0.sequence) })
        return read < last
    }

    // MARK: - Deciding

    /// Answers what need not be published: duplicates, conflicts, and what does not fit. Where a name is known, the stream's leader is asked.
    ///
    /// - Returns: places of what is to be published, in their order.
    private func decide(_ entries: [NewEntry], _ answers: inout [Appended?]) throws -> [Int] {
        let open = entries.indices.filter { answers[$0] == nil }
        let places = try names.places(of: open.map { JetStreamLog.name(of: entries[$0]) })
        let known = try behindTail(places)
        let largest = largestEntry
        // What is kept in memory may have been lost by the servers since.
        let newest = places.joined().max()
        let info = try newest.map { _ in try stream.info() }
        if let newest, let info, info.last < newest {
            throw NatsFailure("the log ends at \(info.last), and this hub has seen it up to \(newest)")
        }
        var fresh: [Int] = []
        var first: [String: Int] = [:]
        for (place, candidates) in zip(open, places) {
            let entry = entries[place]
            if let answer = try answer(entry, at: candidates, known, from: info?.first ?? 1) {
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
    ///
    /// - Parameter first: the stream begins there: of what stood before it only the hash is known, and of what cannot be read.
    private func answer(
        _ entry: NewEntry, at places: [Int64], _ known: [Int64: LogEntry], from first: Int64
    ) throws -> Appended? {
        for place in places {
            guard place >= first, let content = try content(of: entry, at: place, known[place]) else {
                return .duplicate
            }
            switch content {
            case .ofAnother: continue
            case .same: return .duplicate
            case .different: return .conflicting
            }
        }
        return nil
    }

    private func near(_ place: Int64) -> LogEntry? {
        tail.read(after: place - 1, limit: 1)?.first.flatMap { $0.sequence == place ? $0 : nil }
    }

    /// Places that lie so near to each other are read at once.
    private static let mostApart: Int64 = 64
    /// Fewer are read one by one.
    private static let leastAtOnce = 8

    /// What stands at places behind the tail, by pages: who sends a whole backlog again costs few round trips.
    private func behindTail(_ places: [[Int64]]) throws -> [Int64: LogEntry] {
        var wanted = Set(places.joined()).filter { near($0) == nil }.sorted()[...]
        var found: [Int64: LogEntry] = [:]
        guard wanted.count >= JetStreamLog.leastAtOnce else { return found }
        while let first = wanted.popFirst() {
            var last = first
            for next in wanted.prefix(while: { $0 - first < Int64(Stream.pageEntries) }) {
                guard next - last <= JetStreamLog.mostApart else { break }
                last = next
            }
            // Where it cannot be read as a page, each is looked at by itself.
            guard let page = try? stream.page(from: first, count: Int(last - first) + 1) else { return found }
            let reached = page.last?.sequence ?? first
            let these = Set([first] + wanted.prefix { $0 <= reached })
            for entry in page where these.contains(entry.sequence) { found[entry.sequence] = entry }
            wanted = wanted.drop { $0 <= reached }
        }
        return found
    }

    private enum Content {
        case ofAnother
        case same
        case different
    }

    /// Nil where nothing stands there.
    private func content(of entry: NewEntry, at place: Int64, _ known: LogEntry?) throws -> Content? {
        let naming = try knownNaming()
        if let near = known ?? self.near(place) {
            guard let named = naming(near), named.source == entry.source, named.id == entry.id else {
                return .ofAnother
            }
            if entry.answer(knowing: named.content) == .duplicate { return .same }
        }
        // An older version kept of an event what had come, in the header, and not what was made of it.
        guard let message = try stream.message(place) else { return nil }
        let far = message.entry
        guard let named = naming(far), named.source == entry.source, named.id == entry.id else { return .ofAnother }
        let known = [named.content] + (message.content.flatMap { ContentHash($0) }.map { [$0] } ?? [])
        return known.contains { entry.answer(knowing: $0) == .duplicate } ? .same : .different
    }
}
