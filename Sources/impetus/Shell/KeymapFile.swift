import Console
import Foundation
import Settings

/// Keys as the user wants them: `keys.toml` in the configuration directory.
///
/// ```
/// [alerts]
/// acknowledge = ["a", "f5"]
/// ```
enum KeymapFile {
    /// The standard keymap with the file's changes; each wrong line is said and passed over.
    static func load(_ path: String) -> (keymap: Keymap, warnings: [Warning]) {
        guard FileManager.default.fileExists(atPath: path) else { return (.standard, []) }
        do {
            return parse(try BoundedFile.read(path), file: path)
        } catch {
            return (.standard, [error])
        }
    }

    static func parse(_ text: String, file: String) -> (keymap: Keymap, warnings: [Warning]) {
        do {
            var reading = try Reading(text, file: file)
            var keymap = Keymap.standard
            reading.refuseOthers(than: KeyContext.allCases.map(\.rawValue), in: reading.root)
            for context in KeyContext.allCases {
                guard let section = reading.section(context.rawValue, in: reading.root) else { continue }
                for name in section.keys { bind(name, context, section, &reading, &keymap) }
                warnOfTaken(context, section, &reading, keymap)
            }
            return (keymap, reading.warnings)
        } catch {
            return (.standard, [error])
        }
    }

    /// A command that had keys here and has none left, and that the file does not mention, was robbed by accident.
    private static func warnOfTaken(
        _ context: KeyContext, _ section: Section, _ reading: inout Reading, _ keymap: Keymap
    ) {
        for command in Keymap.standard.commands(in: context) where !section.keys.contains(command.name) {
            let takers = Keymap.standard.keys(for: command, in: context).compactMap { key in
                keymap.command(for: key, in: context).map { (key, $0) }
            }
            guard !takers.isEmpty, takers.allSatisfy({ $0.1 != command }), let (key, taker) = takers.first,
                section.keys.contains(taker.name)
            else { continue }
            reading.warn(
                section.path(taker.name),
                "\"\(key.name)\" was the key of \"\(command.name)\", which has none left; give it one, or [] for none")
        }
    }

    private static func bind(
        _ name: String, _ context: KeyContext, _ section: Section, _ reading: inout Reading, _ keymap: inout Keymap
    ) {
        guard let command = Command(name: name) else {
            reading.warn(section.path(name), "no command is called \"\(name)\"")
            return
        }
        guard let texts = reading.texts(name, in: section) else { return }
        var keys: [Key] = []
        for (text, path) in texts {
            if let key = Key(text) {
                keys.append(key)
            } else {
                reading.warn(path, "\"\(text)\" is no key; such as a, A, ctrl-l, alt-x, enter, page-down, f1, space")
            }
        }
        keymap.bind(command, to: keys, in: context)
    }
}
