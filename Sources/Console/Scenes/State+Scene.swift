import ControlRoom

/// Makes scenes one after the other, and keeps of each what the next one can use.
public struct SceneMaker: Sendable {
    private var map = MapCache()

    public init() {}

    public mutating func scene(of state: State) -> Scene { state.scene(&map) }
}

extension State {
    /// What the screen shows now, made from nothing.
    public func scene() -> Scene {
        var maker = SceneMaker()
        return maker.scene(of: self)
    }

    fileprivate func scene(_ cache: inout MapCache) -> Scene {
        if let cover = cover() {
            return Scene(
                header: HeaderScene(
                    city: "", banner: nil, breakthrough: nil, who: "", feed: Span(""), outbox: Span(""), clock: ""),
                tools: ToolStripScene(entries: [], minutes: [], notes: []), tabs: nil, panes: [],
                footer: FooterScene(hints: [], status: nil), modal: isLocked ? modalScene() : nil,
                cover: cover)
        }
        let geometry = Geometry(self)
        return Scene(
            header: headerScene(), tools: toolStripScene(geometry), tabs: geometry.isCompact ? tabsScene() : nil,
            panes: geometry.places.map { place in
                PlacedPane(
                    area: place.area, pane: shown.paneScene(place, geometry, &cache), focused: place.kind == focus)
            }, footer: footerScene(), modal: modalScene(), cover: nil)
    }

    private func paneScene(_ place: Geometry.Place, _ geometry: Geometry, _ cache: inout MapCache) -> PaneScene {
        switch place.kind {
        case .alerts: .alerts(alertsScene(page: geometry.page(of: .alerts)))
        case .detail: .detail(detailScene())
        case .map: .map(mapScene(geometry, &cache))
        case .assets: .assets(assetsScene(page: geometry.page(of: .assets)))
        case .checklist: .checklist(checklistScene(place.area))
        case .log: .log(logScene(page: geometry.page(of: .log)))
        case .metrics: .metrics(metricsScene(geometry))
        }
    }

    /// A terminal that is too small, or a console that is locked, shows that and nothing of the picture.
    private func cover() -> CoverScene? {
        if isTooSmall {
            return CoverScene(lines: [
                Span(texts(.tooSmall, "60x16"), .warning),
                Span(texts(.tooSmallNow, "\(width)x\(height)"), .dim),
            ])
        }
        guard isLocked else { return nil }
        var lines = [
            Span("IMPETUS  " + city.city.title, .strong), Span(""),
            Span(texts(.lockedBy, identity.actor), .plain), Span(zone.local(now).clock, .dim), Span(""),
        ]
        let waiting = totals.unacknowledged
        lines.append(
            Span(
                texts(.lockedWaiting, texts.number(waiting)),
                waiting > 0 ? totals.worstUnacknowledged.map(Tone.severity) ?? .plain : .dim))
        lines.append(Span(""))
        lines.append(lockWord.isEmpty ? Span(texts(.lockedHow), .dim) : Span(lockWord, .warning))
        return CoverScene(lines: lines)
    }

    // MARK: - Words about time

    /// Age in a fixed width: `9s`, `14m`, `3h`, `2d`.
    func age(_ time: Timestamp) -> String {
        let seconds = Int64(max(0, now.seconds(since: time)))
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3_600: return "\(seconds / 60)m"
        case ..<172_800: return "\(seconds / 3_600)h"
        case ..<31_536_000: return "\(seconds / 86_400)d"
        default: return "\(seconds / 31_536_000)y"
        }
    }

    /// `04:12`
    func minutes(_ seconds: Double) -> String {
        let whole = Int64(max(0, seconds))
        return Timestamp.padded(whole / 60, 2) + ":" + Timestamp.padded(whole % 60, 2)
    }
}
