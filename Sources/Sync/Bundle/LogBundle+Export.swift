public import ControlRoom
public import Store
public import Trust

/// A tenant's log and acts carried by file between two machines that no network joins: what the hub has in its log to whoever
/// is without a hub, and what he did without one to the hub, by way of a colleague's console.
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

    public struct Exported: Equatable, Sendable {
        public var events = 0
        public var acts = 0
        public var last: Int64 = 0
    }

    private static let page = 2_000

    /// Writes a bundle into a new file.
    ///
    /// - Parameters:
    ///   - sequence: the receiver has the log up to here; 0 for a receiver that has nothing.
    ///   - told: called now and then with how far it is.
    /// - Throws: `BundleFailure`, and what disk and store say; the file is then gone again.
    public static func export(
        _ store: Store, after sequence: Int64, to path: String, by maker: Maker, told: (Int64, Int64) -> Void
    ) throws -> Exported {
        guard let cursor = try store.cursor() else { throw BundleFailure("nothing came from the hub yet") }
        guard (0...cursor.sequence).contains(sequence) else {
            throw BundleFailure("this store ends at event \(cursor.sequence), before \(sequence)")
        }
        do {
            var writer = try BundleFile.Writer(path)
            let head = BundleHead(
                tenant: maker.certificate.identity.tenant, logID: cursor.logID, after: sequence, last: cursor.sequence,
                made: maker.now, by: maker.certificate.identity.actor)
            try writer.add(head.bytes)
            var exported = Exported(last: cursor.sequence)
            exported.events = try writeLog(store, after: sequence, upTo: cursor.sequence, to: &writer, told: told)
            exported.acts = try writeActs(store, to: &writer)
            try writeRefusals(store, to: &writer)
            try writer.seal(maker.key, maker.certificate)
            return exported
        } catch {
            WrittenFile.remove(path)
            throw error
        }
    }

    private static func writeLog(
        _ store: Store, after sequence: Int64, upTo end: Int64, to writer: inout BundleFile.Writer,
        told: (Int64, Int64) -> Void
    ) throws -> Int {
        var (place, count) = (sequence, 0)
        while place < end {
            let events = try store.read(after: place, limit: page).filter { ($0.sequence ?? 0) <= end }
            let last = events.last?.sequence ?? end
            let ghosts = try store.ghosts(after: place, limit: page).filter { $0.sequence <= last }
            // Where ghosts are as many as fit, those behind them come with the next page.
            let stop = ghosts.count == page ? min(last, ghosts.last?.sequence ?? last) : last
            var records = events.filter { ($0.sequence ?? 0) <= stop }.map {
                ($0.sequence ?? 0, BundleRecord.event($0))
            }
            records += ghosts.map { ($0.sequence, .ghost(sequence: $0.sequence, digest: $0.digest)) }
            for (_, record) in records.sorted(by: { $0.0 < $1.0 }) { try writer.add(record.bytes) }
            count += records.count
            place = stop
            told(place, end)
        }
        return count
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
        for refusal in try store.refusals(limit: page) {
            try writer.add(
                BundleRecord.refusal(
                    BundleRefusal(id: refusal.id, reason: refusal.reason, isDenied: refusal.isDenied)
                ).bytes)
        }
    }
}
