import ControlRoom

/// What keeps an alert quiet, whose it is, and what a second person decides.
extension State {
    mutating func runHandling(_ command: Command) -> [Effect] {
        switch command {
        case .take: chooseOwner()
        case .decide: chooseDecision()
        case .showTeam: may(.assign) ? [.fetch(.team(realm))] : deny(.assign)
        case .suppress: askSuppression()
        case .endSuppression: chooseSuppression()
        default: []
        }
    }

    // MARK: - Shelves and out of service

    mutating func chooseShelf() -> [Effect] {
        withTargets(.shelve) { state, targets in
            let line = targets.areMarked ? nil : state.alerts.current
            let isActive = line.map { $0.alert.isActive(at: state.now) } ?? true
            let fitting = Shelf.offered.filter { !$0.isOnce || isActive }
            var items = fitting.map { shelf in
                Choice.Item(
                    state.texts.words(for: shelf), note: state.needsApproval(shelf) ? state.texts(.asksSecond) : "",
                    .quiet(.shelve(targets, shelf)))
            }
            if targets.alerts.contains(where: \.isShelved) {
                items.insert(Choice.Item(state.texts(.unshelveNow), .unshelve(targets)), at: 0)
            }
            items += state.serviceItems(targets)
            state.modal = .choice(
                Choice(title: state.texts(.shelveTitle), text: state.title(of: targets), items: items))
            return []
        }
    }

    private func serviceItems(_ targets: Targets) -> [Choice.Item] {
        var items: [Choice.Item] = []
        if targets.alerts.contains(where: { !$0.isOutOfService }) {
            let note = may(.removeFromService) ? "" : texts(.asksSecond)
            items.append(Choice.Item(texts(.removeNow), note: note, .quiet(.removeFromService(targets))))
        }
        if may(.removeFromService), targets.alerts.contains(where: \.isOutOfService) {
            items.append(Choice.Item(texts(.returnNow), .returnToService(targets)))
        }
        return items
    }

    private func needsApproval(_ shelf: Shelf) -> Bool { shelf.seconds > handling.policy.shelfSeconds }

    /// Why it is kept quiet: a code, of which none is chosen beforehand.
    mutating func chooseReason(_ quieting: Quieting) {
        let items = SuppressionReason.Code.allCases.map {
            Choice.Item(texts.word(for: $0), .because(quieting, $0))
        }
        let (title, about) = words(for: quieting)
        modal = .choice(.unchosen(title: title, text: about, items: items))
    }

    /// What is asked, and of what.
    func words(for quieting: Quieting) -> (title: String, about: String) {
        switch quieting {
        case .shelve(let targets, let shelf): (texts(.shelveNoteTitle, texts.words(for: shelf)), title(of: targets))
        case .removeFromService(let targets): (texts(.removeNoteTitle), title(of: targets))
        case .suppress(let filter, _): (texts(.suppressNoteTitle), filter)
        }
    }

    mutating func keepQuiet(_ quieting: Quieting, _ code: SuppressionReason.Code, note: String?) -> [Effect] {
        switch quieting {
        case .shelve(let targets, let shelf): return shelve(targets, shelf, code, note: note)
        case .removeFromService(let targets):
            return act(
                may(.removeFromService) ? .removeFromService(code) : .request(.removeFromService, code), on: targets,
                note: note)
        case .suppress(let filter, let end):
            return suppress(filter, until: end, because: SuppressionReason(code, note: note))
        }
    }

    private mutating func shelve(
        _ targets: Targets, _ shelf: Shelf, _ code: SuppressionReason.Code, note: String?
    ) -> [Effect] {
        let until = now.adding(seconds: Double(shelf.seconds))
        guard needsApproval(shelf) else {
            return act(.shelve(until: until, isOnce: shelf.isOnce, reason: code), on: targets, note: note)
        }
        return act(.request(.shelve(until: until, isOnce: shelf.isOnce), code), on: targets, note: note)
    }

    // MARK: - By design

