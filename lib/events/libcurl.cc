#include "events/libcurl.h"

#include <fmt/format.h>

#include "base/error.h"

namespace trunkgate {

void start_curl() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw Error(ErrorKind::delivery, "libcurl does not start");
}

CurlEasy make_curl() {
  start_curl();
  CurlEasy easy(curl_easy_init());
  if (!easy) throw Error(ErrorKind::delivery, "libcurl does not start");
  return easy;
}

void check_option(CURLoption option, CURLcode result) {
  if (result == CURLE_OK) return;
  throw Error(ErrorKind::delivery,
              fmt::format("libcurl refuses option {}: {}", static_cast<int>(option),
                          curl_easy_strerror(result)));
}

void set_apart(CURL* easy) {
  set_option(easy, CURLOPT_PROXY, "");
  set_option(easy, CURLOPT_NOPROXY, "*");
  set_option(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set_option(easy, CURLOPT_NOSIGNAL, 1L);
}

void append(CurlList& list, const char* item) {
  curl_slist* longer = curl_slist_append(list.get(), item);
  if (longer == nullptr) throw Error(ErrorKind::delivery, "no memory for a request");
  // The list keeps its first item.
  if (!list) list.reset(longer);
}

}  // namespace trunkgate
