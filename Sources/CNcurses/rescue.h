#ifndef CNCURSES_RESCUE_H
#define CNCURSES_RESCUE_H

#include "CNcurses.h"

// Between the files of the rescue; all of these may be called from a signal handler.

/// Keeps error output away from the screen until the terminal is given back (messages.c).
bool cn_messages_capture(void);
/// Gives the descriptor of errors back and prints what was captured.
void cn_messages_release(void);

/// Handlers for signals that end a process at once (crash.c).
bool cn_crash_arm(void);
void cn_crash_disarm(void);

/// Handlers that only write the signal's number into a pipe (pipe.c).
bool cn_pipe_arm(void);
void cn_pipe_disarm(void);

#endif
