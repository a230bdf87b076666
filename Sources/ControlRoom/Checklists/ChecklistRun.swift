/// A playbook being carried out for an alert.
public struct ChecklistRun: Equatable, Sendable {
    /// How far a step is; the raw values are those of the events.
    public enum StepState: String, CaseIterable, Sendable {
        case open, done, blocked
        case notApplicable = "not_applicable"

        /// Nothing more is to be done about it.
        public var isSettled: Bool { self == .done || self == .notApplicable }
    }

    /// How a step came to its state.
    public struct StepRecord: Equatable, Sendable {
        public var state: StepState
        public var by: String
        public var at: Timestamp
        public var note: String?
        /// Id of the event that set it, which an undo names.
        public var act: String

        public init(state: StepState, by: String, at: Timestamp, note: String?, act: String) {
            self.state = state
            self.by = by
            self.at = at
            self.note = note
            self.act = act
        }
    }

    /// What somebody noted on a run, beside its steps.
    public struct Note: Equatable, Sendable {
        public var text: String
        public var by: String
        public var at: Timestamp

        public init(text: String, by: String, at: Timestamp) {
            self.text = text
            self.by = by
            self.at = at
        }
    }

    public var id: String
    public var playbook: Playbook
    /// Subject of the alert it was started for.
    public var alert: String
    public var started: Alert.Act
    /// What was set, step by step, the latest last: an undo uncovers the one before.
    public private(set) var history: [Int: [StepRecord]]
    public private(set) var notes: [Note]

    public init(id: String, playbook: Playbook, alert: String, started: Alert.Act) {
        self.id = id
        self.playbook = playbook
        self.alert = alert
        self.started = started
        history = [:]
        notes = []
    }

    /// The last word on a step; nil while it is open.
    public func record(of step: Int) -> StepRecord? { history[step]?.last }

    public func state(of step: Int) -> StepState { record(of: step)?.state ?? .open }

    public var settledCount: Int { playbook.steps.count { state(of: $0.id).isSettled } }

    public var isFinished: Bool { settledCount == playbook.steps.count }

    /// Steps that must come first and have not.
    public func waitsFor(_ step: Playbook.Step) -> [Int] {
        step.after.filter { !state(of: $0).isSettled }
    }

    /// Steps that stand in the way of setting one: only what is done has an order.
    public func hindrances(to state: StepState, _ step: Playbook.Step) -> [Int] {
        state == .done ? waitsFor(step) : []
    }

    /// The first step that is open and waits for nothing.
    ///
    /// Where all of them wait or are blocked, the first that is not settled.
    public var nextStep: Playbook.Step? {
        let open = playbook.steps.filter { !state(of: $0.id).isSettled }
        return open.first { waitsFor($0).isEmpty && state(of: $0.id) != .blocked } ?? open.first
    }

    /// A step is done once, by whoever the log saw first; the second is told.
    public mutating func set(
        _ step: Int, to state: StepState, note: String?, by actor: String, at time: Timestamp, act: String
    ) -> Outcome {
        guard playbook.steps.contains(where: { $0.id == step }) else { return .refused(.unknownStep(step)) }
        if let last = record(of: step), last.state == state, last.state != .open {
            if let note {
                notes.append(Note(text: note, by: actor, at: time))
                // A reason that comes later is worth as much.
                if state == .blocked { return .applied }
            }
            return .refused(.stepAlready(state: state.rawValue, by: last.by))
        }
        history[step, default: []].append(StepRecord(state: state, by: actor, at: time, note: note, act: act))
        return .applied
    }

    /// A record as it was kept of a fold: nothing is asked any more.
    public mutating func restore(_ record: StepRecord, of step: Int) { history[step, default: []].append(record) }

    public mutating func addNote(_ text: String, by actor: String, at time: Timestamp) -> Outcome {
        notes.append(Note(text: text, by: actor, at: time))
        return .applied
    }

    /// Takes back what one event set, whatever was set behind it. Refused to anybody but its author.
    public mutating func undo(_ act: String, by actor: String) -> Outcome {
        // In the order of the steps: ids of different sources may be alike, and all are to find the same.
        for (step, records) in history.sorted(by: { $0.key < $1.key }) {
            guard let index = records.firstIndex(where: { $0.act == act }) else { continue }
            guard records[index].by == actor else { return .refused(.notYours(by: records[index].by)) }
            history[step]?.remove(at: index)
            return .applied
        }
        return .refused(.nothingToUndo)
    }
}
