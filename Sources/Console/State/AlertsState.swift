public import ControlRoom

/// The alert list: a window of lines that were read, and the part of it that is on the screen.
public struct AlertsState: Equatable, Sendable {
    public var query: AlertQuery
    public var lines: [AlertLine] = []
    public var reachesStart = true
    public var reachesEnd = true
    /// Index of the first line on the screen.
    public var top = 0
    /// Index of the line under the cursor.
    public var cursor = 0
    /// Stays at the start of the list as new alerts come; otherwise the reader's lines stay where they are.
    public var follows = true
    /// Somebody moved the cursor away from the first line.
    public var isPlaced = false
    /// Annunciations of today when the reader left the start; what came since is counted in the title.
    public var countWhenHeld: Int?
    /// Windows at both ends, for jumps that need no wait.
    public var head: AlertPage?
    public var tail: AlertPage?
    /// What a text search finds in all, counted no further than one above `mostCounted`; nil while it is being counted.
    public var found: Int?
    /// Of those, what waits for an acknowledgement.
    public var foundWaiting: Int?
    /// Beyond it the title says that there are more.
    public static let mostCounted = 10_000
    public var isLoaded = false
    /// Answers to questions of an older generation are dropped.
    public var generation = 0
    /// How far keys wanted to go beyond the lines that are there; gone when those behind them come.
    var owed = Owed()
    /// Set while a window is on its way, so that questions do not pile up.
    public var isExtending = false
    public var isRefreshing = false
    public var wantsRefresh = false
    /// The cursor was on a line that its own act moved away: it goes to the next line, not after it.
    public var staysInPlace = false
    /// When the cursor came to stand on another alert without a key: for a moment no act is taken for that one.
    var jumped: Timestamp?
    /// It was another of the same group: what is done to all of a group is asked for, and needs no such moment.
    var hasStayedOnGroup = false
    /// What was marked to be acted on together, by row; bounded.
    public var marks: [Int64: AlertRef] = [:]
    /// What is to explain those that are marked next, and when it was picked.
    var pickedCause: AlertDeed.Cause?
    var picked = Timestamp(milliseconds: 0)
    /// Where a range of marks begins.
    var lastMark: Int64?
    /// All that the list finds was asked for, to be marked.
    var awaitsSelection = false
    /// What is to be done to a group when its members are known; forgotten at the next key.
    var awaitedMembers: Members?
    /// They, while that is begun.
    var members: Targets?
    /// Rows stand for groups, as they were asked to.
    public var isGrouped = false

    struct Members: Equatable {
        var command: Command
        var query: AlertQuery
        var group: AlertGroup
    }
    /// Shown first when it comes: an alert jumped to from the map or an asset.
    public var wanted: Int64?

    public init(query: AlertQuery) { self.query = query }

    public var current: AlertLine? { lines.indices.contains(cursor) ? lines[cursor] : nil }

    /// Lines that are kept around what is on the screen; bounded, whatever the list holds.
    static let mostPages = 12
}

extension AlertsState {
    struct Owed: Equatable {
        /// Lines for the cursor, and lines for the window with the cursor in it.
        var lines = 0
        var scroll = 0

        static func sum(_ owed: Int, _ more: Int, most: Int) -> Int { max(-most, min(most, owed + more)) }
    }

    /// Moves the cursor by lines and keeps it on the screen.
    mutating func move(by lines: Int, page: Int) {
        guard !self.lines.isEmpty else { return }
        forgetOwed(against: lines)
        let wanted = cursor + lines
        cursor = max(0, min(self.lines.count - 1, wanted))
        if canCome(lines) { owed.lines = Owed.sum(owed.lines, wanted - cursor, most: 500) }
        reveal(page: page)
        isPlaced = cursor > 0
    }

    /// Moves the window by pages; the cursor keeps its line on the screen.
    mutating func turn(by pages: Int, page: Int) { scroll(by: pages * max(1, page), page: page) }

    private mutating func scroll(by delta: Int, page: Int) {
        guard !lines.isEmpty else { return }
        forgetOwed(against: delta)
        let offset = cursor - top
        let lastTop = max(0, lines.count - page)
        let wanted = top + delta
        if wanted > lastTop && reachesEnd && top >= lastTop { cursor = lines.count - 1 }
        if wanted < 0 && reachesStart && top == 0 { cursor = 0 }
        let moved = max(0, min(lastTop, wanted))
        if moved != top { cursor = max(0, min(lines.count - 1, moved + offset)) }
        if canCome(delta) { owed.scroll = Owed.sum(owed.scroll, wanted - moved, most: 20 * page) }
        top = moved
        reveal(page: page)
        isPlaced = cursor > 0
    }

