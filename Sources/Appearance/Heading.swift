import Settings

/// `name` and `title`, with which every theme and layout begins.
struct Heading {
    static let longestTitle = 80

    let name: String
    let title: String

    /// A file is chosen by its file name. When `name` says otherwise (a copy that was not edited) the file name holds,
    /// or the name on the screen could not be typed to come back to it.
    init(_ reading: inout Reading) {
        let stem = Heading.stem(of: reading.file)
        let given = reading.text("name", in: reading.root)
        if let given, !PlainText.isFileName(given) {
            reading.warn(["name"], "a name is made of letters, digits, - and _: \(PlainText.quoted(given))")
        } else if let given, let stem, given != stem {
            reading.warn(["name"], "the name \(PlainText.quoted(given)) is not that of the file, \(stem)")
        }
        let usable = given.flatMap { PlainText.isFileName($0) ? $0 : nil }
        name = stem ?? usable ?? "unnamed"
        title = Heading.title(&reading) ?? name
    }

    private static func title(_ reading: inout Reading) -> String? {
        guard let title = reading.text("title", in: reading.root) else { return nil }
        if !title.isEmpty, title.count <= longestTitle, PlainText.isPrintable(title) { return title }
        reading.warn(["title"], "a title has 1 to \(longestTitle) printable characters")
        return nil
    }

    /// `calm` for `/usr/share/impetus/themes/calm.toml`; nothing for a text that is not from such a file.
    private static func stem(of file: String) -> String? {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        guard last.hasSuffix(".toml") else { return nil }
        let stem = String(last.dropLast(5))
        return PlainText.isFileName(stem) ? stem : nil
    }
}
