import Glibc

/// What the system asks of the console.
public enum Signal: Equatable, Sendable {
    /// SIGTERM, SIGHUP, SIGINT or SIGQUIT: end in good order.
    case terminate(Int32)
    /// SIGTSTP: call `Terminal.suspend()` when it suits.
    case suspend
    /// The process was stopped and runs again; the terminal is already ours, and the next draw paints everything.
    case resume
    /// The size changed: call `Terminal.resized()`.
    case resize

    init?(number: Int32) {
        switch number {
        case SIGTERM, SIGHUP, SIGINT, SIGQUIT: self = .terminate(number)
        case SIGTSTP: self = .suspend
        case SIGCONT: self = .resume
        case SIGWINCH: self = .resize
        default: return nil
        }
    }
}
