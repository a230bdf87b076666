#include "curses_wide.h"
#include "CNcurses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static SCREEN *screen;

// ncurses writes to the terminal each time it moves its cursor: thirty small writes a frame, which a slow line shows one
// after the other. While a frame is made, its descriptor leads into memory; then the frame is written at once.
static FILE *out;
static int out_descriptor = -1;
static int frame = -1;
static bool default_colours;
static int cursor_shown = -1;
static attr_t attribute_of[32];
static cchar_t *cells_out;
static size_t cells_room;

static void fill_attributes(void) {
    for (unsigned bits = 0; bits < 32; bits++) {
        attr_t attr = A_NORMAL;
        if (bits & CN_BOLD) attr |= A_BOLD;
        if (bits & CN_DIM) attr |= A_DIM;
        if (bits & CN_UNDERLINE) attr |= A_UNDERLINE;
        if (bits & CN_REVERSE) attr |= A_REVERSE;
        if (bits & CN_ITALIC) attr |= A_ITALIC;
        // What the terminal cannot show would still cost bytes and, on some, show as something else.
        attribute_of[bits] = attr & (termattrs() | A_REVERSE);
    }
}

static void close_out(void) {
    if (out != NULL) fclose(out);
    if (frame >= 0) close(frame);
    out = NULL;
    out_descriptor = -1;
    frame = -1;
}

static bool open_out(void) {
    out_descriptor = dup(STDOUT_FILENO);
    out = out_descriptor < 0 ? NULL : fdopen(out_descriptor, "w");
    if (out == NULL) return false;
    frame = memfd_create("frame", MFD_CLOEXEC);
    return true;
}

static void begin_frame(void) {
    if (frame < 0 || dup2(frame, out_descriptor) < 0) return;
}

static void end_frame(void) {
    if (frame < 0) return;
    fflush(out);
    off_t size = lseek(frame, 0, SEEK_CUR);
    if (size > 0) {
        char *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, frame, 0);
        if (bytes != MAP_FAILED) {
            cn_write(bytes, (size_t)size);
            munmap(bytes, (size_t)size);
        }
        lseek(frame, 0, SEEK_SET);
    }
    dup2(STDOUT_FILENO, out_descriptor);
}

bool cn_screen_open(void) {
    if (!open_out()) return false;
    screen = newterm(NULL, out, stdin);
    if (screen == NULL) {
        close_out();
        return false;
    }
    raw();
    noecho();
    nonl();
    // Keys are decoded on our side; this makes the terminal send the sequences that terminfo describes.
    keypad(stdscr, TRUE);
    idlok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    // Otherwise a refresh stops half-way whenever a key is waiting.
    typeahead(-1);
    cursor_shown = -1;
    fill_attributes();
    return true;
}

bool cn_screen_is_open(void) {
    return screen != NULL;
}

void cn_screen_close(void) {
    if (screen != NULL) delscreen(screen);
    screen = NULL;
    close_out();
    free(cells_out);
    cells_out = NULL;
    cells_room = 0;
}

int cn_screen_start_colours(void) {
    if (!has_colors() || start_color() != OK) return 0;
    default_colours = use_default_colors() == OK;
    return COLOR_PAIRS;
}

bool cn_screen_has_default_colours(void) {
    return default_colours;
}

bool cn_screen_init_pair(int pair, int foreground, int background) {
    return init_extended_pair(pair, foreground, background) == OK;
}

void cn_screen_size(int *width, int *height) {
    *width = COLS;
    *height = LINES;
}

bool cn_screen_resize(int width, int height) {
    return resizeterm(height, width) == OK;
}

void cn_screen_erase(void) {
    werase(stdscr);
}

static bool make_room(size_t count) {
    if (count <= cells_room) return true;
    cchar_t *larger = realloc(cells_out, count * sizeof *larger);
    if (larger == NULL) return false;
    cells_out = larger;
    cells_room = count;
    return true;
}

static void convert(const struct cn_cell *cell, cchar_t *to) {
    wchar_t text[4] = {(wchar_t)cell->scalar, (wchar_t)cell->mark1, cell->mark1 ? (wchar_t)cell->mark2 : 0, 0};
    attr_t attr = attribute_of[cell->attributes & 31];
    int pair = cell->pair;
    if (setcchar(to, text, attr, 0, &pair) != ERR) return;
    wchar_t placeholder[2] = {L'?', 0};
    setcchar(to, placeholder, attr, 0, &pair);
}

void cn_screen_draw(int y, int x, const struct cn_cell *cells, size_t count) {
    if (!make_room(count)) return;
    for (size_t i = 0; i < count; i++) convert(&cells[i], &cells_out[i]);
    mvwadd_wchnstr(stdscr, y, x, cells_out, (int)count);
}

static void show_cursor(bool shown) {
    if (cursor_shown == (int)shown) return;
    cursor_shown = shown;
    curs_set(shown ? 1 : 0);
}

void cn_screen_refresh(int y, int x) {
    bool shown = x >= 0;
    begin_frame();
    // A hidden cursor need not be put anywhere, which saves its bytes in every frame.
    leaveok(stdscr, !shown);
    if (!shown) show_cursor(false);
    if (shown) wmove(stdscr, y, x);
    wnoutrefresh(stdscr);
    doupdate();
    if (shown) show_cursor(true);
    end_frame();
}

void cn_screen_repaint(void) {
    clearok(curscr, TRUE);
}

void cn_screen_pause(void) {
    endwin();
}

/// After our own `endwin` the next refresh enters the second screen again; after a stop from outside ncurses knows of
/// nothing, so it is entered here.
void cn_screen_resume(void) {
    reset_prog_mode();
    if (!isendwin()) {
        char enter[256];
        cn_write(enter, cn_terminfo_copy("smcup", enter, sizeof enter));
        cn_write(enter, cn_terminfo_copy("smkx", enter, sizeof enter));
        curs_set(1);
        cursor_shown = -1;
    }
    clearok(curscr, TRUE);
}
