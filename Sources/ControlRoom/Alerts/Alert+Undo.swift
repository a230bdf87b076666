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
        /// What it answered.
        public var answer: Answer
        /// When the alarm had last become active: most acts are about that stay alone.
        public var entered: Timestamp?
        /// What it changed in the figures of the alarm system, when it was done.
        public var counted: (before: AlarmAnswers, after: AlarmAnswers)

        public init(
            id: String, by: String, fact: Fact, type: EventType, time: Timestamp, recorded: Timestamp, without: Alert,
            answer: Answer, entered: Timestamp?, counted: (before: AlarmAnswers, after: AlarmAnswers)
        ) {
            self.id = id
            self.by = by
            self.fact = fact
            self.type = type
            self.time = time
            self.recorded = recorded
            self.without = without
            self.answer = answer
            self.entered = entered
            self.counted = counted
        }

        public static func == (one: Undoable, other: Undoable) -> Bool {
            one.id == other.id && one.by == other.by && one.fact == other.fact && one.type == other.type
                && one.time == other.time && one.recorded == other.recorded && one.without == other.without
                && one.answer == other.answer && one.entered == other.entered && one.counted == other.counted
        }
    }

    /// Acts that can be taken back of one alert; an older one stands for good.
    public static let mostUndoables = 8

    /// Takes over the acts that were kept with it.
    public mutating func restore(_ kept: [Undoable]) {
        undoables = kept.map { act in
            var act = act
            act.without.takeDescription(of: self)
            return act
        }
    }

    /// Acts up to the last one of a time stand for good from now on, with nothing kept of what their authors wrote to them: who is taken
    /// back later rests on none that is gone.
    ///
    /// - Returns: whether there were any.
    public mutating func forgetActs(recordedBy time: Timestamp) -> Bool {
        guard let last = undoables.lastIndex(where: { $0.recorded <= time }) else { return false }
        undoables.removeSubrange(...last)
        return true
    }

    /// What no change of the fold undoes. A row that was damaged, or of which only a message that took another back is known, may be
    /// otherwise.
    private var isSound: Bool {
        occurrence >= annunciated && annunciated >= firstOccurrence && latchedSeverity >= currentSeverity
    }

    /// Does to it, and to what it would be without its last acts, what a source or the clock says.
    mutating func followed(_ body: (inout Alert) -> Outcome) -> Outcome {
        let wasSound = isSound
        defer { assert(isSound || !wasSound, "occurrences or severities out of order") }
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
        let wasSound = isSound
        let outcome = apply(fact, word)
        assert(isSound || !wasSound, "occurrences or severities out of order")
        guard outcome == .applied, let type = fact.actType, type != .alertNoted else { return outcome }
        let act = Undoable(
            id: word.id, by: word.by, fact: fact.withoutNote, type: type, time: word.time, recorded: word.now,
            without: without, answer: without.answer(at: word.now), entered: entered,
            counted: (AlarmAnswers(of: without), AlarmAnswers(of: self)))
        undoables = Array((undoables + [act]).suffix(Alert.mostUndoables))
        assert(undoables.count <= Alert.mostUndoables)
        return outcome
    }

    /// What an undo changes in the figures of the alarm system: what was counted, and what is instead.
    public typealias Recount = (from: AlarmAnswers, to: AlarmAnswers)

    /// Takes back one act of its author. Later acts are done again without it; one that does not hold then rests on it, and the
    /// undo is refused.
    ///
    /// - Returns: what became of it, and what is to be counted anew where it took effect.
    public mutating func takeBack(_ undo: ActUndone, _ word: Word) -> (outcome: Outcome, recounts: [Recount]) {
        guard let index = undoables.firstIndex(where: { $0.id == undo.act }), undoables[index].type.isTakenBack else {
            return (.refused(.nothingToUndo), [])
        }
        guard undoables[index].by == word.by else { return (.refused(.notYours(by: undoables[index].by)), []) }
        var again = Replay(of: self, without: index, word)
        if let reason = again.run() { return (.refused(reason), []) }
        again.result.takeDescription(of: self)
        if again.result.asksForLess(than: self), let reason = hush(undo, undoables[index], word) {
            return (.refused(reason), [])
        }
        if acknowledged, !again.result.acknowledged { again.result.wanted = max(again.result.wanted, word.now) }
        assert(again.kept.count < undoables.count, "an act that was taken back stays")
        self = again.result
        undoables = again.kept
        return (.applied, again.recounts)
    }

    /// Why an undo may not make quiet what asks for somebody now; nil where it may: a close, by whoever sees what came since.
    private func hush(_ undo: ActUndone, _ act: Undoable, _ word: Word) -> Outcome.Reason? {
        // To take back a close may make quiet what came anew since.
        guard act.type == .alertClosed else { return .wouldSilence }
        return blindness(of: undo.seen, word)
    }

    /// Whether it asks for less than another state of the same alarm does: for no acknowledgement, for one of a lower severity, or
    /// where it is suppressed and the other is not.
    public func asksForLess(than other: Alert) -> Bool {
        guard !other.acknowledged else { return false }
        return acknowledged || latchedSeverity < other.latchedSeverity || isSuppressed && !other.isSuppressed
    }
}

