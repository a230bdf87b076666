import ControlRoom

/// Which senders of syslog are known, and which of them have fallen silent: a value without clock or network.
///
/// A sender is known after some messages, once it was heard over at least as long a time as the shortest silence that is told: what
/// it sends at once, when it starts, says nothing of its pauses. How long its silence is normal is learned from it: three times
/// the longest it was ever silent before, and at least what the settings say. A device that logs one line twice a day is not
/// missed after an hour.
struct SenderWatch: Equatable {
    struct Sender: Equatable {
        var messages = 0
        var last: Timestamp
        /// Seconds between two messages, at most so far.
        var longestGap = 0.0
        /// Seconds over which it was heard: all pauses but those that were told.
        var heardFor = 0.0
        /// An alarm says that it is silent.
        var isSilent = false

        /// A clock that was set back teaches nothing.
        fileprivate mutating func learn(_ gap: Double) {
            longestGap = max(longestGap, gap)
            heardFor += max(0, gap)
        }
    }

    /// After so many messages a sender is known.
    static let known = 20
    /// Times the longest gap.
    static let patience = 3.0
    /// Beyond so many no other is watched.
    static let most = 1_000

    let leastSeconds: Double
    private(set) var senders: [String: Sender] = [:]

    /// - Parameter leastSeconds: shorter silence is never told.
    init(leastSeconds: Double) { self.leastSeconds = leastSeconds }

    /// It sent something.
    ///
    /// - Returns: whether an alarm says that it is silent, which is to be cleared.
    mutating func heard(_ name: String, _ messages: Int, at now: Timestamp) -> Bool {
        guard var sender = senders[name] else {
            if senders.count < SenderWatch.most { senders[name] = Sender(messages: messages, last: now) }
            return false
        }
        // The gap that raised an alarm is no habit of it.
        if !sender.isSilent { sender.learn(now.seconds(since: sender.last)) }
        sender.messages = min(SenderWatch.known, sender.messages + messages)
        sender.last = max(sender.last, now)
        senders[name] = sender
        return sender.isSilent
    }

    /// Seconds after which its silence is told; nil for who is not known.
    func limit(of name: String) -> Double? {
        guard let sender = senders[name], sender.messages >= SenderWatch.known, sender.heardFor >= leastSeconds else {
            return nil
        }
        return max(leastSeconds, sender.longestGap * SenderWatch.patience)
    }

    /// Those that have fallen silent, and no alarm says so yet.
    func due(at now: Timestamp) -> [String] {
        senders.filter { name, sender in
            guard !sender.isSilent, let limit = limit(of: name) else { return false }
            return now.seconds(since: sender.last) > limit
        }.map(\.key).sorted()
    }

    mutating func mark(_ name: String, isSilent: Bool) { senders[name]?.isSilent = isSilent }

    // MARK: - Kept

    /// As it is kept for the next start.
    var text: [UInt8] {
        JSONWriter.bytes { writer in
            writer.array { writer in
                for (name, sender) in senders.sorted(by: { $0.key < $1.key }) {
                    writer.object { writer in
                        writer.member("name", name)
                        writer.member("messages", sender.messages)
                        writer.member("gap", sender.longestGap)
                        writer.member("heard_for", min(sender.heardFor, leastSeconds))
                        writer.member("silent", sender.isSilent)
                    }
                }
            }
        }
    }

    /// - Parameter now: from when on their silence counts: while the hub was down it heard nobody.
    /// - Throws: `JSONError`.
    init(leastSeconds: Double, text: [UInt8], now: Timestamp) throws {
        self.init(leastSeconds: leastSeconds)
        var found: [String: Sender] = [:]
        try JSONReader.read(text) { reader in
            try reader.array { reader in
                var (name, sender) = ("", Sender(last: now))
                var heardFor: Double?
                try reader.object { key, reader in
                    switch key {
                    case "name": name = try reader.string()
                    case "messages": sender.messages = try reader.integer()
                    case "gap": sender.longestGap = try reader.double()
                    case "heard_for": heardFor = try reader.double()
                    case "silent": sender.isSilent = try reader.bool()
                    default: try reader.skip()
                    }
                }
                // An older version did not keep it: its longest pause is a part of it.
                sender.heardFor = heardFor ?? sender.longestGap
                if found.count < SenderWatch.most { found[name] = sender }
            }
        }
        senders = found
    }
}
