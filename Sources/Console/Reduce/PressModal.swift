import ControlRoom

/// Keys while something lies over the panes.
extension State {
    mutating func pressModal(_ key: Key) -> [Effect] {
        if key.code == .escape || (key == Key(.character("c"), control: true)) {
            modal = nil
            return []
        }
        switch modal {
        case .help(let scroll): return pressHelp(key, scroll)
        case .palette(var palette):
            let effects = press(key, in: &palette)
            if case .palette = modal, key.code != .enter { modal = .palette(palette) }
            return effects
        case .filter(let prompt): return press(key, in: prompt)
        case .prompt(var prompt): return press(key, in: &prompt)
        case .choice(var choice):
            let effects = press(key, in: &choice)
            // What Enter led to may be the same question again, with other answers.
            if key.code != .enter, case .choice = modal, effects.isEmpty { modal = .choice(choice) }
            return effects
        case .confirm(let confirmation): return press(key, confirmation)
        case nil: return []
        }
    }

    private mutating func pressHelp(_ key: Key, _ scroll: Int) -> [Effect] {
        switch key.code {
        case .down, .character("j"): modal = .help(scroll: min(lastHelpLine, scroll + 1))
        case .up, .character("k"): modal = .help(scroll: max(0, scroll - 1))
        case .pageDown, .character(" "): modal = .help(scroll: min(lastHelpLine, scroll + 10))
        case .pageUp: modal = .help(scroll: max(0, scroll - 10))
        default: modal = nil
        }
        return []
    }

    private mutating func press(_ key: Key, in palette: inout PaletteState) -> [Effect] {
        let entries = paletteEntries(palette.input.text)
        switch (key.code, key.control) {
        case (.enter, _):
            modal = nil
            guard entries.indices.contains(palette.cursor) else { return [] }
            return run(entries[palette.cursor].command)
        case (.down, _), (.character("n"), true): palette.cursor = min(max(0, entries.count - 1), palette.cursor + 1)
        case (.up, _), (.character("p"), true): palette.cursor = max(0, palette.cursor - 1)
        default: if palette.input.edit(key) { palette.cursor = 0 }
        }
        return []
    }

    private mutating func press(_ key: Key, in prompt: inout Prompt) -> [Effect] {
        if key.code == .enter {
            // Whoever goes on typing must not type commands.
            if let complaint = complaint(of: prompt) {
                say(complaint, isError: true)
                return []
            }
            modal = nil
            return submit(prompt)
        }
        _ = prompt.input.edit(key)
        modal = .prompt(prompt)
        return []
    }

    mutating func press(_ key: Key, in choice: inout Choice) -> [Effect] {
        switch key.code {
        case .enter:
            guard choice.items.indices.contains(choice.cursor) else { return [] }
            modal = nil
            return carryOut(choice.items[choice.cursor].intent)
        case .escape: modal = nil
        case .down, .character("j"): choice.cursor = min(choice.items.count - 1, choice.cursor + 1)
        case .up, .character("k"): choice.cursor = max(0, choice.cursor - 1)
        case .home, .character("g"): choice.cursor = 0
        case .end, .character("G"): choice.cursor = max(0, choice.items.count - 1)
        case .pageDown: choice.cursor = min(choice.items.count - 1, choice.cursor + 10)
        case .pageUp: choice.cursor = max(0, choice.cursor - 10)
        case .character(let digit):
            guard let number = digit.wholeNumberValue, choice.items.indices.contains(number - 1) else { return [] }
            choice.cursor = number - 1
        default: break
        }
        return []
    }

    /// What cannot be taken back wants a letter that nobody presses by habit.
    private mutating func press(_ key: Key, _ confirmation: Confirmation) -> [Effect] {
        switch key.code {
        case .character("y"), .character("Y"), .character("s"):
            if key.code == .character("s") && language != .italian { return [] }
            modal = nil
            return carryOut(confirmation.intent)
        case .character("n"), .character("N"): modal = nil
        default: break
        }
        return []
    }

    // MARK: - What was typed

    /// Why what was typed cannot be taken as it is.
    private func complaint(of prompt: Prompt) -> String? {
        let text = prompt.input.text.trimmed
        switch prompt.purpose {
        case .sort where !text.isEmpty:
            do throws(AlertOrder.Problem) { _ = try AlertOrder(reading: text) } catch { return texts.words(for: error) }
            return nil
        case .travel where !text.isEmpty:
            guard let time = filterVocabulary.pastTime(text) else { return texts(.travelUnknown) }
            return time > now ? texts(.travelFuture) : nil
        default: return nil
        }
    }

    private mutating func submit(_ prompt: Prompt) -> [Effect] {
        let text = prompt.input.text.trimmed
        let note = text.isEmpty ? nil : text
        switch prompt.purpose {
        case .acknowledge(let targets): return act(.acknowledge, on: targets, note: note)
        case .assess(let targets, let verdict, let disposition):
            return act(.assess(verdict, disposition), on: targets, note: note)
        case .close(let targets, let disposition): return act(.close(disposition), on: targets, note: note)
        case .because(let quieting, let code): return keepQuiet(quieting, code, note: note)
        case .decide(let targets, let isGranted): return act(.decide(isGranted: isGranted), on: targets, note: note)
        case .step(let run, let step, let state): return set(step, of: run, to: state, note: note)
        case .sort: return text.isEmpty ? [] : sort(by: text)
        case .saveView: return text.isEmpty ? [] : saveView(as: text)
        case .travel: return text.isEmpty ? [] : travel(to: text)
        case .export:
            guard !text.isEmpty else { return [] }
            return [.export(alerts.query.each, path: text)]
        case .passphrase(let identity):
            // One at a time: each is slow on purpose.
            guard !isUnlocking, !prompt.input.text.isEmpty else { return [] }
            isUnlocking = true
            unlockTry += 1
            lockWord = texts(.unlocking)
            return [.unlock(identity, passphrase: prompt.input.text, number: unlockTry)]
        case .checklistNote(let run):
            guard let note else { return [] }
            return addNote(note, to: run)
        }
    }

    // MARK: - The palette

    struct PaletteEntry: Equatable {
        var command: Command
        var title: String
        var match: FuzzyMatch
    }

    /// All commands that the typed letters meet, the best first.
    func paletteEntries(_ pattern: String) -> [PaletteEntry] {
        let entries = Command.allCases.compactMap { command -> PaletteEntry? in
            let title = texts.title(of: command)
            guard let match = FuzzyMatch(pattern, in: title) else { return nil }
            return PaletteEntry(command: command, title: title, match: match)
        }
        return pattern.isEmpty ? entries : entries.sorted { $0.match.score > $1.match.score }
    }
}

extension String {
    var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}
