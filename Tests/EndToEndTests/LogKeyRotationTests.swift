import Foundation
import TestSupport
import Testing

/// A hub's folder was stolen: its administrator makes another key.
@Suite("Another log.key", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct LogKeyRotationTests {
    @Test(
        "counts from then on, for a hub that serves again with what was there before; one with the old key does not start"
    )
    func rotated() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, camera) = (try host.person("op7"), try host.machine("cam"))
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        #expect(try desk.synced().count == 1)
        let early = try host.hub("rotate-log-key")
        #expect(early.code == 75 && early.complaints.contains("serves: stop it first"), "\(early)")
        try host.stop()
        let file = host.folder + "/log.key"
        let old = try String(contentsOfFile: file, encoding: .utf8)
        let rotated = try host.hub("rotate-log-key")
        #expect(rotated.code == 0 && rotated.output.hasPrefix("police\t"), "\(rotated)")
        let fresh = try String(contentsOfFile: file, encoding: .utf8)
        #expect(fresh.hasSuffix(old) && fresh != old)
        #expect(try host.hub("check").code == 0)

        try host.start()
        #expect(try host.post(HubHost.alert("b"), as: camera).code == 202)
        #expect(try desk.synced().count == 2)
        try host.stop()
        #expect(try host.hub("audit").output.contains("police: whole"))
        try old.write(toFile: file, atomically: true, encoding: .utf8)
        let check = try host.hub("check")
        #expect(
            check.code == 78 && check.complaints.contains("log.key in this hub's folder is not the one"), "\(check)")
        let serve = try host.hub("serve", "--listen", "127.0.0.1:0")
        #expect(serve.code == 78 && serve.complaints.contains("log.key in this hub's folder"), "\(serve)")
    }

    @Test("stops a hub that runs on with the old one, which says what is to be done")
    func running() throws {
        let host = try HubHost(["police"])
        try host.start()
        #expect(try host.hub("rotate-log-key", "--stopped").code == 0)
        var code: Int32?
        try until("the hub to end", seconds: 20) {
            code = host.ended()
            return code != nil
        }
        #expect(code == 78 && host.journalText.contains("log.key was changed while this hub ran"))
        // The new one is in its folder already.
        try host.start()
        try host.stop()
    }
}
