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

    private static let onGroups: Set<Command> = [
        .acknowledge, .acknowledgeWithNote, .assess, .close, .shelve, .take, .decide, .mark,
    ]

    /// What is done to a row that stands for many is done to those many: they are read first, and the act asks for all of them.
    mutating func askMembers(for command: Command) -> [Effect]? {
        if command == .markRange, alerts.isGrouped {
            say(texts(.groupsNoRange))
            return []
        }
        let isOnGroup = alerts.marks.isEmpty || command == .mark
        guard focus == .alerts, alerts.members == nil, isOnGroup, State.onGroups.contains(command),
            let line = alerts.current,
            let group = line.group
        else { return nil }
        guard !hasJustMoved || alerts.hasStayedOnGroup else { return sayMoved(line) }
        let query = alerts.query.inside(group)
        alerts.awaitedMembers = AlertsState.Members(command: command, query: query, group: group)
        return [.fetch(.selection(query, limit: AlertsState.mostMarked))]
    }

    /// Those that the row showed, as it showed them, and no others: whatever came or rose after it nobody has seen.
    mutating func take(members lines: [AlertLine], of members: AlertsState.Members) -> [Effect] {
        alerts.awaitedMembers = nil
        guard modal == nil, !isLocked, focus == .alerts else { return [] }
        let shown = members.group.shown(among: lines)
        guard members.command != .mark else { return toggleMarks(shown) }
        guard !shown.isEmpty else {
            say(texts(.groupChanged), isError: true)
            return []
        }
        alerts.members = Targets(marked: shown.map { AlertRef($0, at: now) }.sorted { $0.row < $1.row })
        alerts.members?.isGroup = true
        defer { alerts.members = nil }
        return run(members.command)
    }

    /// All of a group are marked, or none.
    private mutating func toggleMarks(_ lines: [AlertLine]) -> [Effect] {
        if lines.allSatisfy({ alerts.marks[$0.row] != nil }) {
            for line in lines { alerts.marks[line.row] = nil }
        } else {
            for line in lines where alerts.marks.count < AlertsState.mostMarked {
                alerts.marks[line.row] = AlertRef(line, at: now)
            }
        }
        alerts.move(by: 1, page: Geometry(self).page(of: .alerts))
        return extendAlerts() + askDetail()
    }
}
