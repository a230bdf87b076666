import ArgumentParser
import ControlRoom
import Foundation
import Store

/// How many events a second are appended, projected and counted.
struct Fold: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fold", abstract: "Events a second that a store appends, folds and counts, beside bare inserts.")

    @Option(help: "Events.") var events = 1_000_000
    @Option(help: "Keep the store here.") var keep: String?

    func run() throws {
        let workshop = try Workshop()
        defer { workshop.remove() }
        let path = keep ?? workshop.path + "/fold.sqlite"
        let store = try Store(path: path, writeCacheKiB: 64_000, makeLogID: { "bench" })
        let (fold, text) = try StoreFiller(store: store).fill(events)
        let totals = try store.totals(.actual, now: Timestamp(milliseconds: 0), midnight: Timestamp(milliseconds: 0))
        store.close()
        Report.line(
            "fold", "\(events) events", "\(Int(Double(events) / fold)) events/s", goal: "50,000/s",
            met: Double(events) / fold >= 50_000)
        try RawInserts(events, in: workshop).report("fold", Double(events) / fold)
        Report.line(
            "full text behind it", "\(events) events", String(format: "%.1f s", text), goal: "30 s", met: text <= 30)
        guard totals.total == events else { throw ValidationError("\(totals.total) alerts counted, \(events) sent") }
    }
}

/// Lines of the report: what, of how much, the figure, and the goal.
enum Report {
    static func line(_ what: String, _ size: String, _ figure: String, goal: String = "", met: Bool? = nil) {
        let mark = met.map { $0 ? "met" : "MISSED" } ?? ""
        let fields = [pad(what, 34), pad(size, 22), pad(figure, 30), pad(goal.isEmpty ? "" : "goal " + goal, 24), mark]
        print(fields.joined(separator: " "))
        fflush(nil)
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
    }
}
