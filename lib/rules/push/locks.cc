#include "rules/push/locks.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "git/ref_files.h"

namespace trunkgate {
namespace {

// Without its %XX; nothing when one is broken.
std::optional<std::string> decode(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    const auto byte = i + 2 < text.size() ? unhex(text.substr(i + 1, 2)) : std::nullopt;
    if (!byte) return std::nullopt;
    bytes += *byte;
    i += 2;
  }
  return bytes;
}

bool is_path(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) return false;
  const std::vector<std::string_view> parts = split(path, '/');
  return std::none_of(parts.begin(), parts.end(), [](std::string_view part) {
    return part.empty() || part == "." || part == "..";
  });
}

// git-check-ref-format(1) for the bytes of one part, in its place.
bool needs_code(std::string_view part, std::size_t at) {
  static constexpr std::string_view kNever = " ~^:?*[\\%/\x7f";
  static constexpr std::string_view kLockFile = ".lock";
  const auto byte = static_cast<unsigned char>(part[at]);
  if (byte < 0x20 || kNever.find(part[at]) != std::string_view::npos) return true;
  if (part[at] == '.') {
    return at == 0 || at + 1 == part.size() || part[at + 1] == '.' ||
           (part.ends_with(kLockFile) && at + kLockFile.size() == part.size());
  }
  // "@{" means a log of references, and a part of nothing but '@' means HEAD.
  return part[at] == '@' && (part.size() == 1 || part.substr(at + 1, 1) == "{");
}

std::string encode(std::string_view part) {
  std::string text;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (needs_code(part, i)) {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(part[i]));
      text += code;
    } else {
      text += part[i];
    }
  }
  return text;
}

}  // namespace

std::optional<Lock> read_lock(std::string_view ref) {
  if (!ref.starts_with(kLockRefs)) return std::nullopt;
  const std::string_view name = ref.substr(kLockRefs.size());
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto user = decode(name.substr(0, slash));
  const auto path = decode(name.substr(slash + 1));
  if (!user || user->empty() || !path || !is_path(*path)) return std::nullopt;
  return Lock{std::string(ref), *user, *path, {}};
}

std::string lock_ref(std::string_view user, std::string_view path) {
  std::string ref = std::string(kLockRefs) + encode(user);
  for (const std::string_view part : split(path, '/')) ref += "/" + encode(part);
  return ref;
}

std::vector<Lock> server_locks(const Push& push) {
  std::vector<Lock> locks;
  const Repository& repository = push.repository;
  if (!may_have_refs_below(repository.path(), repository.full_name(kLockRefs))) return locks;
  for (const Ref& ref : *server_refs(push)) {
    auto lock = read_lock(ref.name);
    if (!lock) continue;
    lock->id = ref.id;
    locks.push_back(std::move(*lock));
  }
  return locks;
}

bool overlap(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (a.size() == b.size() || b[a.size()] == '/');
}

}  // namespace trunkgate
