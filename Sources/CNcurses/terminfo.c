#include "curses_wide.h"
#include <term.h>

// <term.h> makes macros of these everyday words.
#undef lines
#undef columns

#include "CNcurses.h"

#include <string.h>

static TERMINAL *opened;

bool cn_terminfo_open(void) {
    int error = 0;
    // With somewhere to put the error, setupterm returns instead of ending the process.
    if (setupterm(NULL, 1, &error) != OK || error != 1) return false;
    opened = cur_term;
    return true;
}

void cn_terminfo_close(void) {
    if (opened != NULL) del_curterm(opened);
    opened = NULL;
}

const char *cn_terminfo_string(const char *name) {
    char *found = tigetstr(name);
    return found == (char *)-1 ? NULL : found;
}

int cn_terminfo_number(const char *name) {
    int found = tigetnum(name);
    return found < 0 ? -1 : found;
}

bool cn_terminfo_flag(const char *name) {
    return tigetflag(name) > 0 || tigetnum(name) > 0 || cn_terminfo_string(name) != NULL;
}

/// Skips a padding mark such as `$<5>` or `$<2*/>`; padding is for terminals of the seventies.
static const char *after_padding(const char *at) {
    if (at[0] != '$' || at[1] != '<') return at;
    const char *end = strchr(at, '>');
    return end == NULL ? at : end + 1;
}

size_t cn_terminfo_copy(const char *name, char *to, size_t room) {
    const char *from = cn_terminfo_string(name);
    if (from == NULL) return 0;
    size_t used = 0;
    while (*from != 0) {
        const char *next = after_padding(from);
        if (next != from) {
            from = next;
            continue;
        }
        if (used == room) return 0;
        to[used++] = *from++;
    }
    return used;
}
