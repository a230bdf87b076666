import ControlRoom
public import Store
import Trust

/// Why older events were not taken.
public enum FillFault: Error, Equatable, CustomStringConvertible {
    /// Events are missing before this one.
    case gap(expected: Int64, found: Int64)
    /// What came does not lead to what the hub had vouched for; all of it went again.
    case altered(upTo: Int64)

    public var description: String {
        switch self {
        case .gap(let expected, let found): "events \(expected) to \(found - 1) are missing in what the hub has of old"
        case .altered(let place):
            "the events up to \(place) are not those that the hub had when this store began with its snapshot; none was taken"
        }
    }
}

extension Store {
    /// Takes older events as a hub sends them, in order. What they did is known; that they are the right ones shows at the
    /// last of them, where the chain must have the head that the snapshot names.
    ///
    /// - Parameter events: made by `LogVerifier.read`. What is here already, and what is newer, is passed over.
    /// - Returns: what is missing still; nil where nothing is.
    /// - Throws: `FillFault`, `StoreError`.
    public func fill(read events: [AdmittedEvent], in gap: BackFill) throws -> BackFill? {
        var chain = LogChain(sequence: gap.after.sequence, head: gap.after.head) ?? LogChain(logID: gap.after.logID)
        var taken: [AdmittedEvent] = []
        for read in events {
            guard let sequence = read.event.sequence, sequence > chain.sequence else { continue }
            guard chain.sequence < gap.floor.sequence else { break }
            guard sequence == chain.sequence + 1, let digest = read.digest else {
                throw FillFault.gap(expected: chain.sequence + 1, found: sequence)
            }
            chain.add(digest: digest, sequence: sequence)
            taken.append(read)
        }
        if chain.sequence == gap.floor.sequence, chain.head != gap.floor.head {
            try emptyBackFill()
            throw FillFault.altered(upTo: gap.floor.sequence)
        }
        return try fill(
            taken, to: Store.Cursor(logID: gap.after.logID, sequence: chain.sequence, head: chain.head), in: gap)
    }
}
