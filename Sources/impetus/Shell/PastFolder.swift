import ControlRoom
import Foundation
import Shell

/// Where the alerts as they stood at a time are kept while somebody looks at them: in a folder that is his alone.
enum PastFolder {
    private static let prefix = "impetus-past-"

    /// - Returns: a path for a store.
    @Sendable static func make() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: prefix + Surroundings.live.makeID())
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return folder.appending(path: "store.sqlite").path
    }

    @Sendable static func remove(_ path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent()
        guard folder.lastPathComponent.hasPrefix(prefix) else { return }
        try? FileManager.default.removeItem(at: folder)
    }
}
