#include "rules/file/secrets/token_kind.h"

namespace trunkgate {
namespace {

#define TOKEN(id, name, keywords, pattern) {id, name, keywords, pattern},
#define CHECKED(id, name, keywords, pattern) \
  {id, name, keywords, pattern, Shape::token, 0, 400, Checksum::crc32},
#define TESTING(id, name, keywords, pattern) \
  {id, name, keywords, pattern, Shape::token, 0, 400, Checksum::none, true},
#define INNER(id, name, before, keywords, pattern) \
  {id, name, keywords, pattern, Shape::token, before},
#define LONG(id, name, keywords, pattern) {id, name, keywords, pattern, Shape::token, 0, 4096},
#define BLOCK(id, name, keywords, pattern) {id, name, keywords, pattern, Shape::block},
#define ASSIGNED(id, name, keywords, pattern) {id, name, keywords, pattern, Shape::assigned},
#define GENERIC(id, name, keywords) {id, name, keywords, "", Shape::generic},
#define URL(id, name, keywords) {id, name, keywords, "", Shape::url},

constexpr TokenKind kKinds[] = {
#include "rules/file/secrets/token_kinds.def"
};

#undef TOKEN
#undef CHECKED
#undef TESTING
#undef INNER
#undef LONG
#undef BLOCK
#undef ASSIGNED
#undef GENERIC
#undef URL

}  // namespace

std::span<const TokenKind> token_kinds() { return kKinds; }

std::vector<std::string_view> token_kind_ids() {
  std::vector<std::string_view> ids;
  for (const TokenKind& kind : kKinds) ids.push_back(kind.id);
  return ids;
}

}  // namespace trunkgate
