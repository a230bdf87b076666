#ifndef CNCURSES_H
#define CNCURSES_H

// What Swift needs of ncurses and of the C library, without their macros: <curses.h> and <term.h> stay inside the C
// files, because they define names such as `lines`, `move` and `timeout` that nobody else wants.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Locale (locale.c)

/// Takes the locale of the environment and says whether it is UTF-8. Where nothing is set, or `force` asks for it,
/// C.UTF-8 is tried too.
bool cn_locale_start(bool force);
/// `wcwidth`: 0, 1, 2, or -1 where a character is not printable.
int cn_width(uint32_t scalar);
/// The character of one byte in a locale that is not UTF-8, or -1.
int32_t cn_scalar_of_byte(uint8_t byte);

// Terminfo (terminfo.c)

/// Looks up TERM; false where there is no usable entry. Must come before the other questions about terminfo.
bool cn_terminfo_open(void);
/// A string capability, or NULL.
const char *cn_terminfo_string(const char *name);
/// A numeric capability, or -1.
int cn_terminfo_number(const char *name);
/// A flag; extended ones such as RGB count too.
bool cn_terminfo_flag(const char *name);
/// Copies a capability without its padding marks and returns its length; 0 where it is absent or too long.
size_t cn_terminfo_copy(const char *name, char *to, size_t room);
void cn_terminfo_close(void);

// Screen (screen.c)

/// Attributes in the bits of `Style.Attributes`.
enum { CN_BOLD = 1, CN_DIM = 2, CN_UNDERLINE = 4, CN_REVERSE = 8, CN_ITALIC = 16 };

/// One character to draw. The width is not said: ncurses asks `wcwidth`, as our side did.
struct cn_cell {
    uint32_t scalar;
    uint32_t mark1;
    uint32_t mark2;
    int32_t pair;
    uint32_t attributes;
};

/// Starts ncurses on the standard descriptors; false where it cannot (it never exits, as `initscr` would).
bool cn_screen_open(void);
bool cn_screen_is_open(void);
void cn_screen_close(void);
/// Starts colours and gives the number of pairs; 0 where there are none.
int cn_screen_start_colours(void);
/// Whether -1 may be used in a pair.
bool cn_screen_has_default_colours(void);
bool cn_screen_init_pair(int pair, int foreground, int background);
void cn_screen_size(int *width, int *height);
bool cn_screen_resize(int width, int height);
void cn_screen_erase(void);
void cn_screen_draw(int y, int x, const struct cn_cell *cells, size_t count);
/// Sends what changed in one write; `x` < 0 hides the cursor.
void cn_screen_refresh(int y, int x);
/// Lets the next refresh paint everything.
void cn_screen_repaint(void);
/// Hands the terminal back for a while; the next `cn_screen_resume` takes it again.
void cn_screen_pause(void);
void cn_screen_resume(void);

// Ways out (rescue.c)

/// Saves the terminal's settings, writes down how to leave it, and puts every handler in place. After
/// `cn_terminfo_open`; before `cn_screen_open`, because ncurses installs handlers where it finds none.
bool cn_rescue_open(void);
/// Gives everything back; safe to call twice, and from a signal handler.
void cn_rescue_restore(void);
/// Restores, and takes the handlers away.
void cn_rescue_close(void);
/// Stops the process group as Ctrl-Z would; returns when it is continued. The screen must be paused.
void cn_rescue_stop(void);
/// Marks the terminal as ours (after a pause), so that it is restored on the way out.
void cn_rescue_mark(bool ours);
/// Where signal numbers can be read, one byte each.
int cn_rescue_signals(void);
/// Says that the signals were read: a third request to end that nobody reads ends the process in the handler.
void cn_rescue_answered(void);
/// Throws away captured error output beyond a bound, so that a chatty library cannot fill the memory.
void cn_rescue_trim(void);

/// Writes all of it to the terminal, past ncurses, whose own buffer must be empty.
void cn_write(const void *bytes, size_t count);

#endif
