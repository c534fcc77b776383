#include "events/webhook/url_parts.h"

#include <curl/curl.h>

#include <memory>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

UrlParts url_parts(const std::string& url, const std::string& sink) {
  const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    throw Error(ErrorKind::config, sink + " has no URL that can be read",
                "write it as https://host/path");
  }
  const std::string scheme = part(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    throw Error(ErrorKind::config, sink + " has a URL that is neither http nor https",
                "write it as https://host/path");
  }
  if (!part(parsed.get(), CURLUPART_USER).empty() ||
      !part(parsed.get(), CURLUPART_PASSWORD).empty()) {
    throw Error(ErrorKind::config, sink + " has a URL with a user",
                "put the secret into a file and name that as token-file or secret-file");
  }
  UrlParts parts;
  parts.host = part(parsed.get(), CURLUPART_HOST);
  parts.place = printable(parts.host + ":" + part(parsed.get(), CURLUPART_PORT));
  if (parts.host.starts_with('[') && parts.host.ends_with(']')) {
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  }
  return parts;
}

}  // namespace trunkgate
