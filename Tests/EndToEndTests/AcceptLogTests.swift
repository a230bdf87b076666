import Foundation
import GRDB
import TestSupport
import Testing

/// The way out where a tenant's log is not what the hub has seen.
@Suite("accept-log", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct AcceptLogTests {
    private func place(of subject: String, _ host: HubHost) throws -> Int64 {
        let queue = try DatabaseQueue(path: host.log)
        defer { try? queue.close() }
        return try #require(
            try queue.read {
                try Int64.fetchOne(
                    $0, sql: "SELECT sequence FROM entries WHERE CAST(body AS TEXT) LIKE ? ORDER BY sequence LIMIT 1",
                    arguments: ["%\"subject\":\"\(subject)\"%"])
            })
    }

    /// A hub that was stopped, of which all is folded.
    private func stopped(_ subjects: [String]) throws -> (host: HubHost, camera: String) {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        for subject in subjects { #expect(try host.post(HubHost.alert(subject), as: camera).code == 202) }
        try host.settled()
        host.kill()
        return (host, camera)
    }

    /// It serves, acts count, also after a restart, whoever starts new finds the log whole, and it can be archived.
    private func goesOn(_ host: HubHost, _ camera: String, _ actor: String, alerts: Int) throws {
        try host.start()
        try until("the hub to be ready", seconds: 30) { try host.curl("/readyz", as: nil).code == 200 }
        host.kill()
        try host.start()
        try until("the hub to be ready again", seconds: 30) { try host.curl("/readyz", as: nil).code == 200 }
        #expect(try host.post(HubHost.alert("after"), as: camera).code == 202)
        let desk = try host.person(actor)
        #expect(try desk.synced().count == alerts + 1)
        let ack = try desk.hubbed("ack", "after")
        #expect(ack.code == 0, "\(ack)")
        let after = try desk.synced().first { $0["subject"] as? String == "after" }
        #expect(after?["acknowledged_by"] as? String == actor)
        try host.settled()
        let verified = try desk.hubbed("audit", "verify")
        #expect(verified.code == 0 && verified.output.contains("an administrator has taken the log as it is"))
        let audit = try host.hub("audit")
        #expect(audit.code == 0 && audit.output.contains("police: whole"), "\(audit)")
        let archive = try host.hub("archive", host.desk.folder + "/archive-of-\(actor)", "--days", "0")
        #expect(archive.code == 0 && archive.output.contains(" are in "), "\(archive)")
    }

    @Test("a damaged first entry: said before, refused beside a running hub, and after it all goes on")
    func first() throws {
        let (host, camera) = try stopped(["a", "b"])
        try HubHost.sql(host.log, "UPDATE entries SET body = x'00' WHERE sequence = 1")
        try host.start()
        try until("the hub to find it") { try host.curl("/readyz", as: nil).code == 503 }
        let beside = try host.hub("accept-log", "police", "--yes")
        #expect(beside.code == 75 && beside.complaints.contains("stop it first"), "\(beside)")
        host.kill()

        let told = try host.hub("accept-log", "police")
        #expect(told.code == 0 && told.output.contains("entry 1 is the first that differs"), "\(told)")
        #expect(told.output.contains("1 events that this hub has seen are not in the log any more"))
        #expect(told.output.contains("have no effect where it is folded anew") && told.output.contains("--yes"))
        // Nothing was done.
        #expect(try host.hub("accept-log", "police").output == told.output)
        let done = try host.hub("accept-log", "police", "--yes")
        #expect(done.code == 0 && done.output.contains("start the hub again"), "\(done)")
        try goesOn(host, camera, "op8", alerts: 2)
    }

    @Test("a damaged entry in the middle: two hubs say the same, what is lost can be posted again, and all goes on")
    func middle() throws {
        let (host, camera) = try stopped(["a", "b", "c"])
        try HubHost.sql(host.log, "UPDATE entries SET body = x'00' WHERE sequence = \(place(of: "b", host))")
        let other = try HubHost(beside: host)
        let told = try host.hub("accept-log", "police")
        #expect(told.code == 0 && told.output.contains("lost: ") && told.output.contains("urn:test"), "\(told)")
        #expect(try other.hub("accept-log", "police").output == told.output)
        #expect(try host.hub("accept-log", "police", "--yes").code == 0)
        try goesOn(host, camera, "op8", alerts: 2)
        #expect(try host.hub("accept-log", "nobody").code == 64)
    }

    @Test("an entry that is missing is none that keeps the log from being folded")
    func missing() throws {
        let (host, camera) = try stopped(["a", "b", "c"])
        try HubHost.sql(host.log, "DELETE FROM entries WHERE sequence = \(place(of: "b", host))")
        let done = try host.hub("accept-log", "police", "--yes")
        #expect(done.code == 0 && done.output.contains("is the first that differs"), "\(done)")
        try goesOn(host, camera, "op8", alerts: 2)
    }

    /// With "a" in an archive, and "b" damaged in the log.
    private func archived() throws -> (host: HubHost, camera: String, archive: String) {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        let archive = host.desk.folder + "/archive"
        try host.post(HubHost.alert("a"), as: camera)
        try host.settled()
        let moved = try host.hub("archive", archive, "--days", "0")
        #expect(moved.code == 0 && moved.output.contains(" are in "), "\(moved)")
        for subject in ["b", "c"] { try host.post(HubHost.alert(subject), as: camera) }
        try host.settled()
        host.kill()
        try HubHost.sql(host.log, "UPDATE entries SET body = x'00' WHERE sequence = \(place(of: "b", host))")
        return (host, camera, archive)
    }

    @Test("an archived log is put back first, though what stands behind its archive is damaged, and then taken")
    func putBack() throws {
        let (host, camera, archive) = try archived()
        let refused = try host.hub("accept-log", "police", "--yes")
        #expect(refused.code == 65 && refused.complaints.contains("unarchive DIR"), "\(refused)")
        let back = try host.hub("unarchive", archive, "--damaged-log")
        #expect(back.code == 0 && back.output.contains(" are back"), "\(back)")
        let done = try host.hub("accept-log", "police", "--yes")
        #expect(done.code == 0, "\(done)")
        try goesOn(host, camera, "op8", alerts: 2)
    }

    @Test("where the archives are lost, the log goes on from its first entry")
    func withoutBeginning() throws {
        let (host, camera, archive) = try archived()
        try FileManager.default.removeItem(atPath: archive)
        let told = try host.hub("accept-log", "police", "--without-beginning")
        #expect(told.code == 0 && told.output.contains("will be lost"), "\(told)")
        let done = try host.hub("accept-log", "police", "--without-beginning", "--yes")
        #expect(done.code == 0, "\(done)")
        try goesOn(host, camera, "op8", alerts: 1)
    }
}
