public import ArgumentParser

/// Exit codes after sysexits.h.
extension ExitCode {
    public static let badData = ExitCode(65)
    public static let noInput = ExitCode(66)
    public static let software = ExitCode(70)
    public static let cannotCreate = ExitCode(73)
    public static let diskFailure = ExitCode(74)
    public static let tryLater = ExitCode(75)
    public static let notPermitted = ExitCode(77)
    public static let usage = ExitCode(64)
}

/// A wrong word in a call that is right otherwise: one line says what would be right.
public enum Usage {
    public static func wrong(_ text: String) -> ExitCode {
        Output.note(text)
        return .usage
    }
}
