package import GRDB

/// How a database file of the house is opened and copied.
package enum DatabaseFile {
    /// What was accepted survives the plug being pulled, the last transaction included; readers wait for no writer.
    ///
    /// - Parameters:
    ///   - cacheKiB: pages that the connection may keep in memory, in KiB.
    ///   - pageBytes: of a file that is made; nil for the standard.
    package static func configuration(cacheKiB: Int, pageBytes: Int? = nil) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            if let pageBytes { try db.execute(sql: "PRAGMA page_size = \(pageBytes)") }
            // Set here and not by GRDB, which would write at every start and leave `synchronous` at NORMAL.
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA cache_size = -\(cacheKiB)")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        return configuration
    }

    /// Copies a file as it is at one instant into a new one, while others go on: on a connection of its own, for as long as it
    /// takes.
    ///
    /// - Throws: what the database says.
    package static func copy(_ path: String, to file: String) throws {
        let connection = try DatabaseQueue(path: path, configuration: configuration(cacheKiB: 1_000))
        defer { try? connection.close() }
        try connection.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [file]) }
    }
}
