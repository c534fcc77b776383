#include "git/tree.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "base/text.h"
#include "git/config_text.h"

namespace trunkgate {
namespace {

constexpr std::ptrdiff_t kMaxModeDigits = 7;

// Code points that HFS+ ignores in names, in UTF-8: all start with one of two bytes.
constexpr std::array<std::string_view, 16> kIgnoredByHfs = {
    "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d",
    "\u202e", "\u206a", "\u206b", "\u206c", "\u206d", "\u206e", "\u206f", "\ufeff"};

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y;
         });
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && same_ignoring_case(text.substr(0, prefix.size()), prefix);
}

std::string as_hfs_sees_it(std::string_view name) {
  std::string seen;
  while (!name.empty()) {
    const auto ignored = std::find_if(kIgnoredByHfs.begin(), kIgnoredByHfs.end(),
                                      [&](std::string_view c) { return name.starts_with(c); });
    if (ignored == kIgnoredByHfs.end()) {
      seen += name[0];
      name.remove_prefix(1);
    } else {
      name.remove_prefix(ignored->size());
    }
  }
  return seen;
}

// NTFS drops spaces and dots at the end of a name and takes ':' for the start of a stream.
bool ntfs_ends_here(std::string_view rest) {
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '.')) rest.remove_prefix(1);
  return rest.empty() || rest[0] == ':' || rest[0] == '\\';
}

bool ntfs_takes_for(std::string_view name, std::string_view wanted) {
  return starts_ignoring_case(name, wanted) && ntfs_ends_here(name.substr(wanted.size()));
}

// A file that Git reads, and the starts of the names of eight letters that NTFS makes of it.
struct DotFile {
  std::string_view name;
  std::string_view cut;     // "gitmod~1"
  std::string_view hashed;  // with more such files the letters give way to a hash
};
constexpr DotFile kGitmodules{".gitmodules", "gitmod", "gi7eba"};
constexpr DotFile kGitattributes{".gitattributes", "gitatt", "gi7d29"};

// As is_ntfs_dot_generic in Git's path.c.
bool is_short_name(std::string_view name, const DotFile& file) {
  for (const char number : {'1', '2', '3', '4'}) {
    if (ntfs_takes_for(name, std::string(file.cut) + '~' + number)) return true;
  }
  // The digits grow into the place of the hash.
  static constexpr std::size_t kSize = 8;
  const auto tilde = name.find('~');
  if (tilde > file.hashed.size() || name.size() < kSize) return false;
  const std::string_view digits = name.substr(tilde + 1, kSize - tilde - 1);
  return same_ignoring_case(name.substr(0, tilde), file.hashed.substr(0, tilde)) &&
         digits[0] != '0' && digits.find_first_not_of("0123456789") == std::string_view::npos &&
         ntfs_ends_here(name.substr(kSize));
}

bool plain(std::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool names_file(std::string_view name, const DotFile& file) {
  if (!plain(name) && same_ignoring_case(as_hfs_sees_it(name), file.name)) return true;
  while (true) {
    if (ntfs_takes_for(name, file.name) || is_short_name(name, file)) return true;
    const auto slash = name.find('\\');
    if (slash == std::string_view::npos) return false;
    name.remove_prefix(slash + 1);
  }
}

bool names_git_folder(std::string_view name) {
  if (!plain(name) && same_ignoring_case(as_hfs_sees_it(name), ".git")) return true;
  // On Windows a backslash ends a folder's name.
  while (true) {
    if (ntfs_takes_for(name, ".git") || ntfs_takes_for(name, "git~1")) return true;
    const auto slash = name.find('\\');
    if (slash == std::string_view::npos) return false;
    name.remove_prefix(slash + 1);
  }
}

// Names that need none of the costly looks above.
bool surely_harmless(std::string_view name) {
  if (name[0] == '.' || name[0] == 'g' || name[0] == 'G' || name[0] == '~') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && c != '\\' && c != '/';
  });
}

bool known_mode(unsigned mode) {
  const unsigned kind = mode & 0170000U;
  return kind == kFolderMode || kind == kSymlinkMode || kind == kSubmoduleMode || kind == 0100000U;
}

std::string name_fault(const TreeEntry& entry) {
  const std::string_view name = entry.name;
  if (name.find('/') != std::string_view::npos) {
    return "the name '" + printable(name) + "' has a slash";
  }
  if (name == "." || name == "..") return "a file is named '" + std::string(name) + "'";
  if (names_git_folder(name)) {
    return "the name '" + printable(name) + "' is taken for '.git' by some systems";
  }
  const bool link = (entry.mode & 0170000U) == kSymlinkMode;
  if ((link || entry.folder()) && names_gitmodules(name)) {
    return "'" + printable(name) + (link ? "' is a symbolic link" : "' is a folder");
  }
  return {};
}

class OrderCheck {
 public:
  // False when the entry may not stand here: out of order, or a second time.
  bool follows(const TreeEntry& entry) {
    if (!last_.name.empty() && (last_.name == entry.name || tree_order(last_, entry) >= 0))
      return false;
    // A file "a" and a folder "a" may have "a.txt" between them and still be in order.
    while (!files_.empty() && !entry.name.starts_with(files_.back())) files_.pop_back();
    if (!entry.folder()) {
      files_.push_back(entry.name);
    } else if (!files_.empty() && files_.back() == entry.name) {
      return false;
    }
    last_ = entry;
    return true;
  }

