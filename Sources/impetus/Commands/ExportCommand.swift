import ArgumentParser
import ControlRoom
import Shell
import Store

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write alerts as CSV, JSON lines or CAP 1.2: all, or those a filter finds.",
        discussion: """
            CAP goes out as one EDXL-DE 1.0 document with a CAP 1.2 alert for each; impetus import reads it again.
            Personal data is in none of them.
              impetus export 'severity >= high and raised > yesterday' --output night.csv
              impetus export --format cap > alerts.edxlde
            """)

    @Argument(help: "What to write, in the filter language.") var filter: String?
    @Option(help: ArgumentHelp("What a saved view shows; see the file views.toml.", valueName: "name")) var view:
        String?
    @Option(help: "csv, jsonl or cap; without it, what the file's ending says.") var format: ExportFormat?
    @Option(help: ArgumentHelp("A file that is not there yet; without it, standard output.", valueName: "file"))
    var output: String?
    @Option(help: "Only of one: actual, exercise (of all runs) or technical.") var realm: RealmKind?
    @OptionGroup var options: NamedStoreOptions

    enum RealmKind: String, CaseIterable, ExpressibleByArgument {
        case actual, exercise, technical

        func holds(_ realm: Realm) -> Bool {
            switch self {
            case .actual: realm == .actual
            case .exercise: realm.isExercise
            case .technical: realm == .technical
            }
        }
    }

    /// What is Actual and what is not never stand in one CAP document.
    private func queries(_ store: Store, _ format: ExportFormat) throws -> [AlertQuery] {
        let now = Surroundings.live.now()
        let argument = try FilterArgument(filter, view: view, store, now: now)
        let queries = try store.realms().filter { realm?.holds($0) ?? true }
            .map { AlertQuery(realm: $0, order: .oldest, filter: argument.filter) }
        guard format == .cap, realm == nil else { return queries }
        let filled = try queries.filter { try store.count($0.at(now), limit: 1) > 0 }
        let kinds = Set(filled.compactMap { query in RealmKind.allCases.first { $0.holds(query.realm) } })
        guard kinds.count <= 1 else {
            let names = kinds.map(\.rawValue).sorted().joined(separator: ", ")
            throw Usage.wrong("one CAP document has alerts of one realm, and these are \(names): choose with --realm")
        }
        return filled
    }

    func run() throws {
        guard let format = format ?? output.flatMap(ExportFormat.init(file:)) else {
            throw Usage.wrong(
                "which format? --format csv, jsonl or cap, or an --output that ends in .csv, .jsonl or .cap")
        }
        let store = try options.open().store
        let queries = try self.queries(store, format)
        let exporter = try Exporter(store, format, .live)
        guard let output else {
            _ = try exporter.write(queries) { bytes in
                Output.bytes(Array(bytes))
                try Output.check()
            }
            return
        }
        do {
            Output.note("\(try exporter.write(queries, toFile: output)) alerts in \(output)")
        } catch let failure as FileFailure {
            Output.note(failure.description)
            throw failure.code
        }
    }
}
