import ControlRoom
import TestSupport
import Testing

@Suite("Tools and their register")
struct ToolTests {
    private static func random(_ chance: inout SeededChance) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
        let count = 1 + Int(chance.next() % UInt64(Tool.mostCharacters))
        return String((0..<count).map { _ in letters[Int(chance.next() % UInt64(letters.count))] })
    }

    @Test("The shipped nine keep the numbers that rows have had")
    func numbers() {
        let codes = ["FD", "UAD", "SMD", "CTI", "CTDR", "BD", "EO", "WMS", "CAP"]
        #expect(codes.map { Tool(code: $0).rawValue } == Array(0...8))
        #expect(Tool.shipped.map(\.code) == codes && Tool(rawValue: 9) == .other && Tool.other.code == "?")
    }

    @Test("Every code comes back from its number, and numbers sort as codes do")
    func packed() {
        var chance = SeededChance(seed: 5)
        let texts = (0..<2_000).map { _ in ToolTests.random(&chance) } + ["A", "Z", "ZZZZZZZZZZZZ", "0", "9-9"]
        let codes = Set(texts.filter { Tool.isCode($0) && !Tool(code: $0).isShipped }).sorted()
        #expect(codes.count > 500)
        for code in codes {
            let tool = Tool(code: code)
            #expect(tool.code == code && Tool(rawValue: tool.rawValue) == tool)
        }
        let numbers = codes.map { Tool(code: $0).rawValue }
        #expect(numbers == numbers.sorted() && Set(numbers).count == codes.count)
    }

    @Test("Numbers that stand for no tool are none", arguments: [-1, 10, 36, 37, 1_000_000, .max, .min])
    func noTool(_ number: Int) { #expect(Tool(rawValue: number) == nil) }

    @Test(
        "A code in another form is folded to one, and none is refused",
        arguments: [
            ("FD", "FD"), ("fd", "FD"), ("noise_meter", "NOISE-METER"), ("  Lärm ", "LARM"), ("A..B//C", "A-B-C"),
            ("-x-", "X"), ("?", "?"),
        ])
    func folded(_ text: String, _ code: String) { #expect(Tool(code: text).code == code) }

    @Test("What is too long, or in letters of no code, stays apart from what begins like it")
    func told() {
        let texts = [
            "SOUND-SENSOR-NORTH", "SOUND-SENSOR-SOUTH", "датчик", "传感器", "", "\u{0}", "a\u{202E}b",
            String(repeating: "x", count: 10_000),
        ]
        let codes = texts.map { Tool(code: $0).code }
        #expect(Set(codes).count == texts.count)
        for code in codes { #expect(Tool.isCode(code) && code.utf8.count <= Tool.mostCharacters, "\(code)") }
    }

    @Test("An alert has the code of its tool, whichever it is")
    func alert() throws {
        var make = EventMaker()
        let event = make.raised("a", tool: Tool(code: "NOISE"))
        guard case .alertRaised(let fact) = try Fact(of: event) else { throw Missing() }
        #expect(fact.tool.code == "NOISE")
        let nameless = make.event(.alertRaised, "b", #"{"tool":"","severity":"low"}"#)
        #expect(throws: (any Error).self) { try Fact(of: nameless) }
    }

    private struct Missing: Error {}

    private static let own = ToolRegister(
        registered: [
            .init(tool: Tool(code: "NOISE"), name: "noise meters", silentAfterSeconds: 600),
            .init(tool: Tool(code: "AIR"), name: "air"), .init(tool: .fd, name: "cameras", silentAfterSeconds: 60),
        ], seen: [Tool(code: "ZZ"), Tool(code: "NOISE"), .uad])

    @Test("A register has the shipped nine and the site's own, each as the site says")
    func register() {
        let register = ToolTests.own
        #expect(register.tools.map(\.code).suffix(2) == ["AIR", "NOISE"] && register.tools.count == 11)
        #expect(register[.fd]?.name == "cameras" && register[.bd]?.name == "bacteria detector")
        #expect(register.seen.map(\.code) == ["ZZ"])
        #expect(register.strip.map(\.tool) == Tool.toolkit + [Tool(code: "AIR"), Tool(code: "NOISE")])
        #expect(register.silentAfterSeconds(Tool(code: "NOISE")) == 600)
        #expect(register.silentAfterSeconds(Tool(code: "ZZ")) == ToolReport.silentAfterSeconds)
    }

    @Test("A tool is silent after its own time, and never when it is off")
    func silence() {
        let heard = EventMaker.noon
        let report = ToolReport(tool: .fd, state: .ok, message: "", heard: heard)
        #expect(report.isSilent(at: heard.adding(seconds: 181)) && !report.isSilent(at: heard.adding(seconds: 180)))
        #expect(!report.isSilent(at: heard.adding(seconds: 599), after: 600))
        #expect(report.isSilent(at: heard.adding(seconds: 601), after: 600))
        let off = ToolReport(tool: .fd, state: .off, message: "", heard: heard)
        #expect(!off.isSilent(at: heard.adding(seconds: 9_999), after: 60))
    }

    @Test("Not every text can be registered", arguments: ["noise", "OTHER", "?", "", "A_B", "ABCDEFGHIJKLM"])
    func unregistrable(_ code: String) { #expect(!ToolRegister.mayRegister(code)) }

    // MARK: - In the language of filters

    private func parse(_ text: String, _ register: ToolRegister) throws -> Filter? {
        try FilterParser.parse(text, FilterVocabulary(tools: register, now: EventMaker.noon, zone: .utc))
    }

    @Test("A filter names what is registered and what came, in any case, and all that is not registered as other")
    func filter() throws {
        #expect(try parse("tool = noise", ToolTests.own) == .test(.tool(Tool(code: "NOISE"))))
        #expect(try parse("tool = ZZ", ToolTests.own) == .test(.tool(Tool(code: "ZZ"))))
        #expect(try parse("tool = other", ToolTests.own) == .test(.otherTool(than: ToolTests.own.tools)))
    }

    @Test("A code that nobody has registered and that never came is a mistake, unless there are more than can be named")
    func unknown() throws {
        var register = ToolTests.own
        #expect(throws: FilterError.self) { try parse("tool = NOISF", register) }
        register.hasMore = true
        #expect(try parse("tool = noisf", register) == .test(.tool(Tool(code: "NOISF"))))
        #expect(throws: FilterError.self) { try parse("tool = a_b", register) }
    }

    @Test("Completion offers them")
    func completion() {
        let vocabulary = FilterVocabulary(tools: ToolTests.own, now: EventMaker.noon, zone: .utc)
        #expect(FilterCompletion.at("tool = n", cursor: 8, vocabulary)?.candidates == ["NOISE"])
        #expect(FilterCompletion.at("tool = z", cursor: 8, vocabulary)?.candidates == ["ZZ"])
    }

    // MARK: - Where else a tool is named

    @Test("An agreement, a group and an escalation can name a tool of the site's own")
    func named() throws {
        #expect(Agreement.isCategory("NOISE") && Agreement.isCategory("crowd") && !Agreement.isCategory("Noise"))
        let policy = try JSONReader.read(
            Array(
                #"""
                {"groups":[{"tool":"NOISE","radius_m":50,"window_s":60}],
                "escalations":[{"severity":"low","tool":"NOISE","steps":[{"after_s":60,"to":"supervisor"}]}]}
                """#.utf8)
        ) { try AlarmPolicy(reading: &$0) }
        #expect(policy.groups.first?.tool?.code == "NOISE" && policy.escalations.first?.tool?.code == "NOISE")
    }

    @Test("A playbook is offered for a tool as its source writes it")
    func offered() {
        let playbook = Playbook(
            id: "p", version: 1, title: "t", offers: [.init(tool: "noise_meter", kind: "*")], steps: [])
        #expect(
            playbook.fits(tool: "NOISE-METER", kind: "loud") == 1 && playbook.fits(tool: "NOISE", kind: "loud") == 0)
    }
}