    /// What the list finds is what is suppressed.
    private mutating func askSuppression() -> [Effect] {
        guard may(.suppress) else { return deny(.suppress) }
        guard alerts.query.grouping?.inside == nil else {
            say(texts(.suppressNotInGroup), isError: true)
            return []
        }
        guard let whole = alerts.query.filter.whole else {
            say(texts(.suppressNeedsFilter, keyName(.search)), isError: true)
            return []
        }
        guard !whole.asksForClock else {
            say(texts(.suppressNeedsAge), isError: true)
            return []
        }
        let filter = FilterWriter(filterVocabulary).text(whole)
        var items = [3_600, AlertShelved.shiftSeconds].map { seconds in
            Choice.Item(
                texts.words(for: Shelf(seconds: seconds)),
                .quiet(.suppress(filter: filter, SuppressionEnd(seconds: seconds))))
        }
        items.append(Choice.Item(texts(.suppressUntilEnded), .quiet(.suppress(filter: filter, SuppressionEnd()))))
        if let cause = pickedCause {
            items.insert(
                Choice.Item(
                    texts(.ruleWhile, cause.headline), .quiet(.suppress(filter: filter, SuppressionEnd(cause: cause)))),
                at: 0)
        }
        let found = alerts.found.map(texts.number) ?? "…"
        modal = .choice(
            Choice(title: texts.title(of: .suppress), text: texts(.suppressFinds, filter, found), items: items))
        return []
    }

    private mutating func suppress(
        _ filter: String, until end: SuppressionEnd, because reason: SuppressionReason
    ) -> [Effect] {
        let fact = SuppressionStarted(
            filter: filter, reason: reason, until: end.seconds.map { now.adding(seconds: Double($0)) },
            cause: end.cause?.subject)
        return act(
            .suppressionStarted, about: Suppression.subjectPrefix, JSONWriter.bytes(fact.write),
            texts(.didSuppress, filter))
    }

    /// Whose rule it is, why, and what ends it.
    ///
    /// - Parameter isWhole: with the words that its author wrote, as the detail of an alert has them.
    func words(for suppression: Suppression, isWhole: Bool = false) -> String {
        var words = suppression.act.by + ": " + self.words(for: suppression.rule.reason, isWhole: isWhole)
        if let until = suppression.rule.until { words += ", " + texts(.ruleUntil, stamp(until)) }
        if let cause = suppression.rule.cause { words += ", " + texts(.ruleWhile, cause) }
        return words
    }

    private mutating func chooseSuppression() -> [Effect] {
        guard may(.suppress) else { return deny(.suppress) }
        let items = handling.suppressions.map { suppression in
            Choice.Item(suppression.rule.filter, note: words(for: suppression), .endSuppression(suppression.id))
        }
        modal = .choice(Choice(title: texts.title(of: .endSuppression), items: items))
        return []
    }

    mutating func endSuppression(_ id: String) -> [Effect] {
        let filter = handling.suppressions.first { $0.id == id }?.rule.filter ?? id
        return act(
            .suppressionEnded, about: Suppression.subjectPrefix + id, Array("{}".utf8),
            texts(.didUnsuppress, filter))
    }

    // MARK: - A second person

    private mutating func chooseDecision() -> [Effect] {
        withTargets(.approve) { state, targets in
            let asked = targets.alerts.filter { $0.request != nil }
            guard let first = asked.first, let request = first.request else {
                state.say(state.texts(.nothingAsked))
                return []
            }
            if asked.allSatisfy({ $0.request?.act.by == state.identity.actor }) {
                state.say(state.texts(.codeFourEyes), isError: true)
                return []
            }
            let text =
                targets.areMarked
                ? state.title(of: targets) : state.words(for: request, isWhole: true) + " — " + first.headline
            state.modal = .choice(
                Choice(
                    title: state.texts(.decideTitle), text: text,
                    items: [
                        Choice.Item(state.texts(.grantIt), .decide(targets, isGranted: true)),
                        Choice.Item(state.texts(.refuseIt), .decide(targets, isGranted: false)),
                    ]))
            return []
        }
    }

