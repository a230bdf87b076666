import ArgumentParser
import Foundation
import Shell

/// Why a file could not be written, in words, and how a command ends then.
struct FileFailure: Error, CustomStringConvertible {
    let description: String
    let code: ExitCode

    init(_ description: String, _ code: ExitCode = .cannotCreate) {
        self.description = description
        self.code = code
    }

    init(_ path: String, errno code: Int32) {
        self.init("\(path): " + String(cString: strerror(code)), DiskProblem.exitCode(errno: code))
    }
}
