internal import CNcurses
public import Cells
internal import Glibc

/// The room that a line of text has on a terminal which nobody has taken over.
public struct TextRoom {
    /// What characters take of its columns.
    public let widths: GlyphWidths

    /// - Returns: nil where standard output is no terminal.
    public static func ofStandardOutput() -> TextRoom? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        return TextRoom(widths: GlyphWidths(unicode: cn_locale_start(false)) { Int(cn_width($0)) })
    }

    /// Columns, as the terminal's driver knows them now: a window may change between two lines. 80 where it knows none.
    public var columns: Int {
        var window = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0 && window.ws_col > 0 ? Int(window.ws_col) : 80
    }
}
