import ArgumentParser
import Console
import ControlRoom
import Foundation
import Shell
import Store
import Terminal

struct AlertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract: "List alerts: all of them, active or not, of all realms; or those a filter finds.",
        discussion: """
            A filter has words, "quoted phrases" and conditions, joined by and, or, not and parentheses:
              impetus alerts 'severity >= high and in district Arcella and age < 1h'
              impetus alerts 'state = waiting and (tool = FD or headline ~ "gas")'
              impetus alerts 'within 300m of 45.4064,11.8768 and raised > yesterday 22:00'

            Columns: severity, state, raised, tool, status, place, headline, id. Times are printed in UTC; the console, and the \
            clocks in a filter and in --at, are those of the city.
            """)

    @Argument(help: "What to list, in the filter language.") var filter: String?
    @Option(help: ArgumentHelp("What a saved view shows; see the file views.toml.", valueName: "name")) var view:
        String?
    @OptionGroup var options: NamedStoreOptions
    @Flag(help: "One JSON object a line.") var json = false
    @Option(
        help: ArgumentHelp(
            "As they stood at a time of the city's clock (14:05, \"yesterday 22:00\") or so long ago (2h).",
            valueName: "time")) var at: String?
    @Flag(help: "What belongs together as one, by the site's policy and by what explains what.") var grouped = false
    @Flag(help: "Go on listing alerts as they change.") var follow = false
    @Flag(help: "Only how many there are.") var count = false
    @Flag(help: "How the filter was read, and how many alerts each part of it finds.") var explain = false

    func run() throws {
        if explain, filter == nil, view == nil {
            throw Usage.wrong("what shall be explained? give a filter or a --view")
        }
        if [explain, count, follow].count(where: { $0 }) > 1 {
            throw Usage.wrong("one of --explain, --count, --follow")
        }
        if grouped, follow || explain {
            throw Usage.wrong("--grouped lists what is there: not with --follow, --explain")
        }
        if at != nil, follow { throw Usage.wrong("what was then does not go on: --at or --follow") }
        let present = try options.open().store
        guard let at else { return try list(present, now: Surroundings.live.now()) }
        try PastListing.read(present, at: at) { try list($0, now: $1) }
    }

    private func list(_ store: Store, now: Timestamp) throws {
        let argument = try FilterArgument(filter, view: view, store, now: now)
        if explain { return try argument.explain(store) }
        if count, !grouped { return Output.line(String(try argument.count(store))) }
        let printer = AlertPrinter(json: json, districts: try store.districtNames(), at: at == nil ? nil : now)
        if grouped {
            return try GroupListing(store: store, argument: argument, printer: printer).list(countOnly: count)
        }
        let sequence = try store.lastSequence()
        let listed = try list(store, argument, printer)
        if follow { try self.follow(store, argument, printer, listed, after: sequence) }
    }

    private static let mostListed = 1_000_000

    /// - Returns: the rows that a filter found.
    private func list(_ store: Store, _ argument: FilterArgument, _ printer: AlertPrinter) throws -> Set<Int64> {
        var listed = Set<Int64>()
        guard argument.filter.match == nil else {
            try argument.each(store) { line, realm in
                try printer.print(line, realm)
                if follow, listed.count < AlertsCommand.mostListed { listed.insert(line.row) }
            }
            return listed
        }
        var row: Int64 = 0
        while true {
            let page = try store.allAlerts(afterRow: row, limit: 1_000)
            for (line, realm) in page { try printer.print(line, realm) }
            guard let last = page.last else { return [] }
            row = last.line.row
        }
    }

    private func follow(
        _ store: Store, _ argument: FilterArgument, _ printer: AlertPrinter, _ listed: Set<Int64>,
        after sequence: Int64
    ) throws {
        var sequence = sequence
        // What was listed is listed once more when the filter finds it no longer, as it is then.
        var listed = listed
        while true {
            Surroundings.live.sleep(0.05)
            let last = try store.lastSequence()
            while sequence < last {
                let next = min(last, sequence + 500)
                let changed = try store.alerts(changedAfter: sequence, limit: 500)
                let now = Surroundings.live.now()
                for (line, realm) in changed {
                    if try store.meets(argument.filter, row: line.row, in: realm, now: now) {
                        if listed.count < AlertsCommand.mostListed { listed.insert(line.row) }
                    } else if listed.remove(line.row) == nil {
                        continue
                    }
                    try printer.print(line, realm)
                }
                sequence = next
            }
        }
    }
}

/// Lines for people or for programs.
struct AlertPrinter {
    let json: Bool
    let districts: [String: String]
    /// When their states are asked; nil for now, whenever that is.
    let at: Timestamp?
    private let room = TextRoom.ofStandardOutput()

    init(json: Bool, districts: [String: String], at: Timestamp?) {
        self.json = json
        self.districts = districts
        self.at = at
    }

    /// The headline and the place give way to the width of a terminal; the id never does.
    ///
    /// - Parameter members: the keys of those that the line stands for, where it stands for a group.
    /// - Throws: an exit code, once standard output cannot be written any more.
    func print(_ line: AlertLine, _ realm: Realm, members: [String] = []) throws {
        let now = at ?? Surroundings.live.now()
        if json {
            Output.json(AlertJSON.text(line, realm: realm, districts: districts, now: now, members: members))
            return try Output.check()
        }
        let alert = line.alert
        let place = alert.district.map { districts[$0] ?? $0 } ?? alert.areaName ?? "-"
        let status = alert.status(in: realm).rawValue
        let count = line.group.map { "\($0.count)× (\($0.waiting) unack) " } ?? ""
        let fields = [
            alert.severity.name, alert.state(at: now).rawValue, alert.raised.rfc3339, alert.tool.code, status, place,
            count + alert.headline, alert.externalID ?? alert.subject,
        ]
        try ListLine(fields, cut: 6, narrow: 5).print(in: room)
    }
}

