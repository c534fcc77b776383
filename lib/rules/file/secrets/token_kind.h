// The kinds of secrets that leaked-secret knows, as a table.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace trunkgate {

// How a kind is found from a keyword that stands in the content.
enum class Shape {
  token,     // the pattern matches the secret, which says by itself what it is
  block,     // likewise the line above a key in base 64
  assigned,  // the pattern matches the whole value that is given to a name with the keyword in it
  generic,   // likewise, and nothing but the value's entropy says that it is a secret
  url,       // scheme://user:password@host
};

enum class Checksum { none, crc32 };

// All text is static.
struct TokenKind {
  std::string_view id;        // "github-token"; in the policy: never rename
  std::string_view name;      // "a GitHub token"
  std::string_view keywords;  // one of them stands in every such secret; blanks between them
  std::string_view pattern;   // RE2
  Shape shape = Shape::token;
  // How far in front of its keyword a token can start, in bytes.
  std::size_t before = 0;
  // How far behind its keyword a token is followed, in bytes.
  std::size_t reach = 400;
  Checksum checksum = Checksum::none;
  bool test = false;  // opens a test environment only
};

// The more specific kind first: it names a secret that two kinds find.
std::span<const TokenKind> token_kinds();

std::vector<std::string_view> token_kind_ids();

}  // namespace trunkgate
