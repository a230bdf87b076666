import Cities
import Console
import ControlRoom
import Store
import Testing

/// From alerts to places and back.
@Suite("The map")
struct MapStories {
    private func placed(_ size: String = "120x40") throws -> Session {
        try Session(size).raise("camera-1/weapon", .critical, "Weapon seen") { writer in
            writer.member("lat", 45.4079)
            writer.member("lon", 11.873)
            writer.member("district", "centro")
        }
    }

    @Test("An alert is on the map with its glyph and its district's name")
    func marker() throws {
        try placed("80x24").press("2").see("‼", "Centro", "Padova")
    }

    @Test("From an alert to its place and back, the cursor where it was")
    func jumpAndBack() throws {
        let op = try placed("80x24").raiseMany(1..<5).press("m").see("Map", "‼").press("1").beOn("Weapon seen")
        try op.press("j", "m").sayLast("it has no place")
    }

    @Test("The map fits what is open, and the city again")
    func fit() throws {
        let op = try placed().press("2", "f")
        let near = op.state.map.dotsPerDegree
        try op.press("0")
        #expect(op.state.map.dotsPerDegree < near)
        try op.press("1", "a", "C").choose("no impact").press("enter", "2", "f").sayLast("nothing open has a place")
    }

    @Test("A city that comes while the console is open is on the map")
    func cityComes() throws {
        let op = try placed().see("Padova")
        let oslo = try CityPack.load("oslo")
        _ = try op.house.store.ingest(oslo.definitions.map { try AdmittedEvent($0) }, now: op.house.now)
        try op.house.tell()
        op.see("Oslo")
        #expect(op.state.city.city.title == "Oslo")
    }

    @Test("A district is selected, said with what is open in it, and listed")
    func district() throws {
        let op = try placed().raise("other/1", .low, "Elsewhere") { $0.member("district", "nord") }
        try op.press("2", "enter").sayLast("select a district first (n)")
        var tries = 0
        while op.state.map.selected != "centro", tries < 20 {
            try op.press("n")
            tries += 1
        }
        try op.sayLast("Centro: 1 open").see("Centro").press("p", "n").press("enter")
        op.see("[Centro]").beOn("Weapon seen").seeNot("Elsewhere")
        #expect(op.state.focus == .alerts)
    }

    @Test("Panning and zooming move the view; the note's key goes to the alert, here too")
    func pan() throws {
        let op = try placed("80x24").press("2", "+", "+", "+")
        for _ in 0..<12 { try op.press("l") }
        op.see("beyond this view; m goes there").seeNot("‼")
        try op.press("m").see("‼").seeNot("beyond this view")
        for _ in 0..<60 { try op.press("-", "h", "k") }
        for _ in 0..<60 { try op.press("+", "j") }
        try op.press("home").see("Centro")
    }

    @Test("An alert outside the city's map says how far and which way, and the key back works")
    func outside() throws {
        let op = try Session("80x24").raise("cap/1", .high, "Flood near Milano", tool: .cap, kind: "Flood") { writer in
            writer.member("lat", 45.46)
            writer.member("lon", 9.19)
        }
        try op.press("enter").see("OUTSIDE the map", "km west").press("2").see("outside the city's map; m goes there")
        try op.press("1", "m").sayLast("this lies outside the city's map; 0 goes back").press("0").see("Centro")
    }

    @Test("Streets are shown and hidden, and the districts on the map are chosen")
    func streets() throws {
        let op = try placed().press("2")
        let plain = op.screen
        try op.press("s")
        #expect(op.screen != plain)
        try op.press("s")
        #expect(op.screen == plain)
        try op.press("D").see("Districts on the map").press("esc")
    }

    @Test("From an asset to the alerts that name it")
    func assetAlerts() throws {
        let op = try placed().press("3").see("assets", "to fix now").press("j")
        let name = try #require(op.state.assets.current?.asset.name)
        try op.raise("ctdr/1", .high, "Login on \(name)", tool: .ctdr, kind: "intrusion").wait(1)
        try op.press("enter").sayLast("alerts that name \(name)").see("1 found").beOn("Login on \(name)")
    }
}
