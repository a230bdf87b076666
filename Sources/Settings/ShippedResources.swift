import Foundation

/// The resources beside the executable. `Bundle.module` finds the same directory, but ends the process when it is
/// missing, and a damaged install must still open.
public enum ShippedResources {
    /// - Parameter room: the target that ships them, such as `Cities`.
    public static func directory(of room: String) -> String? {
        let beside = [Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()]
        let paths = beside.compactMap { $0?.appendingPathComponent("impetus_\(room).resources").path }
        return paths.first { FileManager.default.fileExists(atPath: $0) }
    }
}
