import Foundation
import GRDB
import TestSupport
import Testing

/// The administrator's commands over files that somebody got at.
@Suite("A hub's archive", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct HubArchiveTests {
    /// A hub that was stopped, with a third of its log in an archive.
    private func stopped() throws -> (host: HubHost, desk: Desk, archive: String) {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, camera) = (try host.person("op7"), try host.machine("cam"))
        let archive = host.desk.folder + "/archive"
        for number in 0..<10 { try host.post(HubHost.alert("a\(number)"), as: camera) }
        try host.settled()
        let moved = try host.hub("archive", archive, "--days", "0")
        #expect(
            moved.code == 0 && moved.complaints.contains("or name \(archive) to check, audit and backup by --archive"))
        for number in 0..<20 { try host.post(HubHost.alert("b\(number)"), as: camera) }
        #expect(try desk.synced().count == 30)
        try host.settled()
        host.kill()
        return (host, desk, archive)
    }

    @Test("one that was emptied is not whole, and nothing of it is put back; the right one is, once")
    func emptied() throws {
        let (host, _, archive) = try stopped()
        let whole = try host.hub("audit", "--archive", archive)
        #expect(whole.code == 0 && whole.output.contains("police: whole; "))
        let forged = host.desk.folder + "/forged"
        try FileManager.default.copyItem(atPath: archive, toPath: forged)
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: forged).first)
        try HubHost.sql("\(forged)/\(name)", "DELETE FROM entries")
        let audit = try host.hub("audit", "--archive", forged)
        #expect(
            audit.code == 65 && audit.output.contains("does not hold what it names")
                && audit.output.contains("NOT whole"))
        let refused = try host.hub("unarchive", forged)
        #expect(refused.code == 65 && refused.complaints.contains("nothing was put back"))
        #expect(try host.hub("audit", "--archive", archive).output == whole.output)
        #expect(try host.hub("audit", "--archive", archive + "-nowhere").code == 66)

        #expect(try host.hub("audit").output.contains("whole behind entry "))
        let back = try host.hub("unarchive", archive)
        #expect(back.code == 0 && back.output.contains(" are back"))
        #expect(try host.hub("audit").output == whole.output)
        let again = try host.hub("unarchive", archive)
        #expect(again.code == 0 && again.output == "police: nothing is archived\n")
    }

    @Test("what was put back is archived into the same folder again, and nothing is put back beside a hub that serves")
    func again() throws {
        let (host, _, archive) = try stopped()
        #expect(try host.hub("unarchive", archive).code == 0)
        try host.start()
        try until("the hub to be ready") { try host.curl("/readyz", as: nil).code == 200 }
        let again = try host.hub("archive", archive, "--days", "0")
        #expect(again.code == 0 && again.output.contains(", from before\n"), "\(again)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: archive).count == 2)
        let beside = try host.hub("unarchive", archive)
        #expect(beside.code == 75 && beside.complaints.contains("stop it first; nothing was done"), "\(beside)")
        host.kill()
        #expect(try host.hub("audit", "--archive", archive).output.contains("police: whole; "))
        #expect(try host.hub("unarchive", archive).output.contains(" are back"))
        // Where another archive has the name, it is not taken for it.
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: archive).sorted().first)
        try HubHost.sql("\(archive)/\(name)", "UPDATE entries SET body = x'00' WHERE sequence = 1")
        let other = try host.hub("archive", archive, "--days", "0")
        #expect(other.code == 65 && other.complaints.contains("is altered"), "\(other)")
    }

    @Test(
        "a view that another version folded is folded anew from the archives in the hub's folder; check says why it is not"
    )
    func anew() throws {
        let (host, _, archive) = try stopped()
        let view = host.folder + "/tenants/police.view.sqlite"
        try HubHost.sql(view, "UPDATE meta SET value = '1' WHERE key = 'fold'; UPDATE alerts SET headline = 'old'")
        let old = "warning: police: its rows are as version 1 of the fold made them"
        #expect(try host.hub("check").complaints.contains(old + ", until the hub folds them anew"))
        try host.start()
        try until("check to say that the archive is missing") {
            try host.hub("check").complaints.contains(old + ", and could not be folded anew: no archive here goes on")
        }
        host.kill()
        #expect(try host.hub("audit").output.contains("police: whole behind entry "))
        try FileManager.default.copyItem(atPath: archive, toPath: host.folder + "/archives")
        // They are looked for there.
        #expect(try host.hub("audit").output.contains("police: whole; "))
        try host.start()
        try until("the view to be folded anew") { try !host.hub("check").complaints.contains("of the fold") }
        host.kill()
        let queue = try DatabaseQueue(path: view)
        defer { try? queue.close() }
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM alerts WHERE headline = 'old'") } == 0)
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM alerts") } == 30)
    }

    @Test("a log whose end was cut off is not whole for the hub that has folded it, nor for the store of a console")
    func cut() throws {
        let (host, desk, archive) = try stopped()
        let folder = desk.folder + "/data/impetus"
        let store = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".sqlite") })
        let seen = ["--tenant", "police", "--seen", folder + "/" + store]
        #expect(try host.run(["audit"] + seen).code == 0)
        #expect(try host.hub("audit", "--seen", folder + "/" + store).code == 64)
        try HubHost.sql(host.log, "DELETE FROM entries WHERE sequence > (SELECT max(sequence) - 6 FROM entries)")
        for arguments in [[], ["--archive", archive]] {
            let audit = try host.run(["audit"] + arguments)
            #expect(audit.code == 65 && audit.output.contains("this hub has seen entry "), "\(audit)")
        }
        // Without what the hub has folded, only somebody else knows.
        for ending in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: host.folder + "/tenants/police.view.sqlite" + ending)
        }
        let alone = try host.hub("audit")
        #expect(alone.complaints.contains("may not show"))
        let told = try host.run(["audit"] + seen)
        #expect(told.code == 65 && told.output.contains("its end was cut off"), "\(told)")
    }
}
