import ControlRoom
import Store
import Synchronization

/// Who brought what when sources were nobody's. What comes now is of sources that have owners: it is read once.
struct Bringers {
    /// The end of the log when it was first asked for.
    var end: Int64?
    /// Nil as long as the view has not come so far.
    var bySource: [String: String]?
}

extension TenantFeed {
    /// Who brought the last raise of a source, as far as the view has come; nil where it knows of none. Reads all alerts of the view
    /// where it is asked for the first time of a source that is in the log; not for an event loop.
    ///
    /// - Throws: what the log or the view says.
    func bringer(of source: String) throws -> String? {
        guard try view.mayKnow(source: source) else { return nil }
        let known = bringers.withLock { $0 }
        if let bySource = known.bySource { return bySource[source] }
        let end = try known.end ?? log.lastSequence()
        let isWhole = try view.cursor()?.sequence ?? 0 >= end
        let bySource = try view.bringers()
        bringers.withLock { $0 = Bringers(end: end, bySource: isWhole ? bySource : nil) }
        return bySource[source]
    }
}
