/// How an act is taken back: the alert becomes what it would be had nobody done it.
///
/// Beside an alert stand its last acts, each with the alert as it would be without it and without those after it. What sources
/// and the clock say changes all of these. The cost of an event grows with the acts that are kept, at most `mostUndoables`.
extension Alert {
    /// An act on an alert, and the alert without it.
    public struct Undoable: Equatable, Sendable {
        /// Id of its event.
        public var id: String
        public var by: String
        public var fact: Fact
        public var type: EventType
        /// By its author's clock, and when the log had it.
        public var time: Timestamp
        public var recorded: Timestamp
        /// As it would be without this act and those after it.
        public var without: Alert

        public init(
            id: String, by: String, fact: Fact, type: EventType, time: Timestamp, recorded: Timestamp, without: Alert
        ) {
            self.id = id
            self.by = by
            self.fact = fact
            self.type = type
            self.time = time
            self.recorded = recorded
            self.without = without
        }
    }

    /// Acts that can be taken back of one alert; an older one stands for good.
    public static let mostUndoables = 4

    /// Takes over the acts that were kept with it.
    public mutating func restore(_ kept: [Undoable]) {
        undoables = kept.map { act in
            var act = act
            act.without.takeDescription(of: self)
            return act
        }
    }

    /// Does to it, and to what it would be without its last acts, what a source or the clock says.
    mutating func followed(_ body: (inout Alert) -> Outcome) -> Outcome {
        let outcome = body(&self)
        guard !undoables.isEmpty else { return outcome }
        for index in undoables.indices { _ = body(&undoables[index].without) }
        // One numbering: an acknowledgement names an occurrence as it was shown.
        occurrence = undoables.reduce(occurrence) { max($0, $1.without.occurrence) }
        for index in undoables.indices { undoables[index].without.takeDescription(of: self) }
        return outcome
    }

    /// Applies an act of a person, and keeps how to take it back.
    mutating func acted(_ fact: Fact, _ word: Word) -> Outcome {
        var without = self
        without.undoables = []
        let outcome = apply(fact, word)
        guard outcome == .applied, let type = fact.actType, type != .alertNoted else { return outcome }
        let act = Undoable(
            id: word.id, by: word.by, fact: fact.withoutNote, type: type, time: word.time, recorded: word.now,
            without: without)
        undoables = Array((undoables + [act]).suffix(Alert.mostUndoables))
        return outcome
    }

    /// Takes back one act of its author. Later acts are done again without it; one that does not hold then rests on it, and the
    /// undo is refused.
    mutating func takeBack(_ undo: ActUndone, _ word: Word) -> Outcome {
        guard let index = undoables.firstIndex(where: { $0.id == undo.act }), undoables[index].type.isTakenBack else {
            return .refused(.nothingToUndo)
        }
        guard undoables[index].by == word.by else { return .refused(.notYours(by: undoables[index].by)) }
        var result = undoables[index].without
        var kept = Array(undoables[..<index])
        for later in undoables[(index + 1)...] {
            // What came since has overtaken it: it changes nothing any more.
            var there = later.without
            guard there.apply(later.fact, Word(later, word)) == .applied else { continue }
            var again = later
            again.without = result
            guard result.apply(later.fact, Word(later, word)) == .applied else {
                return .refused(.restsOnIt(by: later.by))
            }
            kept.append(again)
        }
        result.takeDescription(of: self)
        if result.asksForLess(than: self, at: word.now), let reason = blindness(of: undo.seen, word) {
            return .refused(reason)
        }
        if acknowledged, !result.acknowledged { result.wanted = max(result.wanted, word.now) }
        self = result
        undoables = kept
        return .applied
    }

    /// To take back a close may make quiet what came anew since.
    private func asksForLess(than other: Alert, at now: Timestamp) -> Bool {
        let (mine, others) = (state(at: now), other.state(at: now))
        guard others.needsAcknowledgement else { return false }
        return !mine.needsAcknowledgement || latchedSeverity < other.latchedSeverity
    }
}

extension Alert.Word {
    /// As an act was done, under what holds now.
    init(_ act: Alert.Undoable, _ word: Alert.Word) {
        self.init(
            id: act.id, source: "", actor: act.by, time: act.time, now: act.recorded, policy: word.policy,
            isStrict: false)
    }
}
