#include "events/webhook/http_post.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::chrono::milliseconds kConnectTimeout{5000};
constexpr std::size_t kMaxAnswerBytes = std::size_t{64} * 1024;
constexpr std::size_t kMaxAnswerHeaderBytes = 1024;

std::string seconds_text(std::chrono::milliseconds time) {
  return fmt::format("{} s", std::chrono::duration<double>(time).count());
}

}  // namespace

CurlMulti make_multi(long connections) {
  start_curl();
  CurlMulti multi(curl_multi_init());
  if (!multi) throw Error(ErrorKind::delivery, "libcurl does not start");
  curl_multi_setopt(multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
  curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, connections);
  return multi;
}

curl_socket_t HttpPost::open_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& post = *static_cast<HttpPost*>(self);
  try {
    if (auto refusal = post.target_->guard->refusal(&address->addr)) {
      post.refusal_ = std::move(*refusal);
      return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  } catch (...) {
    return CURL_SOCKET_BAD;
  }
}

std::size_t HttpPost::on_header(char* bytes, std::size_t /*one*/, std::size_t size, void* self) {
  const std::string_view line(bytes, size);
  auto& post = *static_cast<HttpPost*>(self);
  post.answer_bytes_ += size;
  if (post.answer_bytes_ > kMaxAnswerBytes) return 0;
  if (line == "\r\n" || line == "\n") {
    long status = 0;
    curl_easy_getinfo(post.handle(), CURLINFO_RESPONSE_CODE, &status);
    post.headers_whole_ = status >= 200;
  }
  return size;
}

// Answers are read so that the connection can be used again, and thrown away; one that goes on for
// too long is cut off.
std::size_t HttpPost::on_body(char* /*bytes*/, std::size_t /*one*/, std::size_t size, void* self) {
  auto& post = *static_cast<HttpPost*>(self);
  post.answer_bytes_ += size;
  return post.answer_bytes_ > kMaxAnswerBytes ? 0 : size;
}

void HttpPost::configure(const HttpTarget& target) {
  CURL* easy = easy_.get();
  set_option(easy, CURLOPT_URL, target.url.c_str());
  set_option(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set_option(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set_option(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set_option(easy, CURLOPT_USERAGENT, "trunkgate");
  set_apart(easy);
  set_option(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set_option(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set_option(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // The system's certificates are looked up in their folder then.
  if (!target.ca_file.empty()) set_option(easy, CURLOPT_CAINFO, target.ca_file.c_str());
  set_option(easy, CURLOPT_NOPROGRESS, 1L);
  set_option(easy, CURLOPT_CONNECTTIMEOUT_MS,
             static_cast<long>(std::min(kConnectTimeout, target.timeout).count()));
  set_option(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(target.timeout.count()));
  set_option(easy, CURLOPT_OPENSOCKETFUNCTION, &HttpPost::open_socket);
  set_option(easy, CURLOPT_OPENSOCKETDATA, this);
  set_option(easy, CURLOPT_HEADERFUNCTION, &HttpPost::on_header);
  set_option(easy, CURLOPT_HEADERDATA, this);
  set_option(easy, CURLOPT_WRITEFUNCTION, &HttpPost::on_body);
  set_option(easy, CURLOPT_WRITEDATA, this);
  set_option(easy, CURLOPT_ERRORBUFFER, static_cast<char*>(words_));
  set_option(easy, CURLOPT_PRIVATE, this);
}

void HttpPost::start(CURLM* multi, const HttpTarget& target, WebhookRequest request) {
  target_ = &target;
  body_ = std::move(request.body);
  refusal_.clear();
  headers_whole_ = false;
  answer_bytes_ = 0;
  words_[0] = '\0';
  if (easy_) {
    curl_easy_reset(easy_.get());
  } else {
    easy_ = make_curl();
  }
  configure(target);

  headers_.reset();
  for (const auto& [name, value] : request.headers) {
    append(headers_, fmt::format("{}: {}", name, value).c_str());
  }
  append(headers_, "Expect:");  // or libcurl waits a second for "100 Continue" before a large body
  set_option(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
  set_option(easy_.get(), CURLOPT_POST, 1L);
  set_option(easy_.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
  set_option(easy_.get(), CURLOPT_POSTFIELDS, body_.c_str());
  if (curl_multi_add_handle(multi, easy_.get()) != CURLM_OK) {
    throw Error(ErrorKind::delivery, "libcurl does not take a request");
  }
}

std::string HttpPost::failure(CURLcode result) const {
  const std::string& place = target_->place;
  const std::string words = printable(trim(std::string_view(words_)));
  long error = 0;
  curl_off_t began = 0;  // once the connection, TLS included, is there
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error);
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &began);
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "there is no address for " + place;
    case CURLE_COULDNT_CONNECT:
      if (!refusal_.empty()) {
        return fmt::format("{} is not called: {}, which `allow` does not name", place, refusal_);
      }
      return fmt::format("cannot connect to {}: {}", place,
                         error != 0 ? std::strerror(static_cast<int>(error)) : "no connection");
    case CURLE_OPERATION_TIMEDOUT:
      if (began == 0) {
        return fmt::format("no connection to {} within {}", place,
                           seconds_text(std::min(kConnectTimeout, target_->timeout)));
      }
      return fmt::format("no answer from {} within {}", place, seconds_text(target_->timeout));
    case CURLE_PEER_FAILED_VERIFICATION:
      return fmt::format("the certificate of {} is not accepted: {}", place, words);
    case CURLE_SSL_CACERT_BADFILE:
      return fmt::format("cannot use the certificates in {}", printable(target_->ca_file));
    case CURLE_WRITE_ERROR:
      return fmt::format("{} has sent too many headers", place);
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return fmt::format("{} has closed the connection without an answer", place);
    default:
      return fmt::format("{} cannot be called: {}", place,
                         words.empty() ? curl_easy_strerror(result) : words);
  }
}

HttpAnswer HttpPost::finish(CURLM* multi, CURLcode result) {
  curl_multi_remove_handle(multi, easy_.get());
  // The body says nothing, so it does not matter how it ends.
  if (!headers_whole_) {
    return {.failure = failure(result == CURLE_OK ? CURLE_GOT_NOTHING : result)};
  }
  HttpAnswer answer;
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  curl_header* header = nullptr;
  if (curl_easy_header(easy_.get(), "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK) {
    answer.retry_after = std::string_view(header->value).substr(0, kMaxAnswerHeaderBytes);
  }
  return answer;
}

void HttpPost::abandon(CURLM* multi) { curl_multi_remove_handle(multi, easy_.get()); }

}  // namespace trunkgate
