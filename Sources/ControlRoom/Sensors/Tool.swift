/// The tools of the toolkit, and CAP for warnings that come from outside it.
public enum Tool: Int, CaseIterable, Sendable {
    case fd, uad, smd, cti, ctdr, bd, eo, wms, cap
    /// A tool that this version does not know; its alerts are kept and shown.
    case other

    /// The eight that the status strip always shows.
    public static let toolkit: [Tool] = [.fd, .uad, .smd, .cti, .ctdr, .bd, .eo, .wms]

    public var code: String {
        switch self {
        case .fd: "FD"
        case .uad: "UAD"
        case .smd: "SMD"
        case .cti: "CTI"
        case .ctdr: "CTDR"
        case .bd: "BD"
        case .eo: "EO"
        case .wms: "WMS"
        case .cap: "CAP"
        case .other: "?"
        }
    }

    public init(code: String) {
        self = Tool.allCases.first { $0.code == code } ?? .other
    }
}

/// What a tool last said of itself.
public struct ToolReport: Equatable, Sendable {
    /// What a tool says of its own work; that it is silent is not among them, for nobody says it.
    public enum State: String, Sendable { case ok, degraded, off }

    public var tool: Tool
    public var state: State
    public var message: String
    /// The last word of any kind that came from it.
    public var heard: Timestamp

    public init(tool: Tool, state: State, message: String, heard: Timestamp) {
        self.tool = tool
        self.state = state
        self.message = message
        self.heard = heard
    }

    /// Silence longer than this is shown; the tools report every minute.
    public static let silentAfterSeconds = 180.0

    /// Never for one that said that it is off.
    public func isSilent(at now: Timestamp) -> Bool {
        state != .off && now.seconds(since: heard) > ToolReport.silentAfterSeconds
    }
}
