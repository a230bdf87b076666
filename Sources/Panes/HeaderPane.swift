import Cells
import Console

/// The first line: where am I, who am I, can the picture be trusted.
enum HeaderPane {
    private enum Part { case product, city, who, longBreakthrough, longBanner, feed, outbox, clock }

    /// What is shown as it gets narrower. The exercise and an actual alert are in all of them.
    private static let choices: [[Part]] = [
        [.product, .city, .who, .longBanner, .feed, .outbox, .clock],
        [.city, .who, .longBanner, .feed, .outbox, .clock],
        [.who, .longBanner, .feed, .outbox, .clock],
        [.longBanner, .feed, .outbox, .clock],
        [.city, .who, .feed, .outbox, .clock],
        [.who, .feed, .outbox, .clock],
        [.city, .feed, .outbox, .clock],
        [.feed, .outbox, .clock],
        [.feed, .clock],
        [.feed],
        [],
    ]

    /// The long words of a breakthrough are not worth the feed and the clock.
    private static let breakthroughChoices =
        choices.filter { $0.contains(.feed) && $0.contains(.clock) }.map { $0 + [.longBreakthrough] } + choices

    static func paint(_ scene: HeaderScene, into canvas: inout Canvas, area: Rect, theme: Theme) {
        canvas.fill(area, theme[.header])
        guard !area.isEmpty else { return }
        let line = choose(scene, area.width, theme, canvas.widths)
        let inner = area.inset(left: min(1, area.width - 1))
        var x = inner.x
        for piece in line.left {
            x += paint(piece, into: &canvas, x: x, area: inner) + 2
        }
        paintRight(line.right, after: x, into: &canvas, inner)
    }

    // MARK: - What is shown

    private struct Piece {
        var text: String
        var style: Style
        /// Half blocks at both ends.
        var isBanner = false
        var columns: Int
    }

    private struct Line {
        var left: [Piece]
        var right: [Piece]

        var columns: Int { left.reduce(0) { $0 + $1.columns + 2 } + right.reduce(0) { $0 + $1.columns + 2 } }
    }

    private static func choose(_ scene: HeaderScene, _ width: Int, _ theme: Theme, _ widths: GlyphWidths) -> Line {
        var line = Line(left: [], right: [])
        for parts in scene.breakthrough == nil ? choices : breakthroughChoices {
            line = Line(left: left(scene, parts, theme, widths), right: right(scene, parts, theme, widths))
            if line.columns <= width { break }
        }
        // Too narrow for anything whole: the start of what matters most.
        if line.left.isEmpty, line.right.isEmpty { line.left = right(scene, [.feed], theme, widths) }
        return line
    }

    private static func left(_ scene: HeaderScene, _ parts: [Part], _ theme: Theme, _ widths: GlyphWidths) -> [Piece] {
        var pieces: [Piece] = []
        func add(_ text: String, _ style: Style, isBanner: Bool = false) {
            guard !text.isEmpty else { return }
            let columns = widths.measure(text) + (isBanner ? 2 : 0)
            pieces.append(Piece(text: text, style: style, isBanner: isBanner, columns: columns))
        }
        let alert =
            parts.contains(.longBreakthrough) ? scene.breakthrough : scene.shortBreakthrough ?? scene.breakthrough
        if let alert { add(" \(alert) ", theme[.critical].with([.reverse, .bold])) }
        if parts.contains(.city) {
            add(parts.contains(.product) ? scene.city : name(in: scene.city), theme[.headerStrong].with(.bold))
        }
        if let banner = scene.banner {
            add(
                parts.contains(.longBanner) ? " \(banner) " : scene.shortBanner ?? firstWord(banner), theme[.exercise],
                isBanner: true)
        }
        if parts.contains(.who) { add(scene.who, theme[.header]) }
        return pieces
    }

    private static func right(_ scene: HeaderScene, _ parts: [Part], _ theme: Theme, _ widths: GlyphWidths) -> [Piece] {
        var pieces: [Piece] = []
        func add(_ part: Part, _ span: Span) {
            guard parts.contains(part), !span.text.isEmpty else { return }
            let style = theme.style(span.tone, plain: .header)
            pieces.append(Piece(text: span.text, style: style, columns: widths.measure(span.text)))
        }
        add(.feed, scene.feed)
        add(.outbox, scene.outbox)
        add(.clock, Span(scene.clock))
        return pieces
    }

    /// `Padova` of `IMPETUS  Padova`: what two blanks set off in front of it goes first.
    private static func name(in city: String) -> String {
        let bytes = Array(city.utf8)
        guard let blank = bytes.indices.dropFirst().last(where: { bytes[$0] == 0x20 && bytes[$0 - 1] == 0x20 }) else {
            return city
        }
        return String(decoding: bytes[(blank + 1)...], as: UTF8.self)
    }

    private static func firstWord(_ text: String) -> String {
        String(text.split(separator: " ", maxSplits: 1).first ?? "EXERCISE")
    }

    // MARK: - Painting

    private static func paint(_ piece: Piece, into canvas: inout Canvas, x: Int, area: Rect) -> Int {
        guard piece.isBanner else {
            return canvas.putFit(piece.text, x: x, y: area.y, limit: area.maxX - x, piece.style)
        }
        // Half blocks run into the reversed cells only when they are not reversed themselves.
        let edge = piece.style.without(.reverse)
        var used = canvas.put("▐", x: x, y: area.y, limit: area.maxX - x, edge)
        used += canvas.putFit(piece.text, x: x + used, y: area.y, limit: area.maxX - x - used - 1, piece.style)
        used += canvas.put("▌", x: x + used, y: area.y, limit: area.maxX - x - used, edge)
        return used
    }

    private static func paintRight(_ pieces: [Piece], after left: Int, into canvas: inout Canvas, _ area: Rect) {
        let text = pieces.reduce(0) { $0 + $1.columns }
        let room = area.maxX - 1 - left
        let gap = text + 3 * pieces.count <= room ? 3 : 2
        var x = area.maxX - 1 - text - gap * max(0, pieces.count - 1)
        for piece in pieces where x >= area.x {
            x += canvas.putFit(piece.text, x: x, y: area.y, limit: area.maxX - x, piece.style) + gap
        }
    }
}
