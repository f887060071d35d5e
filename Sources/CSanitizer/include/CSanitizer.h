// Tells ThreadSanitizer about the two hand-overs it cannot see: a lock and a continuation that
// live in the uninstrumented Swift runtime. Both functions are empty in every other build.
#ifndef CSANITIZER_H
#define CSANITIZER_H

void flows_sanitizer_acquire(const void *address);
void flows_sanitizer_release(const void *address);

#endif
