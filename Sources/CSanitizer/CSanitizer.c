#include "CSanitizer.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FLOWS_THREAD_SANITIZER 1
#endif
#endif

#ifdef FLOWS_THREAD_SANITIZER
void __tsan_acquire(void *address);
void __tsan_release(void *address);
void flows_sanitizer_acquire(const void *address) { __tsan_acquire((void *)address); }
void flows_sanitizer_release(const void *address) { __tsan_release((void *)address); }
#else
void flows_sanitizer_acquire(const void *address) { (void)address; }
void flows_sanitizer_release(const void *address) { (void)address; }
#endif
