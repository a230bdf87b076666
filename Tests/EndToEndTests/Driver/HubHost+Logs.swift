import Foundation
import GRDB
import TestSupport

/// A hub's files, as somebody reads and changes them who gets at them.
extension HubHost {
    /// The log of the tenant police.
    var log: String { folder + "/tenants/police.log.sqlite" }

    static func sql(_ file: String, _ statement: String) throws {
        let queue = try DatabaseQueue(path: file)
        try queue.write { try $0.execute(sql: statement) }
        try queue.close()
    }

    /// Until a checkpoint stands last: what is before it is folded.
    func settled() throws {
        let queue = try DatabaseQueue(path: log)
        defer { try? queue.close() }
        try until("a checkpoint to stand last") {
            try queue.read {
                try String.fetchOne(
                    $0, sql: "SELECT CAST(body AS TEXT) FROM entries ORDER BY sequence DESC LIMIT 1")
            }?.contains("log.checkpointed") ?? false
        }
    }
}
