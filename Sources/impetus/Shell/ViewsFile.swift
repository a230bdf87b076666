import ControlRoom
import Foundation
import Settings

/// Views that the user saved: `views.toml` in the configuration directory, which may be edited by hand.
///
/// ```
/// ["Night, severe"]
/// filter = "severity >= high and raised > yesterday 22:00"
/// show = "open"
/// order = "need"
/// ```
struct ViewsFile {
    let path: String

    private static let names = ["filter", "show", "order"]

    /// The views by name; each wrong line is said and passed over.
    func load() -> (views: [AlertView], warnings: [Warning]) {
        guard FileManager.default.fileExists(atPath: path) else { return ([], []) }
        do {
            var reading = try Reading(try BoundedFile.read(path), file: path)
            var views: [AlertView] = []
            for name in reading.root.keys {
                guard let section = reading.section(name, in: reading.root) else { continue }
                reading.refuseOthers(than: ViewsFile.names, in: section)
                views.append(ViewsFile.view(name, section, &reading))
            }
            return (views, reading.warnings)
        } catch {
            return ([], [error])
        }
    }

    private static func view(_ name: String, _ section: Section, _ reading: inout Reading) -> AlertView {
        var view = AlertView(name: name, filter: reading.text("filter", in: section) ?? "")
        if let text = reading.text("show", in: section) {
            if let show = AlertFilter.Show(rawValue: text) {
                view.show = show
            } else {
                reading.warn(section.path("show"), "\"\(text)\" is none of " + words(AlertFilter.Show.allCases))
            }
        }
        if let text = reading.text("order", in: section) {
            do throws(AlertOrder.Problem) {
                view.order = try AlertOrder(reading: text)
            } catch {
                let names = AlertOrder.named.map(\.name) + ["columns such as severity,-age"]
                reading.warn(
                    section.path("order"), "\(PlainText.quoted(text)) is none of \(names.joined(separator: ", "))")
            }
        }
        return view
    }

    private static func words<Word: RawRepresentable<String>>(_ all: [Word]) -> String {
        all.map(\.rawValue).joined(separator: ", ")
    }

    // MARK: - Writing

    /// Keeps a view, in place of one of its name. A file that cannot be read whole is left as it is.
    func save(_ view: AlertView) throws -> [AlertView] {
        try change { views in
            views.removeAll { $0.name == view.name }
            views.append(view)
        }
    }

    func delete(_ name: String) throws -> [AlertView] { try change { $0.removeAll { $0.name == name } } }

    private func change(_ body: (inout [AlertView]) -> Void) throws -> [AlertView] {
        var (views, warnings) = load()
        if let warning = warnings.first { throw FileFailure("\(warning)") }
        body(&views)
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = views.map(ViewsFile.text).joined(separator: "\n")
        let head = "# Views that were saved in impetus, which writes this file anew and keeps no other comments.\n\n"
        try Data((head + text).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        return load().views
    }

    private static func text(_ view: AlertView) -> String {
        """
        [\(quoted(view.name))]
        filter = \(quoted(view.filter))
        show = \(quoted(view.show.rawValue))
        order = \(quoted(view.order.name))

        """
    }

    /// A basic string of TOML 1.0.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..<"\u{20}", "\u{7F}":
                quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
