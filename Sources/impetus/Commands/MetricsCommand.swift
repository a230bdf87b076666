import ArgumentParser
import ControlRoom
import Foundation
import Shell
import Store

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "The figures of the alarm system: this shift and the last thirty days, beside what is aimed at.",
        discussion: """
            After ISA-18.2 (16) and EEMUA 191: annunciations in ten minutes, floods, the most frequent, chattering, fleeting and \
            stale alarms, priorities, time to acknowledge and to assess (median and 95th percentile), false alarms of each \
            tool. With --json one object. How much each person answered is shown to a supervisor, and to each their own, with a \
            hub for the passphrase; so are the times of all together where fewer than three answered. It is in no JSON.

              annunciated   alarms that began or became worse
              rate          alarms in ten minutes for each person who answers them
              flooded       ten-minute periods with more than 10 alarms, % of all
              flood         time in floods, %: from such a period to one with under 5
              peak          alarms in the worst ten minutes
              frequent      the ten most frequent, % of all; then a row for each
              nuisance      alarms that chattered / that were fleeting
              stale         alarms active for more than a day, now
              priorities    low and info / medium / high and critical, % of all
              unauthorised  alarms quiet beyond the site's limit, unapproved, now

            ! is over the target, !! beyond what anybody can manage. In JSON shares go from 0 to 1, and times are seconds.
            """)

    @Flag(help: "Of the last exercise, not what is Actual.") var exercise = false
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        let viewer = try Viewer(options, asked: actor.identity)
        let store = try options.open(of: viewer.name ?? actor.identity).store
        let now = Surroundings.live.now()
        let zone = LocalZone.table(try store.city()?.timeZone ?? "UTC", around: now)
        let realm = try exercise ? LatestExercise.realm(store) : .actual
        let report = try store.metricsReport(
            realm, shift: try store.alarmPolicy().shiftStart(at: now, zone), now: now)
        if actor.json { return Output.json(MetricsCommand.json(report)) }
        let both = [report.shift, report.month]
        let seesAll = viewer.role?.may(.assign) ?? false
        let tells = both.contains(where: \.tellsOfPersons)
        let persons = Set(both.flatMap(\.positions).map(\.person)).filter { seesAll || $0 == viewer.actor }
        let hasTimes = both.contains { !$0.acknowledged.isEmpty || !$0.assessed.isEmpty }
        let isPersonal = !persons.isEmpty || (seesAll && tells && hasTimes)
        let isProven = try isPersonal && viewer.isProven()
        for row in MetricsCommand.rows(report, withTimes: !tells || (seesAll && isProven)) { Output.row(row) }
        for person in persons.sorted() where isProven {
            Output.row(
                ["answers of \(person)"] + [report.shift, report.month].map { MetricsCommand.words($0, person) })
        }
    }

    // MARK: - As text

    private static func rows(_ report: MetricsReport, withTimes: Bool) -> [[String]] {
        let both = [report.shift, report.month]
        var rows = [
            ["", "shift", "30 days", "target"], ["since"] + both.map(\.start.rfc3339) + ["target"],
            ["annunciated"] + both.map { String($0.load.total) },
        ]
        for figure in KeyFigure.allCases {
            let values = both.map { metrics -> String in
                let level = figure.level(metrics, report.standing)
                return value(of: figure, metrics, report.standing)
                    + (level?.mark ?? "")
            }
            rows.append([figure.rawValue] + values + [figure.target])
        }
        for alarm in report.month.frequent { rows.append(["frequent", "\(alarm.count)", alarm.subject]) }
        for severity in Severity.allCases where withTimes {
            let times = both.map { $0.acknowledged[severity] }
            if times.contains(where: { $0 != nil }) {
                rows.append(["acknowledged \(severity.name)"] + times.map(words))
            }
        }
        for severity in Severity.allCases where withTimes {
            let times = both.map { $0.assessed[severity] }
            if times.contains(where: { $0 != nil }) { rows.append(["assessed \(severity.name)"] + times.map(words)) }
        }
        for tool in AlarmMetrics.judgedTools(both) {
            rows.append(
                ["false alarms \(tool.code)"]
                    + both.map { metrics in
                        metrics.verdicts[tool].map { "\($0.rejected) of \($0.confirmed + $0.rejected)" } ?? "-"
                    })
        }
        for tenant in Set(both.flatMap(\.tenants.keys)).sorted() where !tenant.isEmpty {
            rows.append(["shared by \(tenant)"] + both.map { String($0.tenants[tenant] ?? 0) })
        }
        return rows
    }

    private static func words(_ summary: AnswerTimes.Summary?) -> String {
        summary.map { "median \($0.median) s, 95 % \($0.p95) s, of \($0.count)" } ?? "-"
    }

    private static func words(_ metrics: AlarmMetrics, _ person: String) -> String {
        guard let position = metrics.positions.first(where: { $0.person == person }) else { return "-" }
        return "acknowledged \(words(position.acknowledged)); assessed \(words(position.assessed))"
    }

    private static func value(of figure: KeyFigure, _ metrics: AlarmMetrics, _ standing: AlarmStanding) -> String {
        func number(_ value: Double?, _ unit: String = "") -> String {
            value.map { String(format: "%.1f", $0) + unit } ?? "-"
        }
        func percent(_ share: Double?) -> String { number(share.map { $0 * 100 }, " %") }
        return switch figure {
        case .rate: number(metrics.ratePerPosition)
        case .flooded: percent(metrics.load.floodedShare)
        case .flood: percent(metrics.load.floodShare)
        case .peak: String(metrics.load.peak)
        case .frequent: percent(metrics.frequentShare)
        case .nuisance: "\(metrics.chattering) / \(metrics.fleeting)"
        case .stale: String(standing.stale)
        case .priorities:
            metrics.priorities.map { String(format: "%.0f/%.0f/%.0f %%", $0.low * 100, $0.medium * 100, $0.high * 100) }
                ?? "-"
        case .unauthorised: String(standing.unauthorised)
        }
    }

    // MARK: - As JSON

    private static func json(_ report: MetricsReport) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("shift", object: { write(report.shift, report.standing, to: &$0) })
            writer.member("month", object: { write(report.month, report.standing, to: &$0) })
            writer.member("stale", report.standing.stale)
            writer.member("suppressed_unauthorised", report.standing.unauthorised)
        }
        return writer.text
    }

    private static func write(_ metrics: AlarmMetrics, _ standing: AlarmStanding, to writer: inout JSONWriter) {
        writer.member("start", metrics.start.rfc3339)
        writer.member("end", metrics.end.rfc3339)
        writer.member("annunciated", metrics.load.total)
        writer.member("periods", metrics.load.counts.count)
        writer.member("per_10_min", metrics.load.average)
        writer.member("per_10_min_and_position", metrics.ratePerPosition)
        writer.member("flooded_periods_share", metrics.load.floodedShare)
        writer.member("flood_time_share", metrics.load.floodShare)
        writer.member("peak_10_min", metrics.load.peak)
        writer.member("frequent_share", metrics.frequentShare)
        writer.member("chattering", metrics.chattering)
        writer.member("fleeting", metrics.fleeting)
        writer.member("positions", metrics.positions.count)
        writer.member(
            "severities",
            object: { writer in
                for severity in Severity.allCases { writer.member(severity.name, metrics.severities[severity] ?? 0) }
            })
        writer.member(
            "levels",
            object: { writer in
                for figure in KeyFigure.allCases {
                    writer.member(figure.rawValue, figure.level(metrics, standing)?.rawValue)
                }
            })
        writer.key("frequent")
        writer.array { writer in
            for alarm in metrics.frequent {
                writer.object { writer in
                    writer.member("subject", alarm.subject)
                    writer.member("headline", alarm.headline)
                    writer.member("count", alarm.count)
                    writer.member("chattering", alarm.isChattering)
                    writer.member("fleeting", alarm.isFleeting)
                }
            }
        }
        // Where few answer, the times of all are those of somebody: they leave no trace in a file.
        for (name, times) in [("acknowledged_s", metrics.acknowledged), ("assessed_s", metrics.assessed)]
        where !metrics.tellsOfPersons {
            writer.member(name, object: { write(times, to: &$0) })
        }
        writer.member(
            "verdicts",
            object: { writer in
                for tool in AlarmMetrics.judgedTools([metrics]) {
                    guard let verdicts = metrics.verdicts[tool] else { continue }
                    writer.member(
                        tool.code,
                        object: { writer in
                            writer.member("confirmed", verdicts.confirmed)
                            writer.member("rejected", verdicts.rejected)
                        })
                }
            })
        writer.member(
            "tenants",
            object: { writer in
                for (tenant, count) in metrics.tenants.sorted(by: { $0.key < $1.key }) where !tenant.isEmpty {
                    writer.member(tenant, count)
                }
            })
    }

    private static func write(_ times: [Severity: AnswerTimes.Summary], to writer: inout JSONWriter) {
        for severity in Severity.allCases {
            guard let summary = times[severity] else { continue }
            writer.member(
                severity.name,
                object: { writer in
                    writer.member("count", summary.count)
                    writer.member("median", summary.median)
                    writer.member("p95", summary.p95)
                })
        }
    }
}
