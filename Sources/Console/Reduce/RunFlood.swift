import ControlRoom

/// More alarms than anybody can answer: said when it begins, and what it is made of at a key.
extension State {
    mutating func sayFlood(before: Flood?) {
        guard let flood = totals.flood, before == nil else { return }
        say(texts(.floodBegan, texts.number(flood.recent), keyName(.showFlood)), isError: true)
    }

    mutating func show(_ report: FloodReport?) {
        guard modal == nil, !isLocked else { return }
        guard let report else { return say(texts(.floodNone)) }
        var items = report.first.map { line in
            Choice.Item(
                texts(.floodFirst, zone.local(line.alert.raised).clock, texts.short(line.alert.severity)) + " "
                    + line.alert.headline, .narrow(.test(.equals(.id, line.alert.subject))))
        }
        let since = Filter.test(.time(.raised, .greaterOrEqual, report.flood.start))
        items += report.districts.compactMap { part in
            part.key.map { id in
                let name = map.outlines.first { $0.id == id }?.name ?? id
                return item(name, part.count, part.waiting, .all([.test(.district(id: id)), since]))
            }
        }
        items += report.tools.map { part in
            item(part.key.code, part.count, part.waiting, .all([.test(.tool(part.key)), since]))
        }
        let flood = report.flood
        modal = .choice(
            Choice(
                title: texts(.floodTitle, zone.local(flood.start).clock),
                text: texts(.floodHow, texts.number(flood.total), texts.number(flood.recent)), items: items))
    }

    private func item(_ name: String, _ count: Int, _ waiting: Int, _ filter: Filter) -> Choice.Item {
        Choice.Item(name, note: texts(.floodPart, texts.number(count), texts.number(waiting)), .narrow(filter))
    }

    /// The list with what was chosen and nothing else.
    mutating func narrow(to filter: Filter) -> [Effect] {
        let filter = AlertFilter(show: .all, filter, filterVocabulary)
        return narrow { $0.filter = filter }
    }
}
