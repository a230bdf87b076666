import Console
import ControlRoom
import Foundation
import Settings

/// What alarms sound like here: `sound.toml` in the configuration directory.
///
/// ```
/// silence = 120            # seconds for which the key silences
/// burst = 10               # what comes within so many seconds is one notice
/// notice = "high"          # from this severity on somebody is told
/// command = ["/usr/local/bin/siren", "--once"]
///
/// [every]                  # seconds from ring to ring until somebody acknowledges; 0 is no sound
/// critical = 5
/// high = 10
/// ```
struct SoundFile {
    var plan = SoundPlan()
    /// A program and its arguments; it is started as it is, by no shell.
    var command: [String] = []
    var warnings: [Warning] = []

    static func load(_ path: String) -> SoundFile {
        guard FileManager.default.fileExists(atPath: path) else { return SoundFile() }
        do {
            return parse(try BoundedFile.read(path), file: path)
        } catch {
            return SoundFile(warnings: [error])
        }
    }

    static func parse(_ text: String, file: String) -> SoundFile {
        var sound = SoundFile()
        do {
            var reading = try Reading(text, file: file)
            reading.refuseOthers(than: ["silence", "burst", "notice", "command", "every"], in: reading.root)
            sound.plan.silenceSeconds =
                reading.integer("silence", in: reading.root, from: 1...3_600) ?? sound.plan.silenceSeconds
            sound.plan.burstSeconds =
                reading.integer("burst", in: reading.root, from: 1...600) ?? sound.plan.burstSeconds
            sound.readNotice(&reading)
            sound.readRings(&reading)
            sound.command = reading.texts("command", in: reading.root)?.map(\.text) ?? []
            sound.warnings = reading.warnings
        } catch {
            sound.warnings = [error]
        }
        return sound
    }

    private mutating func readNotice(_ reading: inout Reading) {
        guard let name = reading.text("notice", in: reading.root) else { return }
        guard let severity = Severity(name: name) else {
            return reading.warn(["notice"], "there is no severity \(PlainText.quoted(name))")
        }
        plan.noticeFrom = severity
    }

    private mutating func readRings(_ reading: inout Reading) {
        guard let section = reading.section("every", in: reading.root) else { return }
        reading.refuseOthers(than: Severity.allCases.map(\.name), in: section)
        for severity in Severity.allCases {
            guard let seconds = reading.integer(severity.name, in: section, from: 0...3_600) else { continue }
            plan.everySeconds[severity] = seconds == 0 ? nil : seconds
        }
    }
}
