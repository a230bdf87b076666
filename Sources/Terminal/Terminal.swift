import CNcurses
public import Cells
import Glibc

/// The operator's terminal: canvases out, keys in. It is given back on every way out, crashes included.
///
/// There is one, and only the main thread may touch it, because ncurses is built that way.
public final class Terminal {
    public let capabilities: Capabilities
    /// The C library's widths, by which ncurses moves its cursor.
    public let widths: GlyphWidths
    /// Ready to read when `readInput` has something to give.
    public let inputDescriptor = STDIN_FILENO
    /// Ready to read when `readSignals` has something to give.
    public let signalDescriptor: Int32
    public private(set) var size: (width: Int, height: Int)

    private var painter: Painter
    private var reader: InputReader
    private var modes: Modes
    /// What ncurses has; a canvas of no size where it has to be told everything.
    private var shown: Canvas
    private var shownCursor: (x: Int, y: Int)?
    private var mustPaint = true
    private var isOpen = true

    /// Takes the terminal over, until it is given back.
    ///
    /// - Parameters:
    ///   - unicode: nil to go by the locale.
    ///   - mouse: whether the mouse is told; text can then not be marked by it as usual.
    /// - Throws: `Failure`: standard input or output is no terminal, `TERM` names none that can be used, or one is open
    ///   already. The terminal is then as it was.
    public init(noColour: Bool, unicode: Bool?, mouse: Bool) throws {
        let isUTF8 = try Terminal.prepare(unicode: unicode)
        capabilities = .detect(noColour: noColour, unicode: isUTF8 && unicode != false)
        try Terminal.takeOver()
        widths = GlyphWidths(unicode: capabilities.unicode) { Int(cn_width($0)) }
        signalDescriptor = cn_rescue_signals()
        let palette = Terminal.startColours(capabilities.colours)
        painter = Painter(palette: palette, unicode: capabilities.unicode)
        let decoder = InputDecoder(encoding: isUTF8 ? .utf8 : .bytes, sequences: .ofTerminal())
        reader = InputReader(descriptor: STDIN_FILENO, decoder: decoder)
        modes = Modes(mouse: mouse)
        shown = Canvas(width: 0, height: 0, widths: widths)
        size = Terminal.measure()
        modes.enter()
        resized()
    }

    deinit { close() }

    /// Gives the terminal back; a second call does nothing.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        cn_rescue_close()
        cn_screen_close()
        cn_terminfo_close()
    }

    // MARK: - Output

    /// Shows a canvas, with the cursor where it is said or hidden; sends only what differs from the last one.
    public func draw(_ canvas: Canvas, cursor: (x: Int, y: Int)?) {
        guard isOpen else { return }
        let place = cursor.flatMap { canvas.bounds.contains(x: $0.x, y: $0.y) ? $0 : nil }
        if shown.bounds != canvas.bounds { cn_screen_erase() }
        let runs = canvas.difference(from: shown)
        guard mustPaint || !runs.isEmpty || place?.x != shownCursor?.x || place?.y != shownCursor?.y else { return }
        for run in runs where run.y < size.height { painter.paint(run, within: size.width) }
        cn_screen_refresh(Int32(place?.y ?? 0), Int32(place?.x ?? -1))
        cn_rescue_trim()
        shown = canvas
        shownCursor = place
        mustPaint = false
    }

    /// Makes the next draw paint everything, whatever another program may have left on the screen.
    public func redrawAll() {
        guard isOpen else { return }
        shown = Canvas(width: 0, height: 0, widths: widths)
        mustPaint = true
        cn_screen_repaint()
    }

    /// Takes the size of the terminal anew.
    public func resized() {
        guard isOpen else { return }
        size = Terminal.measure()
        _ = cn_screen_resize(Int32(size.width), Int32(size.height))
        redrawAll()
    }

    public func setMouse(_ on: Bool) {
        guard isOpen else { return }
        modes.setMouse(on)
    }

    public func bell() {
        guard isOpen else { return }
        Modes.write("\u{07}")
    }

    /// Asks the terminal for a desktop notification, where it is one that is known to take it.
    public func notify(_ text: String) {
        guard isOpen, capabilities.unicode, Notification.isUnderstood else { return }
        Modes.write(Notification(text).sequence)
    }

    // MARK: - Input

    /// What the operator did since the last call, at most 256 inputs; never waits longer than 25 ms, and that only
    /// after an ESC. What is left makes `inputDescriptor` ready again.
    public func readInput() -> [Input] {
        isOpen ? reader.read() : [.lost]
    }

    /// Milliseconds after which `readInput` should be called although nothing came: a paste or a key was begun and
    /// silence decides what it was. Nil otherwise.
    public var inputTimeout: Int? { isOpen ? reader.timeout : nil }

    /// Those that came since the last call, each once. After a stop (Ctrl-Z and `fg`) the terminal is taken over again.
    public func readSignals() -> [Signal] {
        guard isOpen else { return [] }
        var numbers = [UInt8](repeating: 0, count: 64)
        let count = read(signalDescriptor, &numbers, numbers.count)
        cn_rescue_answered()
        guard count > 0 else { return [] }
        var signals: [Signal] = []
        for signal in numbers[..<count].compactMap({ Signal(number: Int32($0)) }) where !signals.contains(signal) {
            signals.append(signal)
        }
        if signals.contains(.resume) { reenter() }
        return signals
    }

    // MARK: - Job control

    /// Gives the terminal back and stops, as Ctrl-Z does elsewhere; returns when the operator comes back.
    public func suspend() {
        guard isOpen else { return }
        modes.leave()
        cn_screen_pause()
        cn_rescue_mark(false)
        cn_rescue_stop()
        cn_rescue_mark(true)
        reenter()
    }

    private func reenter() {
        cn_screen_resume()
        modes.enter()
        resized()
    }
}
