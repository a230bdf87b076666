import Appearance
import Cells
import Console
import ControlRoom
import Foundation
import Panes
import Settings
import Shell
import Terminal

/// The loop that owns the state and the terminal. Input goes first; a key paints at once, what the feed brings is painted
/// at most sixty times a second, and nothing is painted when nothing changed.
final class ConsoleApp {
    private var state: State
    private var scenes = SceneMaker()
    private let terminal: Terminal
    private var painter: Panes.Painter
    private let inbox: Inbox
    private let worker: StoreWorker
    private let recorder: ActRecorder
    private let feed: any FeedDriver
    private let library: Library
    private let alarmCommand: AlarmCommand
    private let unlock: @Sendable (Identity, String) -> Bool
    private let exports: Export
    private let now: () -> Timestamp
    private var isRunning = true
    /// Something changed that is not painted yet.
    private var isStale = true
    /// Questions are asked when the frame is out: the reader's thread is not to take the processor from the key.
    private var held: [Fetch] = []
    /// Among it is what a key asked for.
    private var isAwaited = true
    private var lastPaint = Timestamp(milliseconds: 0)
    private var lastTick = Timestamp(milliseconds: 0)
    /// Answers to what a key asked for are painted as they come, like the key itself.
    private var lastInput = Timestamp(milliseconds: 0)

    private static let framesPerSecond = 60
    private static let typingSeconds = 0.1
    private static let awaitMilliseconds: Int64 = 50

    /// Writes what a query finds into a file of a format; returns how many alerts.
    typealias Export = @Sendable (AlertQuery, String, ExportFormat) throws -> Int

    init(
        state: State, terminal: Terminal, theme: Theme, inbox: Inbox, worker: StoreWorker, recorder: ActRecorder,
        feed: any FeedDriver, library: Library, alarmCommand: AlarmCommand,
        unlock: @escaping @Sendable (Identity, String) -> Bool,
        exports: @escaping Export, now: @escaping () -> Timestamp
    ) {
        self.unlock = unlock
        self.exports = exports
        self.state = state
        self.terminal = terminal
        self.inbox = inbox
        self.worker = worker
        self.recorder = recorder
        self.feed = feed
        self.library = library
        self.alarmCommand = alarmCommand
        self.now = now
        painter = Panes.Painter(
            widths: terminal.widths, theme: theme, braille: terminal.capabilities.braille)
    }

    /// Runs until the operator leaves or the terminal is gone; returns the signal that ended it, if one did.
    func run() -> Int32? {
        perform(state.open())
        var ending: Int32?
        while isRunning {
            wait()
            for signal in terminal.readSignals() {
                if let number = take(signal) { ending = number }
            }
            if takeInput() {
                lastInput = now()
                paint()
            }
            askHeld()
            takeMessages()
            askHeld()
            tick(isAlone: true)
            if isStale, isFrameDue { paint() }
        }
        return ending
    }

    // MARK: - Waiting