/// The acts on an alert after one that is taken back, done again.
private struct Replay {
    private let act: Alert.Undoable
    private let later: ArraySlice<Alert.Undoable>
    /// The alarm as it is, with the act.
    private let now: Alert
    private let word: Alert.Word
    var result: Alert
    /// Acts that can still be taken back.
    var kept: [Alert.Undoable]
    var recounts: [Alert.Recount] = []
    /// Acts that something has overtaken since.
    private var overtaken: ArraySlice<Alert.Undoable> = []

    init(of alert: Alert, without index: Int, _ word: Alert.Word) {
        act = alert.undoables[index]
        later = alert.undoables[(index + 1)...]
        now = alert
        self.word = word
        result = act.without
        kept = Array(alert.undoables[..<index])
    }

    /// - Returns: why the act cannot be taken back; nil where it can.
    mutating func run() -> Outcome.Reason? {
        for next in later {
            guard let word = standing(next) else {
                overtaken.append(next)
                continue
            }
            var again = next
            again.without = result
            switch result.apply(next.fact, word) {
            case .applied: break
            // It asks for what is so already.
            case .unchanged where next.type.outlivesStay: continue
            case .refused, .unchanged: return .restsOnIt(by: next.by)
            }
            again.counted = (AlarmAnswers(of: again.without), AlarmAnswers(of: result))
            recounts.append((from: next.counted.after, to: next.counted.before))
            recounts.append((from: again.counted.before, to: again.counted.after))
            kept.append(again)
        }
        recounts.append(uncounted)
        return nil
    }

    /// How a later act is done again; nil where something has overtaken it since, so that it changes nothing any more.
    private func standing(_ act: Alert.Undoable) -> Alert.Word? {
        var again = Alert.Word(act, word)
        if act.type.outlivesStay {
            again.stands = true
            return now.holds(act) ? again : nil
        }
        var there = act.without
        guard act.entered == now.entered, there.apply(act.fact, again) == .applied else { return nil }
        return again
    }

    /// What the act itself changed, but for what an act that was overtaken has changed again.
    private var uncounted: Alert.Recount {
        var recount = (from: act.counted.after, to: act.counted.before)
        leaveOut(\.acknowledged, &recount)
        leaveOut(\.assessed, &recount)
        leaveOut(\.judged, &recount)
        if recount.to.assessed == nil, let closing = closing(after: recount.from.assessed) {
            recount.to.assessed = closing
        }
        return recount
    }

    /// A close counts as an assessment where nobody has assessed it before.
    private func closing(after assessed: AlarmAnswer?) -> AlarmAnswer? {
        guard let assessed else { return nil }
        let close = overtaken.first { $0.type == .alertClosed && $0.counted.after.assessed == assessed }
        return close.map {
            AlarmAnswer(
                .assessed, by: $0.by, at: $0.recorded, severity: $0.answer.severity, seconds: $0.answer.seconds)
        }
    }

    private func leaveOut<Answer: Equatable>(
        _ answer: WritableKeyPath<AlarmAnswers, Answer?>, _ recount: inout Alert.Recount
    ) {
        let given = recount.from[keyPath: answer]
        let isReplaced = overtaken.contains {
            $0.counted.before[keyPath: answer] == given && $0.counted.after[keyPath: answer] != given
        }
        if given == recount.to[keyPath: answer] || isReplaced {
            recount.from[keyPath: answer] = nil
            recount.to[keyPath: answer] = nil
        }
    }
}

extension Alert {
    /// Whether what an act did to it still is so, of those that outlive a stay in the active state.
    fileprivate func holds(_ act: Undoable) -> Bool {
        let own = Act(by: act.by, at: act.recorded, done: act.time)
        switch act.type {
        case .alertShelved: return shelving?.act == own
        case .alertRemovedFromService: return removal?.act == own
        case .approvalGranted: return shelving?.approval == own || removal?.approval == own
        case .alertUnshelved: return shelving == nil
        case .alertReturnedToService: return removal == nil
        default: return false
        }
    }
}

extension Alert.Word {
    /// As an act was done, under what holds now.
    init(_ act: Alert.Undoable, _ word: Alert.Word) {
        self.init(
            id: act.id, source: "", actor: act.by, time: act.time, now: act.recorded, policy: word.policy,
            isStrict: false)
        answer = act.answer
    }
}
