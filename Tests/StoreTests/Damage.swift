import ControlRoom
import Foundation
import GRDB
import TestSupport

@testable import Store

/// A closed store of known events, and on which pages of its file each of them stands.
struct DamagedStore {
    let folder: TemporaryFolder
    let path: String
    let bytes: [UInt8]
    /// The pages that the way from the root to an event leads over, by the event's id.
    let pages: [String: Set<Int>]
    /// The pages of each table and index.
    let owners: [String: Set<Int>]
    static let pageSize = 4_096
    static let acts = 5

    init(events count: Int = 300) throws {
        folder = try TemporaryFolder()
        path = folder.file("s")
        let store = try Store(path: path) { "log" }
        var make = EventMaker()
        let filler = String(repeating: "x", count: 700)
        for number in 0..<count {
            let event = make.raised("s\(number % 40)", .high, "\"filler\":\"\(filler)\"")
            _ = try store.ingest([AdmittedEvent(event)], now: EventMaker.noon.adding(seconds: Double(number)))
        }
        try store.enqueue((0..<DamagedStore.acts).map { ("act\($0)", nil, Array("act".utf8)) }, now: EventMaker.noon)
        store.close()
        bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let map = try DamagedStore.map(path)
        owners = map.owners
        pages = DamagedStore.find(bytes, map.paths)
    }

    /// What SQLite itself says of the pages; `paths` are those of the log, by page.
    private static func map(_ path: String) throws -> (owners: [String: Set<Int>], paths: [Int: Set<Int>]) {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read { db in
            var owners: [String: Set<Int>] = [:]
            var byPath: [(path: String, page: Int)] = []
            for row in try Row.fetchAll(db, sql: "SELECT name, path, pageno FROM dbstat") {
                let (name, path, page): (String, String, Int) = (row["name"], row["path"], row["pageno"])
                owners[name, default: []].insert(page)
                if name == "events" { byPath.append((path, page)) }
            }
            let paths = byPath.map { entry in
                (entry.page, Set(byPath.filter { entry.path.hasPrefix($0.path) }.map(\.page)))
            }
            return (owners, Dictionary(uniqueKeysWithValues: paths))
        }
    }

    /// An event stands on the page on which its id does: `e17` followed by the data.
    private static func find(_ bytes: [UInt8], _ paths: [Int: Set<Int>]) -> [String: Set<Int>] {
        var found: [String: Set<Int>] = [:]
        for (page, path) in paths {
            let text = String(decoding: bytes[(page - 1) * pageSize..<page * pageSize], as: UTF8.self)
            for match in text.matches(of: /e([0-9]+)s[0-9]+/) { found["e\(match.1)"] = path }
        }
        return found
    }

    /// The file with some pages overwritten, or cut off after so many bytes.
    func damage(pages: Set<Int> = [], first: Int? = nil, length: Int? = nil) throws {
        var bytes = bytes
        for page in pages {
            for index in (page - 1) * DamagedStore.pageSize..<page * DamagedStore.pageSize { bytes[index] = 0xA5 }
        }
        for index in 0..<(first ?? 0) { bytes[index] = 0xA5 }
        for name in folder.names { try FileManager.default.removeItem(atPath: folder.file(name)) }
        try Data(bytes.prefix(length ?? bytes.count)).write(to: URL(fileURLWithPath: path))
    }
}
