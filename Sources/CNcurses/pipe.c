#define _GNU_SOURCE
#include "rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

// A handler may do next to nothing, so these write the number into a pipe, and the main loop reads it where it is safe
// to act on it.

static const int watched[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
enum { watched_count = sizeof watched / sizeof watched[0], patience = 3 };

static struct sigaction before[watched_count];
static struct sigaction pipe_before;
static int ends[2] = {-1, -1};
static volatile sig_atomic_t stopping;
static volatile sig_atomic_t unanswered;
static bool armed;

static bool asks_to_end(int number) {
    return number == SIGTERM || number == SIGHUP || number == SIGINT || number == SIGQUIT;
}

/// A main loop that hangs reads no pipe; whoever asks for the third time gets an end, and a sane terminal.
static void insist(int number) {
    if (++unanswered < patience) return;
    cn_rescue_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_signal(int number) {
    if (number == SIGCONT && stopping) return;
    int error = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe has more than enough news in it.
    if (write(ends[1], &byte, 1) < 0) errno = error;
    if (asks_to_end(number)) insist(number);
    errno = error;
}

static struct sigaction action_for(void (*handler)(int)) {
    struct sigaction action = {.sa_flags = SA_RESTART};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    return action;
}

bool cn_pipe_arm(void) {
    if (armed) return true;
    if (ends[0] < 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    // A parent may have blocked what we are asked to end by, and a child inherits that.
    sigset_t ours;
    sigemptyset(&ours);
    for (int i = 0; i < watched_count; i++) sigaddset(&ours, watched[i]);
    pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
    struct sigaction action = action_for(on_signal);
    for (int i = 0; i < watched_count; i++) {
        if (sigaction(watched[i], &action, &before[i]) != 0) return false;
    }
    struct sigaction ignore = action_for(SIG_IGN);
    sigaction(SIGPIPE, &ignore, &pipe_before);
    unanswered = 0;
    armed = true;
    return true;
}

void cn_pipe_disarm(void) {
    if (!armed) return;
    armed = false;
    for (int i = 0; i < watched_count; i++) sigaction(watched[i], &before[i], NULL);
    sigaction(SIGPIPE, &pipe_before, NULL);
}

int cn_rescue_signals(void) {
    return ends[0];
}

void cn_rescue_answered(void) {
    unanswered = 0;
}

void cn_rescue_stop(void) {
    struct sigaction usual = action_for(SIG_DFL), own;
    stopping = 1;
    sigaction(SIGTSTP, &usual, &own);
    // The whole group, as the terminal would: a wrapper script must stop with us, or the shell waits for it.
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &own, NULL);
    stopping = 0;
}
