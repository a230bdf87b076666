import ControlRoom
import GRDB
import TestSupport

@testable import Store

extension TemporaryStore {
    /// How hard the writer makes sure that a commit is on the disk: 2 is FULL.
    var synchronous: Int? {
        get throws { try store.writer.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } }
    }

    var journal: String? {
        get throws { try store.writer.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA journal_mode") } }
    }
}

extension Store {
    /// Keeps the answering connection busy.
    func whileReading(_ body: () -> Void) { try? read { _ in body() } }
}
