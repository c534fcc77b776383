// What all sinks that use libcurl need of it.
#pragma once

#include <curl/curl.h>

#include <memory>

namespace trunkgate {

// Easy and multi handles are both void to libcurl, so a multi handle has a deleter of its own.
struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlEasy = std::unique_ptr<CURL, CurlDeleter>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter>;

// Once for the process; make_curl() does it, too. Throws Error(delivery).
void start_curl();
CurlEasy make_curl();

// Throws Error(delivery) for an option that this libcurl lacks: most of them are for safety, so it
// must not be left out silently.
void check_option(CURLoption option, CURLcode result);

template <typename Value>
void set_option(CURL* easy, CURLoption option, Value value) {
  check_option(option, curl_easy_setopt(easy, option, value));
}

// Neither the environment nor a home folder has a say: no proxy, no .netrc. And no signals, for the
// process has other threads.
void set_apart(CURL* easy);

// Throws Error(delivery).
void append(CurlList& list, const char* item);

}  // namespace trunkgate
