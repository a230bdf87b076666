import Testing

@testable import Console

@Suite("Texts")
struct TextsTests {
    private func places(_ text: String) -> [String] {
        var found: [String] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            found.append(String(rest[open...close]))
            rest = rest[close...].dropFirst()
        }
        return found.sorted()
    }

    @Test("Every phrase has its words in both languages, with the same places for arguments")
    func phrases() {
        let (english, italian) = (Texts.table(of: .english), Texts.table(of: .italian))
        for phrase in Phrase.allCases {
            let (en, it) = (english[phrase] ?? "", italian[phrase] ?? "")
            #expect(!en.isEmpty && !it.isEmpty, "\(phrase.rawValue)")
            #expect(Set(places(en)) == Set(places(it)), "\(phrase.rawValue): \(en) / \(it)")
            let numbers = Set(places(en))
            #expect(numbers == Set((1..<(numbers.count + 1)).map { "{\($0)}" }), "\(phrase.rawValue) skips an argument")
        }
    }

    @Test("Every command has a title in both languages, no two the same, and hints of at most twelve letters")
    func commands() throws {
        for command in Command.allCases {
            let words = try #require(Texts.commands[command], "\(command.name)")
            #expect(!words.english.isEmpty && !words.italian.isEmpty)
            #expect((words.englishHint == nil) == (words.italianHint == nil), "\(command.name)")
            for hint in [words.englishHint, words.italianHint].compactMap({ $0 }) {
                #expect(!hint.isEmpty && hint.count <= 12, "\(command.name): \(hint)")
            }
        }
        for language in Language.allCases {
            let texts = Texts(language)
            let titles = Command.allCases.filter { !$0.rawValue.hasPrefix("pane") }.map { texts.title(of: $0) }
            #expect(Set(titles).count == titles.count)
        }
    }

    @Test("Every command that the last line reminds of has a word for it", arguments: PaneKind.allCases)
    func hints(_ pane: PaneKind) {
        for command in FooterHints.commands(for: pane) {
            for language in Language.allCases {
                let hint = Texts(language).hint(for: command)
                #expect(hint.count <= 12, "\(command.name): \(hint)")
            }
        }
    }

    @Test("An argument is text: what looks like a place in it stays")
    func arguments() {
        let texts = Texts(.english)
        #expect(texts(.didAcknowledge, "{1} {2}") == "acknowledged “{1} {2}”")
        #expect(texts(.actDone, "op1", "did {1}") == "op1 did {1}")
        #expect(texts(.actDone, "op1") == "op1 {2}")
    }

    @Test("Numbers carry thousands marks")
    func numbers() {
        #expect(Texts(.english).number(1_204_000) == "1,204,000")
        #expect(Texts(.italian).number(1_204) == "1.204")
        #expect(Texts(.english).number(-999) == "-999" && Texts(.english).number(0) == "0")
    }

    @Test("The language is what the environment asks for, English where it is none of ours")
    func environment() {
        #expect(Language(environment: ["LANG": "it_IT.UTF-8"]) == .italian)
        #expect(Language(environment: ["LC_ALL": "en_GB", "LANG": "it_IT"]) == .english)
        #expect(Language(environment: ["LC_ALL": "", "LANG": "it"]) == .italian)
        #expect(Language(environment: ["LANG": "xx"]) == .english && Language(environment: [:]) == .english)
    }

    @Test("A command's name is its way back, and every name is spelt as keymap files do")
    func names() {
        for command in Command.allCases {
            #expect(Command(name: command.name) == command)
            #expect(command.name.allSatisfy { $0.isLowercase || $0 == "-" || $0.isNumber })
        }
        #expect(Command(name: "acknowledgeWithNote") == nil)
    }

    @Test("Keys are read as they are written, and what is none is none")
    func keys() {
        #expect(Key("ctrl-l") == Key(.character("l"), control: true))
        #expect(Key("alt-enter") == Key(.enter, alt: true) && Key("f12") == Key(.function(12)))
        #expect(Key("space")?.name == "Space" && Key("page-down")?.name == "Page-Down" && Key("-") == .character("-"))
        for text in ["", "f0", "f25", "ctrl-", "word", "ctrl-alt-"] { #expect(Key(text) == nil, "\(text)") }
    }

    @Test("No key of a context means two things, and no pane is without its own keys")
    func keymap() {
        for context in KeyContext.allCases { #expect(!Keymap.standard.commands(in: context).isEmpty) }
        #expect(Keymap.standard.command(for: .character("n"), in: .map) == .nextDistrict)
        #expect(Keymap.standard.command(for: .character("n"), in: .alerts) == .acknowledgeWithNote)
        #expect(Keymap.standard.command(for: .character("q"), in: .map) == .quit)
    }

    @Test("Letters that stand in order meet, the starts of words first")
    func fuzzy() throws {
        #expect(FuzzyMatch("zzz", in: "Fit the map") == nil && FuzzyMatch("", in: "x") != nil)
        let starts = try #require(FuzzyMatch("fm", in: "Fit the map"))
        let inside = try #require(FuzzyMatch("fm", in: "Confirm it"))
        #expect(starts.score > inside.score && starts.positions == [0, 8])
    }
}
