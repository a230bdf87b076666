import ArgumentParser
import Console
import ControlRoom
import Foundation
import Shell
import Store

/// A filter as it was given to a command, read with the names of the store's city.
struct FilterArgument {
    let filter: AlertFilter
    let vocabulary: FilterVocabulary

    /// - Throws: `ExitCode.usage` for a text that cannot be read or a view that is not there, after saying where and why.
    init(_ text: String?, view name: String?, _ store: Store, now: Timestamp) throws {
        var text = text ?? ""
        var show = AlertFilter.Show.all
        if let name {
            let views = ViewsFile(path: Paths.live.viewsFile).load().views
            guard let view = views.first(where: { $0.name == name }) else {
                let names = views.isEmpty ? "none is saved" : "there are " + views.map(\.name).joined(separator: ", ")
                throw Usage.wrong("there is no view \"\(name)\"; \(names)")
            }
            text = text.isEmpty ? view.filter : view.filter.isEmpty ? text : "(\(view.filter)) (\(text))"
            show = view.show
        }
        let zone = LocalZone.table(try store.city()?.timeZone ?? "UTC", around: now)
        vocabulary = FilterVocabulary(
            districts: try store.districts(set: nil), sites: try store.sites(), tools: try store.toolRegister(),
            now: now,
            zone: zone)
        var filter = AlertFilter(show: show)
        do throws(FilterError) {
            try filter.read(text, vocabulary)
        } catch {
            FilterArgument.complain(error, text)
            throw ExitCode.usage
        }
        self.filter = filter
    }

    private static func complain(_ error: FilterError, _ text: String) {
        Output.note(Texts(Language(environment: ProcessInfo.processInfo.environment)).words(for: error))
        // Of a long text only what stands around it.
        let start = max(0, error.column - 60)
        let shown = text.dropFirst(start).prefix(120)
        let marks = max(1, min(error.length, 120, text.count - error.column))
        Output.complain("  " + shown)
        let blanks = String(repeating: " ", count: error.column - start)
        Output.complain("  " + blanks + String(repeating: "^", count: marks))
    }

    /// How it was read, how many alerts each part finds alone, and how many all of it.
    func explain(_ store: Store) throws {
        let writer = FilterWriter(vocabulary)
        guard let match = filter.match else { return }
        var rows: [(String, Int)] = []
        let parts = match.parts
        if parts.count > 1 {
            for part in parts {
                rows.append((writer.text(part), try count(AlertFilter(show: .all, part, vocabulary), store)))
            }
        }
        rows.append((writer.text(match), try count(filter, store)))
        for (text, count) in rows { Output.row([String(count), text]) }
    }

    func count(_ store: Store) throws -> Int { try count(filter, store) }

    private func count(_ filter: AlertFilter, _ store: Store) throws -> Int {
        try store.realms().reduce(0) { sum, realm in
            let query = AlertQuery(realm: realm, filter: filter).at(vocabulary.now)
            return sum + (try store.count(query, limit: .max))
        }
    }

    /// All that it finds, realm by realm, the oldest first.
    func each(_ store: Store, _ body: (AlertLine, Realm) throws -> Void) throws {
        for realm in try store.realms() {
            let query = AlertQuery(realm: realm, order: .oldest, filter: filter).at(vocabulary.now)
            try store.each(query) { for line in $0.lines { try body(line, realm) } }
        }
    }
}
