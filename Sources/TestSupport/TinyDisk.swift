import Foundation

/// A real file system of few bytes, mounted for a test; only root can have one.
public final class TinyDisk: Sendable {
    private let folder: TemporaryFolder
    public var path: String { folder.path }

    public init(kibibytes: Int) throws {
        folder = try TemporaryFolder()
        guard TinyDisk.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", folder.path]) else {
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    deinit { _ = TinyDisk.run("/bin/umount", ["-l", folder.path]) }

    /// Whether this process may mount one; tried once.
    public static let isPossible = (try? TinyDisk(kibibytes: 64)) != nil

    /// Takes up so many bytes until the file is removed.
    public func fill(_ name: String, bytes: Int) throws {
        try Data(repeating: 1, count: bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    /// Fills it but for so many bytes; returns the file that does.
    public func fillUp(leaving bytes: Int) throws -> String {
        let space = try FileManager.default.attributesOfFileSystem(forPath: path)[.systemFreeSize] as? Int ?? 0
        try fill("ballast", bytes: max(0, space - bytes))
        return "ballast"
    }

    public func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    private static func run(_ tool: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
