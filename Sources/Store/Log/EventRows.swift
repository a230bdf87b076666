import ControlRoom
import SQLite
import Trust

/// Events as rows of the log: attributes as columns, the data as the exact bytes that came.
final class EventRows {
    private let statements: Statements
    private let names: Names
    private let nameHashes: NameHashes
    let hashes: HashIndex
    let trimmed: TrimmedContents
    private var finding: Prepared?
    private var insertion: Prepared?
    private var filling: Prepared?
    /// The last place that was trimmed, and the last that has not come yet; nil where they are to be looked up.
    private var known: (base: Int64, floor: Int64)?

    init(statements: Statements, names: Names) {
        self.statements = statements
        self.names = names
        nameHashes = NameHashes(statements)
        hashes = HashIndex(statements, name: HashIndex.events)
        trimmed = TrimmedContents(statements)
    }

    /// Of the name of a row, in the column `fingerprint`: a row whose name does not fit is damaged. Nothing is found by it.
    static func checksum(of event: Event) -> Int64 { FNV1a.of(event.source, event.id) }

    static let columns =
        "sequence, type, source, id, subject, time, recorded, actor, occurred, exercise, attributes, kind, data, previous"

    /// How many they are.
    static let columnCount: Int32 = 14

    /// What is known of an event that was in the log before.
    enum Known {
        case whole(Event)
        /// Of what was trimmed: the hash of what it said.
        case content(ContentHash)
        /// Of what has not come yet, and of what an older version has trimmed, only the name is known.
        case name

        /// Whether another event of its name is the same.
        func isSame(as event: Event) -> Bool {
            switch self {
            case .whole(let known): ContentHash.of(known) == ContentHash.of(event)
            case .content(let known): known == ContentHash.of(event)
            case .name: true
            }
        }
    }

    /// By which an event that comes new is entered.
    ///
    /// - Throws: what the file says, on first use.
    func hash(source: String, id: String) throws -> Int64 { try nameHashes.hash.of(source, id) }

    /// Where an event of this source and id stands, and what is known of it; nil where there is none.
    ///
    /// Of what was trimmed the hash of the name decides, whether its row is still there or not: whoever follows the log knows the
    /// same. Of what has not come yet there is nothing else.
    func find(source: String, id: String, hash: Int64) throws -> (sequence: Int64, known: Known)? {
        let select = try statements(&finding, "SELECT \(EventRows.columns) FROM events WHERE sequence = ?")
        let (base, floor) = try bounds()
        let plain = { FNV1a.of(source, id) }
        return try nameHashes.hash.first(in: hashes, hash, plain: plain()) { sequence in
            select.bind(1, sequence)
            let event = try select.first { row in
                let isIt = try row.text(3) == id && names.text(row.integer(2)) == source
                return isIt ? try read(row) : nil
            }
            if let event = event ?? nil { return (sequence, .whole(event)) }
            if sequence <= base { return (sequence, try trimmed.content(at: sequence).map(Known.content) ?? .name) }
            return sequence <= floor ? (sequence, .name) : nil
        }
    }

    /// Where an event stands; nil where there is none.
    ///
    /// - Throws: what the file says.
    func sequence(source: String, id: String) throws -> Int64? {
        try find(source: source, id: id, hash: hash(source: source, id: id))?.sequence
    }

    private func bounds() throws -> (base: Int64, floor: Int64) {
        if let known { return known }
        let meta = Meta(statements: statements)
        let found = (try meta.base.sequence, try meta.backFill?.floor.sequence ?? 0)
        known = found
        return found
    }

    /// The bounds moved, or may have been moved by another process.
    func forgetKnown() { known = nil }

    func insert(
        _ event: Event, sequence: Int64, recorded: Timestamp, hash: Int64, lane: Int, previous: Int64?
    ) throws {
        let insert = try statements(&insertion, EventRows.insertion)
        try bind(event, to: insert, sequence: sequence, recorded: recorded, lane: lane, previous: previous)
        try insert.run()
        // Where an older log is folded anew, its events are found as in the store that they were in.
        let isPlain = try sequence <= nameHashes.hash.plainThrough
        try hashes.insert(isPlain ? FNV1a.of(event.source, event.id) : hash, row: sequence)
    }

    /// Keeps an event whose name is known already. Where it is there, what the fold said of it stays, and nothing else.
    func fill(_ event: Event, sequence: Int64, previous: Int64?) throws {
        let insert = try statements(&filling, EventRows.insertion + EventRows.replacement)
        try bind(
            event, to: insert, sequence: sequence, recorded: event.recorded ?? event.happened, lane: 0,
            previous: previous)
        try insert.run()
    }

