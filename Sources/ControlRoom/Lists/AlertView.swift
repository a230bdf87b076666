/// A way to look at the list, under a name: a filter as it was written, what is shown, and in which order.
public struct AlertView: Equatable, Sendable {
    public var name: String
    /// In the filter language; read anew whenever the view is taken, so that `14:05` is always that of today.
    public var filter: String
    public var show: AlertFilter.Show
    public var order: AlertOrder

    public init(name: String, filter: String, show: AlertFilter.Show = .open, order: AlertOrder = .need) {
        self.name = name
        self.filter = filter
        self.show = show
        self.order = order
    }
}

extension AlertFilter {
    /// All that it asks for as one filter: what was written, and what keys chose beside it. Nil where that is nothing.
    public var whole: Filter? {
        var parts = [match].compactMap { $0 }
        if let tool { parts.append(.test(.tool(tool))) }
        if let district { parts.append(.test(.district(id: district))) }
        if let minimumSeverity { parts.append(.test(.severity(.greaterOrEqual, minimumSeverity))) }
        return parts.isEmpty ? nil : Filter.joined(parts)
    }
}
