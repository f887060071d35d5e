// Waiting for many sockets: with epoll where there is one, whose cost does not grow with the sockets that are silent,
// and with poll elsewhere.
#include "CCurlShim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__linux__) && !defined(FLOWS_POLLER_IS_PLAIN)

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

struct flows_poller {
  int epoll;
  int wake;
};

flows_poller *flows_poller_create(void) {
  flows_poller *poller = malloc(sizeof *poller);
  if (!poller) return NULL;
  poller->epoll = epoll_create1(EPOLL_CLOEXEC);
  poller->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = poller->wake};
  if (poller->epoll < 0 || poller->wake < 0 ||
      epoll_ctl(poller->epoll, EPOLL_CTL_ADD, poller->wake, &event) < 0) {
    flows_poller_destroy(poller);
    return NULL;
  }
  return poller;
}

void flows_poller_destroy(flows_poller *poller) {
  if (poller->epoll >= 0) close(poller->epoll);
  if (poller->wake >= 0) close(poller->wake);
  free(poller);
}

void flows_poller_watch(flows_poller *poller, curl_socket_t socket, int what) {
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(poller->epoll, EPOLL_CTL_DEL, socket, NULL);
    return;
  }
  struct epoll_event event = {.data.fd = socket};
  if (what & CURL_POLL_IN) event.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
  // A socket that was closed is forgotten by the kernel, and its number may be in use again.
  if (epoll_ctl(poller->epoll, EPOLL_CTL_MOD, socket, &event) < 0 && errno == ENOENT)
    epoll_ctl(poller->epoll, EPOLL_CTL_ADD, socket, &event);
}

int flows_poller_wait(flows_poller *poller, flows_ready *ready, int capacity, int milliseconds) {
  struct epoll_event events[64];
  int count = epoll_wait(poller->epoll, events, capacity < 64 ? capacity : 64, milliseconds);
  int found = 0;
  for (int i = 0; i < count; i++) {
    if (events[i].data.fd == poller->wake) {
      uint64_t wakes;
      while (read(poller->wake, &wakes, sizeof wakes) > 0) {}
      continue;
    }
    int bits = 0;
    if (events[i].events & (EPOLLIN | EPOLLHUP)) bits |= CURL_CSELECT_IN;
    if (events[i].events & EPOLLOUT) bits |= CURL_CSELECT_OUT;
    if (events[i].events & EPOLLERR) bits |= CURL_CSELECT_ERR;
    ready[found++] = (flows_ready){.socket = events[i].data.fd, .events = bits};
  }
  return found;
}

void flows_poller_wake(flows_poller *poller) {
  uint64_t one = 1;
  while (write(poller->wake, &one, sizeof one) < 0 && errno == EINTR) {}
}

#else

struct flows_poller {
  int wake[2];
  struct pollfd *sockets;  // the first is the wake
  nfds_t count;
  nfds_t space;
  nfds_t turn;  // where the next search begins, so that no socket waits for ever
};

flows_poller *flows_poller_create(void) {
  flows_poller *poller = calloc(1, sizeof *poller);
  if (!poller) return NULL;
  poller->space = 16;
  poller->sockets = calloc(poller->space, sizeof *poller->sockets);
  if (!poller->sockets || pipe(poller->wake) < 0) {
    free(poller->sockets);
    free(poller);
    return NULL;
  }
  for (int i = 0; i < 2; i++) {
    fcntl(poller->wake[i], F_SETFL, O_NONBLOCK);
    fcntl(poller->wake[i], F_SETFD, FD_CLOEXEC);
  }
  poller->sockets[poller->count++] = (struct pollfd){.fd = poller->wake[0], .events = POLLIN};
  return poller;
}

void flows_poller_destroy(flows_poller *poller) {
  close(poller->wake[0]);
  close(poller->wake[1]);
  free(poller->sockets);
  free(poller);
}

void flows_poller_watch(flows_poller *poller, curl_socket_t socket, int what) {
  nfds_t place = 1;
  while (place < poller->count && poller->sockets[place].fd != socket) place++;
  if (what == CURL_POLL_REMOVE) {
    if (place < poller->count) poller->sockets[place] = poller->sockets[--poller->count];
    return;
  }
  if (place == poller->space) {
    struct pollfd *wider = realloc(poller->sockets, 2 * poller->space * sizeof *wider);
    if (!wider) return;
    poller->sockets = wider;
    poller->space *= 2;
  }
  if (place == poller->count) poller->count++;
  short events = 0;
  if (what & CURL_POLL_IN) events |= POLLIN;
  if (what & CURL_POLL_OUT) events |= POLLOUT;
  poller->sockets[place] = (struct pollfd){.fd = socket, .events = events};
}

int flows_poller_wait(flows_poller *poller, flows_ready *ready, int capacity, int milliseconds) {
  if (poll(poller->sockets, poller->count, milliseconds) <= 0) return 0;
  if (poller->sockets[0].revents) {
    char wakes[64];
    while (read(poller->wake[0], wakes, sizeof wakes) > 0) {}
  }
  int found = 0;
  nfds_t others = poller->count - 1;
  poller->turn++;
  for (nfds_t step = 0; step < others && found < capacity; step++) {
    nfds_t i = 1 + (poller->turn + step) % others;
    short events = poller->sockets[i].revents;
    if (!events) continue;
    int bits = 0;
    if (events & (POLLIN | POLLHUP)) bits |= CURL_CSELECT_IN;
    if (events & POLLOUT) bits |= CURL_CSELECT_OUT;
    if (events & (POLLERR | POLLNVAL)) bits |= CURL_CSELECT_ERR;
    ready[found++] = (flows_ready){.socket = poller->sockets[i].fd, .events = bits};
  }
  return found;
}

void flows_poller_wake(flows_poller *poller) {
  char one = 1;
  while (write(poller->wake[1], &one, 1) < 0 && errno == EINTR) {}
}

#endif
