/// The part of an event's data that may leave its tenant.
public enum OpenData {
    /// What is declared open, in the order and with the exact bytes in which it came. What is declared otherwise, what is not
    /// declared, and a member that stands in the wrong place are left out; data of a type that this version does not know is empty.
    ///
    /// - Parameters:
    ///   - data: JSON, an object.
    ///   - removed: paths that are left out as well.
    ///   - rewrite: a member by its path, as it is written anew; nil where it stays as it is. It consumes the value only if it does.
    /// - Returns: a JSON object.
    /// - Throws: `JSONError` where `data` is no JSON object.
    public static func bytes(
        of data: [UInt8], _ type: EventType, without removed: Set<String> = [],
        rewrite: (String, inout JSONReader) throws -> [UInt8]? = { _, _ in nil }
    ) throws -> [UInt8] {
        let part = Part(fields: type.fields, removed: removed)
        return try JSONReader.read(data) { reader in
            let bytes = try part.object(&reader, path: "", rewrite)
            try reader.end()
            return bytes
        }
    }

    private struct Part {
        let fields: DeclaredFields
        let removed: Set<String>

        func object(
            _ reader: inout JSONReader, path: String, _ rewrite: (String, inout JSONReader) throws -> [UInt8]?
        ) throws -> [UInt8] {
            var members: [(String, [UInt8])] = []
            try reader.object { name, reader in
                reader.skipWhitespace()
                // A name with a full stop in it would read as a path.
                guard !name.contains(".") else {
                    try reader.skip()
                    return
                }
                let path = path.isEmpty ? name : path + "." + name
                if let value = try value(&reader, path: path, rewrite) { members.append((name, value)) }
            }
            return JSONWriter.bytes { writer in
                writer.object { writer in for (name, value) in members { writer.member(name, raw: value) } }
            }
        }

        private func value(
            _ reader: inout JSONReader, path: String, _ rewrite: (String, inout JSONReader) throws -> [UInt8]?
        ) throws -> [UInt8]? {
            if removed.contains(path) {
                try reader.skip()
                return nil
            }
            if fields.isBranch(path) { return try branch(&reader, path: path, rewrite) }
            switch fields.class(of: path) {
            case .open: return try rewrite(path, &reader) ?? reader.raw()
            case .coded: return try code(&reader)
            case .person, .note:
                try reader.skip()
                return nil
            }
        }

        /// An object, or a list of objects; nothing else has members that are declared.
        private func branch(
            _ reader: inout JSONReader, path: String, _ rewrite: (String, inout JSONReader) throws -> [UInt8]?
        ) throws -> [UInt8]? {
            switch try reader.peek() {
            case .object: return try object(&reader, path: path, rewrite)
            case .array:
                var elements: [[UInt8]] = []
                try reader.array { reader in
                    if let element = try branch(&reader, path: path, rewrite) { elements.append(element) }
                }
                return JSONWriter.bytes { writer in
                    writer.array { writer in for element in elements { writer.raw(element) } }
                }
            default:
                try reader.skip()
                return nil
            }
        }

        private func code(_ reader: inout JSONReader) throws -> [UInt8]? {
            guard try reader.peek() == .string else {
                try reader.skip()
                return nil
            }
            let text = try reader.string()
            guard let code = SuppressionReason.Code(rawValue: text) else { return nil }
            return JSONWriter.bytes { $0.string(code.rawValue) }
        }
    }
}
