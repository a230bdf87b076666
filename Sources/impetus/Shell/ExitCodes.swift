import ArgumentParser

/// Exit codes after sysexits.h.
extension ExitCode {
    static let badData = ExitCode(65)
    static let noInput = ExitCode(66)
    static let software = ExitCode(70)
    static let cannotCreate = ExitCode(73)
    static let diskFailure = ExitCode(74)
    static let tryLater = ExitCode(75)
    static let notPermitted = ExitCode(77)
    static let usage = ExitCode(64)
}

/// A wrong word in a call that is right otherwise: one line says what would be right.
enum Usage {
    static func wrong(_ text: String) -> ExitCode {
        Output.note(text)
        return .usage
    }
}
