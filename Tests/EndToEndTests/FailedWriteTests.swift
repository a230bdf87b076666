import Foundation
import TestSupport
import Testing

/// What becomes of a command whose words cannot be written, or that nobody reads.
@Suite("A write that fails", .serialized, .enabled(if: Product.isBuilt, Comment(rawValue: Product.missing)))
struct FailedWriteTests {
    /// Runs with standard output going to a file that is there.
    ///
    /// - Parameter complaints: where standard error goes; what was said there is not read back then.
    private func run(
        _ words: [String], at desk: Desk, output: String, complaints: String? = nil, program: String? = Product.path
    ) throws -> Outcome {
        let said = desk.folder + "/complaints"
        let environment = desk.environment.merging(HubHost.secrets) { $1 }
        let process = try Programs.start(
            try #require(program), words, environment: environment, output: output, complaints: complaints ?? said)
        var status: Int32 = 0
        try until("the end of \(words)", seconds: 30) { waitpid(process, &status, WNOHANG) == process }
        let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
        return Outcome(output: "", complaints: complaints == nil ? Programs.text(of: said) : "", code: code)
    }

    /// A shell's line in which $0 is the program.
    private func shell(_ line: String, at desk: Desk) throws -> Outcome {
        try Programs.run(
            "/bin/bash", ["-c", line, try #require(Product.path)], environment: desk.environment, folder: desk.folder)
    }

    /// So many alerts that no pipe holds their lines.
    private func manyAlerts(_ count: Int = 3_000) throws -> Desk {
        let desk = try Desk()
        let events = (0..<count).map { number in
            #"{"specversion":"1.0","id":"e\#(number)","source":"urn:test","type":"eu.impetus.alert.raised.v1","#
                + #""subject":"s\#(number)","time":"2026-11-23T08:00:00Z","#
                + #""data":{"tool":"FD","kind":"weapon","severity":"low","headline":"Weapon \#(number)"}}"#
        }
        let file = try desk.file("many.json", "[" + events.joined(separator: ",") + "]")
        #expect(try desk.impetus("import", file).code == 0)
        return desk
    }

    @Test("a full device under standard output ends with 73, and says so", .enabled(if: full, "there is no /dev/full"))
    func fullDevice() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        for words in [
            ["alerts"], ["alerts", "--json"], ["alerts", "--count"], ["alerts", "--grouped"], ["districts"], ["assets"],
            ["checklists"], ["status"], ["doctor"], ["metrics"], ["policy"], ["export", "--format", "csv"],
            ["export", "--format", "cap"], ["--help"], ["--version"], ["import", desk.folder + "/event-1.json"],
            ["--generate-completion-script", "bash"],
        ] {
            let outcome = try run(words, at: desk, output: "/dev/full")
            #expect(outcome.code == 73, "\(words): \(outcome)")
            let told = outcome.complaints.components(separatedBy: "standard output: No space left on device")
            #expect(told.count == 2, "\(words): \(outcome)")
        }
    }

    private static let full = FileManager.default.fileExists(atPath: "/dev/full")

    @Test("acts are done to the end though nobody can be told", .enabled(if: full, "there is no /dev/full"))
    func actsOnFullDevice() throws {
        let desk = try Desk()
        for number in 1...3 { try desk.raise("camera-\(number)/weapon", "high", "Weapon \(number)") }
        let acks = ["ack"] + (1...3).map { "camera-\($0)/weapon" }
        #expect(try run(acks, at: desk, output: "/dev/full").code == 73)
        #expect(try desk.impetus("alerts", "--count", "acknowledged = yes").output == "3\n")
        // What went wrong with the act itself weighs more.
        let second = ["ack", "camera-1/weapon", "--as", "sup1", "--json"]
        #expect(try run(second, at: desk, output: "/dev/full").code == 65)
    }

    @Test(
        "the hub's program ends with 73, too", .enabled(if: full && Product.hub != nil, "no /dev/full or impetus-hub"))
    func hubOnFullDevice() throws {
        let desk = try Desk()
        let data = ["--data", desk.folder + "/hub"]
        let made = try run(
            ["init", "--name", "h", "--host", "localhost"] + data, at: desk, output: "/dev/full", program: Product.hub)
        #expect(made.code == 73 && made.complaints.contains("standard output: No space left on device"), "\(made)")
        // It is made all the same.
        let again = try run(["check"] + data, at: desk, output: desk.folder + "/out", program: Product.hub)
        #expect(again.code == 0, "\(again)")
        for words in [["check"] + data, ["--help"]] {
            #expect(try run(words, at: desk, output: "/dev/full", program: Product.hub).code == 73, "\(words)")
        }
    }

    @Test(
        "a remark that cannot be made is no success; a closed standard error is a wish",
        .enabled(if: full, "there is no /dev/full"))
    func standardError() throws {
        let desk = try Desk()
        let text = capAlert(id: "flood", headline: "Flood").replacing("</areaDesc>", with: "</areaDesc><polygon/>")
        let file = try desk.file("noaa.cap", text)
        #expect(try run(["import", file], at: desk, output: "/dev/null", complaints: "/dev/full").code == 73)
        #expect(try desk.impetus("alerts", "--count").output == "1\n")
        #expect(try shell("exec \"$0\" import \(file) 2>&-", at: desk).code == 0)
    }

    @Test("standard output that is closed ends with 74, and no file takes its place")
    func closed() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        let outcome = try shell("exec \"$0\" alerts >&-", at: desk)
        #expect(outcome.code == 74 && outcome.complaints.contains("standard output: Bad file descriptor"), "\(outcome)")
        let ack = try shell("exec \"$0\" ack camera-1/weapon >&-", at: desk)
        #expect(ack.code == 74, "\(ack)")
        #expect(try desk.impetus("alerts", "--count", "acknowledged = yes").output == "1\n")
        #expect(try desk.impetus("doctor").code == 0)
    }

    @Test(
        "a reader that goes away is no error",
        arguments: ["alerts", "alerts --json", "export --format csv", "export --format cap"])
    func closedPipe(_ words: String) throws {
        let desk = try manyAlerts()
        let outcome = try shell("\"$0\" \(words) | head -1; echo ${PIPESTATUS[0]}", at: desk)
        let lines = outcome.output.utf8.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 2 && lines.last.map { String($0) == "0" } == true, "\(outcome)")
        #expect(outcome.complaints.isEmpty, "\(outcome.complaints)")
    }

