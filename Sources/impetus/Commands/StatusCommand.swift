import ArgumentParser
import Console
import ControlRoom
import Foundation
import Shell
import Store
import Sync

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "The state of the store and its feed in a few lines.")

    @Flag(help: "One JSON object.") var json = false
    @OptionGroup var options: NamedStoreOptions

    func run() throws {
        let opened = try options.open(tellsAge: false)
        var facts = try StoreFacts(opened.store, now: Surroundings.live.now())
        facts.membership = try Membership.chosen(
            hub: nil, identity: options.identity, store: opened.store.path, city: nil)
        json ? Output.json(facts.json) : Output.line(facts.text)
    }
}

/// What can be said of a store.
struct StoreFacts {
    let path: String
    let city: String
    let logID: String
    let events: Int64
    let holder: Int?
    let waiting: Int
    let textLag: Int64
    /// Older events that have not come yet.
    let olderLag: Int64
    /// The last event of what will never come; 0 for none.
    let lost: Int64
    let actual: AlertTotals
    let exercise: ExerciseRun?
    let exerciseOpen: Int
    let bytes: Int
    /// Acts of the last days that had no effect, the newest first.
    let refused: [Store.Refused]
    /// The last event of what was trimmed; 0 for none.
    let trimmed: Int64
    /// Alarms that were kept beyond that, because nobody has acknowledged or reset them.
    let beyond: (unseen: Int, latched: Int)
    /// What sources said that counts for nothing, the most frequent first.
    let faults: [SourceFault]
    /// Of a store of its own: for how many days it keeps what has ended.
    let retentionDays: Int?
    /// By which version the rows were folded where it was another than this one; 0 for one from before that was remembered.
    let foldedBy: Int?
    /// How far they are folded anew.
    let refold: (at: Int64, of: Int64)?
    /// Of a store that follows a hub.
    var membership: Membership?
    let line: SyncNote?

    private static let mostRefused = 20
    private static let mostFaults = 20

    init(_ store: Store, now: Timestamp) throws {
        path = store.path
        city = try store.city()?.title ?? "-"
        logID = try store.logID
        events = try store.lastSequence()
        holder = Lease.holder(storePath: store.path)
        waiting = try store.waitingCount()
        textLag = try store.textLag()
        olderLag = try store.backFill()?.left ?? 0
        lost = try olderLag == 0 ? store.whole().sequence : 0
        actual = try store.totals(.actual, now: now, midnight: now)
        exercise = try store.latestExercise()
        exerciseOpen = try exercise.map { try store.totals(.exercise($0.name), now: now, midnight: now).open } ?? 0
        bytes = try store.bytes()
        trimmed = try store.base().sequence
        beyond = try store.waitingBeyondRetention()
        faults = try store.sourceFaults(limit: StoreFacts.mostFaults)
        retentionDays = try store.retentionDays()
        line = try store.syncNote()
        foldedBy = try store.isFolded() ? nil : store.foldedBy() ?? 0
        refold = try store.refoldProgress()
        refused = try store.refused(isTold: true, limit: StoreFacts.mostRefused)
    }

    var text: String {
        let feed = (holder.map { "run by process \($0)" } ?? "not running") + lineWords
        var lines = [
            "store      \(path) (\(bytes / 1024) KiB)", "city       \(city)", "log        \(logID), \(events) events",
            "feed       \(feed)", "outbox     \(waiting)",
            "actual     \(actual.unacknowledged) unacknowledged, \(actual.open) open, \(actual.total) in all",
        ]
        if let membership {
            lines.insert("hub        \(membership.hubs.joined(separator: " ")), as \(membership.name)", at: 3)
        }
        if trimmed > 0 { lines.append("trimmed    what ended up to event \(trimmed)") }
        if let retentionDays { lines.append("retention  \(retentionDays) days") }
        if beyond.unseen > 0 {
            lines.append("unseen     \(beyond.unseen) alarms that ended before that and nobody acknowledged")
        }
        if beyond.latched > 0 {
            lines.append("latched    \(beyond.latched) alarms that ended before that and nobody reset")
        }
        for fault in faults { lines.append("fault      \(StoreFacts.words(fault))") }
        for act in refused { lines.append("refused    \(StoreFacts.words(act))") }
        if let exercise {
            let state = exercise.ended == nil ? "running" : "ended"
            lines.append("exercise   \(exercise.title): \(state), \(exerciseOpen) open")
        }
        if lost > trimmed { lines.append("history    from event \(lost + 1) on, older ones are in the hub's archive") }
        if olderLag > 0 { lines.append("history    \(olderLag) events to come") }
        if let foldedBy { lines.append("fold       \(foldWords(foldedBy))") }
        if textLag > 0 { lines.append("search     \(textLag) events behind") }
        return lines.map(Output.printable).joined(separator: "\n")
    }