    /// A key in the other direction takes back what was owed.
    private mutating func forgetOwed(against delta: Int) {
        if (owed.lines + owed.scroll).signum() * delta.signum() < 0 { owed = Owed() }
    }

    /// Whether there are more lines in a direction than are here.
    private func canCome(_ direction: Int) -> Bool { direction > 0 ? !reachesEnd : !reachesStart }

    /// Goes on with what keys wanted while the lines for it were not there.
    mutating func settleOwed(page: Int) {
        let wanted = owed
        owed = Owed()
        if wanted.scroll != 0 { scroll(by: wanted.scroll, page: page) }
        if wanted.lines != 0 { move(by: wanted.lines, page: page) }
    }

    mutating func reveal(page: Int) {
        let page = max(1, page)
        cursor = max(0, min(lines.count - 1, cursor))
        if cursor < top { top = cursor }
        if cursor >= top + page { top = cursor - page + 1 }
        top = max(0, min(top, max(0, lines.count - page)))
        if lines.isEmpty { cursor = 0 }
    }

    /// Shows a window instead of the one that is there.
    mutating func replace(with page: AlertPage) {
        lines = page.lines
        reachesStart = page.reachesStart
        reachesEnd = page.reachesEnd
        isGrouped = page.isGrouped
        isLoaded = true
    }

    /// Takes a fresh window and keeps the cursor on its alert and that alert on its line of the screen. Where the alert is
    /// gone, or its own act moved it away, the cursor keeps its place in the order.
    mutating func refresh(with page: AlertPage, height: Int) {
        let offset = cursor - top
        let old = current
        replace(with: page)
        guard let old else {
            reveal(page: height)
            return
        }
        let same = staysInPlace ? nil : lines.firstIndex { $0.row == old.row } ?? groupIndex(of: old)
        // Nobody chose the first line, and nothing in it waits any more: what is first now goes before.
        if follows, reachesStart, !isPlaced, !staysInPlace, same.map({ lines[$0].alert.acknowledged }) ?? true {
            (cursor, top) = (0, 0)
            return
        }
        let next = same ?? lines.firstIndex { $0.key >= old.key && $0.row != old.row } ?? lines.count - 1
        staysInPlace = false
        cursor = max(0, next)
        top = max(0, cursor - offset)
        if follows && reachesStart { keepStart(height) }
        reveal(page: height)
    }

    /// The row of the group that a line stood for, where another of it stands for it now.
    private func groupIndex(of old: AlertLine) -> Int? { lines.firstIndex { $0.isOfGroup(old) } }

    /// While the list follows, its start stays on the screen as long as the alert under the cursor does. Where new ones
    /// would push that off, the reader's place is held; where nobody chose a place, the start goes before.
    private mutating func keepStart(_ height: Int) {
        if cursor < height {
            top = 0
        } else if isPlaced {
            follows = false
        } else {
            (cursor, top) = (0, 0)
        }
    }

    mutating func extend(with page: AlertPage, anchor: AlertAnchor, height: Int) {
        switch anchor {
        case .after(let key) where lines.last?.key == key:
            lines += page.lines
            reachesEnd = page.reachesEnd
            trimFront(height: height)
        case .before(let key) where lines.first?.key == key:
            lines = page.lines + lines
            reachesStart = page.reachesStart
            top += page.lines.count
            cursor += page.lines.count
            trimBack(height: height)
        default: break
        }
    }

    private mutating func trimFront(height: Int) {
        let surplus = lines.count - AlertsState.mostPages * max(1, height)
        let cut = min(surplus, top - 2 * height)
        guard cut > 0 else { return }
        lines.removeFirst(cut)
        top -= cut
        cursor -= cut
        reachesStart = false
    }

    private mutating func trimBack(height: Int) {
        let surplus = lines.count - AlertsState.mostPages * max(1, height)
        let cut = min(surplus, lines.count - (top + 3 * height))
        guard cut > 0 else { return }
        lines.removeLast(cut)
        reachesEnd = false
    }
}

extension AlertLine {
    /// Whether they stand for one group, whichever of it they show.
    func isOfGroup(_ other: AlertLine) -> Bool {
        row == other.row || group?.holds(other.row) ?? false || other.group?.holds(row) ?? false
    }
}
