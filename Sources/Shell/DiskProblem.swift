public import ArgumentParser
import Foundation

/// Errors of files as exit codes after sysexits.h.
public enum DiskProblem {
    /// EX_CANTCREAT (73) where there is no room, no right or no place for a file; else EX_IOERR (74).
    public static func exitCode(errno code: Int32) -> ExitCode {
        switch code {
        case ENOSPC, EDQUOT, EFBIG, EACCES, EPERM, EROFS, ENOENT, ENOTDIR, EISDIR, EEXIST, ELOOP, ENAMETOOLONG, ETXTBSY,
            EMFILE, ENFILE:
            .cannotCreate
        default: .diskFailure
        }
    }

    /// The exit code of an error that came from writing a file.
    ///
    /// - Returns: nil where it is no such error.
    public static func exitCode(for error: any Error) -> ExitCode? {
        if let error = error as? POSIXError { return exitCode(errno: error.code.rawValue) }
        let known = error as NSError
        if known.domain == NSPOSIXErrorDomain { return exitCode(errno: Int32(truncatingIfNeeded: known.code)) }
        guard known.domain == NSCocoaErrorDomain, writing.contains(known.code) else { return nil }
        if let below = known.userInfo[NSUnderlyingErrorKey] as? any Error, let code = exitCode(for: below) {
            return code
        }
        return .cannotCreate
    }

    /// The codes of `CocoaError` that are about writing files.
    private static let writing = 512...1_023
}
