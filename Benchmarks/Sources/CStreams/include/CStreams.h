#pragma once
#include <stddef.h>
#include <stdint.h>

/// Serves streams on a port of its own choice, which it writes to `out` as a line, for ever. When as many requests as
/// `streams` have come, each is answered with `tokens` events, all at the same pace: one each, and the next no sooner
/// than `interval` microseconds later. The content of an event is the time at which it was sent, in nanoseconds.
void streams_serve(int out, int streams, int tokens, int interval);

/// Starts this program again as `--serve streams tokens interval`. The answer is its process; `port` is where it serves.
int streams_spawn(int streams, int tokens, int interval, int *port);
void streams_kill(int process);

/// Called with what was read.
typedef void (*streams_sink)(const char *bytes, size_t count);

/// Reads `streams` streams to their ends, with recv and epoll. The answer is how many bytes came, heads and all.
/// `middle` is called once, when half of the bytes have come that `expected` is.
long streams_read_bare(int port, int streams, streams_sink sink, long expected, void (*middle)(void));

/// The same with libcurl; the answer is the bytes of the bodies.
long streams_read_curl(int port, int streams, streams_sink sink, long expected, void (*middle)(void));

/// What this process has spent so far, user and system, in nanoseconds.
int64_t streams_cpu(void);
int64_t streams_now(void);

/// The time in the first token among these bytes; 0 when there is none.
int64_t streams_sent_at(const char *bytes, size_t count);
