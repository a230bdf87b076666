import ControlRoom

/// A responder's keys: one for each thing that can become of a step.
extension State {
    mutating func runChecklist(_ command: Command) -> [Effect]? {
        switch command {
        case .stepDone: return setStep(.done)
        case .stepNotApplicable: return setStep(.notApplicable)
        case .stepBlocked: return promptStep(.blocked)
        case .stepNote: return promptNote()
        case .checklistNote: return promptNote()
        case .chooseRun: return chooseRun()
        default: return nil
        }
    }

    private mutating func withStep(_ body: (inout State, ChecklistRun, Playbook.Step) -> [Effect]) -> [Effect] {
        guard may(.runChecklist) else { return deny(.runChecklist) }
        guard let run = checklist.run, let step = checklist.currentStep else {
            say(texts(.noChecklist, keyName(.startChecklist)))
            return []
        }
        return body(&self, run, step)
    }

    private mutating func setStep(_ wanted: ChecklistRun.StepState) -> [Effect] {
        withStep { state, run, step in
            if let record = run.record(of: step.id), record.state == wanted {
                state.say(state.texts(.stepAlready, state.texts.word(for: wanted), record.by))
                return []
            }
            let waiting = run.hindrances(to: wanted, step)
            guard waiting.isEmpty else {
                let steps = waiting.map(String.init).joined(separator: ", ")
                let ways = [Command.stepBlocked, .stepNotApplicable].map { state.keyName($0, in: .checklist) }
                state.say(state.texts(.stepWaits, steps, ways[0], ways[1]), isError: true)
                return []
            }
            return state.set(step.id, of: run.id, to: wanted, note: nil)
        }
    }

    private mutating func promptStep(_ wanted: ChecklistRun.StepState) -> [Effect] {
        withStep { state, run, step in
            state.modal = .prompt(Prompt(.step(run: run.id, step: step.id, wanted)))
            return []
        }
    }

    private mutating func promptNote() -> [Effect] {
        withStep { state, run, _ in
            state.modal = .prompt(Prompt(.checklistNote(run: run.id)))
            return []
        }
    }

    mutating func set(_ step: Int, of run: String, to wanted: ChecklistRun.StepState, note: String?) -> [Effect] {
        let fact = ChecklistStepSet(step: step, state: wanted, note: note)
        let words = texts(.didStep, String(step), texts.word(for: wanted))
        advance(after: step, of: run)
        return act(.checklistStepSet, about: run, JSONWriter.bytes(fact.write), words)
    }

    /// The cursor goes on to the next step, so that one key after the other works a list down.
    private mutating func advance(after step: Int, of run: String) {
        guard let shown = checklist.run, shown.id == run,
            let index = shown.playbook.steps.firstIndex(where: { $0.id == step })
        else { return }
        let open = shown.playbook.steps.indices.first {
            $0 > index && !shown.state(of: shown.playbook.steps[$0].id).isSettled
        }
        checklist.cursor = open ?? index
    }

    mutating func addNote(_ note: String, to run: String) -> [Effect] {
        var writer = JSONWriter()
        writer.object { $0.member("note", note) }
        return act(.checklistNoted, about: run, writer.bytes, texts(.didNote))
    }

    mutating func askOrStart(_ offer: PlaybookOffer, for alert: AlertRef) -> [Effect] {
        let running = checklist.runs.first { $0.isRunning(offer.title, for: alert.subject) }
        guard let running else { return start(offer, for: alert) }
        let text = texts(
            .startAgainText, offer.title, String(running.settled), String(running.steps), running.started.by)
        modal = .confirm(
            Confirmation(title: texts(.startAgainTitle), text: text, intent: .startAgain(offer, alert)))
        return []
    }

    mutating func start(_ offer: PlaybookOffer, for alert: AlertRef) -> [Effect] {
        let fact = ChecklistStarted(playbook: offer.id, version: offer.version, alert: alert.subject)
        // The shell completes the id, which must be unique in the world.
        let run = "run/" + offer.id
        checklist.chosen = nil
        focus = .checklist
        return act(.checklistStarted, about: run, JSONWriter.bytes(fact.write), texts(.didStart, offer.title))
    }

    /// An act about a checklist or a rule: it stays in the realm that is on the screen.
    mutating func act(_ type: EventType, about subject: String, _ data: [UInt8], _ words: String) -> [Effect] {
        pendingActs += 1
        return [
            .record(
                Act(
                    type: type, subject: subject, data: data, actor: identity.actor, realm: realm,
                    status: realm.actStatus, words: words))
        ]
    }

    private mutating func chooseRun() -> [Effect] {
        guard !checklist.runs.isEmpty else {
            say(texts(.noChecklist, keyName(.startChecklist)))
            return []
        }
        let items = checklist.runs.map { run in
            Choice.Item(
                run.title, note: texts(.runningCount, String(run.settled), String(run.steps)), .chooseRun(run.id))
        }
        modal = .choice(Choice(title: texts(.chooseRun), items: items))
        return []
    }
}
