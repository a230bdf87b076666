public import ControlRoom
public import Store
public import Trust

/// A tenant's log and acts carried by file between two machines that no network joins: what the hub has in its log to whoever
/// is without a hub, and what they did without one to the hub, by way of a colleague's console.
public enum LogBundle {
    /// Who makes one.
    public struct Maker {
        var key: SigningKey
        var certificate: MemberCertificate
        var now: Timestamp

        public init(key: SigningKey, certificate: MemberCertificate, now: Timestamp) {
            self.key = key
            self.certificate = certificate
            self.now = now
        }
    }

    /// What was put into a bundle, for who carries it.
    public struct Exported: Equatable, Sendable {
        public var events = 0
        public var acts = 0
        public var last: Int64 = 0
        /// Behind `last`, where an event stands in the log a second time: of such a place only its digest is kept here, by
        /// which nobody else can tell what stands there.
        public var leftOut: Int64 = 0
    }

    private static let page = 2_000

    /// Writes a bundle into a new file.
    ///
    /// - Parameters:
    ///   - sequence: the receiver has the log up to here; 0 for a receiver that has nothing, nil for one who wants acts alone.
    ///   - told: called now and then with how far it is.
    /// - Throws: `BundleFailure`, and what disk and store say; the file is then gone again.
    public static func export(
        _ store: Store, after sequence: Int64?, to path: String, by maker: Maker, told: (Int64, Int64) -> Void
    ) throws -> Exported {
        guard let cursor = try store.cursor() else { throw BundleFailure("nothing came from the hub yet") }
        guard (sequence ?? 0) >= 0 else { throw BundleFailure("a place in the log is 0 or more") }
        // Who is ahead of us gets acts alone.
        let start = min(sequence ?? cursor.sequence, cursor.sequence)
        try refuse(start, store)
        let again = try store.firstRepeat(after: start)
        let end = min(cursor.sequence, again.map { $0 - 1 } ?? cursor.sequence)
        do {
            var writer = try BundleFile.Writer(path)
            let head = BundleHead(
                tenant: maker.certificate.identity.tenant, logID: cursor.logID, after: start, last: cursor.sequence,
                made: maker.now, by: maker.certificate.identity.actor)
            try writer.add(head.bytes)
            var exported = Exported(last: end, leftOut: cursor.sequence - end)
            exported.events = try writeLog(store, after: start, upTo: end, to: &writer, told: told)
            exported.acts = try writeActs(store, to: &writer)
            try writeRefusals(store, to: &writer)
            try writer.seal(maker.key, maker.certificate)
            return exported
        } catch {
            // Not what was there before.
            if !(error is WrittenFile.IsThere) { WrittenFile.remove(path) }
            throw error
        }
    }

    /// What is not here is told apart from what is nowhere.
    private static func refuse(_ start: Int64, _ store: Store) throws {
        let (base, whole) = (try store.base().sequence, try store.whole().sequence)
        guard start >= base else {
            throw BundleFailure(
                "events up to \(base) have served their time and were trimmed; a receiver that has not come so far begins with a hub's snapshot"
            )
        }
        guard start >= whole else {
            throw BundleFailure(
                "events up to \(whole) are not all here: export with --after \(whole), or again when impetus status says that they have come"
            )
        }
    }

    private static func writeLog(
        _ store: Store, after sequence: Int64, upTo end: Int64, to writer: inout BundleFile.Writer,
        told: (Int64, Int64) -> Void
    ) throws -> Int {
        var (place, count) = (sequence, 0)
        while place < end {
            let places = try store.places(after: place, limit: page).prefix { $0.sequence <= end }
            guard let last = places.last?.sequence else {
                throw BundleFailure("event \(place + 1) is missing in this store")
            }
            for place in places { count += try write(place, to: &writer) }
            place = last
            told(place, end)
        }
        return count
    }

    /// - Returns: how many events it was.
    private static func write(_ place: Store.Place, to writer: inout BundleFile.Writer) throws -> Int {
        switch place {
        case .event(let event): try writer.add(BundleRecord.event(event).bytes)
        case .junk(let junk):
            try writer.add(BundleRecord.junk(junk).bytes)
            return 0
        // The bundle ends before the first of these.
        case .ghost: return 0
        }
        return 1
    }

    /// What waits here, whoever made it: each act is signed by its author.
    private static func writeActs(_ store: Store, to writer: inout BundleFile.Writer) throws -> Int {
        var (place, count) = (Int64(0), 0)
        while true {
            let acts = try store.unsettled(after: place, limit: page, resending: true)
            guard let last = acts.last else { return count }
            for act in acts { try writer.add(BundleRecord.act(act.event).bytes) }
            (place, count) = (last.position, count + acts.count)
        }
    }

    private static func writeRefusals(_ store: Store, to writer: inout BundleFile.Writer) throws {
        for act in try store.refused(isTold: true, limit: page) {
            // What the fold found stands in the log itself.
            if case .refused = act.settlement { continue }
            let refusal = BundleRefusal(id: act.id, reason: act.settlement.reason ?? "")
            try writer.add(BundleRecord.refusal(refusal).bytes)
        }
    }
}
