import Foundation
import Settings

/// The directories in which themes or layouts are looked for, the first one first.
struct SearchPath {
    /// `themes` or `layouts`, the directory's name below an XDG directory.
    let kind: String
    /// The directory of the command line.
    let explicit: String?
    let directories: [String]

    init(kind: String, explicit: String?, environment: [String: String]) {
        self.kind = kind
        self.explicit = explicit
        let user = XDG.configHome(environment).map { [$0] } ?? []
        let below = (user + XDG.dataDirectories(environment)).map { "\($0)/impetus/\(kind)" }
        let folder = "\(kind.prefix(1).uppercased())\(kind.dropFirst())"
        let shipped = SearchPath.shipped.map { ["\($0)/\(folder)"] } ?? []
        directories = (explicit.map { [$0] } ?? []) + below + shipped
    }

    private static let shipped = ShippedResources.directory(of: "Appearance")
}

// MARK: - Looking up

extension SearchPath {
    /// The names that can be chosen, each once, in alphabetical order.
    func names() -> Set<String> {
        let files = directories.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        let stems = files.filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }
        return Set(stems.filter(PlainText.isFileName))
    }

    /// The first file of that name. It need not be readable: a broken file in front hides a good one behind it, so that
    /// its owner is told about it.
    func file(named name: String) -> String? {
        directories.map { "\($0)/\(name).toml" }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// A directory that was asked for and is not there is worth a word; the others may be missing.
    var warnings: [Warning] {
        guard let explicit else { return [] }
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: explicit, isDirectory: &isDirectory)
        if exists, isDirectory.boolValue { return [] }
        return [Warning(file: explicit, line: 0, reason: "no such directory of \(kind)")]
    }
}
