import ControlRoom
import Foundation
import Store
import TestSupport
import Testing

@Suite("The file of a store")
struct StoreFileTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("is its owner's alone, and so is what stands beside it")
    func isPrivate() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(make.raised("a"))
        for ending in ["", "-wal", "-shm"] { #expect(try mode(disk.path + ending) == 0o600, "\(ending)") }
    }

    @Test("keeps the mode that somebody gave it")
    func kept() throws {
        let disk = try TemporaryStore()
        disk.store.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: disk.path)
        try disk.again().close()
        #expect(try mode(disk.path) == 0o640)
    }
}
