import Console
import ControlRoom
import Foundation
import Synchronization

/// The command that the site runs when alarms come: a siren, a lamp, a message to a pager. One at a time; what comes while it
/// runs is told of by the next notice.
final class AlarmCommand: Sendable {
    private let command: [String]
    private let running = Mutex<Process?>(nil)

    /// Whoever has not ended by then is ended.
    private static let longestSeconds = 30

    init(_ command: [String]) { self.command = command }

    /// - Returns: why it could not be started; nil where it was, or where there is none.
    func run(_ notice: AlarmNotice) -> String? {
        guard let program = command.first else { return nil }
        return running.withLock { running in
            if running?.isRunning ?? false { return nil }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = Array(command.dropFirst())
            process.environment = ProcessInfo.processInfo.environment.merging(AlarmCommand.words(of: notice)) { $1 }
            // The screen is the console's.
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            do { try process.run() } catch { return "\(program): \(error.localizedDescription)" }
            running = process
            DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(AlarmCommand.longestSeconds)) {
                if process.isRunning { process.terminate() }
            }
            return nil
        }
    }

    /// Counts and severities, no word of the alerts: what comes from outside stays out of other programs.
    static func words(of notice: AlarmNotice) -> [String: String] {
        var words = [
            "IMPETUS_SEVERITY": notice.worst.name, "IMPETUS_COUNT": String(notice.count), "IMPETUS_TEXT": notice.text,
        ]
        for (severity, count) in notice.counts { words["IMPETUS_" + severity.name.uppercased()] = String(count) }
        return words
    }
}
