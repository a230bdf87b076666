import ControlRoom

/// More alarms than anybody can answer: said when it begins, and what it is made of at a key.
extension State {
    mutating func sayFlood(before: Flood?) {
        guard let flood = totals.flood else {
            if before != nil { say(texts(.floodOver)) }
            return
        }
        // One that is looked at again after another realm has been said.
        guard before == nil, saidFlood != flood.start else { return }
        saidFlood = flood.start
        say(texts(.floodBegan, texts.number(flood.recent), keyName(.showFlood)), isError: true)
    }

    /// A flood ends by itself, and nobody writes when it does.
    mutating func lookAtFlood() -> [Effect] {
        guard totals.flood != nil, floodLooked != now.minute else { return [] }
        floodLooked = now.minute
        return [.fetch(.totals(realm))]
    }

    mutating func show(_ report: FloodReport?) {
        guard awaitsFlood, modal == nil, !isLocked else { return }
        awaitsFlood = false
        guard let report else { return say(texts(.floodNone)) }
        var items = report.first.enumerated().map { index, one in
            Choice.Item(
                texts(
                    index == 0 ? .floodFirst : .floodNext, zone.local(one.at).clock,
                    texts.short(one.severity))
                    + " " + one.headline, .narrow(.test(.equals(.id, one.subject))))
        }
        let since = Filter.test(.time(.raised, .greaterOrEqual, report.flood.start))
        items += report.districts.map { part in
            guard let id = part.key else { return item(texts(.floodNowhere), part.count, part.waiting, since) }
            let name = map.outlines.first { $0.id == id }?.name ?? id
            return item(name, part.count, part.waiting, .all([.test(.district(id: id)), since]))
        }
        items += report.tools.map { part in
            let tool: Filter.Test = part.key == .other ? .otherTool(than: toolRegister.tools) : .tool(part.key)
            return item(part.key.code, part.count, part.waiting, .all([.test(tool), since]))
        }
        let flood = report.flood
        modal = .choice(
            Choice(
                title: texts(.floodTitle, stamp(flood.start)),
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
