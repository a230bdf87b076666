public import ControlRoom
public import Store

/// A real store in a folder of its own.
public struct TemporaryStore: Sendable {
    public let folder: TemporaryFolder
    public let path: String
    public let store: Store

    public init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite")
        store = try Store(path: path) { "log-1" }
    }

    /// Another connection to the same file, as another process has it.
    public func again() throws -> Store { try Store(path: path) { "log-2" } }

    @discardableResult
    public func ingest(_ events: [Event], at now: Timestamp = EventMaker.noon) throws -> [Admission] {
        try store.ingest(try events.map { try AdmittedEvent($0) }, now: now)
    }

    @discardableResult
    public func ingest(_ event: Event, at now: Timestamp = EventMaker.noon) throws -> Admission? {
        try ingest([event], at: now).first
    }

    /// Does all the work that may lag behind.
    public func settle() throws {
        while try store.backgroundStep() {}
    }

    public func state(_ subject: String, _ realm: Realm = .actual, at now: Timestamp = EventMaker.noon) throws
        -> AlertState?
    {
        try store.alert(subject: subject, realm: realm)?.alert.state(at: now)
    }
}