    /// Rows that an older version made of the log may differ from those that this one makes.
    private func foldWords(_ version: Int) -> String {
        let by = version == 0 ? "an earlier version" : "version \(version)"
        guard let refold else { return "by \(by), this program folds by \(Store.foldVersion)" }
        return "by \(by); folded anew up to event \(refold.at) of \(refold.of)"
    }

    private var lineWords: String {
        guard let line else { return "" }
        let heard = line.heard.map { ", the hub was last heard \($0.rfc3339)" } ?? ""
        switch line.state {
        case .connected: return holder == nil ? heard : ", connected"
        case .offline: return ", OFFLINE (\(line.reason))" + heard
        case .refused:
            let whom = isRefusalAnothers ? " to another person who uses this store" : ""
            return ", REFUSED\(whom) (\(line.reason))"
        }
    }

    /// Whether the hub refused somebody else who shares the store.
    private var isRefusalAnothers: Bool {
        guard let refused = line?.refusedKey, let own = membership?.keyID else { return false }
        return refused != own
    }

    private static func words(_ act: Store.Refused) -> String {
        let texts = Texts(Language(environment: ProcessInfo.processInfo.environment))
        let what = [act.subject, act.actor.map { "of " + $0 }, "at " + act.made.rfc3339].compactMap { $0 }
        return what.joined(separator: " ") + ": " + (texts.reason(of: act.settlement, to: act.actor) ?? "")
    }

    private static func words(_ fault: SourceFault) -> String {
        let source = fault.source.isEmpty ? "other sources" : fault.source
        let what =
            switch fault.kind {
            case .foreign: "cleared, replaced or cancelled alarms of another source"
            case .tooManyReferences: "named more than \(Alert.mostReferences) other alarms in one message"
            }
        return "\(source) \(what): \(fault.count) times, last \(fault.last.rfc3339)"
    }

    private func write(_ fault: SourceFault, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("source", fault.source)
            writer.member("kind", fault.kind.rawValue)
            writer.member("count", fault.count)
            writer.member("last", fault.last.rfc3339)
        }
    }

    var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("store", path)
            writer.member("bytes", bytes)
            writer.member("city", city)
            writer.member("log", logID)
            writer.member("events", Int(events))
            writer.member("feed", holder == nil ? "not_running" : "running")
            writer.member("feed_process", holder)
            writer.member("hub_state", line?.state.rawValue)
            writer.member("hub_reason", line.flatMap { $0.reason.isEmpty ? nil : $0.reason })
            writer.member("hub_refused_key", line?.refusedKey)
            writer.member("hub_heard", line?.heard?.rfc3339)
            writer.member("outbox", waiting)
            writer.member("trimmed", Int(trimmed))
            writer.member("retention_days", retentionDays)
            writer.member("unseen_beyond_retention", beyond.unseen)
            writer.member("latched_beyond_retention", beyond.latched)
            writer.member("refused", refused.map(StoreFacts.words))
            writer.key("source_faults")
            writer.array { writer in for fault in faults { write(fault, to: &writer) } }
            if let membership {
                writer.member("hubs", membership.hubs)
                writer.member("identity", membership.name)
            }
            writer.member("history_behind", Int(olderLag))
            writer.member("folded_by", foldedBy)
            writer.member("folded_anew", refold.map { Int($0.at) })
            writer.member("search_behind", Int(textLag))
            writer.member("unacknowledged", actual.unacknowledged)
            writer.member("open", actual.open)
            writer.member("total", actual.total)
            writer.member("exercise", exercise?.name)
            writer.member("exercise_running", exercise.map { $0.ended == nil })
            writer.member("exercise_open", exerciseOpen)
        }
        return writer.text
    }
}
