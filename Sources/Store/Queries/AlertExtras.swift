import ControlRoom

/// What an alert's data says beyond the fields of this system: how CAP travels. What is declared a person's, and what is not declared,
/// is masked: the name of the member in brackets stands for it, once, however much there is.
enum AlertExtras {
    struct Found {
        var hasPersonal = false
        var evidenceCount = 0
        var extras: [AlertDetail.Extra] = []
    }

    static func read(_ data: [UInt8]) -> Found {
        var found = Found()
        try? JSONReader.read(data) { reader in
            try reader.object { key, reader in
                switch key {
                case "personal":
                    found.hasPersonal = true
                    try reader.skip()
                case "evidence":
                    try reader.array { reader in
                        try reader.skip()
                        found.evidenceCount += 1
                    }
                case "signed": try append(&reader, named: "signed", into: &found.extras)
                // What stands first is shown even where there is more than is shown.
                case "unread": try append(&reader, named: "unread", into: &found.extras)
                case "cap": try flatten(&reader, into: &found.extras, prefix: "")
                default: try reader.skip()
                }
            }
        }
        return found
    }

    private static let bound = 60

    private static let fields = EventType.alertRaised.fields

    /// - Parameter name: as it is shown: what is under `cap` without that.
    private static func isMasked(_ name: String) -> Bool {
        if name == "unread" { return false }
        let path = "cap." + name
        return !fields.isBranch(path) && fields.class(of: path) == .person
    }

    private static func masked(_ name: String) -> String {
        "[" + (name.split(separator: ".").last.map { String($0.prefix(40)) } ?? "") + "]"
    }

    private static func flatten(
        _ reader: inout JSONReader, into extras: inout [AlertDetail.Extra], prefix: String
    ) throws {
        try reader.object { key, reader in
            try append(&reader, named: prefix.isEmpty ? key : prefix + "." + key, into: &extras)
        }
    }

    private static func append(
        _ reader: inout JSONReader, named name: String, into extras: inout [AlertDetail.Extra]
    ) throws {
        if isMasked(name) {
            try reader.skip()
            let mask = AlertDetail.Extra(name: TextBound.cut(name, to: TextBound.line), value: masked(name))
            if extras.count < bound, !extras.contains(mask) { extras.append(mask) }
            return
        }
        guard extras.count < bound else {
            try reader.skip()
            return
        }
        switch try reader.peek() {
        case .object: try flatten(&reader, into: &extras, prefix: name)
        case .array: try reader.array { try append(&$0, named: name, into: &extras) }
        default:
            let value = try text(&reader)
            guard !value.isEmpty else { return }
            extras.append(
                .init(name: TextBound.cut(name, to: TextBound.line), value: TextBound.cut(value, to: TextBound.line)))
        }
    }

    private static func text(_ reader: inout JSONReader) throws -> String {
        if try reader.peek() == .string { return try reader.string() }
        return String(decoding: try reader.raw(), as: UTF8.self)
    }
}