struct AssetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assets", abstract: "List cyber assets by risk, with the reasons.")

    @OptionGroup var options: NamedStoreOptions
    @Flag(help: "One JSON object a line.") var json = false

    func run() throws {
        let store = try options.open().store
        let room = TextRoom.ofStandardOutput()
        let texts = Texts(Language(environment: ProcessInfo.processInfo.environment))
        let today = Surroundings.live.now().milliseconds / 86_400_000
        for line in try store.assets(.actual, limit: 100_000) {
            let reasons = line.risk.reasons.map { texts.words(for: $0, today: today) }
            if json {
                Output.json(try text(line, reasons, store))
            } else {
                let fields = [String(line.risk.score), line.asset.id, line.asset.name, reasons.joined(separator: "; ")]
                try ListLine(fields, cut: 3, narrow: 2).print(in: room)
            }
        }
    }

    private func text(_ line: AssetLine, _ reasons: [String], _ store: Store) throws -> String {
        let found = try store.vulnerabilities(of: line.asset)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", line.asset.id)
            writer.member("name", line.asset.name)
            writer.member("risk", line.risk.score)
            writer.member("reasons", reasons)
            writer.member("kind", line.asset.kind)
            writer.member("vendor", line.asset.vendor)
            writer.member("product", line.asset.product)
            writer.member("version", line.asset.version)
            writer.member("owner", line.asset.owner)
            writer.member("criticality", line.asset.criticality)
            writer.member("exposure", line.asset.exposure.rawValue)
            writer.member("zone", line.asset.zone)
            writer.member("district", line.asset.district)
            writer.member("site", line.asset.site)
            writer.member("lat", line.asset.place?.latitude)
            writer.member("lon", line.asset.place?.longitude)
            writer.member("kev", found.map(\.cve))
        }
        return writer.text
    }
}

struct DistrictsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "districts", abstract: "List the districts of all sets, and which set is on the map.")

    @OptionGroup var options: NamedStoreOptions
    @Flag(help: "One JSON object a line.") var json = false

    func run() throws {
        let store = try options.open().store
        let room = TextRoom.ofStandardOutput()
        let shown = try store.city()?.districtSet
        for district in try store.districts(set: nil) {
            let points = district.outline.pointCount
            guard json else {
                let fields = [
                    district.set, district.id, district.name, district.population.map(String.init) ?? "-",
                    "\(points) points",
                ]
                try ListLine(fields, cut: 2).print(in: room)
                continue
            }
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("id", district.id)
                writer.member("name", district.name)
                writer.member("set", district.set)
                writer.member("on_map", district.set == shown)
                writer.member("population", district.population)
                writer.member("polygons", district.outline.polygons.count)
                writer.member("points", points)
                writer.member("south", district.outline.box?.south)
                writer.member("west", district.outline.box?.west)
                writer.member("north", district.outline.box?.north)
                writer.member("east", district.outline.box?.east)
            }
            Output.json(writer.text)
        }
    }
}

struct ChecklistsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checklists", abstract: "List playbooks, and the checklists that were started.")

    @OptionGroup var options: NamedStoreOptions
    @Flag(help: "One JSON object a line.") var json = false

    func run() throws {
        let store = try options.open().store
        let room = TextRoom.ofStandardOutput()
        for playbook in try store.playbooks() { try tell(playbook, room) }
        for realm in try realms(store) {
            for run in try store.runs(realm, limit: 10_000) {
                if let whole = try store.run(run.id) { try tell(whole, realm, room) }
            }
        }
    }

    private func realms(_ store: Store) throws -> [Realm] {
        var all: [Realm] = [.actual, .technical]
        if let name = try store.latestExercise()?.name { all.append(.exercise(name)) }
        return all
    }

    private func tell(_ playbook: Playbook, _ room: TextRoom?) throws {
        guard json else {
            let fields = [
                "playbook", playbook.id, "v\(playbook.version)", playbook.title, "\(playbook.steps.count) steps",
            ]
            return try ListLine(fields, cut: 3).print(in: room)
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("record", "playbook")
            writer.member("id", playbook.id)
            writer.member("version", playbook.version)
            writer.member("title", playbook.title)
            writer.member("steps", playbook.steps.count)
        }
        Output.json(writer.text)
    }

    private func tell(_ run: ChecklistRun, _ realm: Realm, _ room: TextRoom?) throws {
        guard json else {
            let fields = [
                "run", run.id, run.playbook.title, "\(run.settledCount) of \(run.playbook.steps.count)", run.alert,
                realm.name,
            ]
            return try ListLine(fields, cut: 2).print(in: room)
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("record", "run")
            writer.member("id", run.id)
            writer.member("playbook", run.playbook.id)
            writer.member("version", run.playbook.version)
            writer.member("title", run.playbook.title)
            writer.member("alert", run.alert)
            writer.member("realm", realm.name)
            writer.member("started_by", run.started.by)
            writer.member("started_at", run.started.at.rfc3339)
            writer.member("settled", run.settledCount)
            writer.member("finished", run.isFinished)
            writer.key("steps")
            writer.array { writer in for step in run.playbook.steps { write(step, of: run, to: &writer) } }
        }
        Output.json(writer.text)
    }

    private func write(_ step: Playbook.Step, of run: ChecklistRun, to writer: inout JSONWriter) {
        let record = run.record(of: step.id)
        writer.object { writer in
            writer.member("step", step.id)
            writer.member("title", step.title)
            writer.member("state", run.state(of: step.id).rawValue)
            writer.member("by", record?.by)
            writer.member("at", record?.at.rfc3339)
        }
    }
}
