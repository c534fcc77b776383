#include "base/ref_glob.h"

#include <algorithm>

#include "base/glob_program.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr char kWild = '*';   // in an outline: anything that is no single byte
constexpr char kClass = '[';  // likewise; a glob's text cannot give these two

// The glob with each wildcard as one character, so that what stands literally can be looked at.
std::string outline(const GlobProgram& program) {
  std::string text;
  for (const GlobStep& step : program.steps) {
    switch (step.kind) {
      case GlobStep::Kind::byte:
        text += static_cast<char>(step.byte);
        break;
      case GlobStep::Kind::set:
        text += kClass;
        break;
      case GlobStep::Kind::inside:
        text += std::string(1, kWild) + "/";
        break;
      case GlobStep::Kind::folders:
        break;
      default:
        text += kWild;
        break;
    }
  }
  return text;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

RefGlobMistake expression(std::string what) { return {std::move(what), {}, true}; }

// What other tools write for things that are said differently here.
std::optional<RefGlobMistake> foreign(std::string_view glob, std::string_view text) {
  if (glob.front() == '!') {
    return RefGlobMistake{"a glob over references takes nothing back: '!' means nothing here",
                          "write except: {refs: ...} beside the rule's options", false};
  }
  if (glob == "~DEFAULT_BRANCH") {
    return RefGlobMistake{"no reference has '~' in its name",
                          "HEAD in 'refs' is the default branch", false};
  }
  if (glob == "~ALL") {
    return RefGlobMistake{"no reference has '~' in its name", "'**' is every branch", false};
  }
  if (glob == "HEAD" || glob == "refs/heads/HEAD") {
    return RefGlobMistake{"no branch can be called HEAD",
                          "only 'refs' takes HEAD for the default branch", false};
  }
  if (has(text, "{me}")) {
    return RefGlobMistake{
        "'{me}' stands for the pusher only in 'own' of unauthorised-push", {}, false};
  }
  if (has(text, "{") || has(text, "}")) {
    return RefGlobMistake{"a glob knows no {a,b}", "write a list: [a, b]", false};
  }
  return std::nullopt;
}

std::optional<RefGlobMistake> like_expression(std::string_view glob, std::string_view text) {
  if (glob.front() == '^') return expression("no reference has '^' in its name");
  if (has(glob, "\\")) return expression("no reference has '\\' in its name");
  if (has(text, "|")) return expression("a glob knows no '|'");
  if (text.ends_with('$')) return expression("'$' stands for itself in a glob");
  for (const std::string_view repeat : {"[+", "*+", ")+", "(*", ")*"}) {
    if (has(text, repeat)) return expression("'+', '(' and ')' stand for themselves in a glob");
  }
  if (has("/" + std::string(text), "/.") && !has(text, "..")) {
    return expression("no part of a reference's name starts with '.'");
  }
  return std::nullopt;
}

// git-check-ref-format(1), as far as it can be told from what stands literally.
std::optional<RefGlobMistake> unnameable(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      return RefGlobMistake{"no reference has a control character in its name", {}, false};
    }
    if (c == ' ') return RefGlobMistake{"no reference has a space in its name", {}, false};
    if (c == '~' || c == '^' || c == ':') {
      return RefGlobMistake{std::string("no reference has '") + c + "' in its name", {}, false};
    }
  }
  for (const std::string_view part : {"..", "@{", "//"}) {
    if (has(text, part)) {
      return RefGlobMistake{"no reference has '" + std::string(part) + "' in its name", {}, false};
    }
  }
  if (text.starts_with('/')) {
    return RefGlobMistake{"no reference's name starts with '/'", {}, false};
  }
  if (text.ends_with('/')) {
    return RefGlobMistake{"no reference's name ends with '/'",
                          "'" + printable(text) + "**' is everything below it", false};
  }
  if (text.ends_with('.') || text.ends_with(".lock") || has(text, ".lock/")) {
    return RefGlobMistake{"no part of a reference's name ends with '.' or '.lock'", {}, false};
  }
  return std::nullopt;
}

}  // namespace

std::optional<RefGlobMistake> ref_glob_mistake(std::string_view glob) {
  GlobProgram program;
  if (std::optional<std::string> mistake = compile_glob(glob, program)) {
    return RefGlobMistake{std::move(*mistake), {}, false};
  }
  const std::string text = outline(program);
  if (auto mistake = foreign(glob, text)) return mistake;
  if (auto mistake = like_expression(glob, text)) return mistake;
  return unnameable(text);
}

}  // namespace trunkgate
