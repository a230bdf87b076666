extension Terminal {
    /// Why the console cannot start on this terminal, and what to do about it.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        case notATerminal
        case unknownTerminal(String)
        case tooDumb(String)
        case alreadyOpen
        case system(String)

        public var description: String {
            switch self {
            case .notATerminal:
                "Input and output must be a terminal. Start the console without a pipe or redirection; "
                    + "over ssh, add -t."
            case .unknownTerminal(""):
                "TERM is not set, so the terminal's kind is unknown. Set it, for example: TERM=xterm-256color."
            case .unknownTerminal(let name):
                "The terminal \"\(name)\" is not in this machine's terminfo. Install its entry (package "
                    + "ncurses-term), or set TERM to a relative, for example: TERM=xterm-256color."
            case .tooDumb(let name):
                "The terminal \"\(name)\" cannot place its cursor, so it cannot show a full screen. Use another "
                    + "terminal, or set TERM to what this one really is."
            case .alreadyOpen: "The terminal is already open in this process. Close it first."
            case .system(let what): "\(what). Check the terminal and the limit of open files (ulimit -n)."
            }
        }
    }
}
