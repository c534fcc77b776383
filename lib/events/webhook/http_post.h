// One HTTP POST at a time over libcurl, and nothing but that: no redirects, no proxies, nothing of
// the environment.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "events/libcurl.h"
#include "events/webhook/address_guard.h"
#include "events/webhook/request.h"

namespace trunkgate {

// Where a webhook goes; the same for all its requests.
struct HttpTarget {
  std::string url;
  std::string place;    // "ci.example:443", printable
  std::string ca_file;  // besides the system's; may be empty
  std::chrono::milliseconds timeout{};
  const AddressGuard* guard = nullptr;
};

struct HttpAnswer {
  int status = 0;                // 0: there is no answer, and `failure` says why
  std::string failure = {};      // printable, one line, without secrets
  std::string retry_after = {};  // the header as it came; empty for none
};

struct CurlMultiDeleter {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
// Keeps connections open between requests.
using CurlMulti = std::unique_ptr<CURLM, CurlMultiDeleter>;
CurlMulti make_multi(long connections);

// Is not moved: libcurl holds its address.
class HttpPost {
 public:
  HttpPost() = default;
  HttpPost(const HttpPost&) = delete;
  HttpPost& operator=(const HttpPost&) = delete;

  // `target` and `multi` must live until finish(). Throws Error(delivery).
  void start(CURLM* multi, const HttpTarget& target, WebhookRequest request);
  // After libcurl has said that the transfer is done, with its result.
  HttpAnswer finish(CURLM* multi, CURLcode result);
  // For a request that nobody waits for any more.
  void abandon(CURLM* multi);

  CURL* handle() const { return easy_.get(); }

 private:
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static std::size_t on_header(char* bytes, std::size_t one, std::size_t size, void* self);
  static std::size_t on_body(char* bytes, std::size_t one, std::size_t size, void* self);
  void configure(const HttpTarget& target);
  std::string failure(CURLcode result) const;

  CurlEasy easy_;
  CurlList headers_;
  const HttpTarget* target_ = nullptr;
  std::string body_;
  std::string refusal_;         // the guard's
  bool headers_whole_ = false;  // of the answer, not of an interim one
  std::size_t answer_bytes_ = 0;
  char words_[CURL_ERROR_SIZE] = {};
};

}  // namespace trunkgate
