import ControlRoom

/// What a choice or a confirmation leads to, and what became of acts.
extension State {
    mutating func carryOut(_ intent: Intent) -> [Effect] {
        switch intent {
        case .run(let command): return run(command)
        case .judge(let alert, let verdict):
            chooseDisposition(alert, verdict)
        case .assess(let alert, let verdict, let disposition):
            modal = .prompt(Prompt(.assess(alert, verdict, disposition)))
        case .close(let alert, let disposition): modal = .prompt(Prompt(.close(alert, disposition)))
        case .shelve(let alert, let shelf): modal = .prompt(Prompt(.shelve(alert, shelf)))
        case .unshelve(let alert): return unshelve(alert)
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
        case .undo(let event): return undo(event)
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
    mutating func askUndo(_ event: Event?) {
        guard !isLocked, modal == nil else { return }
        if let event, event.actor != identity.actor || event.exercise != realm.exercise { return }
        guard let event else {
            say(texts(.nothingToUndo))
            return
        }
        let what = texts(.undoText, texts.past(of: event.type), title(of: event), zone.local(event.happened).clock)
        modal = .confirm(Confirmation(title: texts(.undoTitle), text: what, intent: .undo(event)))
    }

    /// What an act is about, in the words that were on the screen; its key where that is not at hand.
    private func title(of event: Event) -> String {
        let subject = event.subject ?? ""
        if case .checklistStepSet(let fact)? = try? Fact(of: event) {
            let run = checklist.runs.first { $0.id == subject }
            return texts(.logStep, String(fact.step), run?.title ?? subject)
        }
        let known = alerts.lines + [detail.detail?.line].compactMap { $0 }
        return known.first { $0.alert.subject == subject }.map { "“\($0.alert.headline)”" } ?? subject
    }

    private mutating func undo(_ event: Event) -> [Effect] {
        let fact = ActUndone(act: event.id, type: event.type)
        // The undo goes where the act is, whatever is on the screen.
        let status = event.extensions["status"].flatMap(MessageStatus.init(rawValue:)) ?? .actual
        pendingActs += 1
        return [
            .record(
                Act(
                    type: .actUndone, subject: event.subject ?? "", data: JSONWriter.bytes(fact.write),
                    actor: identity.actor, realm: Realm(exercise: event.exercise, status: status), status: status,
                    words: texts(.didUndo, texts.past(of: event.type))))
        ]
    }

    // MARK: - What became of acts

    mutating func settle(_ act: Act, _ outcome: ActOutcome) -> [Effect] {
        pendingActs = max(0, pendingActs - 1)
        switch outcome {
        case .applied: say(texts(.actDone, act.actor, act.words))
        case .refused(let reason): say(texts(.actRefused, act.words, texts.words(for: reason)), isError: true)
        case .rejected(let reason): say(texts(.actRefused, act.words, reason), isError: true)
        case .notKept(let reason): say(texts(.actNotKept, act.words, reason), isError: true)
        }
        if outcome != .applied { alerts.staysInPlace = false }
        let extra: [Effect] = act.type == .cityDefined ? [.fetch(.city)] : []
        return refresh() + extra
    }
}
