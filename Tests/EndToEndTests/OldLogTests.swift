import Foundation
import GRDB
import TestSupport
import Testing

/// A hub's folder as a version left it that signed nothing in its logs.
@Suite("Logs of an older version", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct OldLogTests {
    /// Takes the hubs' word off every entry, every signature off the system's facts, and the key of the logs away.
    private func age(_ host: HubHost) throws {
        let word = 33
        try HubHost.sql(host.log, "UPDATE entries SET body = substr(body, 1, length(body) - \(word))")
        let system = try DatabaseQueue(path: host.folder + "/system.sqlite")
        try system.write { db in
            for row in try Row.fetchAll(db, sql: "SELECT sequence, body FROM entries") {
                let (sequence, body): (Int64, Data) = (row[0], row[1])
                var event = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
                for name in ["signature", "keyid", "logkey"] { event[name] = nil }
                try db.execute(
                    sql: "UPDATE entries SET body = ? WHERE sequence = ?",
                    arguments: [try JSONSerialization.data(withJSONObject: event), sequence])
            }
        }
        try system.close()
        try FileManager.default.removeItem(atPath: host.folder + "/log.key")
    }

    @Test("are followed by nobody until trust-log has named what stands in them, and then all goes on")
    func story() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (camera, desk) = (try host.machine("cam"), try host.person("op7"))
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        #expect(try desk.synced().count == 1)
        host.kill()
        try age(host)

        let check = try host.hub("check")
        #expect(check.code == 78 && check.complaints.contains("impetus-hub trust-log"), "\(check)")
        try host.start()
        let ready = try host.curl("/readyz", as: nil)
        #expect(ready.code == 503 && ready.output.contains("impetus-hub trust-log"), "\(ready)")
        let shown = try host.hub("trust-log", "--show")
        #expect(shown.code == 0 && shown.lines.map { $0.prefix { $0 != "\t" } } == ["system", "police"], "\(shown)")
        #expect(try host.curl("/readyz", as: nil).code == 503)

        let trusted = try host.hub("trust-log")
        #expect(trusted.code == 0 && trusted.output == shown.output, "\(trusted)")
        try until("the hub to serve again", seconds: 30) { try host.curl("/readyz", as: nil).code == 200 }
        #expect(try host.post(HubHost.alert("b"), as: camera).code == 202)
        #expect(try desk.synced().count == 2)
        #expect(try host.person("op8").synced().count == 2)
        for command in ["check", "audit"] {
            let outcome = try host.hub(command)
            #expect(outcome.code == 0, "\(outcome)")
        }
        #expect(try host.hub("trust-log").output.hasPrefix("nothing is older"))
        #expect(try desk.hubbed("audit", "verify").code == 0)
    }
}
