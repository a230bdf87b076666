import Console
import ControlRoom
import Foundation
import TestSupport
import Testing

@testable import impetus

@Suite("Sound and the site's own command")
struct SoundTests {
    @Test("the file says what sounds, and each wrong line is named and passed over")
    func file() throws {
        let sound = SoundFile.parse(
            """
            silence = 30
            notice = "low"
            command = ["/bin/true", "x"]
            [every]
            critical = 2
            high = 0
            info = 60
            """, file: "sound.toml")
        #expect(sound.warnings.isEmpty && sound.plan.everySeconds == [.critical: 2, .info: 60])
        #expect(
            sound.plan.silenceSeconds == 30 && sound.plan.noticeFrom == .low && sound.command == ["/bin/true", "x"])
        let wrong = SoundFile.parse(
            """
            silence = -1
            notice = "dire"
            volume = 11
            [every]
            loud = 1
            """, file: "sound.toml")
        #expect(wrong.warnings.count == 4 && wrong.plan.silenceSeconds == 120 && wrong.plan.noticeFrom == .high)
    }

    @Test("the command is started as it is, told of counts and severities, and one at a time")
    func command() throws {
        let folder = try TemporaryFolder()
        let (script, said) = (folder.file("siren"), folder.file("said"))
        try "#!/bin/sh\necho \"$1 $IMPETUS_SEVERITY $IMPETUS_COUNT $IMPETUS_HIGH\" >> \(said)\nsleep 1\n".write(
            toFile: script, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let command = AlarmCommand([script, "$(id); a"])
        let notice = AlarmNotice(counts: [.critical: 1, .high: 6], text: "t")
        #expect(command.run(notice) == nil && command.run(notice) == nil)
        for _ in 0..<200 where !FileManager.default.fileExists(atPath: said) { usleep(20_000) }
        usleep(100_000)
        #expect(try String(contentsOfFile: said, encoding: .utf8) == "$(id); a critical 7 6\n")
        #expect(AlarmCommand([folder.file("nothing")]).run(notice) != nil)
        #expect(AlarmCommand([]).run(notice) == nil)
    }
}
