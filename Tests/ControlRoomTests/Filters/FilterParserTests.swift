import ControlRoom
import Testing

@Suite("The filter language")
struct FilterParserTests {
    private func parse(_ text: String) throws -> Filter? { try FilterParser.parse(text, .sample) }

    private func written(_ text: String) throws -> String {
        try parse(text).map { FilterWriter(.sample).text($0) } ?? ""
    }

    @Test(
        "is read as what it says in full",
        arguments: [
            ("smoke port", "smoke port"), ("  ", ""), ("\"power cut\"", "\"power cut\""),
            ("severity>=high", "severity >= high"), ("SEVERITY != Low", "not severity = low"),
            ("severity in (high, critical)", "severity = high or severity = critical"),
            ("state=waiting", "state = waiting"), ("state = rtn_unacknowledged", "state = rtn-unacknowledged"),
            ("state != open", "not state = open"), ("tool = fd", "tool = FD"), ("tool = other", "tool = other"),
            ("in district centro storico smoke", "in district \"Centro Storico\" and smoke"),
            ("district = \"ARCELLA\"", "in district Arcella"), ("district = d3", "in district Forcellini"),
            ("headline ~ gas", "headline ~ gas"), ("headline !~ \"gas leak\"", "not headline ~ \"gas leak\""),
            ("id = camera-12/weapon", "id = camera-12/weapon"), ("confidence > 80%", "confidence > 80%"),
            ("confidence <= 0.5", "confidence <= 50%"), ("confidence > 7%", "confidence > 7%"),
            ("age < 4.29m", "age < 257.4s"), ("confidence > 0.123", "confidence > 0.123"),
            ("confidence > 80", "confidence > 80%"), ("severity ≥ high", "severity >= high"),
            ("severity not in (low info)", "not (severity = low or severity = info)"),
            ("state = unack", "state = unacknowledged"),
            ("within 5m of p2", "within 5m of Prato"),
            ("within 5m of 45.1, 11.2 smoke", "within 5m of 45.1,11.2 and smoke"),
            ("occurrence >= 3", "occurrence >= 3.0"), ("age < 90m", "age < 90m"), ("age > 2 h", "age > 2h"),
            ("age >= 1w", "age >= 7d"), ("age < 1.5min", "age < 90s"), ("acknowledged = no", "acknowledged = no"),
            ("shelved-by = op1", "shelved-by = op1"), ("verdict = rejected", "verdict = rejected"),
            ("disposition = false_positive", "disposition = false-positive"), ("status = test", "status = test"),
            ("reason = maintenance", "reason = maintenance"), ("reason = known_fault", "reason = known-fault"),
            ("within 300m of Prato della Valle", "within 300m of \"Prato della Valle\""),
            ("within 1.2km of prato smoke", "within 1200m of Prato and smoke"),
            ("within 300 m of here", "within 300m of 45.4,11.88"), ("within 5m of 45.1,11.2", "within 5m of 45.1,11.2"),
            ("a and b or c", "a b or c"), ("a (b or c)", "a and (b or c)"), ("not (a b)", "not (a b)"),
            ("not a b", "not a and b"), ("not not a", "not not a"), ("(a)", "a"), ("a or (b or c)", "a or b or c"),
            ("fire in tunnel", "fire (in) tunnel"), ("stuck within minutes", "stuck (within) minutes"),
            ("severity high", "severity high"), ("\u{301} smoke \n\u{7EF}port", "smoke port"), ("wow!", "wow!"),
            ("14:05", "14:05"),
        ])
    func reading(_ text: String, _ full: String) throws {
        #expect(try written(text) == full)
        #expect(try written(full) == full)
        #expect(try parse(full) == parse(text))
    }

    @Test("knows a site by its name on the map and by the id that tools give it")
    func sites() throws {
        let either = Filter.any([.test(.equals(.site, "p2")), .test(.equals(.site, "Prato"))])
        #expect(try parse("site = prato") == either && parse("site = p2") == .test(.equals(.site, "p2")))
    }

