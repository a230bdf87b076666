import Console
import ControlRoom
import Store
import Testing

/// What a supervisor asks of the alarm system itself.
@Suite("Figures")
struct MetricsStories {
    @Test("A supervisor sees what the shift was like, and goes from the most frequent alarm to the alarm")
    func shift() throws {
        let op = try Session()
        for minute in 0..<12 {
            try op.raise("camera-1/crowd", .low, "Crowd at the gate").clear("camera-1/crowd")
            try op.wait(12)
            try op.raise("camera-\(minute + 2)/smoke", .medium, "Smoke \(minute)").wait(12)
        }
        try op.see("Crowd at the gate").press("G").press("a").wait(1)
        let sup = try Session(in: op.house, as: "sup1")
        try sup.press("7", "z").see("annunciated", "24", "per 10 min/position", "chattering/fleeting", "1 / 1 !")
        sup.see("periods above 10", "!!", "10 most frequent", "Positions", "op1")
        sup.see("50 %", "chatters", "Crowd at the gate")
        let line = try #require(sup.lines.firstIndex { $0.contains("Crowd at the gate") })
        let first = try #require(sup.lines.firstIndex { $0.contains("target") })
        try sup.press("enter").sayLast("the cursor is on none")
        for _ in first..<line { try sup.press("j") }
        try sup.press("enter").see("Alerts", "Crowd at the gate").seeNot("Smoke")
    }

    @Test("How much each person answered is seen by a supervisor, and by that person")
    func positions() throws {
        let op = try Session().raise("a/1", .high, "Fire").wait(5)
        try op.press("a").wait(1)
        try op.press("7", "z").see("Your own answers", "op1", "5s ack 1")
        let other = try Session(in: op.house, as: "resp1")
        try other.press("7", "z").see("annunciated", "supervisor's where fewer").seeNot(
            "op1  ", "Your own answers", "5s")
    }
}
