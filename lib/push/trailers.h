// Trailers: the "Token: value" lines at the end of a commit message, as `git interpret-trailers`
// and `git log --format=%(trailers)` see them. Conventional footers are something else: they need
// ": " or " #", and tolerate no other line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

struct Trailer {
  std::string token;  // as written; tokens are compared without case
  std::string value;  // on one line, without white space at its ends

  bool operator==(const Trailer&) const = default;
};

// `text` starts with the title. The same as `git interpret-trailers --parse --no-divider` without
// configuration. Linear.
std::vector<Trailer> read_trailers(std::string_view text);

// Whether the text can stand before the colon: letters of ASCII, digits and hyphens.
bool is_trailer_token(std::string_view text);
bool same_token(std::string_view one, std::string_view other);

}  // namespace trunkgate
