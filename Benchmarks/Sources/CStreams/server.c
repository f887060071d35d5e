// A server of many slow streams.
#define _GNU_SOURCE
#include "CStreams.h"

#ifdef __linux__

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t streams_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int64_t streams_cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

int64_t streams_sent_at(const char *bytes, size_t count) {
  const char *content = memmem(bytes, count, "\"content\":\"", 11);
  return content ? strtoll(content + 11, NULL, 10) : 0;
}

static void send_all(int socket, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return;
    bytes += sent;
    count -= sent;
  }
}

// A request, whole. False when the other side is gone.
static int read_request(int socket) {
  char buffer[16384];
  size_t have = 0;
  while (have < sizeof buffer - 1) {
    ssize_t got = recv(socket, buffer + have, sizeof buffer - 1 - have, 0);
    if (got <= 0) return 0;
    have += got;
    buffer[have] = 0;
    char *end = strstr(buffer, "\r\n\r\n");
    if (!end) continue;
    char *field = strcasestr(buffer, "\r\nContent-Length:");
    size_t length = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    if (have >= (size_t)(end + 4 - buffer) + length) return 1;
  }
  return 0;
}

static int event(char *target, const char *delta, const char *finish) {
  char text[512];
  int length = snprintf(
      text, sizeof text,
      "data: {\"id\":\"chatcmpl-ABmCtgNR3aOd2dC4ZP5JGkPtWuAfe\",\"object\":\"chat.completion.chunk\","
      "\"created\":1727346171,\"model\":\"gpt-4o-2024-08-06\",\"system_fingerprint\":\"fp_5050236cbd\","
      "\"choices\":[{\"index\":0,\"delta\":{%s},\"logprobs\":null,\"finish_reason\":%s}]}\n\n",
      delta, finish);
  return sprintf(target, "%x\r\n%s\r\n", length, text);
}

void streams_serve(int out, int streams, int tokens, int interval) {
  int parent = getppid();
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 4096) < 0) exit(1);
  getsockname(listener, (struct sockaddr *)&address, &size);
  dprintf(out, "%d\n", ntohs(address.sin_port));
  int *sockets = calloc(streams, sizeof *sockets);
  for (;;) {
    for (int i = 0; i < streams; i++) {
      // Nobody is left to serve. Not asked of the kernel: it minds the thread that started us, not the process.
      struct pollfd wanted = {.fd = listener, .events = POLLIN};
      while (poll(&wanted, 1, 1000) == 0)
        if (getppid() != parent) exit(0);
      int socket = accept(listener, NULL, NULL);
      if (socket < 0) exit(1);
      int on = 1;
      setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      if (!read_request(socket)) {
        close(socket);
        i--;
        continue;
      }
      const char *head =
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
          "Connection: close\r\n\r\n";
      send_all(socket, head, strlen(head));
      sockets[i] = socket;
    }
    int64_t next = streams_now() + 1000LL * interval;
    for (int token = 0; token <= tokens; token++) {
      struct timespec until = {next / 1000000000, next % 1000000000};
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
      next = streams_now() + 1000LL * interval;
      for (int i = 0; i < streams; i++) {
        char delta[64], frame[1024];
        int length;
        if (token < tokens) {
          sprintf(delta, "\"content\":\"%020lld\"", (long long)streams_now());
          length = event(frame, delta, "null");
        } else {
          length = event(frame, "", "\"stop\"");
          length += sprintf(frame + length, "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
        }
        send_all(sockets[i], frame, length);
      }
    }
    for (int i = 0; i < streams; i++) close(sockets[i]);
  }
}

int streams_spawn(int streams, int tokens, int interval, int *port) {
  int ends[2];
  if (pipe(ends) < 0) exit(1);
  fflush(stdout);
  int process = fork();
  if (process < 0) exit(1);
  if (process == 0) {
    dup2(ends[1], 3);
    char a[16], b[16], c[16];
    snprintf(a, sizeof a, "%d", streams);
    snprintf(b, sizeof b, "%d", tokens);
    snprintf(c, sizeof c, "%d", interval);
    execl("/proc/self/exe", "FlowBenchmarks", "--serve", a, b, c, NULL);
    _exit(1);
  }
  close(ends[1]);
  FILE *in = fdopen(ends[0], "r");
  if (fscanf(in, "%d", port) != 1) exit(1);
  fclose(in);
  return process;
}

void streams_kill(int process) {
  kill(process, SIGKILL);
  waitpid(process, NULL, 0);
}

#endif
