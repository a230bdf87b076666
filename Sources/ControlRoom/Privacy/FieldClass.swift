/// What may become of a member of an event's data.
public enum FieldClass: String, CaseIterable, Sendable {
    /// Of a person, or what leads to one: in no list, export, copy, journal or rejection, and masked in the detail.
    case person
    /// Words that somebody wrote. Shown on the consoles of the tenant, with the alert, the checklist or the entry of the log that they
    /// were written to, and in nothing that is printed, exported or passed on.
    case note
    /// Shown everywhere, and part of a copy for another tenant.
    case open
    /// Open where its value is a `SuppressionReason.Code`, and a note where it is not: events from before the codes hold words there.
    case coded
}

/// The declared fields of one type: the class of each member of its `data` by its path, the names from outside in, joined by full
/// stops. Elements of a list have the path of the list. What is within a member that is declared has its class, unless members
/// within it are declared.
public struct DeclaredFields: Sendable {
    /// The class of each declared path.
    public let classes: [String: FieldClass]
    /// Paths within which others are declared.
    private let branches: Set<String>

    init(_ classes: [String: FieldClass]) {
        self.classes = classes
        branches = classes.keys.reduce(into: []) { found, path in
            var path = path[...]
            while let end = path.lastIndex(of: ".") {
                path = path[..<end]
                found.insert(String(path))
            }
        }
    }

    /// - Parameter path: of a member; one that is not declared, nor within one that is, is `person`.
    public func `class`(of path: String) -> FieldClass {
        var path = path[...]
        while true {
            if let found = classes[String(path)] { return found }
            guard let end = path.lastIndex(of: ".") else { return .person }
            path = path[..<end]
        }
    }

    /// Whether members within this one are declared, each for itself.
    public func isBranch(_ path: String) -> Bool { branches.contains(path) }
}
