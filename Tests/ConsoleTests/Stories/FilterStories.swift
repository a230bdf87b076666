import Console
import ControlRoom
import Testing

/// Finding alerts in the language of filters.
@Suite("Filtering")
struct FilterStories {
    private func filled() throws -> Session {
        let op = try Session().raise("camera-1/weapon", .critical, "Weapon seen") { $0.member("district", "nord") }
        try op.raise("camera-2/crowd", .high, "Crowd grows") { $0.member("district", "centro") }
        return try op.raise("topic/rising", .low, "Topic rising", tool: .smd).wait(1)
    }

    @Test("A filter is read aloud while it is written, with how many it finds; Enter shows them")
    func conditions() throws {
        let op = try filled()
        try op.press("/").see("Filter", "conditions: severity >= high").type("severity>=high not seen")
        op.see("1 found · reads: severity >= high and not seen")
        try op.press("enter").see("1 found · 2 unack not shown · [/severity>=high", "Crowd grows").seeNot(
            "Weapon seen", "Topic rising")
        try op.press("0").see("Weapon seen", "Topic rising")
    }

    @Test("Tab takes what is offered: fields, operators, values and names of the city")
    func completion() throws {
        let op = try filled()
        try op.press("/").type("sev").see("▸ severity").press("tab").type(">=").type(" ").see("▸ critical", "medium")
        try op.press("down", "tab").see("/severity >= high ").type("in d").press("tab").type("cen").see("▸ Centro")
        try op.press("tab").see("/severity >= high in district Centro ", "1 found").press("enter")
        op.see("Crowd grows").seeNot("Weapon seen")
    }

    @Test("What cannot be read is said with its reason, and Enter leaves it as it is to be mended")
    func mistakes() throws {
        let op = try filled()
        try op.press("/").type("sverity = high").see("there is no field “sverity”; did you mean “severity”?")
        try op.press("enter").see("Filter", "/sverity = high").press("home", "right").type("e").see("1 found")
        try op.press("enter").see("Crowd grows").seeNot("Weapon seen")
        #expect(op.recorded.isEmpty)
    }

    @Test("What was shown before is offered again, the last first; Escape changes nothing")
    func recent() throws {
        let op = try filled()
        for text in ["weapon", "tool = SMD"] { try op.press("/", "ctrl-u").type(text).press("enter") }
        try op.press("/", "ctrl-u").see("▸ tool = SMD", "weapon", "recent").press("down", "tab").see("/weapon")
        try op.press("esc").see("[/tool = SMD]", "Topic rising").seeNot("Weapon seen")
        try op.press("/", "ctrl-u").press("down", "enter").see("[/weapon]")
    }

    @Test("Words that may have been meant as a condition are named; a filter tells what waits beside it")
    func doubts() throws {
        let op = try filled()
        try op.press("/").type("severity in low").see("severity, in,")
        try op.press("ctrl-u").type("tool = SMD").seeNot("severity, in,").press("enter")
        op.see("1 found · 2 unack not shown")
    }

    @Test("Views have names: shipped ones by role, own ones saved, taken, replaced after a question and deleted")
    func views() throws {
        let op = try filled().press("w").see("Waiting", "state = waiting", "W saves").choose("High and critical")
        op.see("[/severity >= high]", "Weapon seen").seeNot("Topic rising")
        try op.press("t").choose("FD").press("S", "W").type("Severe FD").press("enter").sayLast("1 views of your own")
        try op.press("0").see("Topic rising").press("w").see("Severe FD", "severity >= high and")
        try op.choose("Severe FD").see("Weapon seen").seeNot("Topic rising")
        #expect(op.state.alerts.query.order == .newest)
        try op.press("W").type("Severe FD").press("enter").see("takes its place").press("y")
        #expect(op.state.views.count == 1)
        try op.press(":").type("delete a view").press("enter").choose("Severe FD").see("Severe FD").press("y")
        #expect(op.state.views.isEmpty)
        let chief = try Session(in: op.house, as: "sup1").press("w").see("Waiting for ten minutes", "Shelved")
        _ = chief
    }

    @Test("A view that was edited by hand and cannot be read leaves the list as it is, and says why")
    func wrongView() throws {
        let op = try filled()
        try op.send(.views([AlertView(name: "Mine", filter: "sverity = high")]))
        try op.press("w").choose("Mine").sayLast("there is no field “sverity”").see("Topic rising")
    }

    @Test("The list as it stands goes into a file whose name is offered")
    func export() throws {
        let op = try filled().press("/").type("weapon").press("enter")
        try op.press(":").type("export").press("enter").see("Export to which file?", "~/impetus-2026-")
        try op.press("ctrl-u").type("/tmp/x.cap").press("enter")
        #expect(op.exported.count == 1 && op.exported[0].path == "/tmp/x.cap")
        #expect(op.exported[0].query.filter.text == "weapon")
    }

    @Test("A distance is measured from the alert under the cursor")
    func within() throws {
        let op = try Session()
        for (name, latitude) in [("near", 45.401), ("far", 45.42), ("here", 45.4)] {
            try op.raise("camera-\(name)/crowd", .high, "Crowd \(name)") {
                $0.member("lat", latitude)
                $0.member("lon", 11.88)
            }.wait(1)
        }
        try op.press("g").beOn("Crowd here").press("/").type("within 300m of h").press("tab").see("2 found").press(
            "enter")
        op.see("Crowd here", "Crowd near", "[/within 300m").seeNot("Crowd far")
        #expect(op.state.alerts.query.filter.text == "within 300m of 45.4,11.88")
    }

    @Test("What is asked for by its state is found although it is over")
    func over() throws {
        let op = try Session().raise("a/1", .low, "Came and went").press("a").clear("a/1").see("nothing open")
        try op.press("/").type("state = normal").press("enter").see("Came and went", "1 found")
    }
}
