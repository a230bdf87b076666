/// `checklist.started.v1`
public struct ChecklistStarted: Equatable, Sendable {
    public var playbook: String
    public var version: Int
    public var alert: String

    public init(playbook: String, version: Int, alert: String) {
        self.playbook = playbook
        self.version = version
        self.alert = alert
    }

    init(reading reader: inout JSONReader) throws {
        self.init(playbook: "", version: 0, alert: "")
        try reader.object { key, reader in
            switch key {
            case "playbook": playbook = try reader.string()
            case "version": version = try reader.integer()
            case "alert": alert = try reader.string()
            default: try reader.skip()
            }
        }
        guard !playbook.isEmpty else { throw reader.failure("a checklist names its playbook") }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("playbook", playbook)
            writer.member("version", version)
            writer.member("alert", alert)
        }
    }
}

/// `checklist.step_set.v1`
public struct ChecklistStepSet: Equatable, Sendable {
    public var step: Int
    public var state: ChecklistRun.StepState
    public var note: String?

    public init(step: Int, state: ChecklistRun.StepState, note: String?) {
        self.step = step
        self.state = state
        self.note = note
    }

    init(reading reader: inout JSONReader) throws {
        var step: Int?
        var state: ChecklistRun.StepState?
        var note: String?
        try reader.object { key, reader in
            switch key {
            case "step": step = try reader.integer()
            case "state": state = try reader.named("state", ChecklistRun.StepState.init(rawValue:))
            case "note": note = try reader.optionalProse()
            default: try reader.skip()
            }
        }
        guard let step, let state else { throw reader.failure("a step is set by its number and a state") }
        self.init(step: step, state: state, note: note)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("step", step)
            writer.member("state", state.rawValue)
            writer.member("note", note)
        }
    }
}