    /// Who asks for what, and why.
    ///
    /// - Parameter isWhole: with the words that its author wrote, for whoever decides, and in the detail.
    func words(for request: Alert.Request, isWhole: Bool = false) -> String {
        let reason = words(for: request.reason, isWhole: isWhole)
        return texts(.requestWords, request.act.by, words(for: request.wish), reason)
    }

    func words(for reason: SuppressionReason, isWhole: Bool) -> String {
        let code = texts.word(for: reason.code)
        return isWhole ? [code, reason.note].compactMap { $0 }.joined(separator: ", ") : code
    }

    func words(for wish: ApprovalWish) -> String {
        switch wish {
        case .shelve(let until, let isOnce): texts(isOnce ? .shelveOnceTo : .shelveTo, stamp(until))
        case .removeFromService: texts(.removeNow)
        }
    }

    // MARK: - Whose it is

    /// An operator takes it; a supervisor says whose it is.
    private mutating func chooseOwner() -> [Effect] {
        guard may(.assign) else {
            return withTargets(.acknowledge) { state, targets in
                let isMine = !targets.areMarked && targets.alerts.first?.owner == state.identity.actor
                guard isMine else { return state.act(.take, on: targets, note: nil) }
                state.say(state.texts(.codeOwned, state.identity.actor))
                return []
            }
        }
        return withTargets(.assign) { state, targets in
            let me = state.identity.actor
            let others = state.handling.people.filter { $0 != me }
            var items = [Choice.Item(state.texts(.takeIt), note: me, .take(targets))]
            items += others.map { Choice.Item($0, .assign(targets, $0)) }
            items.append(Choice.Item(state.texts(.giveToNobody), .assign(targets, nil)))
            state.modal = .choice(
                Choice(title: state.texts(.assignTitle), text: state.title(of: targets), items: items))
            return []
        }
    }

    /// What everybody of the team has in hand, whoever has most first.
    mutating func show(team: [TeamLoad]) {
        guard !isLocked, modal == nil else { return }
        let items = team.map { load in
            let oldest = load.oldestWaiting.map { age($0) } ?? "–"
            return Choice.Item(
                load.person,
                note: texts(
                    .teamLoad, texts.number(load.open), texts.number(load.waiting), oldest, texts.number(load.acts)),
                .showOwned(load.person))
        }
        modal = .choice(Choice(title: texts(.teamTitle), text: texts(.teamHow), items: items))
    }

    mutating func show(owned person: String) -> [Effect] {
        let vocabulary = filterVocabulary
        let effects = requery { query in
            query.filter = AlertFilter(show: .open, .test(.equals(.owner, person)), vocabulary)
        }
        say(texts(.teamTakeOver, keyName(.markAll, in: .alerts), keyName(.take, in: .alerts)))
        return effects + focus(on: .alerts)
    }

    // MARK: - What is new of it

    /// A supervisor is told of every new request; everybody of what was escalated to them.
    mutating func take(_ new: Handling, of realm: Realm) -> [Effect] {
        guard realm == self.realm else { return [] }
        let before = handling
        handling = new
        guard isHandlingKnown else {
            isHandlingKnown = true
            return []
        }
        // Who groups by the policy groups by the new one.
        if before.policy.groups != new.policy.groups, alerts.query.grouping?.rules == before.policy.groups {
            say(texts(.groupsNew))
            return requery { $0.grouping = AlertGrouping(rules: new.policy.groups) }
        }
        let isAsked = may(.approve) && new.requests > before.requests
        let isEscalated = new.escalatedTo(identity) > before.escalatedTo(identity)
        guard isAsked || isEscalated else { return [] }
        let words =
            isEscalated ? texts(.escalatedNew, identity.actor) : texts(.requestNew, keyName(.decide, in: .alerts))
        say(words, isError: isEscalated)
        return bell.isOn ? [.bell, .notify(words)] : [.notify(words)]
    }
}
