#define _GNU_SOURCE
#include "rescue.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// A Swift trap is a SIGILL or SIGTRAP; there is no panic hook. These handlers run first, give the terminal back, and
// pass the signal on to whoever had it before (the runtime's backtracer), and at last to the default action.

static const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS};
enum { crash_count = sizeof crashes / sizeof crashes[0], stack_size = 256 * 1024 };

static struct sigaction before[crash_count];
static stack_t stack_before;
static char *stack;
static bool armed;

static const struct sigaction *earlier(int number) {
    for (int i = 0; i < crash_count; i++) {
        if (crashes[i] == number) return &before[i];
    }
    return NULL;
}

static void hand_on(int number, siginfo_t *info, void *context) {
    const struct sigaction *old = earlier(number);
    if (old == NULL) return;
    if (old->sa_flags & SA_SIGINFO) {
        if (old->sa_sigaction != NULL) old->sa_sigaction(number, info, context);
    } else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) {
        old->sa_handler(number);
    }
}

/// The runtime's backtracer would ask the operator what to do next, and wait half a minute for the answer.
static void leave_no_questions(void) {
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0) dup2(nothing, STDIN_FILENO);
}

static void on_crash(int number, siginfo_t *info, void *context) {
    cn_rescue_restore();
    leave_no_questions();
    hand_on(number, info, context);
    signal(number, SIG_DFL);
    // Blocked until this handler returns; then it ends the process, with a core where one is wanted.
    raise(number);
}

/// A crash may be a full stack, so that the handlers need one of their own.
static bool take_stack(void) {
    if (stack == NULL) {
        void *made = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (made == MAP_FAILED) return false;
        stack = made;
    }
    stack_t wanted = {.ss_sp = stack, .ss_flags = 0, .ss_size = stack_size};
    return sigaltstack(&wanted, &stack_before) == 0;
}

bool cn_crash_arm(void) {
    if (armed) return true;
    if (!take_stack()) return false;
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    action.sa_sigaction = on_crash;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < crash_count; i++) {
        if (sigaction(crashes[i], &action, &before[i]) != 0) return false;
    }
    armed = true;
    return true;
}

void cn_crash_disarm(void) {
    if (!armed) return;
    armed = false;
    for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &before[i], NULL);
    sigaltstack(&stack_before, NULL);
}
