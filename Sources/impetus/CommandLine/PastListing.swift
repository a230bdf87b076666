import ArgumentParser
import ControlRoom
import Foundation
import Shell
import Store

/// A store as it stood at a time, for as long as a command reads it.
enum PastListing {
    /// - Parameter text: a time as filters are told one.
    static func read(_ present: Store, at text: String, _ body: (Store, Timestamp) throws -> Void) throws {
        let now = Surroundings.live.now()
        let zone = LocalZone.table(try present.city()?.timeZone ?? "UTC", around: now)
        guard let time = FilterVocabulary(now: now, zone: zone).pastTime(text) else {
            throw Usage.wrong("--at takes a time, as 14:05, \"yesterday 22:00\", 2026-11-26 or 2h")
        }
        let path = try PastFolder.make(beside: present.path)
        defer { PastFolder.remove(path) }
        do {
            let past = try PastStore(of: present, at: time, now: now, path: path)
            defer { past.store.close() }
            if past.isOpenOnly { Output.note("what was over by then is left out: there are too many alerts") }
            try body(past.store, time)
        } catch let problem as PastStore.Problem {
            switch problem {
            case .before(let first): Output.note("the log reaches back to \(first.rfc3339)")
            case .incomplete: Output.note("older events are still coming from the hub")
            case .tooMuch: Output.note("too much has happened since to fold it back")
            case .failed(let reason): Output.note(reason)
            case .future: Output.note("\(time.rfc3339) has not come yet")
            }
            throw ExitCode.badData
        }
    }
}
