// What Swift cannot call of libcurl: its variadic functions, by the type of their last argument. And a way to wait
// for many sockets at once.
#ifndef FLOWS_CURL_SHIM_H
#define FLOWS_CURL_SHIM_H

#include <curl/curl.h>

CURLcode flows_curl_set_number(CURL *_Nonnull easy, CURLoption option, long value);
CURLcode flows_curl_set_size(CURL *_Nonnull easy, CURLoption option, curl_off_t value);
CURLcode flows_curl_set_string(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value);
CURLcode flows_curl_set_pointer(CURL *_Nonnull easy, CURLoption option, void *_Nullable value);
CURLcode flows_curl_set_data_callback(CURL *_Nonnull easy, CURLoption option,
                                      curl_write_callback _Nonnull callback);
CURLcode flows_curl_set_ready_callback(CURL *_Nonnull easy, curl_prereq_callback _Nonnull callback);

// Sockets of this transfer are closed in child processes, and the system's buffer for what arrives on one is about
// `bytes`; 0 leaves that to the system. The smaller, the sooner a server feels that nobody reads.
CURLcode flows_curl_set_up_sockets(CURL *_Nonnull easy, int bytes);

long flows_curl_status(CURL *_Nonnull easy);
void *_Nullable flows_curl_private(CURL *_Nonnull easy);

CURLMcode flows_curl_multi_set_number(CURLM *_Nonnull multi, CURLMoption option, long value);
CURLMcode flows_curl_multi_set_pointer(CURLM *_Nonnull multi, CURLMoption option, void *_Nullable value);
CURLMcode flows_curl_multi_set_socket_callback(CURLM *_Nonnull multi, curl_socket_callback _Nonnull callback);
CURLMcode flows_curl_multi_set_timer_callback(CURLM *_Nonnull multi,
                                              curl_multi_timer_callback _Nonnull callback);

// A message of a multi handle without its union: the easy handle that is done and its result. False when there is
// no message.
int flows_curl_multi_next_done(CURLM *_Nonnull multi, CURL *_Nullable *_Nonnull easy,
                               CURLcode *_Nonnull result);

// Waits for sockets, and for a wake from another thread.
typedef struct flows_poller flows_poller;

// A socket and what it is ready for, as CURL_CSELECT_IN, _OUT and _ERR.
typedef struct {
  curl_socket_t socket;
  int events;
} flows_ready;

flows_poller *_Nullable flows_poller_create(void);
void flows_poller_destroy(flows_poller *_Nonnull poller);

// What is wanted of a socket, as CURL_POLL_IN, _OUT, _INOUT; CURL_POLL_REMOVE for nothing any more.
void flows_poller_watch(flows_poller *_Nonnull poller, curl_socket_t socket, int what);

// Waits for at most `milliseconds`, for ever when that is negative. The answer is how many sockets are ready.
int flows_poller_wait(flows_poller *_Nonnull poller, flows_ready *_Nonnull ready, int capacity,
                      int milliseconds);

// Ends the wait, or the next one. Any thread.
void flows_poller_wake(flows_poller *_Nonnull poller);

// The calling thread gets no SIGPIPE: TLS libraries write to sockets that are gone.
void flows_block_sigpipe(void);

#endif
