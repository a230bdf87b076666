import ControlRoom
import Testing

@testable import Hub

@Suite("Senders of syslog that fall silent")
struct SenderWatchTests {
    private let start = Timestamp(milliseconds: 1_000_000_000)

    private func at(_ seconds: Double) -> Timestamp { start.adding(seconds: seconds) }

    /// A sender that is known, heard every `gap` seconds, the last time at 0.
    private func known(_ gap: Double, least: Double = 60) -> SenderWatch {
        var watch = SenderWatch(leastSeconds: least)
        for number in (0..<SenderWatch.known).reversed() { _ = watch.heard("ids1", 1, at: at(-gap * Double(number))) }
        return watch
    }

    @Test("who is known and silent for longer than is usual is told once, until heard again")
    func silent() {
        var watch = known(10)
        #expect(watch.due(at: at(59)).isEmpty)
        #expect(watch.due(at: at(61)) == ["ids1"])
        watch.mark("ids1", isSilent: true)
        #expect(watch.due(at: at(5_000)).isEmpty)
        let isToBeCleared = watch.heard("ids1", 1, at: at(5_000))
        #expect(isToBeCleared)
        watch.mark("ids1", isSilent: false)
        // The outage is not taken for a habit.
        #expect(watch.limit(of: "ids1") == 60)
        #expect(watch.due(at: at(5_061)) == ["ids1"])
    }

    @Test("a sender that logs seldom is given three times its longest pause")
    func seldom() {
        let watch = known(40_000)
        #expect(watch.limit(of: "ids1") == 120_000)
        #expect(watch.due(at: at(119_000)).isEmpty && watch.due(at: at(121_000)) == ["ids1"])
    }

    @Test("who sent a few messages only is not missed")
    func unknown() {
        var watch = SenderWatch(leastSeconds: 60)
        _ = watch.heard("passing", SenderWatch.known - 1, at: at(0))
        #expect(watch.due(at: at(1_000_000)).isEmpty)
        _ = watch.heard("passing", 1, at: at(70))
        #expect(watch.due(at: at(70 + 209)).isEmpty && watch.due(at: at(70 + 211)) == ["passing"])
    }

    @Test("twenty lines at once, when a device starts, teach nothing of its pauses")
    func atOnce() throws {
        var watch = SenderWatch(leastSeconds: 900)
        for _ in 0..<4 { _ = watch.heard("ids1", 5, at: at(0)) }
        _ = watch.heard("ids1", 5, at: at(30))
        #expect(watch.limit(of: "ids1") == nil && watch.due(at: at(86_400)).isEmpty)
        // It logs once an hour: its first pause is longer than the settings' silence, and no alarm.
        _ = watch.heard("ids1", 1, at: at(3_630))
        #expect(watch.limit(of: "ids1") == 10_800)
        // So it is after a restart, and where an older version kept what it had learned of lines at once.
        #expect(try SenderWatch(leastSeconds: 900, text: watch.text, now: at(4_000)).limit(of: "ids1") == 10_800)
        let old =
            #"[{"name":"ids1","messages":20,"gap":0.5,"silent":false},{"name":"b","messages":20,"gap":1000,"silent":false}]"#
        let known = try SenderWatch(leastSeconds: 900, text: Array(old.utf8), now: at(0))
        #expect(known.limit(of: "ids1") == nil && known.limit(of: "b") == 3_000)
    }

    @Test("what is known outlives a restart, and the time in which the hub was down counts for nobody")
    func kept() throws {
        var watch = known(100)
        watch.mark("ids1", isSilent: true)
        let again = try SenderWatch(leastSeconds: 60, text: watch.text, now: at(9_000))
        #expect(again.senders["ids1"]?.isSilent == true && again.limit(of: "ids1") == 300)
        #expect(again.senders["ids1"]?.last == at(9_000))
        #expect(throws: JSONError.self) { try SenderWatch(leastSeconds: 60, text: Array("[{".utf8), now: start) }
    }

    @Test("no more senders are watched than the bound")
    func bounded() {
        var watch = SenderWatch(leastSeconds: 60)
        for number in 0..<3_000 { _ = watch.heard("s\(number)", 50, at: start) }
        #expect(watch.senders.count == SenderWatch.most)
    }
}
