/// What `Tests/README.md` says of comments that a machine can check.
enum DocumentationRules {
    /// It is there for the tests, which alone may import it.
    private static let excused: Set<String> = ["TestSupport"]

    /// - Parameter files: whole rooms, their paths from `Sources` on; a type's comment speaks for its extensions in
    ///   other files of its room.
    static func faults(of files: [(path: String, text: String)]) -> [Fault] {
        let read = files.filter { !excused.contains(room($0.path)) }.map {
            (path: $0.path, declarations: DeclarationScan.declarations(of: $0.text))
        }
        var spoken: Set<String> = []
        for file in read {
            for each in file.declarations where each.errors == .none && saysErrors(each) {
                spoken.insert(room(file.path) + " " + each.name)
            }
        }
        return read.flatMap { file in
            file.declarations.flatMap { each in
                faults(of: each, isSpokenFor: spoken.contains(room(file.path) + " " + each.owner))
                    .map { Fault(path: file.path, line: each.line, what: $0) }
            }
        }
    }

    private static func faults(of each: Declaration, isSpokenFor: Bool) -> [String] {
        if each.isRequired, !each.isType || each.kind == "typealias" { return [] }
        if each.isType { return each.comment.isEmpty ? ["\(each.name) has no comment"] : [] }
        guard each.errors != .none else { return [] }
        if each.comment.isEmpty { return ["\(each.name) throws and has no comment"] }
        let isSaid = each.errors == .named || isSpokenFor || saysErrors(each)
        return isSaid ? [] : ["\(each.name) does not say what it throws"]
    }

    private static func saysErrors(_ each: Declaration) -> Bool {
        each.comment.contains { $0.hasPrefix("- Throws: ") && $0.count > "- Throws: ".count }
    }

    private static func room(_ path: String) -> String { String(path.prefix { $0 != "/" }) }
}
