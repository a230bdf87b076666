#include "curses_wide.h"
#include "rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// Everything that gives the terminal back is prepared here, while memory can be had and terminfo asked, so that the
// way out needs nothing but `write` and `tcsetattr`, which a signal handler may call.

enum { terminal = STDOUT_FILENO };

static struct termios saved;
static char leave[1024];
static size_t leave_length;
static volatile sig_atomic_t ours;
static pid_t owner;

static void append(const char *text) {
    size_t length = strlen(text);
    if (leave_length + length > sizeof leave) return;
    memcpy(leave + leave_length, text, length);
    leave_length += length;
}

static bool append_capability(const char *name) {
    size_t added = cn_terminfo_copy(name, leave + leave_length, sizeof leave - leave_length);
    leave_length += added;
    return added > 0;
}

static void compose_leave(void) {
    leave_length = 0;
    // Private modes that a terminal does not know are ignored; the VT100 family is the one that can be asked.
    if (cn_terminfo_string("kmous") != NULL) append("\033[?1006l\033[?1000l");
    if (cn_terminfo_string("kmous") != NULL || cn_terminfo_string("BD") != NULL) append("\033[?2004l");
    append_capability("sgr0");
    append_capability("op");
    append_capability("rmkx");
    append_capability("cnorm");
    // Without a second screen the operations picture would stay behind, under the shell's prompt.
    if (!append_capability("rmcup")) append_capability("clear");
}

static void at_exit(void) {
    cn_rescue_restore();
}

bool cn_rescue_open(void) {
    static bool registered;
    if (tcgetattr(terminal, &saved) != 0) return false;
    compose_leave();
    if (!registered && atexit(at_exit) != 0) return false;
    registered = true;
    owner = getpid();
    cn_rescue_mark(true);
    return cn_pipe_arm() && cn_crash_arm();
}

void cn_rescue_mark(bool mine) {
    if (mine && !ours) cn_messages_capture();
    if (!mine && ours) cn_messages_release();
    ours = mine;
}

void cn_write(const void *bytes, size_t count) {
    const char *next = bytes;
    while (count > 0) {
        ssize_t written = write(terminal, next, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        next += written;
        count -= (size_t)written;
    }
}

/// Writes what the terminal takes within a fifth of a second: one that reads no more must not hold the process.
static void write_leave(void) {
    int flags = fcntl(terminal, F_GETFL);
    fcntl(terminal, F_SETFL, flags | O_NONBLOCK);
    size_t done = 0;
    for (int tries = 0; done < leave_length && tries < 20; tries++) {
        ssize_t written = write(terminal, leave + done, leave_length - done);
        if (written > 0) done += (size_t)written;
        if (written < 0 && errno != EAGAIN && errno != EINTR) break;
        struct pollfd ready = {terminal, POLLOUT, 0};
        if (done < leave_length) poll(&ready, 1, 10);
    }
    if (flags >= 0) fcntl(terminal, F_SETFL, flags);
}

/// In the background the settings are another's: the shell is reading its own line with them.
static bool in_foreground(void) {
    pid_t group = tcgetpgrp(terminal);
    return group < 0 || group == getpgrp();
}

void cn_rescue_restore(void) {
    // A child that was forked and then exits has nothing to give back.
    if (owner != getpid()) return;
    if (__atomic_exchange_n(&ours, 0, __ATOMIC_SEQ_CST) == 0) return;
    int error = errno;
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    // A write from the background would stop the process instead of ending it.
    pthread_sigmask(SIG_BLOCK, &stop, &before);
    write_leave();
    if (in_foreground()) tcsetattr(terminal, TCSANOW, &saved);
    cn_messages_release();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
}

void cn_rescue_close(void) {
    cn_rescue_restore();
    cn_crash_disarm();
    cn_pipe_disarm();
}
