// hiredis, as the system has it, and what Swift cannot reach of it.
#ifndef FLOWS_HIREDIS_H
#define FLOWS_HIREDIS_H

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <pthread.h>
#include <signal.h>

// What went wrong, in the words of the library or the system.
static inline const char *_Nonnull flows_redis_error(const redisContext *_Nonnull context) {
  return context->errstr;
}

// Child processes do not get the socket, and a peer that is gone is found.
static inline void flows_redis_set_up(redisContext *_Nonnull context) {
  fcntl(context->fd, F_SETFD, FD_CLOEXEC);
  if (context->connection_type == REDIS_CONN_TCP) redisEnableKeepAlive(context);
}

// The calling thread gets no SIGPIPE: the library writes to sockets that are gone.
static inline void flows_redis_block_sigpipe(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

// The part of an array, or NULL where there is none.
static inline const redisReply *_Nullable flows_redis_part(const redisReply *_Nonnull reply, size_t index) {
  return reply->type == REDIS_REPLY_ARRAY && index < reply->elements ? reply->element[index] : NULL;
}

#endif
