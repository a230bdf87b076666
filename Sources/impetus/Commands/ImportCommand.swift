import ArgumentParser
import ControlRoom
import Foundation
import Shell
import Standards
import Store

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import CAP, EDXL-DE, Atom, RSS, CloudEvents, GeoJSON districts or the KEV catalogue.",
        discussion: """
            The format is told by the content. Importing a file again imports nothing twice. Each rejection is named on \
            standard error as FILE:LINE: why; the rest of the file and of the call goes on. The last line of standard \
            output is 'imported N, duplicate N, rejected N'.
            """)

    @Argument(help: "Files; - for standard input.", completion: .file()) var files: [String]
    @Option(
        help: ArgumentHelp("Do not guess: cap, atom, rss, edxl-de, cloudevents, geojson, kev.", valueName: "format"))
    var format: String?
    @Flag(help: "The summary as one JSON object.") var json = false
    @OptionGroup var options: NamedStoreOptions

    func run() throws {
        var wanted: ImportFormat?
        if let format {
            guard let known = ImportFormat.named(format) else {
                let names = ImportFormat.allCases.map(\.rawValue).joined(separator: ", ")
                throw Usage.wrong("--format is one of \(names)")
            }
            wanted = known
        }
        let opened = try options.openOrMake(writeCacheKiB: 64_000)
        let intake = try Intake(opened)
        var outcome = ImportOutcome()
        for file in files {
            var job = FileImport(path: file, format: wanted, intake: intake)
            outcome.add(job.run())
        }
        do {
            try intake.finish()
        } catch {
            Output.note("\(error)")
            if error is Intake.Stuck { throw ExitCode.tryLater }
            throw (error as? StoreError).map(OpenedStore.exitCode(for:)) ?? ExitCode.diskFailure
        }
        outcome.add(intake.counts)
        outcome.tell(json: json)
        opened.store.close()
        if outcome.unreadable > 0 { throw ExitCode.noInput }
        if outcome.rejected > 0 { throw ExitCode.badData }
    }
}

/// What came of an import.
struct ImportOutcome {
    var imported = 0
    var duplicate = 0
    var rejected = 0
    /// Files that could not be read at all; they count among the rejected.
    var unreadable = 0

    mutating func add(_ other: ImportOutcome) {
        imported += other.imported
        duplicate += other.duplicate
        rejected += other.rejected
        unreadable += other.unreadable
    }

    func tell(json: Bool) {
        guard json else {
            Output.line("imported \(imported), duplicate \(duplicate), rejected \(rejected)")
            return
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("imported", imported)
            writer.member("duplicate", duplicate)
            writer.member("rejected", rejected)
        }
        Output.json(writer.text)
    }
}
