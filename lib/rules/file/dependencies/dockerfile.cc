// Images that a Dockerfile starts from (docs.docker.com, "Dockerfile reference").
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "rules/file/dependencies/dependency.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxImage = 4096;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// A tag that is not moved on: three numbers, a date, or a calendar's year and month ("23.10-py3").
bool is_full_tag(std::string_view tag) {
  if (is_full_version(tag)) return true;
  for (const std::string_view part : split(tag, '-')) {
    if (part.size() >= 8 && all_digits(part)) return true;
  }
  const std::string_view first = tag.substr(0, tag.find('-'));
  return first.size() == 5 && first[2] == '.' && all_digits(first.substr(0, 2)) &&
         all_digits(first.substr(3));
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trim(text)).empty()) {
    const auto end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

class DockerfileReader {
 public:
  explicit DockerfileReader(Dependencies& out) : out_(out) {}

  void instruction(std::string_view text, std::size_t line) {
    const std::vector<std::string_view> words = words_of(text);
    if (words.size() < 2) return;
    const std::string name = ascii_lower(words[0]);
    if (name == "arg" && !seen_from_) {
      for (std::size_t i = 1; i < words.size(); ++i) argument(words[i]);
    } else if (name == "from") {
      seen_from_ = true;
      from(words, line);
    }
  }

 private:
  void argument(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return;
    std::string_view value = text.substr(equals + 1);
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
        value.back() == value.front()) {
      value = value.substr(1, value.size() - 2);
    }
    arguments_.insert_or_assign(std::string(text.substr(0, equals)), resolve(value));
  }

  // Puts in the defaults of arguments; one without stays as it is written.
  std::string resolve(std::string_view text) const {
    std::string resolved;
    for (std::size_t i = 0; i < text.size() && resolved.size() <= kMaxImage; ++i) {
      if (text[i] != '$') {
        resolved += text[i];
        continue;
      }
      const bool braces = text.substr(i + 1, 1) == "{";
      const std::size_t begin = i + (braces ? 2 : 1);
      std::size_t end = begin;
      while (end < text.size() && is_word(text[end])) ++end;
      const auto known = arguments_.find(text.substr(begin, end - begin));
      const bool has = known != arguments_.end();
      std::size_t last = end;
      std::string value = has ? known->second : std::string(text.substr(i, end - i));
      if (braces) {
        last = std::min(text.find('}', end), text.size() - 1);
        const std::string_view modifier = text.substr(end, 2);
        const std::string_view word =
            text.substr(std::min(end + 2, last), last - std::min(end + 2, last));
        if (modifier == ":-" && (!has || value.empty())) value = word;
        if (modifier == ":+") value = has && !value.empty() ? std::string(word) : std::string();
        if (!has && modifier != ":-" && modifier != ":+") {
          value = std::string(text.substr(i, last + 1 - i));
        }
        ++last;
      }
      resolved += value;
      i = last - 1;
    }
    resolved.resize(std::min(resolved.size(), kMaxImage));
    return resolved;
  }

  void from(const std::vector<std::string_view>& words, std::size_t line) {
    std::size_t at = 1;
    while (at < words.size() && words[at].starts_with("--")) ++at;
    if (at >= words.size()) return;
    std::string text = resolve(words[at]);
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    if (quoted) text = text.substr(1, text.size() - 2);
    const bool known = text == "scratch" || stages_.contains(ascii_lower(text));
    if (at + 2 < words.size() && ascii_lower(words[at + 1]) == "as") {
      stages_.insert(ascii_lower(words[at + 2]));
    }
    if (known) return;
    image(text, line);
  }

  void image(std::string_view text, std::size_t line) {
    const auto at = text.find('@');
    const std::string_view digest = at == std::string_view::npos ? "" : text.substr(at + 1);
    std::string_view name = text.substr(0, at);
    std::string_view tag;
    const auto slash = name.rfind('/');
    const auto colon = name.rfind(':');
    if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
      tag = name.substr(colon + 1);
      name = name.substr(0, colon);
    }
    for (const std::string_view home : {"docker.io/", "index.docker.io/", "library/"}) {
      if (name.starts_with(home)) name.remove_prefix(home.size());
    }
    Dependency dependency{std::string(name), std::string(tag), is_full_tag(tag), line};
    if (!digest.empty()) {
      dependency.version += "@" + std::string(digest);
      const bool sha256 = digest.starts_with("sha256:") && digest.size() == 71;
      dependency.pinned = sha256 && digest.substr(7).find_first_not_of("0123456789abcdef") ==
                                        std::string_view::npos;
    }
    out_.list.push_back(std::move(dependency));
  }

  Dependencies& out_;
  bool seen_from_ = false;
  std::map<std::string, std::string, std::less<>> arguments_;
  std::set<std::string, std::less<>> stages_;
};

}  // namespace

void read_dockerfile(std::string_view text, Dependencies& out) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  DockerfileReader reader(out);
  char escape = '\\';
  bool directives = true;  // they stand before everything else
  std::string joined;
  std::size_t first = 0;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    const std::string_view bare = trim(line);
    if (bare.starts_with('#')) {
      std::string directive;
      for (const char c : ascii_lower(bare)) {
        if (c != ' ' && c != '\t') directive += c;
      }
      if (directives && directive == "#escape=`") escape = '`';
      if (directive.find('=') == std::string::npos) directives = false;
      continue;  // within a joined line, too
    }
    directives = false;
    if (bare.empty()) continue;
    if (joined.empty()) first = number;
    if (bare.back() == escape) {
      joined += bare.substr(0, bare.size() - 1);
      joined += ' ';
      continue;
    }
    joined += bare;
    reader.instruction(joined, first);
    joined.clear();
  }
  if (!joined.empty()) reader.instruction(joined, first);
}

}  // namespace trunkgate
