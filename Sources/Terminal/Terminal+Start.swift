import CNcurses
import Glibc

extension Terminal {
    /// Checks that there is a terminal that can show a full screen; says whether the locale is UTF-8.
    static func prepare(unicode: Bool?) throws -> Bool {
        guard !cn_screen_is_open() else { throw Failure.alreadyOpen }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw Failure.notATerminal }
        let isUTF8 = cn_locale_start(unicode == true)
        guard cn_terminfo_open() else { throw Failure.unknownTerminal(environment("TERM")) }
        guard cn_terminfo_string("cup") != nil, cn_terminfo_string("clear") != nil else {
            cn_terminfo_close()
            throw Failure.tooDumb(environment("TERM"))
        }
        return isUTF8
    }

    /// From here on the terminal is ours, and every way out gives it back.
    static func takeOver() throws {
        guard cn_rescue_open() else {
            cn_rescue_close()
            throw Failure.system("The terminal's settings could not be saved or its signals not be caught")
        }
        guard cn_screen_open() else {
            cn_rescue_close()
            throw Failure.unknownTerminal(environment("TERM"))
        }
    }

    /// Colours that ncurses was not asked for cost nothing, so it is asked only where they are wanted.
    static func startColours(_ colours: Int) -> Palette {
        guard colours > 0 else { return Palette(colours: 0, pairLimit: 0, hasDefaults: false) }
        let pairs = cn_screen_start_colours()
        let hasDefaults = cn_screen_has_default_colours()
        return Palette(colours: pairs > 0 ? colours : 0, pairLimit: pairs, hasDefaults: hasDefaults)
    }

    /// The size that the terminal's driver knows; ncurses' own guess where it knows none.
    static func measure() -> (width: Int, height: Int) {
        var window = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 {
            return (min(Int(window.ws_col), 1000), min(Int(window.ws_row), 500))
        }
        var width: Int32 = 80
        var height: Int32 = 24
        cn_screen_size(&width, &height)
        return (Int(width), Int(height))
    }
}
