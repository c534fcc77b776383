// Finds secrets in a text.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/match.h"
#include "rules/file/secrets/token_kind.h"

namespace trunkgate {

struct Secret {
  const TokenKind* kind = nullptr;
  std::size_t begin = 0;  // in bytes; [begin, end) is never to be shown
  std::size_t end = 0;
  std::string_view prefix;  // what every secret of the form begins with: "ghp_"; static
  bool certain = false;     // its checksum is right
};

class SecretScanner {
 public:
  struct Settings {
    std::vector<bool> kinds;          // which of token_kinds() are looked for
    double entropy = 0;               // least bits for each byte of a generic secret
    std::vector<Pattern> allow = {};  // whole values that are fine
  };

  // Costs nothing: tables and patterns are made when the first text needs them.
  explicit SecretScanner(Settings settings) : settings_(std::move(settings)) {}

  // In the order of places, none overlapping another. One pass, and a regular expression only near
  // a keyword of its kind. Time grows with the size of the text, whatever stands in it.
  std::vector<Secret> scan(std::string_view content) const;

 private:
  Settings settings_;
};

}  // namespace trunkgate
