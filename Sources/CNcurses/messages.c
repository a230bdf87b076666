#define _GNU_SOURCE
#include "rescue.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// The Swift runtime prints a fatal error before it traps, while the console still covers the terminal: the message
// would vanish with the alternate screen. So errors go to memory as long as the screen is ours.

enum { bound = 256 * 1024, shown = 16 * 1024 };

static int real_errors = -1;

bool cn_messages_capture(void) {
    if (real_errors >= 0 || !isatty(STDERR_FILENO)) return false;
    int store = memfd_create("errors", MFD_CLOEXEC);
    if (store < 0) return false;
    fcntl(store, F_SETFL, O_APPEND);
    int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (kept >= 0 && dup2(store, STDERR_FILENO) >= 0) real_errors = kept;
    close(store);
    return real_errors >= 0;
}

static void copy_tail(int from, int to) {
    char block[1024];
    struct stat status;
    if (fstat(from, &status) != 0) return;
    off_t at = status.st_size > shown ? status.st_size - shown : 0;
    ssize_t count;
    while ((count = pread(from, block, sizeof block, at)) > 0) {
        if (write(to, block, (size_t)count) < 0) return;
        at += count;
    }
}

void cn_messages_release(void) {
    if (real_errors < 0) return;
    int kept = real_errors;
    real_errors = -1;
    copy_tail(STDERR_FILENO, kept);
    dup2(kept, STDERR_FILENO);
    close(kept);
}

void cn_rescue_trim(void) {
    struct stat status;
    if (real_errors < 0 || fstat(STDERR_FILENO, &status) != 0 || status.st_size < bound) return;
    if (ftruncate(STDERR_FILENO, 0) != 0) return;
}
