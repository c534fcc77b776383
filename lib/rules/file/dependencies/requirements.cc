// requirements.txt as pip reads it (pip.pypa.io, "Requirements File Format"), and PEP 508.
#include <algorithm>

#include "base/text.h"
#include "rules/file/dependencies/dependency.h"

namespace trunkgate {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

// pip ends lines wherever Python's splitlines() does; a name behind one of these would be hidden.
std::string with_line_feeds(std::string_view text) {
  static constexpr std::string_view kBreaks[] = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  std::string plain(text);
  for (const std::string_view line_break : kBreaks) {
    std::string::size_type at = 0;
    while ((at = plain.find(line_break, at)) != std::string::npos) {
      // As long as before, so that this takes no time by the square.
      plain.replace(at, line_break.size(), line_break.size() == 2 ? " \n" : "  \n");
    }
  }
  return plain;
}

// A comment begins the line or stands behind a blank.
std::string_view without_comment(std::string_view line) {
  for (auto at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return line.substr(0, at);
  }
  return line;
}

// "torch-2.1.0-cp310-none-linux.whl" at the end of a URL or path.
void read_archive(std::string_view url, std::size_t line, Dependencies& out) {
  if (const auto egg = url.find("egg="); egg != std::string_view::npos) {
    const std::string_view name = url.substr(egg + 4);
    const auto end = std::min(name.find_first_not_of(kNameCharacters), name.size());
    out.list.push_back(
        {std::string(name.substr(0, end)), std::string(url), is_pinned_url(url), line});
    return;
  }
  const std::string_view base = url.substr(0, url.find_first_of("#?"));
  const std::string_view file = base.substr(base.find_last_of("/\\") + 1);
  const std::vector<std::string_view> parts = split(file, '-');
  const bool wheel = file.ends_with(".whl") && parts.size() >= 5;
  if (wheel) {
    out.list.push_back(
        {std::string(parts[0]), std::string(parts[1]), is_exact_version(parts[1]), line});
    return;
  }
  const auto dash = file.rfind('-');
  const bool named = dash != std::string_view::npos;
  out.list.push_back({std::string(named ? file.substr(0, dash) : file), std::string(url),
                      is_pinned_url(url), line});
}

// The specifiers: "==2.1.0", ">=2,<3", "===2.1".
void read_specifiers(std::string_view text, Dependency& dependency) {
  text = trim(text);
  if (text.starts_with('(') && text.ends_with(')')) text = text.substr(1, text.size() - 2);
  std::vector<std::string> kept;
  std::string exact;
  for (const std::string_view part : split(text, ',')) {
    std::string specifier;
    for (const char c : part) {
      if (kBlanks.find(c) == std::string_view::npos) specifier += c;
    }
    if (specifier.empty()) continue;
    const std::size_t sign = specifier.starts_with("===") ? 3 : specifier.starts_with("==") ? 2 : 0;
    if (sign != 0 && is_exact_version(std::string_view(specifier).substr(sign))) {
      exact = specifier.substr(sign);
    }
    kept.push_back(std::move(specifier));
  }
  std::sort(kept.begin(), kept.end());
  dependency.pinned = !exact.empty();
  dependency.version = dependency.pinned ? exact : join(kept, ",");
}

}  // namespace

void read_requirement(std::string_view text, std::size_t line, Dependencies& out) {
  text = trim(text);
  for (const std::string_view option : {"-e", "--editable"}) {
    if (!text.starts_with(option)) continue;
    const std::string_view rest = text.substr(option.size());
    if (!rest.empty() &&
        (kBlanks.find(rest.front()) != std::string_view::npos || rest.front() == '=')) {
      return read_archive(trim(rest.substr(1)), line, out);
    }
  }
  if (text.empty() || text.front() == '-') return;
  // Options of a requirement: --hash=sha256:...
  if (const auto option = text.find(" --"); option != std::string_view::npos) {
    text = trim(text.substr(0, option));
  }
  const auto name_end = std::min(text.find_first_not_of(kNameCharacters), text.size());
  const std::string_view name = text.substr(0, name_end);
  std::string_view rest = trim(text.substr(name_end));
  const bool path = rest.starts_with('/') || rest.starts_with(':') || rest.starts_with('+') ||
                    rest.starts_with('\\') || name.empty() || name.front() == '.' ||
                    name.ends_with(".whl");
  if (path) return read_archive(trim(text.substr(0, text.find(" ;"))), line, out);
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    rest = close == std::string_view::npos ? "" : trim(rest.substr(close + 1));
  }
  Dependency dependency{std::string(name), {}, false, line};
  if (rest.starts_with('@')) {
    const std::string_view url = trim(rest.substr(1, rest.find(" ;") - 1));
    dependency.version = std::string(url);
    dependency.pinned = is_pinned_url(url);
  } else {
    read_specifiers(rest.substr(0, rest.find(';')), dependency);
  }
  out.list.push_back(std::move(dependency));
}

void read_requirements(std::string_view text, Dependencies& out) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (auto mistake = text_mistake(text)) {
    out.mistakes.push_back(std::move(*mistake));
    return;
  }
  const std::string plain = with_line_feeds(text);
  std::size_t number = 0;
  std::size_t first = 0;
  std::string joined;
  for (std::string_view line : split(plain, '\n')) {
    ++number;
    if (joined.empty()) first = number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    // A comment goes on over no line end.
    const bool comment = trim(line).starts_with('#');
    if (line.ends_with('\\') && !comment) {
      joined += line.substr(0, line.size() - 1);
      joined += ' ';
      continue;
    }
    if (comment && !joined.empty()) line = {};
    joined += line;
    read_requirement(without_comment(joined), first, out);
    joined.clear();
  }
  if (!joined.empty()) read_requirement(without_comment(joined), first, out);
}

}  // namespace trunkgate
