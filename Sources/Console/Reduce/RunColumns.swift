import ControlRoom

/// Which columns a list is sorted by, and which it shows.
extension State {
    mutating func runColumns(_ command: Command) -> [Effect] {
        if command == .sortByColumns {
            let order = alerts.query.order
            let known = order.isByColumns ? order.name.replacing(",", with: " ") : ""
            modal = .prompt(Prompt(.sort, text: known))
        } else {
            askColumns(cursor: 0)
        }
        return []
    }

    mutating func sort(by text: String) -> [Effect] {
        do throws(AlertOrder.Problem) {
            let order = try AlertOrder(reading: text)
            return requery { $0.order = order }
        } catch {
            return []
        }
    }

    /// Severity, state and headline stay: without them a row says nothing.
    private mutating func askColumns(cursor: Int) {
        let items = AlertColumn.standard.filter { !State.lasting.contains($0) }.map { column in
            let isShown = layout.alertColumns.contains(column)
            return Choice.Item((isShown ? "[x] " : "[ ] ") + texts.word(for: column), .toggleColumn(column))
        }
        modal = .choice(Choice(title: texts.title(of: .chooseColumns), items: items, cursor: cursor))
    }

    private static let lasting: Set<AlertColumn> = [.severity, .state, .headline]

    mutating func toggle(_ column: AlertColumn) {
        var shown = Set(layout.alertColumns)
        if shown.remove(column) == nil { shown.insert(column) }
        layout.alertColumns = AlertColumn.standard.filter { shown.contains($0) || State.lasting.contains($0) }
        let open = AlertColumn.standard.filter { !State.lasting.contains($0) }
        askColumns(cursor: open.firstIndex(of: column) ?? 0)
    }
}