    @Test("acts are done to the end though their reader went away")
    func actsToClosedPipe() throws {
        let desk = try Desk()
        for number in 1...3 { try desk.raise("camera-\(number)/weapon", "high", "Weapon \(number)") }
        let pipe = desk.folder + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        let process = try Programs.start(
            try #require(Product.path), ["ack"] + (1...3).map { "camera-\($0)/weapon" }, environment: desk.environment,
            output: pipe, complaints: desk.folder + "/complaints")
        close(reader)
        var status: Int32 = 0
        try until("the end") { waitpid(process, &status, WNOHANG) == process }
        #expect(status == 0 && Programs.text(of: desk.folder + "/complaints").isEmpty)
        #expect(try desk.impetus("alerts", "--count", "acknowledged = yes").output == "3\n")
    }

    @Test("export leaves no file where it cannot be made, and says why")
    func exportNowhere() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        let nowhere = try desk.impetus("export", "--output", desk.folder + "/no/such/folder/a.csv")
        #expect(nowhere.code == 73 && nowhere.complaints.contains("No such file or directory"), "\(nowhere)")
    }

    @Test(
        "a full disk leaves no half export, and ends with 73",
        .enabled(if: TinyDisk.isPossible, "a small file system cannot be mounted"))
    func fullDisk() throws {
        let (desk, disk) = (try manyAlerts(), try TinyDisk(kibibytes: 64))
        let named = try desk.impetus("export", "--output", disk.path + "/a.csv")
        #expect(named.code == 73 && named.complaints.contains(disk.path + "/a.csv cannot be written"), "\(named)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
        let piped = try run(["export", "--format", "csv"], at: desk, output: disk.path + "/b.csv")
        #expect(piped.code == 73 && piped.complaints.contains("No space left on device"), "\(piped)")
    }
}
