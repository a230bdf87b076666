/// How a message is meant to be taken (CAP 1.2, 3.2.1 `status`).
public enum MessageStatus: String, CaseIterable, Sendable {
    case actual, exercise, system, test, draft
}

/// The worlds that never share a list, a count or a view. One is shown at a time.
public enum Realm: Hashable, Sendable {
    case actual
    /// One run of one exercise; two runs are two realms.
    case exercise(String)
    /// System, test and draft messages: never to be acted on.
    case technical

    public init(exercise: String?, status: MessageStatus) {
        if let exercise {
            self = .exercise(exercise)
            return
        }
        switch status {
        case .actual: self = .actual
        case .exercise: self = .exercise("unnamed")
        case .system, .test, .draft: self = .technical
        }
    }

    /// `actual`, `technical` or `exercise:NAME`.
    public var name: String {
        switch self {
        case .actual: "actual"
        case .technical: "technical"
        case .exercise(let name): "exercise:" + name
        }
    }

    public init?(name: String) {
        switch name {
        case "actual": self = .actual
        case "technical": self = .technical
        default:
            guard name.hasPrefix("exercise:") else { return nil }
            self = .exercise(String(name.dropFirst(9)))
        }
    }

    public var isExercise: Bool {
        if case .exercise = self { return true }
        return false
    }

    /// The name of the exercise, which an act in this realm carries.
    public var exercise: String? {
        if case .exercise(let name) = self { return name }
        return nil
    }

    /// The status of acts in this realm that are about no alert of its own: among technical messages any of theirs says so.
    public var actStatus: MessageStatus { self == .technical ? .test : .actual }
}
