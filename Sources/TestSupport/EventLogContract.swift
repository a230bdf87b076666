public import ControlRoom
import Synchronization
import Testing
import Trust

/// What every log has to hold to, whatever it is kept in.
public enum EventLogContract {
    public static func entry(
        _ id: String, source: String = "s", content: UInt8 = 1
    ) -> NewEntry {
        entry(id, source: source, saying: EventLogContract.content(content))
    }

    private static func entry(
        _ id: String, source: String, saying content: ContentHash, data: [UInt8] = []
    ) -> NewEntry {
        let body =
            "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"\(source)\",\"content\":\"\(content.text)\"}"
        return NewEntry(
            source: source, id: id, body: Array(body.utf8), content: content, data: data)
    }

    /// As many contents as there are numbers.
    public static func content(_ number: UInt8) -> ContentHash {
        ContentHash(sha256: repeatElement(number, count: 32))
    }

    /// Source, id and content of an entry that `entry` made, read from its body; nil for any other bytes.
    public static func naming(_ entry: LogEntry) -> NewEntry? {
        let words = String(decoding: entry.body, as: UTF8.self).split(separator: "\"", omittingEmptySubsequences: false)
        guard words.count == 17, words[1] == "specversion", words[5] == "id", words[9] == "source",
            let content = ContentHash(String(words[15]))
        else { return nil }
        return NewEntry(source: String(words[11]), id: String(words[7]), body: entry.body, content: content)
    }

    /// A page may end before the log does.
    private static func pages(of log: any EventLog) throws -> [LogEntry] {
        var all: [LogEntry] = []
        while case let page = try log.read(after: all.last?.sequence ?? 0, limit: 9), !page.isEmpty { all += page }
        return all
    }

    public static func check(_ log: any EventLog) throws {
        let now = EventMaker.noon
        #expect(try log.lastSequence() == 0 && log.firstSequence() == 1 && log.read(after: 0, limit: 9).isEmpty)
        let first = try log.append([entry("a"), entry("b"), entry("a"), entry("a", content: 2)], now: now)
        #expect(first == [.accepted(sequence: 1), .accepted(sequence: 2), .duplicate, .conflicting])
        // The same id of another source is another event.
        #expect(try log.append([entry("a", source: "t")], now: now) == [.accepted(sequence: 3)])
        #expect(try log.append([entry("b")], now: now) == [.duplicate])
        let all = try pages(of: log)
        #expect(
            all.map(\.sequence) == [1, 2, 3]
                && all.map(\.body) == [entry("a"), entry("b"), entry("a", source: "t")].map(\.body))
        #expect(try log.read(after: 1, limit: 1).map(\.sequence) == [2] && log.read(after: 3, limit: 9).isEmpty)
        #expect(try log.entry(at: 2) == all[1] && log.entry(at: 4) == nil)
        #expect(try log.lastSequence() == 3 && log.append([], now: now).isEmpty)
        // What was brought stands in its order, and the answers in the order of the entries.
        let brought = (0..<6).map { entry("l\($0)") }
        let answers = try log.append(brought, now: now)
        let places = answers.map { if case .accepted(let sequence) = $0 { sequence } else { Int64(0) } }
        #expect(Set(places) == Set(4...9) && places.prefix(4).sorted() == Array(places.prefix(4)))
        #expect(try zip(places, brought).allSatisfy { try log.entry(at: $0)?.body == $1.body })
    }

    /// How a log answers an event that has the name of one that it holds: it is the same, or another; and what it holds stays.
    public static func checkContents(_ log: any EventLog) throws {
        func entry(_ event: Event) -> NewEntry {
            EventLogContract.entry(
                event.id, source: event.source, saying: ContentHash.of(event), data: event.data.bytes)
        }
        let (now, whole) = (EventMaker.noon, Variations.whole)
        #expect(try log.append([entry(whole)], now: now) == [.accepted(sequence: 1)])
        for (name, event) in Variations.others(of: whole) {
            #expect(try log.append([entry(event)], now: now) == [.conflicting], "\(name)")
        }
        for (name, event) in Variations.same(as: whole) {
            #expect(try log.append([entry(event)], now: now) == [.duplicate], "\(name)")
        }
        #expect(try log.lastSequence() == 1 && log.read(after: 0, limit: 9).map(\.body) == [entry(whole).body])
    }

    /// What a log has to hold to that two have open.
    ///
    /// - Parameters: one and another opening of the same log, which may hold entries already.
    public static func checkShared(_ one: any EventLog, _ other: any EventLog) throws {
        let (now, before) = (EventMaker.noon, try one.lastSequence())
        #expect(try one.logID == other.logID)
        let heard = Mutex(0)
        one.onAppend { heard.withLock { $0 += 1 } }
        let entries = (0..<300).map { entry("shared\($0)") }
        #expect(try one.append(entries, now: now).allSatisfy { if case .accepted = $0 { true } else { false } })
        #expect(eventually { heard.withLock { $0 } > 0 })
        let last = try one.lastSequence()
        #expect(last == before + 300)
        #expect(eventually { (try? other.lastSequence()) == last })
        for log in [one, other] {
            #expect(try pages(of: log, after: before).map(\.sequence) == Array((before + 1)...last))
        }
        #expect(try pages(of: one, after: before) == pages(of: other, after: before))
        // What the one took, the other knows.
        #expect(try other.append(Array(entries.prefix(20)), now: now).allSatisfy { $0 == .duplicate })
        #expect(try one.lastSequence() == last)
    }

    /// All entries behind a place, read in pages of which only the one past the end is empty.
    private static func pages(of log: any EventLog, after place: Int64) throws -> [LogEntry] {
        var all: [LogEntry] = []
        while true {
            let page = try log.read(after: all.last?.sequence ?? place, limit: 70)
            #expect(page.count <= 70)
            if page.isEmpty { return all }
            all += page
        }
    }
}