    private static let insertion = """
        INSERT INTO events (sequence, type, source, id, subject, time, recorded, actor, occurred, exercise,
            attributes, kind, data, fingerprint, lane, previous)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    private static let replacement =
        " ON CONFLICT (sequence) DO UPDATE SET "
        + [
            "type", "source", "id", "subject", "time", "recorded", "actor", "occurred", "exercise", "attributes",
            "kind", "data", "fingerprint", "previous",
        ].map { "\($0) = excluded.\($0)" }.joined(separator: ", ")

    private func bind(
        _ event: Event, to insert: borrowing Prepared, sequence: Int64, recorded: Timestamp, lane: Int, previous: Int64?
    ) throws {
        insert.bind(1, sequence)
        insert.bind(2, try names.id(event.type.rawValue))
        insert.bind(3, try names.id(event.source))
        insert.bind(4, event.id)
        insert.bind(5, event.subject)
        insert.bind(6, event.time?.milliseconds)
        insert.bind(7, recorded.milliseconds)
        insert.bind(8, event.actor)
        insert.bind(9, event.occurred?.text)
        insert.bind(10, try event.exercise.map { try names.id($0) })
        insert.bind(11, EventRows.attributes(of: event))
        insert.bind(12, EventRows.kind(of: event.data))
        insert.bind(13, event.data.bytes)
        insert.bind(14, EventRows.checksum(of: event))
        insert.bind(15, lane)
        insert.bind(16, previous)
    }

    /// An act without effect stays in the log, and the log says so.
    func markRefused(_ sequence: Int64, _ reason: String) throws {
        let update = try statements("UPDATE events SET refused = ? WHERE sequence = ?")
        update.bind(1, reason)
        update.bind(2, sequence)
        try update.run()
    }

    /// Reads a row of `columns`.
    func read(_ row: borrowing Prepared) throws -> Event {
        var event = Event(
            id: row.text(3), source: try names.text(row.integer(2)),
            type: EventType(rawValue: try names.text(row.integer(1))), subject: row.optionalText(4),
            time: row.optionalInteger(5).map(Timestamp.init(milliseconds:)))
        event.sequence = row.integer(0)
        event.recorded = Timestamp(milliseconds: row.integer(6))
        event.actor = row.optionalText(7)
        event.occurred = row.optionalText(8).flatMap { HybridTime($0) }
        event.exercise = try row.optionalInteger(9).map { try names.text($0) }
        event.data = EventRows.payload(kind: row.int(11), row.blob(12))
        if let attributes = row.optionalText(10) { try EventRows.restore(attributes, to: &event) }
        return event
    }

    // MARK: - The attributes that few events have

    private static func attributes(of event: Event) -> String? {
        let rare = [event.tenant, event.dataContentType, event.dataSchema, event.signature]
        guard !event.extensions.isEmpty || rare.contains(where: { $0 != nil }) else { return nil }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("tenant", event.tenant)
            writer.member("datacontenttype", event.dataContentType)
            writer.member("dataschema", event.dataSchema)
            writer.member("signature", event.signature)
            guard !event.extensions.isEmpty else { return }
            writer.member(
                "extensions",
                object: { writer in
                    for (name, value) in event.extensions.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
                })
        }
        return writer.text
    }

    private static func restore(_ attributes: String, to event: inout Event) throws {
        try JSONReader.read(Array(attributes.utf8)) { reader in
            try reader.object { key, reader in
                switch key {
                case "tenant": event.tenant = try reader.string()
                case "datacontenttype": event.dataContentType = try reader.string()
                case "dataschema": event.dataSchema = try reader.string()
                case "signature": event.signature = try reader.string()
                case "extensions": try reader.object { event.extensions[$0] = try $1.string() }
                default: try reader.skip()
                }
            }
        }
    }

    private static func kind(of payload: Event.Payload) -> Int {
        switch payload {
        case .none: 0
        case .json: 1
        case .bytes(_, let base64): base64 ? 3 : 2
        }
    }

    private static func payload(kind: Int, _ bytes: [UInt8]) -> Event.Payload {
        switch kind {
        case 1: .json(bytes)
        case 2: .bytes(bytes, base64: false)
        case 3: .bytes(bytes, base64: true)
        default: .none
        }
    }
}
