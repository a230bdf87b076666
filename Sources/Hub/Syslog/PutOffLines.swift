import ControlRoom

/// Lines of syslog that say again what goes on, and wait until their sender's rate has room for them: a value without clock or
/// network.
///
/// What is urgent never waits here (`RateKeeper`), so a place can always be made, and nobody's connection is left unread for it.
/// Where a sender has too many, a newer line takes the place of the last one that waits of the same alarm, or else of the
/// sender's oldest. Where all senders together have too many, whoever has most gives up a line for whoever has less than an equal
/// share.
struct PutOffLines {
    /// A line as it is posted, and what it takes of the bounds.
    struct Line {
        var event: Event
        /// Bytes of the message.
        var bytes: Int
    }

    /// Of one sender, and of all together.
    struct Bounds {
        var linesOfOne = 4_096
        var bytesOfOne = 4 << 20
        var lines = 16_384
        var bytes = 16 << 20
    }

    private let bounds: Bounds
    private var queues: [String: Queue] = [:]
    private(set) var count = 0
    private(set) var bytes = 0

    init(_ bounds: Bounds = Bounds()) { self.bounds = bounds }

    /// Those with lines that wait, in the order of their names.
    var senders: [(name: String, peer: SyslogPeer)] {
        queues.map { ($0.key, $0.value.peer) }.sorted { $0.name < $1.name }
    }

    func count(of sender: String) -> Int { queues[sender]?.count ?? 0 }

    /// Puts a line behind what waits of its sender.
    ///
    /// - Returns: how many lines were given up for it.
    mutating func add(_ line: Line, of peer: SyslogPeer) -> Int {
        let name = peer.name
        var givenUp = 0
        while isFull(name, line.bytes) {
            if queues[name]?.hasAlarm(of: line) == true { return givenUp + replace(line, of: name) }
            guard giveUp(for: name, line.bytes) else { break }
            givenUp += 1
        }
        change(name, peer) { $0.append(line) }
        return givenUp
    }

    /// Takes a sender's oldest lines.
    ///
    /// - Parameter most: so many at most.
    mutating func take(_ most: Int, of sender: String) -> [Line] {
        var taken: [Line] = []
        change(sender) { queue in
            while taken.count < most, let line = queue.removeFirst() { taken.append(line) }
        }
        return taken
    }

    /// Lines that were taken wait again, before all others of their sender. They had a place already, and find it again beyond
    /// the bounds.
    mutating func putBack(_ lines: [Line], of peer: SyslogPeer) {
        guard !lines.isEmpty else { return }
        change(peer.name, peer) { queue in
            for line in lines.reversed() { queue.prepend(line) }
        }
    }

    /// Gives up all lines of a sender.
    ///
    /// - Returns: how many they were.
    mutating func drop(_ sender: String) -> Int {
        let dropped = count(of: sender)
        change(sender) { while $0.removeFirst() != nil {} }
        return dropped
    }

    // MARK: - Room

    private func isFull(_ sender: String, _ more: Int) -> Bool {
        count >= bounds.lines || bytes + more > bounds.bytes || hasTooMany(sender, more)
    }

    private func hasTooMany(_ sender: String, _ more: Int) -> Bool {
        let queue = queues[sender]
        return queue?.count ?? 0 >= bounds.linesOfOne || (queue?.bytes ?? 0) + more > bounds.bytesOfOne
    }

    /// Where it is longer than the one before it and the bytes are too many, older ones go.
    private mutating func replace(_ line: Line, of sender: String) -> Int {
        var givenUp = 1
        let most = bounds.bytesOfOne
        change(sender) { queue in
            queue.replace(line)
            while queue.bytes > most, queue.removeFirst() != nil { givenUp += 1 }
        }
        while bytes > bounds.bytes, giveUp(for: sender, 0) { givenUp += 1 }
        return givenUp
    }

    /// Looks at all senders only for one who has less than an equal share of what may wait.
    ///
    /// - Returns: whether there was a line to give up.
    private mutating func giveUp(for sender: String, _ more: Int) -> Bool {
        let own = count(of: sender)
        let isOwn = hasTooMany(sender, more) || own > 0 && own >= bounds.lines / max(1, queues.count)
        let noisiest = isOwn ? sender : queues.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
        guard let noisiest, count(of: noisiest) > 0 else { return false }
        change(noisiest) { _ = $0.removeFirst() }
        return true
    }

    /// All changes go through here: the sums are those of the queues, and no empty one stays.
    private mutating func change(_ sender: String, _ peer: SyslogPeer? = nil, _ body: (inout Queue) -> Void) {
        guard var queue = queues.removeValue(forKey: sender) ?? peer.map(Queue.init(peer:)) else { return }
        (count, bytes) = (count - queue.count, bytes - queue.bytes)
        body(&queue)
        (count, bytes) = (count + queue.count, bytes + queue.bytes)
        queues[sender] = queue.count > 0 ? queue : nil
    }
}

extension PutOffLines {
    /// What waits of one sender, the oldest first. Each change costs the same, however many wait.
    fileprivate struct Queue {
        private struct Alarm: Hashable {
            let source: String
            let subject: String?

            init(_ line: Line) { (source, subject) = (line.event.source, line.event.subject) }
        }

        let peer: SyslogPeer
        private var lines: [Int: Line] = [:]
        private var (first, next) = (0, 0)
        /// The place of the last line of each alarm.
        private var last: [Alarm: Int] = [:]
        private(set) var bytes = 0

        init(peer: SyslogPeer) { self.peer = peer }

        var count: Int { lines.count }

        func hasAlarm(of line: Line) -> Bool { last[Alarm(line)] != nil }

        mutating func append(_ line: Line) {
            lines[next] = line
            last[Alarm(line)] = next
            next += 1
            bytes += line.bytes
        }

        mutating func prepend(_ line: Line) {
            first -= 1
            lines[first] = line
            if last[Alarm(line)] == nil { last[Alarm(line)] = first }
            bytes += line.bytes
        }

        mutating func replace(_ line: Line) {
            guard let place = last[Alarm(line)] else { return append(line) }
            bytes += line.bytes - (lines[place]?.bytes ?? 0)
            lines[place] = line
        }

        mutating func removeFirst() -> Line? {
            guard let line = lines.removeValue(forKey: first) else { return nil }
            if last[Alarm(line)] == first { last[Alarm(line)] = nil }
            first += 1
            bytes -= line.bytes
            return line
        }
    }
}
