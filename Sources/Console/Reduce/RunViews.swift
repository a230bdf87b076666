import ControlRoom

/// Views with names: taken, saved, deleted.
extension State {
    mutating func runViews(_ command: Command) -> [Effect] {
        switch command {
        case .saveView: modal = .prompt(Prompt(.saveView))
        case .deleteView:
            let items = views.map { Choice.Item($0.name, note: $0.filter, .askDeleteView($0.name)) }
            modal = .choice(Choice(title: texts.title(of: .deleteView), items: items))
        default:
            let shipped = texts.shippedViews(for: identity)
            let items = (views + shipped).map { Choice.Item($0.name, note: $0.filter, .view($0)) }
            modal = .choice(
                Choice(title: texts.title(of: .chooseView), text: texts(.viewHow, keyName(.saveView)), items: items))
        }
        return []
    }

    /// A view that was edited by hand may be wrong: then the list stays as it is.
    mutating func take(_ view: AlertView) -> [Effect] {
        var filter = AlertFilter(show: view.show)
        do throws(FilterError) { try filter.read(view.filter, filterVocabulary) } catch {
            say(view.name + ": " + texts.words(for: error), isError: true)
            return []
        }
        return narrow { query in
            query.filter = filter
            query.order = view.order
        }
    }

    /// The list as it is, under a name; one of that name goes after a question.
    mutating func saveView(as name: String) -> [Effect] {
        let query = alerts.query
        let text = query.filter.whole.map { FilterWriter(filterVocabulary).text($0) } ?? ""
        // What was written is kept as it was, as long as no key chose anything beside it.
        let isPlain = query.filter.tool == nil && query.filter.district == nil && query.filter.minimumSeverity == nil
        let view = AlertView(
            name: name, filter: isPlain ? query.filter.text : text, show: query.filter.show, order: query.order)
        guard views.contains(where: { $0.name == name }) else { return [.saveView(view)] }
        modal = .confirm(
            Confirmation(title: texts.title(of: .saveView), text: texts(.viewReplace, name), intent: .saveView(view)))
        return []
    }

    mutating func askDeleteView(_ name: String) {
        modal = .confirm(
            Confirmation(title: texts.title(of: .deleteView), text: name, intent: .deleteView(name)))
    }
}
