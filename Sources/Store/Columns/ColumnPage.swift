import ControlRoom
import HeapModule

/// The next places of a list in its order, out of all that were found: one pass over them, whatever the order.
struct ColumnPage {
    private let columns: AlertColumns
    private let order: AlertOrder
    private let byColumns: ColumnOrder?
    /// The places of districts among each other, by their numbers.
    private let districts: [Int64]
    /// Likewise those of tools.
    private let tools: [Int64]

    /// - Parameter byColumns: for an order by several columns; nil for any other.
    init(columns: AlertColumns, order: AlertOrder, _ byColumns: ColumnOrder?) {
        self.columns = columns
        self.order = order
        self.byColumns = byColumns
        let known = columns.districts.values.dropFirst()
        districts = byColumns.map { order in [ColumnOrder.noDistrict] + known.map(order.rank(district:)) } ?? []
        tools = byColumns.map { order in columns.tools.map(order.rank(tool:)) } ?? []
    }

    /// What the order sorts by, ascending; as `AlertWindow` has it.
    private func value(_ place: Int) -> Int64 {
        switch order {
        case .need: return columns.need[place]
        case .oldest: return Alert.raisedMilliseconds(need: columns.need[place])
        case .newest: return -Alert.raisedMilliseconds(need: columns.need[place])
        case .severity: return columns.need[place] & ((1 << 47) - 1)
        case .columns:
            return byColumns?.value(
                need: columns.need[place], tool: tools[Int(columns.tool[place])],
                district: districts[Int(columns.district[place])],
                occurrence: columns.occurrence[place]) ?? 0
        }
    }

    func key(_ place: Int) -> AlertKey { AlertKey(value: value(place), row: columns.row(place)) }

    /// The keys from an anchor on, or before it, in the order of the list; at most `limit`, those nearest to the anchor.
    func keys(_ found: Bits, at anchor: AlertAnchor, limit: Int) -> [AlertKey] {
        let isBackwards = anchor.isBackwards
        var nearest = Nearest(limit: limit, isBackwards: isBackwards)
        found.forEach { place in
            let key = key(place)
            guard anchor.isPassed(by: key) else { return }
            nearest.take(key)
        }
        return isBackwards ? nearest.sorted().reversed() : nearest.sorted()
    }
}

/// The least keys of many, or the greatest: at most `limit`, the farthest of which makes way for a nearer one.
private struct Nearest {
    private var kept = Heap<AlertKey>()
    private let limit: Int
    private let isBackwards: Bool

    init(limit: Int, isBackwards: Bool) {
        self.limit = limit
        self.isBackwards = isBackwards
        kept.reserveCapacity(limit)
    }

    mutating func take(_ key: AlertKey) {
        if kept.count < limit {
            kept.insert(key)
        } else if isBackwards {
            if let farthest = kept.min, farthest < key { kept.replaceMin(with: key) }
        } else if let farthest = kept.max, key < farthest {
            kept.replaceMax(with: key)
        }
    }

    /// The nearest first.
    func sorted() -> [AlertKey] { isBackwards ? kept.unordered.sorted(by: >) : kept.unordered.sorted() }
}
