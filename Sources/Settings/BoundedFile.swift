import Foundation

/// Reads a text file of bounded size, or says why not.
public enum BoundedFile {
    /// Only a regular file: a pipe would hold up the start of the console, and a device has no end.
    public static func read(_ path: String, bounds: FileBounds = .small) throws(Warning) -> String {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        guard FileManager.default.fileExists(atPath: target.path) else {
            throw Warning(file: path, line: 0, reason: "there is no such file")
        }
        guard isRegular(target.path) else { throw Warning(file: path, line: 0, reason: "not a regular file") }
        let data = try bytes(of: target, named: path, bounds)
        guard data.count <= bounds.bytes else { throw Warning(file: path, line: 0, reason: bounds.tooLarge) }
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw Warning(file: path, line: 0, reason: "not UTF-8")
        }
        return text
    }

    private static func isRegular(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeRegular
    }

    /// At most one byte more than is allowed, whatever the file grows to.
    private static func bytes(of target: URL, named path: String, _ bounds: FileBounds) throws(Warning) -> Data {
        do {
            let handle = try FileHandle(forReadingFrom: target)
            defer { try? handle.close() }
            return try handle.read(upToCount: bounds.bytes + 1) ?? Data()
        } catch {
            throw Warning(file: path, line: 0, reason: "cannot be read: \(error.localizedDescription)")
        }
    }
}
