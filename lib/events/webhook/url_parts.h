// What a webhook's URL says, checked.
#pragma once

#include <string>

namespace trunkgate {

struct UrlParts {
  std::string host;   // without brackets
  std::string place;  // "ci.example:443", printable: paths and queries hold secrets often
};

// Throws Error(config), without showing the URL, unless it is http or https and names no user.
// `sink` is what the message calls the sink.
UrlParts url_parts(const std::string& url, const std::string& sink);

}  // namespace trunkgate
