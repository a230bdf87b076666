import Foundation
import Testing

/// A tool of the site's own, from the command line.
@Suite("Tools of the site", .serialized, .enabled(if: Product.isBuilt, Comment(rawValue: Product.missing)))
struct ToolTests {
    @Test("is registered, raises, is found, listed and removed")
    func own() throws {
        let desk = try Desk()
        let added = try desk.impetus(
            "tools", "add", "noise", "--name", "noise meters", "--silent-after", "10m", "--as", "sup1")
        #expect(added.code == 0, "\(added.complaints)")
        try desk.raise("square/noise", "high", "Loud", more: ["tool": "NOISE", "kind": "loud"])
        try desk.raise("camera-1/weapon", "high", "Weapon seen")
        let found = try desk.impetus("alerts", "tool = noise")
        #expect(found.code == 0 && found.lines.count == 1 && found.lines[0].contains("NOISE"))
        #expect(try desk.alert("square/noise")["tool"] as? String == "NOISE")
        let tools = try desk.objects(desk.impetus("tools", "--json").output)
        let noise = try #require(tools.first { $0["code"] as? String == "NOISE" })
        #expect(noise["name"] as? String == "noise meters" && noise["silent_after_s"] as? Int == 600)
        #expect(noise["registered"] as? Bool == true && noise["state"] as? String == "ok")
        #expect(tools.count == 10)
        #expect(try desk.impetus("tools", "remove", "NOISE", "--as", "sup1").code == 0)
        #expect(try desk.impetus("alerts", "tool = NOISE", "--count").output == "1\n")
        #expect(try desk.impetus("alerts", "tool = other", "--count").output == "1\n")
        #expect(try desk.impetus("tools").output.contains("NOISE\t-\t180 s\tok"))
    }

    @Test("an alert of a tool that nobody has registered shows its code, and is found by it")
    func unregistered() throws {
        let desk = try Desk()
        try desk.raise("square/noise", "high", "Loud", more: ["tool": "noise_meter"])
        #expect(try desk.impetus("alerts").output.contains("NOISE-METER"))
        #expect(try desk.impetus("alerts", "tool = NOISE-METER", "--count").output == "1\n")
        #expect(try desk.impetus("export", "tool = noise_meter", "--format", "csv").output.contains("NOISE-METER"))
        let wrong = try desk.impetus("alerts", "tool = NOISF")
        #expect(wrong.code == 64)
    }

    @Test("what cannot be registered or removed is said with a way out, and who may not is told")
    func refused() throws {
        let desk = try Desk()
        let form = try desk.impetus("tools", "add", "noise_meter", "--name", "n", "--as", "sup1")
        #expect(form.code == 64 && form.complaints.contains("NOISE-METER"))
        #expect(try desk.impetus("tools", "add", "other", "--name", "n", "--as", "sup1").code == 64)
        #expect(try desk.impetus("tools", "add", "NOISE", "--as", "sup1").code == 64)
        let short = try desk.impetus("tools", "add", "NOISE", "--name", "n", "--silent-after", "1s", "--as", "sup1")
        #expect(short.code == 64)
        #expect(try desk.impetus("tools", "add", "NOISE", "--name", "n", "--as", "op1").code == 77)
        let shipped = try desk.impetus("tools", "remove", "FD", "--as", "sup1")
        #expect(shipped.code == 64 && shipped.complaints.contains("renamed"))
        #expect(try desk.impetus("tools", "remove", "NOISE", "--as", "sup1").code == 65)
        #expect(try desk.impetus("tools", "add", "FD", "--name", "cameras", "--as", "sup1").code == 0)
        #expect(try desk.impetus("tools").output.contains("FD\tcameras\t180 s"))
    }
}
