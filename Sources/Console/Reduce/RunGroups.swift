import ControlRoom

/// Alarms that belong together as one row: opening it, and acting on all that it showed.
extension State {
    mutating func runGroups(_ command: Command) -> [Effect] {
        guard command == .groupAlerts else { return askGrouping() }
        return group(alerts.query.grouping == nil ? handling.policy.groups : nil)
    }

    /// - Parameter rules: nil to list each alarm for itself.
    mutating func group(_ rules: [GroupingRule]?) -> [Effect] {
        let current = alerts.current?.row
        let effects = requery { $0.grouping = rules.map { AlertGrouping(rules: $0) } }
        alerts.wanted = current
        say(texts(rules == nil ? .groupsOff : .groupsOn, keyName(.groupAlerts, in: .alerts)))
        return effects
    }

    private mutating func askGrouping() -> [Effect] {
        let near = [(50, 120), (150, 600), (500, 1_800), (2_000, 3_600), (20_000, 600)]
        var items = [
            Choice.Item(texts(.groupNone), .group(nil)),
            Choice.Item(texts(.groupPolicy), .group(handling.policy.groups)),
        ]
        items += near.map { metres, seconds in
            Choice.Item(
                texts(.groupNear, texts.number(metres), texts.number(seconds / 60)),
                .group([GroupingRule(metres: metres, seconds: seconds)]))
        }
        modal = .choice(Choice(title: texts.title(of: .adjustGroups), text: texts(.groupHow), items: items, cursor: 1))
        return []
    }

    /// The members of the group under the cursor; nil where it stands for itself.
    mutating func openGroup() -> [Effect]? {
        guard let group = alerts.current?.group else { return nil }
        let current = alerts.current?.row
        let effects = requery { $0 = $0.inside(group) }
        alerts.wanted = current
        return effects
    }

    /// Back to all groups, with the cursor on the one that was open.
    mutating func closeGroup() -> [Effect]? {
        guard alerts.query.grouping?.inside != nil else { return nil }
        let current = alerts.current?.row
        let effects = requery { $0.grouping?.inside = nil }
        alerts.wanted = current
        return effects
    }

    // MARK: - Acting on a group

    /// What is done to a row that stands for many is done to those many: they are read first, and the act asks for all of them.
    mutating func askMembers(for command: Command) -> [Effect]? {
        let deeds: Set<Command> = [.acknowledge, .acknowledgeWithNote, .assess, .close, .shelve, .take, .decide]
        guard focus == .alerts, alerts.marks.isEmpty, deeds.contains(command), let line = alerts.current,
            let group = line.group
        else { return nil }
        guard !hasJustMoved else { return sayMoved(line) }
        alerts.awaitedMembers = AlertsState.Members(command: command, query: alerts.query.inside(group), group: group)
        return [.fetch(.selection(alerts.query.inside(group), limit: AlertsState.mostMarked))]
    }

    /// Those that the row showed and no others: whatever was annunciated after it nobody has seen.
    mutating func take(members lines: [AlertLine], of members: AlertsState.Members) -> [Effect] {
        alerts.awaitedMembers = nil
        guard modal == nil, !isLocked, focus == .alerts, alerts.marks.isEmpty else { return [] }
        let seen = lines.filter(members.group.showed)
        alerts.marks = Dictionary(seen.map { ($0.row, AlertRef($0)) }, uniquingKeysWith: { $1 })
        return run(members.command)
    }
}
