import Appearance
import Cells
import Settings
import Testing

@Suite("Contrast of the coloured themes")
struct ThemeContrastTests {
    static let coloured = Shipped.themes.filter { $0 != "mono" }
    /// Lines and bars, which WCAG asks 3:1 of.
    static let graphic: Set<Role> = [.border, .mapOutline, .mapStreet, .bar]
    /// What can stand in the row under the cursor.
    static let inRows: [Role] = [
        .text, .dim, .strong, .critical, .high, .medium, .low, .info, .unacknowledged, .acknowledged, .suppressed,
        .ok, .warning, .silent, .offline, .marked, .bar, .done, .current, .blocked,
    ]

    private func theme(_ name: String) throws -> Theme {
        try #require(Shipped.library.theme(named: name).value)
    }

    @Test("every role can be read on its own background", arguments: coloured)
    func own(name: String) throws {
        let theme = try theme(name)
        let tints: Set<Role> = [.tintCritical, .tintHigh, .tintMedium]
        for role in Role.allCases where !role.name.hasPrefix("selection") {
            let least = Self.graphic.contains(role) ? 3 : name == "high-contrast" && !tints.contains(role) ? 7 : 4.5
            let contrast = Sight.contrast(theme[role].foreground, theme[role].background)
            #expect(contrast >= least, "\(role)")
        }
    }

    @Test("every text can be read in the row under the cursor", arguments: coloured)
    func selected(name: String) throws {
        let theme = try theme(name)
        for role in Self.inRows {
            for selection in [Role.selection, .selectionUnfocused] {
                let contrast = Sight.contrast(theme[role].foreground, theme[selection].background)
                #expect(contrast >= 4.5, "\(role) on \(selection)")
            }
        }
    }

    @Test("the row under the cursor has a background of its own", arguments: coloured)
    func cursor(name: String) throws {
        let theme = try theme(name)
        let distance = Sight.usual.distance(theme[.selection].background, theme[.text].background)
        #expect(distance >= 10)
    }

    @Test("labels and marks can be read on the tints of the map", arguments: coloured)
    func tints(name: String) throws {
        let theme = try theme(name)
        let marks: [(Role, Role)] = [(.tintCritical, .critical), (.tintHigh, .high), (.tintMedium, .medium)]
        for (tint, mark) in marks {
            let ground = theme[tint].background
            for role in [Role.text, .mapLabel, .mapSelected, mark] {
                #expect(Sight.contrast(theme[role].foreground, ground) >= 4.5, "\(role) on \(tint)")
            }
            #expect(Sight.contrast(theme[.mapOutline].foreground, ground) >= 3, "outline on \(tint)")
        }
        #expect(Set(marks.map { theme[$0.0].background }).count == 3)
    }

    @Test("dialogs can be read", arguments: coloured)
    func modals(name: String) throws {
        let theme = try theme(name)
        for role in [Role.text, .dim, .strong, .key, .critical, .high, .warning, .input] {
            let contrast = Sight.contrast(theme[role].foreground, theme[.modal].background)
            #expect(contrast >= 4.5, "\(role)")
        }
    }

    @Test("severities have different colours", arguments: coloured)
    func severities(name: String) throws {
        let theme = try theme(name)
        expectApart([.critical, .high, .medium, .low, .info], in: theme, by: 19, with: .usual)
    }

    @Test("colour-blind keeps the severities apart without red or green", arguments: [Sight.withoutRed, .withoutGreen])
    func deficiency(sight: Sight) throws {
        expectApart([.critical, .high, .medium, .low, .info], in: try theme("colour-blind"), by: 25, with: sight)
    }

    private func expectApart(_ roles: [Role], in theme: Theme, by least: Double, with sight: Sight) {
        for (place, one) in roles.enumerated() {
            for other in roles.dropFirst(place + 1) {
                let distance = sight.distance(theme[one].foreground, theme[other].foreground)
                #expect(distance >= least, "\(one) and \(other)")
            }
        }
    }

    @Test("no role vanishes on a terminal of few colours", arguments: coloured, [16, 8])
    func fewColours(name: String, count: Int) throws {
        let theme = try theme(name)
        for role in Role.allCases {
            let style = theme[role]
            #expect(style.foreground.reduced(to: count) != style.background.reduced(to: count), "\(role)")
        }
    }

    @Test("no other role has the colour of the exercise banner", arguments: coloured)
    func exercise(name: String) throws {
        let theme = try theme(name)
        let others = Role.allCases.filter { $0 != .exercise }
        for role in others { #expect(theme[role].foreground != theme[.exercise].foreground, "\(role)") }
    }

    @Test("colours 0 to 15, which each terminal sets for itself, are not used", arguments: coloured)
    func fixedColours(name: String) throws {
        let theme = try theme(name)
        for role in Role.allCases {
            #expect(theme[role].foreground.index >= 16, "\(role)")
            #expect(theme[role].background.index >= 16, "\(role)")
        }
    }
}
