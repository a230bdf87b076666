import ControlRoom
import Foundation
import Shell

/// Where the alerts as they stood at a time are kept while somebody looks at them: beside the store, with as much care, in a folder
/// that is theirs alone. What a process that died has left is swept away by the next one.
enum PastFolder {
    private static let mark = ".past-"

    /// - Returns: a path for a store.
    static func make(beside store: String) throws -> String {
        sweep(beside: store)
        let id = Surroundings.live.makeID().filter { $0.isLetter || $0.isNumber }
        let folder = store + mark + "\(ProcessInfo.processInfo.processIdentifier)-" + id
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return folder + "/store.sqlite"
    }

    @Sendable static func remove(_ path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent()
        guard folder.lastPathComponent.contains(mark) else { return }
        try? FileManager.default.removeItem(at: folder)
    }

    static func sweep(beside store: String) {
        let url = URL(filePath: store)
        let folder = url.deletingLastPathComponent()
        let prefix = url.lastPathComponent + mark
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        where name.hasPrefix(prefix) {
            let process = name.dropFirst(prefix.count).prefix { $0.isNumber }
            guard let id = Int32(process), kill(id, 0) != 0, errno == ESRCH else { continue }
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }
}
