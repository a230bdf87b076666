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
        _ = watch.heard("passing", 1, at: at(1))
        #expect(watch.due(at: at(62)) == ["passing"])
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