  // Why it may not.
  std::string fault(const TreeEntry& entry) const {
    if (last_.name != entry.name && tree_order(last_, entry) >= 0) {
      return "'" + printable(entry.name) + "' stands after '" + printable(last_.name) +
             "', which is out of order";
    }
    return "'" + printable(entry.name) + "' stands in it twice";
  }

 private:
  TreeEntry last_;                       // its name is empty before the first
  std::vector<std::string_view> files_;  // each one the start of the next
};

bool leaves_folder(std::string_view name) {
  while (true) {
    const auto end = name.find_first_of("/\\");
    if (name.substr(0, end) == "..") return true;
    if (end == std::string_view::npos) return false;
    name.remove_prefix(end + 1);
  }
}

std::string setting_fault(std::string_view key, std::string_view value) {
  if ((key == "url" || key == "path") && value.starts_with("-")) {
    return "the " + std::string(key) + " '" + printable(value) + "' can be taken for an option";
  }
  if (key == "url") {
    const std::string lower = ascii_lower(value);
    for (const std::string_view line_feed : {"\n", "%0a", "%0d"}) {
      if (lower.find(line_feed) != std::string::npos) {
        return "the url '" + printable(value) + "' has a line feed in it";
      }
    }
  }
  if (key == "update" && value.starts_with("!")) {
    return "the update '" + printable(value) + "' would run a command";
  }
  return {};
}

}  // namespace

int tree_order(const TreeEntry& a, const TreeEntry& b) {
  const std::size_t common = std::min(a.name.size(), b.name.size());
  const int bytes = a.name.substr(0, common).compare(b.name.substr(0, common));
  if (bytes != 0) return bytes;
  const auto next = [&](const TreeEntry& entry) -> int {
    if (entry.name.size() > common) return static_cast<unsigned char>(entry.name[common]);
    return entry.folder() ? '/' : 0;
  };
  if (const int order = next(a) - next(b); order != 0) return order;
  // A folder's slash against one in a name, which no sound tree has: still two names.
  return static_cast<int>(a.name.size() > common) - static_cast<int>(b.name.size() > common);
}

bool TreeReader::next(TreeEntry& entry) {
  if (at_ == end_) return false;
  const char* at = at_;
  unsigned mode = 0;
  const char* const mode_end = end_ - at > kMaxModeDigits ? at + kMaxModeDigits : end_;
  for (; at != mode_end && *at >= '0' && *at <= '7'; ++at) {
    mode = mode * 8 + static_cast<unsigned>(*at - '0');
  }
  malformed_ = true;
  if (at == at_ || at == end_ || *at != ' ') return false;
  ++at;
  const auto* zero =
      static_cast<const char*>(std::memchr(at, '\0', static_cast<std::size_t>(end_ - at)));
  if (zero == nullptr || zero == at ||
      end_ - zero - 1 < static_cast<std::ptrdiff_t>(ObjectId::kSize)) {
    return false;
  }
  malformed_ = false;
  entry.mode = mode;
  entry.name = {at, static_cast<std::size_t>(zero - at)};
  entry.id = ObjectId(reinterpret_cast<const std::uint8_t*>(zero + 1));
  at_ = zero + 1 + ObjectId::kSize;
  return true;
}

std::string tree_fault(std::string_view raw, FilesForGit& found) {
  TreeReader reader(raw);
  OrderCheck order_check;
  TreeEntry entry;
  while (reader.next(entry)) {
    if (!known_mode(entry.mode)) {
      return "'" + printable(entry.name) + "' is neither file, folder, link nor submodule";
    }
    if (entry.id.is_zero()) return "'" + printable(entry.name) + "' points to nothing";
    if (!surely_harmless(entry.name)) {
      if (std::string fault = name_fault(entry); !fault.empty()) return fault;
      if (!entry.folder() && names_gitmodules(entry.name)) found.gitmodules.push_back(entry.id);
      if ((entry.mode & 0170000U) == 0100000U && names_gitattributes(entry.name)) {
        found.gitattributes.push_back(entry.id);
      }
    }
    if (!order_check.follows(entry)) return order_check.fault(entry);
  }
  return reader.malformed() ? "its bytes are no list of entries" : "";
}

bool may_be_wrong(const TreeEntry& entry) {
  return !known_mode(entry.mode) || entry.id.is_zero() || !surely_harmless(entry.name);
}

bool names_gitmodules(std::string_view name) { return names_file(name, kGitmodules); }
bool names_gitattributes(std::string_view name) { return names_file(name, kGitattributes); }

std::string gitmodules_fault(std::string_view content) {
  const ConfigText config = read_config_text(content);
  for (const ConfigSetting& section : config.sections) {
    if (section.section == "submodule" && leaves_folder(section.subsection)) {
      return "a submodule's name leaves its folder";
    }
  }
  for (const ConfigSetting& setting : config.settings) {
    if (setting.section != "submodule") continue;
    if (std::string fault = setting_fault(setting.key, setting.value); !fault.empty()) return fault;
  }
  return {};
}

std::string gitattributes_fault(std::string_view content) {
  for (std::size_t line = 1; !content.empty(); ++line) {
    const std::size_t size = std::min(content.find('\n'), content.size());
    if (size > kMaxAttributesLine) {
      return "line " + std::to_string(line) + " has " + std::to_string(size) +
             " bytes; Git reads at most " + std::to_string(kMaxAttributesLine);
    }
    content.remove_prefix(std::min(size + 1, content.size()));
  }
  return {};
}

}  // namespace trunkgate