    private func wait() {
        var polled = [
            pollfd(fd: terminal.inputDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: terminal.signalDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&polled, nfds_t(polled.count), Int32(timeout))
    }

    /// Milliseconds until the next second of the clock, the next frame that is due, or the end of a key sequence.
    private var timeout: Int {
        let time = now().milliseconds
        var wanted = Int(1_000 - time % 1_000)
        if isStale { wanted = min(wanted, max(0, Int(millisecondsToFrame))) }
        // A tick that was put off while keys came is due when they stop.
        if now().seconds(since: lastInput) < ConsoleApp.typingSeconds { wanted = min(wanted, 100) }
        if let input = terminal.inputTimeout { wanted = min(wanted, input) }
        return max(0, wanted)
    }

    private var frameMilliseconds: Int64 { Int64(1_000 / ConsoleApp.framesPerSecond) }

    private var isFrameDue: Bool { millisecondsToFrame <= 0 }

    /// While keys come, what they asked for is painted as it comes; all else goes with the frame of the next key, so that
    /// none stands in its way, and at the latest when the keys pause.
    private var millisecondsToFrame: Int64 {
        let time = now()
        let sinceInput = time.milliseconds - lastInput.milliseconds
        // A clock that was set back shows less than nothing: that is no reason to wait.
        if (0..<ConsoleApp.awaitMilliseconds).contains(sinceInput) {
            return isAwaited ? 0 : ConsoleApp.awaitMilliseconds - sinceInput
        }
        let sincePaint = time.milliseconds - lastPaint.milliseconds
        return sincePaint < 0 ? 0 : frameMilliseconds - sincePaint
    }

    // MARK: - What comes in

    private func takeInput() -> Bool {
        var any = false
        for input in terminal.readInput() {
            // The clock moves on with the key, in one frame.
            if !any { tick(isAlone: false) }
            any = true
            switch input {
            case .key(let key): send(.key(Console.Key(key)))
            case .paste(let text): send(.paste(text))
            case .mouse(let mouse):
                if let action = MouseAction(mouse.action) { send(.mouse(x: mouse.x, y: mouse.y, action)) }
            case .lost: isRunning = false
            }
        }
        return any
    }

    private func take(_ signal: Signal) -> Int32? {
        switch signal {
        case .terminate(let number):
            isRunning = false
            return number
        case .suspend: suspend()
        case .resume, .resize: resize()
        }
        return nil
    }

    private func takeMessages() {
        for message in inbox.take() { send(message) }
    }

    /// Once a second the clock and the ages move on. While keys come, they do so with the keys: a frame of their own
    /// would only be in the way of the next one.
    private func tick(isAlone: Bool) {
        let time = now()
        guard time.milliseconds / 1_000 != lastTick.milliseconds / 1_000 else { return }
        if isAlone, (0..<ConsoleApp.typingSeconds).contains(time.seconds(since: lastInput)) { return }
        lastTick = time
        send(.tick(time))
    }

    private func send(_ message: Message) {
        perform(reduce(into: &state, message))
        isStale = true
        if message.isAwaited { isAwaited = true }
    }

    // MARK: - What goes out

    private func askHeld() {
        for fetch in held { worker.ask(fetch) }
        held.removeAll(keepingCapacity: true)
    }

    private func paint() {
        let size = terminal.size
        let canvas = painter.paint(scenes.scene(of: state), width: size.width, height: size.height)
        terminal.draw(canvas, cursor: painter.cursor)
        isStale = false
        isAwaited = false
        lastPaint = now()
    }

    private func perform(_ effects: [Effect]) {
        for effect in effects { perform(effect) }
    }

    /// A passphrase is slow to try, and the clock goes on.
    private func tryUnlock(_ identity: Identity, _ passphrase: String, _ number: Int) {
        let (unlock, inbox) = (unlock, inbox)
        DispatchQueue.global(qos: .userInitiated).async {
            inbox.post(.unlocked(identity, unlock(identity, passphrase), number: number))
        }
    }

    /// Beside everything else: a list may be long and a disk slow.
    private func export(_ query: AlertQuery, _ path: String) {
        guard let format = ExportFormat(file: path) else {
            return inbox.post(.say(path + ": .csv, .jsonl, .cap?"))
        }
        let (exports, texts, inbox) = (exports, state.texts, inbox)
        DispatchQueue.global(qos: .utility).async {
            do {
                let count = try exports(query, path, format)
                inbox.post(.done(texts(.exportDone, texts.number(count), path)))
            } catch {
                inbox.post(.say("\(error)"))
            }
        }
    }

    private func changeViews(_ body: (ViewsFile) throws -> [AlertView]) {
        do { send(.views(try body(ViewsFile(path: Paths.live.viewsFile)))) } catch { send(.say("\(error)")) }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .fetch(let fetch): held.append(fetch)
        case .record(let act): recorder.record(act)
        case .recordMany(let mass): recorder.record(mass)
        case .export(let query, let path): export(query, path)
        case .saveView(let view): changeViews { try $0.save(view) }
        case .deleteView(let name): changeViews { try $0.delete(name) }
        case .exercise(let order): feed.give(order)
        case .loadTheme(let name): loadTheme(name)
        case .loadLayout(let name): loadLayout(name)
        case .bell: terminal.bell()
        case .alarm(let notice): alarm(notice)
        case .notify(let text): terminal.notify(text)
        case .setMouse(let on): terminal.setMouse(on)
        case .unlock(let identity, let passphrase, let number): tryUnlock(identity, passphrase, number)
        case .toldVerdicts(let actor, let place): recorder.noteVerdicts(toldTo: actor, through: place)
        case .redraw: terminal.redrawAll()
        case .suspend: suspend()
        case .quit: isRunning = false
        }
    }

    private func alarm(_ notice: AlarmNotice) {
        terminal.notify(notice.text)
        if let trouble = alarmCommand.run(notice) { send(.say(trouble)) }
    }

    private func loadTheme(_ name: String) {
        let loaded = library.theme(named: name)
        if let theme = loaded.value { painter.setTheme(theme) }
        let shown = loaded.value == nil ? state.themeName : name
        perform(reduce(into: &state, .theme(name: shown, warnings: loaded.warnings.map(\.description))))
    }

    private func loadLayout(_ name: String) {
        let loaded = library.layout(named: name)
        let layout = loaded.value ?? state.layout
        perform(reduce(into: &state, .layout(layout, warnings: loaded.warnings.map(\.description))))
    }

    /// A stopped process must hold neither the lease nor a lock of the database: others go on working.
    private func suspend() {
        if feed.rest() {
            worker.outsideTransactions { terminal.suspend() }
        } else {
            send(.say(state.texts(.storeBusy)))
        }
        feed.wake()
        resize()
    }

    private func resize() {
        terminal.resized()
        let size = terminal.size
        send(.resized(width: size.width, height: size.height))
    }
}

extension Message {
    /// Whether it may be what the last key asked for, rather than news of the house.
    fileprivate var isAwaited: Bool {
        switch self {
        case .feed, .changed, .tick: false
        case .fetched(let answer): answer.isAwaited
        default: true
        }
    }
}

extension Answer {
    fileprivate var isAwaited: Bool {
        switch self {
        case .detail, .count, .places, .openBox, .run, .undoable: true
        case .alerts(let request, _): request.purpose == .show || request.purpose == .extend
        default: false
        }
    }
}

extension Console.Key {
    /// A key of the terminal; the two are kept apart so that the console knows no terminal.
    init(_ key: KeyPress) {
        let code: Console.Key.Code =
            switch key.code {
            case .character(let character): .character(character)
            case .enter: .enter
            case .escape: .escape
            case .tab: .tab
            case .backTab: .backTab
            case .backspace: .backspace
            case .delete: .delete
            case .insert: .insert
            case .up: .up
            case .down: .down
            case .left: .left
            case .right: .right
            case .home: .home
            case .end: .end
            case .pageUp: .pageUp
            case .pageDown: .pageDown
            case .function(let number): .function(number)
            }
        self.init(code, control: key.control, alt: key.alt)
    }
}

extension MouseAction {
    init?(_ action: Mouse.Action) {
        switch action {
        case .press: self = .press
        case .wheelUp: self = .wheelUp
        case .wheelDown: self = .wheelDown
        case .release: return nil
        }
    }
}
