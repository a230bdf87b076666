import Foundation
import Synchronization

/// A program of the site's that a hub runs and waits for: started by no shell, with what it is to know on its standard input, and
/// with none of the hub's environment but where programs, the home and the language are.
public struct SiteCommand: Sendable {
    private let words: [String]
    private let longestSeconds: Int

    /// What fits into a pipe that nobody reads yet.
    private static let mostBytes = 32 << 10
    /// From being asked to end until being ended.
    private static let graceSeconds = 2

    /// - Parameters:
    ///   - words: an absolute path, and arguments.
    ///   - longestSeconds: whoever has not ended by then is ended.
    public init(_ words: [String], longestSeconds: Int = 30) {
        self.words = words
        self.longestSeconds = longestSeconds
    }

    /// - Parameter input: at most 32 KiB.
    /// - Returns: why it failed: it could not be started, was ended, or ended with another code than 0; with the last line that it
    ///   wrote to its standard error, of at most 500 bytes. Nil where it did not.
    public func run(_ input: [UInt8]) async -> String? {
        guard let program = words.first else { return "no program is named" }
        guard input.count <= SiteCommand.mostBytes else { return "there is too much to tell" }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = Array(words.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.filter {
            ["PATH", "HOME", "LANG", "TZ"].contains($0.key)
        }
        process.standardOutput = FileHandle.nullDevice
        let complaint = LastComplaint()
        process.standardError = complaint.standardError
        let pipe = Pipe()
        process.standardInput = pipe
        do {
            // It lies in the pipe before anybody could close the other end.
            try pipe.fileHandleForWriting.write(contentsOf: Data(input))
            try pipe.fileHandleForWriting.close()
        } catch {
            _ = complaint.end()
            return "what it is to read could not be written: \(error.localizedDescription)"
        }
        let reason = await ended(process, program)
        let said = complaint.end()
        return reason.map { reason in said.map { "\(reason), and said: \($0)" } ?? reason }
    }

    private func ended(_ process: Process, _ program: String) async -> String? {
        return await withCheckedContinuation { continuation in
            let wait = Wait(process)
            process.terminationHandler = { process in
                wait.cancel()
                continuation.resume(returning: SiteCommand.words(for: process, hasTimedOut: wait.hasTimedOut))
            }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                return continuation.resume(returning: "\(program): \(error.localizedDescription)")
            }
            wait.begin(seconds: longestSeconds, grace: SiteCommand.graceSeconds)
        }
    }

    private static func words(for process: Process, hasTimedOut: Bool) -> String? {
        if hasTimedOut { return "it had not ended in time and was ended" }
        if process.terminationReason == .uncaughtSignal { return "signal \(process.terminationStatus) ended it" }
        return process.terminationStatus == 0 ? nil : "it ended with \(process.terminationStatus)"
    }

    /// Ends a program that takes too long: asked first, and then not any more.
    private final class Wait: Sendable {
        private let process: Process
        private let state = Mutex((isOver: false, hasTimedOut: false))

        init(_ process: Process) { self.process = process }

        var hasTimedOut: Bool { state.withLock { $0.hasTimedOut } }

        func cancel() { state.withLock { $0.isOver = true } }

        func begin(seconds: Int, grace: Int) {
            DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) { [self] in
                let isLate = state.withLock { state in
                    if !state.isOver { state.hasTimedOut = true }
                    return !state.isOver
                }
                guard isLate, process.isRunning else { return }
                process.terminate()
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(grace)) { [self] in
                    guard !state.withLock({ $0.isOver }), process.isRunning else { return }
                    kill(process.processIdentifier, SIGKILL)
                }
            }
        }
    }
}
