internal import ControlRoom
internal import Settings

/// One file of a pack as JSON, so that the readers of the domain serve here as well, and every error with its line.
struct PackText {
    let file: String
    let json: [UInt8]
    /// Nothing where the file itself is JSON.
    private let settings: SettingsFile?

    /// - Throws: `CityPackError`
    init(toml file: String) throws(CityPackError) {
        do {
            let settings = try SettingsFile(try PackText.text(file), file: file, bounds: .pack)
            self.file = file
            self.settings = settings
            json = settings.json
        } catch {
            throw CityPackError(error)
        }
    }

    /// - Throws: `CityPackError`
    init(json file: String) throws(CityPackError) {
        do {
            json = Array(try PackText.text(file).utf8)
            self.file = file
            settings = nil
        } catch {
            throw CityPackError(error)
        }
    }

    private static func text(_ file: String) throws(Warning) -> String {
        try BoundedFile.read(file, bounds: .pack)
    }

    /// - Throws: `CityPackError` for what `body` finds wrong; it must read the whole text.
    func read<Value>(_ body: (inout JSONReader) throws -> Value) throws -> Value {
        do {
            return try JSONReader.read(json) { reader in
                let value = try body(&reader)
                try reader.end()
                return value
            }
        } catch let error as JSONError {
            throw CityPackError(file: file, line: line(of: error), reason: error.reason)
        }
    }

    private func line(of error: JSONError) -> Int {
        guard let settings else { return json.withUnsafeBufferPointer(error.line(in:)) }
        return settings.line(of: JSONPlace.path(of: error.offset, in: json))
    }
}
