#include "curses_wide.h"
#include "CNcurses.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value != NULL && *value != 0;
}

static bool is_utf8(void) {
    const char *codeset = nl_langinfo(CODESET);
    return strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "utf8") == 0;
}

static bool asks_for_utf8(void) {
    const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!is_set(names[i])) continue;
        const char *value = getenv(names[i]);
        return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return false;
}

bool cn_locale_start(bool force) {
    // A language that is asked for and not installed is no reason to lose the character set that goes with it.
    bool missing = setlocale(LC_ALL, "") == NULL;
    // Numbers in files and on the wire have a point, whatever the operator's language says.
    setlocale(LC_NUMERIC, "C");
    if (is_utf8()) return true;
    bool nothing_set = !is_set("LC_ALL") && !is_set("LC_CTYPE") && !is_set("LANG");
    if (!force && !nothing_set && !(missing && asks_for_utf8())) return false;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL && is_utf8();
}

int cn_width(uint32_t scalar) {
    return wcwidth((wchar_t)scalar);
}

int32_t cn_scalar_of_byte(uint8_t byte) {
    wint_t wide = btowc(byte);
    return wide == WEOF ? -1 : (int32_t)wide;
}
