import ControlRoom

/// What a choice or a confirmation leads to, and what became of acts.
extension State {
    mutating func carryOut(_ intent: Intent) -> [Effect] {
        switch intent {
        case .run(let command): return run(command)
        case .judge(let targets, let verdict): chooseDisposition(targets, verdict)
        case .assess(let targets, let verdict, let disposition):
            modal = .prompt(Prompt(.assess(targets, verdict, disposition)))
        case .close(let targets, let disposition): modal = .prompt(Prompt(.close(targets, disposition)))
        case .quiet(let quieting): chooseReason(quieting)
        case .because(let quieting, let code): modal = .prompt(Prompt(.because(quieting, code)))
        case .unshelve(let targets): return act(.unshelve, on: targets, note: nil)
        case .returnToService(let targets): return act(.returnToService, on: targets, note: nil)
        case .decide(let targets, let isGranted): modal = .prompt(Prompt(.decide(targets, isGranted: isGranted)))
        case .take(let targets): return act(.take, on: targets, note: nil)
        case .assign(let targets, let person): return act(.assign(to: person), on: targets, note: nil)
        case .toggleColumn(let column): toggle(column)
        case .group(let rules): return group(rules)
        case .narrow(let filter): return narrow(to: filter)
        case .endSuppression(let id): return endSuppression(id)
        case .showOwned(let person): return show(owned: person)
        case .actOnMany(let mass): return record(mass)
        case .view(let view): return take(view)
        case .saveView(let view): return [.saveView(view)]
        case .askDeleteView(let name): askDeleteView(name)
        case .deleteView(let name): return [.deleteView(name)]
        case .start(let offer, let alert): return askOrStart(offer, for: alert)
        case .startAgain(let offer, let alert): return start(offer, for: alert)
        case .filterTool(let tool): return narrow { $0.filter.tool = tool }
        case .filterDistrict(let district): return narrow { $0.filter.district = district }
        case .filterSeverity(let severity): return narrow { $0.filter.minimumSeverity = severity }
        case .chooseRun(let run): return choose(run: run)
        case .become(let identity):
            guard isLocked, wantsPassphrase else { return become(identity) }
            modal = .prompt(Prompt(.passphrase(identity)))
        case .layout(let name): return [.loadLayout(name)]
        case .theme(let name): return [.loadTheme(name)]
        case .language(let language):
            texts = Texts(language)
            say(texts(.languageNow))
        case .showSet(let set): return show(set: set)
        case .undo(let events, let seen): return undo(events, seen)
        case .quit: return [.quit]
        case .endExercise: return [.exercise(.end)]
        }
        return []
    }

    private mutating func choose(run: String) -> [Effect] {
        checklist.chosen = run
        checklist.cursor = 0
        if let shown = checklist.run, shown.id == run, let next = shown.nextStep,
            let index = shown.playbook.steps.firstIndex(of: next)
        {
            checklist.cursor = index
        }
        return focus(on: .checklist) + [.fetch(.run(run))]
    }

    private mutating func become(_ identity: Identity) -> [Effect] {
        self.identity = identity
        // What somebody chose is not for another to act on.
        forgetMarks()
        isLocked = false
        modal = nil
        say(texts(.operatorNow, identity.actor, texts.word(for: identity.role)))
        return refresh()
    }

    mutating func take(unlocked identity: Identity, _ isRight: Bool, _ number: Int) -> [Effect] {
        guard isLocked, number == unlockTry else { return [] }
        isUnlocking = false
        lockWord = isRight ? "" : texts(.wrongPassphrase, identity.actor)
        return isRight ? become(identity) : []
    }

    private mutating func show(set: String) -> [Effect] {
        var shown = city.city
        shown.districtSet = set
        return [
            .record(
                Act(
                    type: .cityDefined, subject: "city/" + shown.id, data: JSONWriter.bytes(shown.write),
                    actor: identity.actor, realm: .actual, status: .actual, words: texts(.setNow, set)))
        ]
    }

    // MARK: - Undo

    /// Says what would be undone, and asks. An answer that comes too late, when the person has gone, changed or begun
    /// something else, is dropped: it must take no key that was meant for another question.
    mutating func askUndo(_ events: [Event]) {
        guard past == nil else { return }
        guard !isLocked, modal == nil else { return }
        guard let event = events.first else {
            say(texts(.nothingToUndo))
            return
        }
        guard event.actor == identity.actor, event.exercise == realm.exercise else { return }
        let what = events.count == 1 ? title(of: event) : texts(.alertCount, texts.number(events.count))
        let text = texts(.undoText, texts.past(of: event.type), what, zone.local(event.happened).clock)
        modal = .confirm(
            Confirmation(title: texts(.undoTitle), text: text, intent: .undo(events, seen: seen(of: events))))
    }

    /// Alerts whose lines or detail are at hand, with what they showed when it was asked.
    private var atHand: [Alert] { alerts.lines.map(\.alert) + [detail.detail?.line.alert].compactMap { $0 } }

    private func seen(of events: [Event]) -> [String: Seen] {
        let subjects = Set(events.compactMap(\.subject))
        return atHand.reduce(into: [:]) { seen, alert in
            guard subjects.contains(alert.subject) else { return }
            seen[alert.subject] = Seen(occurrence: alert.occurrence, severity: alert.latchedSeverity)
        }
    }

    /// What an act is about, in the words that were on the screen; its key where that is not at hand.
    private func title(of event: Event) -> String {
        let subject = event.subject ?? ""
        if case .checklistStepSet(let fact)? = try? Fact(of: event) {
            let run = checklist.runs.first { $0.id == subject }
            return texts(.logStep, String(fact.step), run?.title ?? subject)
        }
        return atHand.first { $0.subject == subject }.map { "“\($0.headline)”" } ?? subject
    }

    private mutating func undo(_ events: [Event], _ seen: [String: Seen]) -> [Effect] {
        guard let event = events.first else { return [] }
        let words = texts(.didUndo, texts.past(of: event.type))
        guard events.count == 1 else {
            let count = texts(.alertCount, texts.number(events.count))
            return record(
                MassAct(
                    steps: .undo(events, seen: seen), actor: identity.actor, realm: realm, words: words + ", " + count))
        }
        pendingActs += 1
        return [
            .record(
                Act(
                    undoing: event, seen: event.subject.flatMap { seen[$0] }, actor: identity.actor, words: words))
        ]
    }

    // MARK: - What became of acts

    mutating func settle(_ act: Act, _ outcome: ActOutcome) -> [Effect] {
        pendingActs = max(0, pendingActs - 1)
        switch outcome {
        case .applied: say(texts(.actDone, act.actor, act.words))
        case .refused(let reason):
            say(texts(.actRefused, act.words, texts.words(for: reason, to: act.actor)), isError: true)
        case .rejected(let reason): say(texts(.actRefused, act.words, reason), isError: true)
        case .notKept(let reason): say(texts(.actNotKept, act.words, reason), isError: true)
        }
        if outcome != .applied { alerts.staysInPlace = false }
        let extra: [Effect] = act.type == .cityDefined ? [.fetch(.city)] : []
        return refresh() + extra
    }
}
