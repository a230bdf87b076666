public import ArgumentParser
import Foundation

/// How both programs begin and end, in place of the ends that `ArgumentParser` makes: it prints what was typed raw, and does not
/// look at what becomes of what it prints.
public enum Program {
    /// Before anything is opened.
    public static func begin() {
        // A handler, not SIG_IGN, which the programs that are started from here would inherit. Writing to a pipe that nobody reads then
        // fails with EPIPE.
        signal(SIGPIPE) { _ in }
        // Were one of the three closed, the next file to be opened would take its place, and be written into.
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF { _ = open("/dev/null", O_RDONLY) }
    }

    /// `help` of a command that is not there: ArgumentParser would tell of the one above it.
    ///
    /// - Parameter arguments: what was typed behind the program's name.
    /// - Throws: exit code 64, after it was said which command is not there.
    public static func checkHelp(
        _ program: any ParsableCommand.Type, _ arguments: [String] = Array(CommandLine.arguments.dropFirst())
    ) throws {
        guard arguments.first == "help" else { return }
        var (command, words): (any ParsableCommand.Type, [String]) = (program, [program._commandName])
        for word in arguments.dropFirst() where !word.hasPrefix("-") {
            guard word != "help" || words.count > 1 else { return }
            guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else {
                throw Usage.wrong(
                    "there is no command \(words.joined(separator: " ")) \(word); \(program._commandName) help lists them"
                )
            }
            (command, words) = (next, words + [word])
        }
    }

    /// Says what is to be said of an error, and ends the process.
    ///
    /// - Parameters:
    ///   - error: what ended the command; nil where nothing did.
    ///   - known: how a command ends by an error that only the program knows; nil for others. Errors of files end with 73 or 74 anyway.
    public static func end(
        _ command: any ParsableCommand.Type, _ error: (any Error)?, known: (any Error) -> ExitCode? = { _ in nil }
    ) -> Never {
        var code = ExitCode.success
        if let error {
            code = command.exitCode(for: error)
            if code == .failure { code = known(error) ?? DiskProblem.exitCode(for: error) ?? code }
            let text = command.fullMessage(for: error)
            if !text.isEmpty { code == .success ? Output.line(text) : Output.complain(lines: text) }
        }
        Output.close()
        exit((code == .success ? Output.exitCode : code).rawValue)
    }
}
