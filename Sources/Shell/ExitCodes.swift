public import ArgumentParser

/// Exit codes after sysexits.h.
extension ExitCode {
    /// Input that is not what it should be (EX_DATAERR).
    public static let badData = ExitCode(65)
    /// A file that is not there or cannot be read (EX_NOINPUT).
    public static let noInput = ExitCode(66)
    /// A fault of this program (EX_SOFTWARE).
    public static let software = ExitCode(70)
    /// No room, or no right, for a file that was to be written (EX_CANTCREAT).
    public static let cannotCreate = ExitCode(73)
    /// A file or standard output that cannot be written on (EX_IOERR).
    public static let diskFailure = ExitCode(74)
    /// It may go well a little later (EX_TEMPFAIL).
    public static let tryLater = ExitCode(75)
    /// Refused by right (EX_NOPERM).
    public static let notPermitted = ExitCode(77)
    /// Settings that contradict themselves, or lack something (EX_CONFIG).
    public static let configuration = ExitCode(78)
    /// A wrong call (EX_USAGE).
    public static let usage = ExitCode(64)
}

/// A wrong word in a call that is right otherwise: one line says what would be right.
public enum Usage {
    /// Says so on standard error, at once; the code is for whoever calls to end with.
    public static func wrong(_ text: String) -> ExitCode {
        Output.note(text)
        return .usage
    }
}
