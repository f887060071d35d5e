// What a careful programmer would write in C to read many streams: the bare calls of the system, and libcurl.
#include "CStreams.h"

#ifdef __linux__

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char body[] = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stream\":true}";

static long total, half;
static streams_sink sink_of_all;
static void (*at_middle)(void);

static void begin(streams_sink sink, long expected, void (*middle)(void)) {
  total = 0;
  half = expected / 2;
  sink_of_all = sink;
  at_middle = middle;
}

static void take(const char *bytes, size_t count) {
  int was_before = total < half;
  total += count;
  if (sink_of_all) sink_of_all(bytes, count);
  if (was_before && total >= half && at_middle) at_middle();
}

long streams_read_bare(int port, int streams, streams_sink sink, long expected, void (*middle)(void)) {
  begin(sink, expected, middle);
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  char request[512];
  int length = snprintf(
      request, sizeof request,
      "POST /chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      "Content-Length: %zu\r\n\r\n%s",
      sizeof body - 1, body);
  for (int i = 0; i < streams; i++) {
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(socket_, (struct sockaddr *)&address, sizeof address) < 0) exit(1);
    if (send(socket_, request, length, MSG_NOSIGNAL) != length) exit(1);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket_};
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket_, &event);
  }
  static char buffer[64 << 10];
  int live = streams;
  while (live > 0) {
    struct epoll_event events[64];
    int count = epoll_wait(epoll, events, 64, -1);
    for (int i = 0; i < count; i++) {
      ssize_t got = recv(events[i].data.fd, buffer, sizeof buffer, 0);
      if (got > 0) {
        take(buffer, got);
      } else {
        close(events[i].data.fd);
        live--;
      }
    }
  }
  close(epoll);
  return total;
}

struct loop {
  int epoll;
  long deadline;
  CURLM *multi;
};

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *data, void *of_socket) {
  (void)easy, (void)of_socket;
  struct loop *loop = data;
  struct epoll_event event = {.data.fd = socket};
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(loop->epoll, EPOLL_CTL_DEL, socket, NULL);
    return 0;
  }
  if (what & CURL_POLL_IN) event.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
  if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, socket, &event) < 0)
    epoll_ctl(loop->epoll, EPOLL_CTL_ADD, socket, &event);
  return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *data) {
  (void)multi;
  struct loop *loop = data;
  loop->deadline = milliseconds < 0 ? -1 : (long)(streams_now() / 1000000) + milliseconds;
  return 0;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *data) {
  (void)data;
  take(bytes, size * count);
  return size * count;
}

long streams_read_curl(int port, int streams, streams_sink sink, long expected, void (*middle)(void)) {
  begin(sink, expected, middle);
  curl_global_init(CURL_GLOBAL_ALL);
  struct loop loop = {.epoll = epoll_create1(EPOLL_CLOEXEC), .deadline = -1, .multi = curl_multi_init()};
  curl_multi_setopt(loop.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(loop.multi, CURLMOPT_SOCKETDATA, &loop);
  curl_multi_setopt(loop.multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(loop.multi, CURLMOPT_TIMERDATA, &loop);
  char url[64];
  snprintf(url, sizeof url, "http://127.0.0.1:%d/chat/completions", port);
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  for (int i = 0; i < streams; i++) {
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_multi_add_handle(loop.multi, easy);
  }
  int live = streams, running = 0;
  while (live > 0) {
    long now = (long)(streams_now() / 1000000);
    int wait = loop.deadline < 0 ? -1 : loop.deadline <= now ? 0 : (int)(loop.deadline - now);
    struct epoll_event events[64];
    int count = epoll_wait(loop.epoll, events, 64, wait);
    for (int i = 0; i < count; i++)
      curl_multi_socket_action(loop.multi, events[i].data.fd, events[i].events & EPOLLOUT ? 3 : 1, &running);
    if (loop.deadline >= 0 && (long)(streams_now() / 1000000) >= loop.deadline) {
      loop.deadline = -1;
      curl_multi_socket_action(loop.multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(loop.multi, &left))) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL *easy = message->easy_handle;
      curl_multi_remove_handle(loop.multi, easy);
      curl_easy_cleanup(easy);
      live--;
    }
  }
  curl_multi_cleanup(loop.multi);
  curl_slist_free_all(headers);
  close(loop.epoll);
  return total;
}

#endif
