import Console
import ControlRoom
import Testing

/// Tools that the site has of its own.
@Suite("Tools of the site")
struct ToolStories {
    private func register(_ code: String, _ name: String, _ seconds: Int, at op: Session) throws {
        try op.house.ingest([
            op.house.event(.toolRegistered, code) { writer in
                writer.member("name", name)
                writer.member("silent_after_s", seconds)
            }
        ])
    }

    @Test("One that is registered stands in the line of tools, alarms there, and is silent after its own time")
    func strip() throws {
        let op = try Session("200x60")
        op.seeNot("NOISE")
        try register("NOISE", "noise meters", 600, at: op)
        try op.wait(1).see("NOISE no word yet")
        try op.raise("square/noise", .high, "Loud", tool: Tool(code: "NOISE"), kind: "loud").wait(1)
        op.see("NOISE ALERT")
        try op.house.ingest([op.house.event(.alertCleared, "square/noise") { $0.member("reason", "normal") }])
        try op.press("a").wait(500).seeNot("NOISE silent")
        try op.wait(120).see("NOISE silent")
    }

    @Test("An alert of a tool that nobody knows shows its code, and is found by it")
    func unregistered() throws {
        let op = try Session()
        try op.raise("square/noise", .high, "Loud", tool: Tool(code: "noise_meter"), kind: "loud")
        try op.raise("camera-1/weapon", .high, "Weapon seen").wait(1)
        try op.press("/").type("tool = noise").see("NOISE-METER").press("tab").press("enter")
        op.see("Loud").seeNot("Weapon seen")
        try op.press("/", "ctrl-u").type("tool = other").press("enter")
        op.see("Loud").seeNot("Weapon seen")
    }

    @Test("The choice of a tool names those of the site, and what came without being registered")
    func choice() throws {
        let op = try Session()
        try register("NOISE", "noise meters", 600, at: op)
        try op.raise("hall/air", .high, "Bad air", tool: Tool(code: "AIR")).wait(1)
        try op.press("t").see("NOISE  noise meters", "AIR")
    }
}
