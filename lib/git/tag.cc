#include "git/tag.h"

#include <algorithm>
#include <array>
#include <optional>

namespace trunkgate {
namespace {

[[noreturn]] void malformed(const ObjectId& id, const std::string& why) {
  throw BadTag(id, "is malformed: " + why);
}

// Takes the line "NAME value" off the front and returns the value; nothing when the next line is
// another one.
std::optional<std::string_view> take_header(std::string_view& raw, std::string_view name) {
  const auto end = raw.find('\n');
  if (end == std::string_view::npos || end <= name.size() || !raw.starts_with(name) ||
      raw[name.size()] != ' ') {
    return std::nullopt;
  }
  const std::string_view value = raw.substr(name.size() + 1, end - name.size() - 1);
  raw.remove_prefix(end + 1);
  return value;
}

ObjectType type_named(std::string_view word) {
  if (word == "commit") return ObjectType::commit;
  if (word == "tree") return ObjectType::tree;
  if (word == "blob") return ObjectType::blob;
  if (word == "tag") return ObjectType::tag;
  return ObjectType::missing;
}

}  // namespace

std::size_t tag_signature_start(std::string_view message) {
  static constexpr std::array<std::string_view, 4> kOpenings{
      "-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----",
      "-----BEGIN SIGNED MESSAGE-----", "-----BEGIN SSH SIGNATURE-----"};
  std::size_t found = message.size();
  for (std::size_t at = 0; at < message.size();) {
    const std::string_view line = message.substr(at);
    if (std::any_of(kOpenings.begin(), kOpenings.end(),
                    [&](std::string_view opening) { return line.starts_with(opening); })) {
      found = at;
    }
    const auto end = line.find('\n');
    if (end == std::string_view::npos) break;
    at += end + 1;
  }
  return found;
}

Tag parse_tag(const ObjectId& id, std::string_view raw) {
  Tag tag;
  tag.id = id;
  if (header_of(raw).find('\0') != std::string_view::npos) {
    malformed(id, "its header has a NUL, behind which Git shows nothing");
  }
  const auto object = take_header(raw, "object");
  const auto target = object ? ObjectId::parse(*object) : std::nullopt;
  if (!target) malformed(id, "it names no object");
  tag.target = *target;
  const auto type = take_header(raw, "type");
  tag.type = type ? type_named(*type) : ObjectType::missing;
  if (tag.type == ObjectType::missing) malformed(id, "it has no type");
  const auto name = take_header(raw, "tag");
  if (!name) malformed(id, "it has no name");
  tag.name = *name;
  if (const auto tagger = take_header(raw, "tagger")) {
    if (const char* mistake = read_signature(*tagger, tag.tagger); mistake != nullptr) {
      malformed(id, std::string("its tagger line has ") + mistake);
    }
  }
  // Headers that this build does not know are passed over. Git finds a tagger wherever it stands,
  // so one that was not read above would be another person to people than to rules.
  while (!raw.empty() && raw[0] != '\n') {
    const auto end = raw.find('\n');
    if (end == std::string_view::npos) malformed(id, "its header has no end");
    for (const std::string_view known : {"object ", "type ", "tag ", "tagger "}) {
      if (raw.starts_with(known)) malformed(id, "a header stands twice or in the wrong place");
    }
    raw.remove_prefix(end + 1);
  }
  if (!raw.empty()) raw.remove_prefix(1);
  const std::size_t end = tag_signature_start(raw);
  tag.signed_tag = end < raw.size();
  tag.message = raw.substr(0, end);
  return tag;
}

}  // namespace trunkgate
