import ControlRoom

extension State {
    func modalScene() -> ModalScene? {
        switch modal {
        case nil: nil
        case .help(let scroll): helpScene(scroll)
        case .palette(let palette): paletteScene(palette)
        case .filter(let prompt): filterScene(prompt)
        case .prompt(let prompt): promptScene(prompt)
        case .choice(let choice): choiceScene(choice)
        case .confirm(let confirmation):
            ModalScene(
                title: confirmation.title, text: [Span(confirmation.text)], keys: texts(.confirmKeys), width: 60)
        }
    }

    /// Help is made from the keymap as it is, remapped keys included.
    private func helpScene(_ scroll: Int) -> ModalScene {
        let items = helpItems
        let cursor = min(scroll, items.count - 1)
        return ModalScene(
            title: texts(.helpTitle, texts.title(of: focus)), items: items, cursor: cursor, keys: texts(.helpKeys),
            width: 72)
    }

    /// The last line that help can be scrolled to.
    var lastHelpLine: Int { helpItems.count - 1 }

    private var helpItems: [ModalScene.Item] {
        var items = helpItems(KeyContext(focus))
        items.append(ModalScene.Item(text: texts(.everywhere), tone: .strong))
        items += helpItems(.everywhere)
        items.append(ModalScene.Item(text: texts(.helpMore, keyName(.palette)), tone: .dim))
        items.append(ModalScene.Item(text: texts(.helpFile), tone: .dim))
        return items
    }

    private func helpItems(_ context: KeyContext) -> [ModalScene.Item] {
        keymap.commands(in: context).map { command in
            let keys = keymap.keys(for: command, in: context).map(\.name).joined(separator: " ")
            return ModalScene.Item(text: texts.title(of: command), note: keys)
        }
    }

    private func paletteScene(_ palette: PaletteState) -> ModalScene {
        let entries = paletteEntries(palette.input.text)
        let items = entries.map { entry in
            let keys = keymap.keys(for: entry.command, in: KeyContext(focus)).map(\.name)
            return ModalScene.Item(text: entry.title, note: keys.first ?? "", matched: entry.match.positions)
        }
        return ModalScene(
            title: texts(.paletteTitle),
            input: InputScene(prompt: ":", text: palette.input.text, cursor: palette.input.cursor),
            items: items.isEmpty ? [ModalScene.Item(text: texts(.paletteNothing), tone: .dim)] : items,
            cursor: items.isEmpty ? nil : min(palette.cursor, items.count - 1), keys: texts(.paletteKeys), width: 64)
    }

    /// What is written, how it is read or why it cannot be, and what it can go on with.
    private func filterScene(_ prompt: FilterPrompt) -> ModalScene {
        var input = InputScene(prompt: "/", text: prompt.input.text, cursor: prompt.input.cursor)
        var reading = Span(texts(.filterHint), .dim)
        var doubt: Span?
        if let error = prompt.error {
            input.wrong = error.column..<error.column + max(1, error.length)
            // What is missing at the end may be about to be written.
            reading = Span(texts.words(for: error), error.length == 0 ? .dim : .error)
        } else if let filter = prompt.draft?.filter.match {
            let found = prompt.found.map { texts(.countFound, texts.number($0)) + " · " } ?? ""
            let words = FilterWriter(vocabulary(for: prompt)).text(filter)
            reading = Span(found + texts(.filterReads, words), .plain)
            let meant = filter.wordsOfTheLanguage
            if !meant.isEmpty { doubt = Span("  " + texts(.filterDoubt, meant.joined(separator: ", ")), .warning) }
        }
        let offered = offered(for: prompt)
        let items = offered.map { ModalScene.Item(text: $0.text, note: $0.isRecent ? texts(.filterRecent) : "") }
        return ModalScene(
            title: texts(.filterTitle), input: input, remark: [reading] + [doubt].compactMap { $0 }, items: items,
            cursor: items.isEmpty ? nil : min(prompt.cursor, items.count - 1), keys: texts(.filterKeys), width: 76)
    }

    private func promptScene(_ prompt: Prompt) -> ModalScene {
        var shown = prompt.input.text
        if case .passphrase = prompt.purpose { shown = String(repeating: "*", count: prompt.input.characters.count) }
        let input = InputScene(prompt: "", text: shown, cursor: prompt.input.cursor)
        let (title, about) = promptWords(prompt.purpose)
        return ModalScene(
            title: title, text: about.isEmpty ? [] : [Span(about, .strong)], input: input, keys: texts(.promptKeys),
            width: 66)
    }

    private func promptWords(_ purpose: Prompt.Purpose) -> (String, String) {
        switch purpose {
        case .acknowledge(let targets): (texts(.ackNoteTitle), title(of: targets))
        case .assess(let targets, let verdict, let disposition):
            (
                texts(.assessNoteTitle, texts.word(for: verdict), texts.word(for: disposition)), title(of: targets)
            )
        case .close(let targets, let disposition):
            (texts(.closeNoteTitle, texts.word(for: disposition)), title(of: targets))
        case .because(let quieting, let code):
            (texts(.reasonNoteTitle, texts.word(for: code)), words(for: quieting).about)
        case .decide(let targets, let isGranted):
            (texts(isGranted ? .grantNoteTitle : .refuseNoteTitle), title(of: targets))
        case .step(_, let step, let state): (texts(.stepNoteTitle, String(step), texts.word(for: state)), "")
        case .passphrase(let identity): (texts(.passphraseOf, identity.actor), "")
        case .sort:
            (texts(.sortTitle), texts(.sortHow, SortColumn.Field.allCases.map(\.rawValue).joined(separator: " ")))
        case .travel: (texts(.travelTitle), texts(.travelHow))
        case .saveView: (texts(.viewName), alerts.query.filter.text)
        case .export: (texts(.exportTitle), texts(.exportFormats))
        case .checklistNote: (texts(.noteTitle), checklist.run?.playbook.title ?? "")
        }
    }

    private func choiceScene(_ choice: Choice) -> ModalScene {
        let items = choice.items.enumerated().map { index, item in
            ModalScene.Item(text: (index < 9 ? "\(index + 1) " : "  ") + item.text, note: item.note)
        }
        return ModalScene(
            title: choice.title, text: choice.text.isEmpty ? [] : [Span(choice.text, .strong)],
            items: items.isEmpty ? [ModalScene.Item(text: texts(.nothingToChoose), tone: .dim)] : items,
            cursor: items.isEmpty ? nil : choice.cursor, keys: texts(.choiceKeys), width: 60)
    }
}