    @Test(
        "reads times as the clocks of the city show them",
        arguments: [
            ("14:05", "2026-07-10T12:05:00Z"), ("6:30:15", "2026-07-10T04:30:15Z"), ("today", "2026-07-09T22:00:00Z"),
            ("yesterday 22:00", "2026-07-09T20:00:00Z"), ("2026-07-01", "2026-06-30T22:00:00Z"),
            ("2026-01-15 08:00", "2026-01-15T07:00:00Z"), ("2026-03-29 12:00", "2026-03-29T10:00:00Z"),
            ("2026-10-25 12:00", "2026-10-25T11:00:00Z"), ("now", "2026-07-10T12:30:00Z"),
            ("2026-07-10T01:02:03Z", "2026-07-10T01:02:03Z"),
        ])
    func times(_ text: String, _ time: String) throws {
        #expect(try parse("raised > " + text) == .test(.time(.raised, .greater, FilterVocabulary.at(time))))
        #expect(try parse(written("raised > " + text)) == parse("raised > " + text))
    }

    @Test(
        "points at what cannot be read",
        arguments: [
            ("sverity = high", 0, 14 - 7, FilterError.Problem.unknownField("sverity", near: "severity")),
            ("x = 1", 0, 1, .unknownField("x", near: nil)),
            ("severity = hihg", 11, 4, .unknownValue("hihg", near: ["high"])),
            ("severity ~ high", 9, 1, .badOperator("~", field: "severity")),
            ("age = 1h", 4, 1, .badOperator("=", field: "age")),
            ("age in (1h)", 4, 2, .badOperator("in", field: "age")),
            ("smoke and", 9, 0, .expected(.condition)), ("smoke or or", 9, 2, .expected(.condition)),
            ("severity >=", 11, 0, .expected(.value)), ("severity = )", 11, 1, .expected(.value)),
            ("(smoke", 6, 0, .expected(.closingParenthesis)), ("smoke)", 5, 1, .unexpected(")")),
            ("\"smoke", 0, 6, .expected(.closingQuote)), ("> 3", 0, 1, .expected(.condition)),
            ("age > soon", 6, 4, .expected(.duration)), ("raised > soon", 9, 4, .expected(.time)),
            ("raised > 25:00", 9, 5, .expected(.time)), ("occurrence > many", 13, 4, .expected(.number)),
            ("within 5 of here", 7, 1, .expected(.length)), ("within 5m here", 10, 4, .expected(.of)),
            ("within 5m of", 12, 0, .expected(.place)), ("severity in ()", 13, 1, .expected(.value)),
            (
                "in district Nowhere", 12, 7,
                .unknownValue("Nowhere", near: ["Centro Storico", "Arcella", "Forcellini"])
            ),
            (
                "within 5m of Nowhere", 13, 7,
                .unknownValue("Nowhere", near: ["\"Prato della Valle\"", "Prato"])
            ), ("confidence > 800%", 13, 4, .expected(.share)),
        ])
    func errors(_ text: String, _ column: Int, _ length: Int, _ problem: FilterError.Problem) throws {
        let error = #expect(throws: FilterError.self) { try parse(text) }
        #expect(error?.column == column && error?.length == length && error?.problem == problem)
    }

    @Test("has bounds: of length and of depth")
    func bounds() throws {
        let long = #expect(throws: FilterError.self) { try parse(String(repeating: "a ", count: 501)) }
        #expect(long?.problem == .tooLong && long?.column == 1_000)
        #expect(throws: Never.self) {
            try parse(String(repeating: "(", count: 30) + "a" + String(repeating: ")", count: 30))
        }
        for deep in ["(", "not "] {
            let error = #expect(throws: FilterError.self) { try parse(String(repeating: deep, count: 40) + "a") }
            #expect(error?.problem == .tooDeep)
        }
    }

    @Test("knows when it asks for what is over as well")
    func states() throws {
        for text in [
            "state = normal", "not (a or ended > today)", "active = no smoke", "closed-by = op1", "closed = yes",
        ] {
            #expect(try parse(text)?.asksForState ?? false, "\(text)")
        }
        for text in ["smoke", "severity = high", "age > 1h", "acknowledged = no"] {
            #expect(try !(parse(text)?.asksForState ?? true), "\(text)")
        }
    }
}
