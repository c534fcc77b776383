// undecodable-message: a message whose bytes programs read differently, or that hides text.
#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "base/unicode.h"
#include "push/message_encoding.h"
#include "push/message_parts.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<bool> kAnyEncoding{"any-encoding", "true",
                                    "accept messages that say they are in another encoding"};
constexpr Option<bool> kAsciiTitle{"ascii-title", "false", "the title may have ASCII only"};
constexpr const OptionInfo* kOptions[] = {&kAnyEncoding.info, &kAsciiTitle.info};

constexpr char32_t kByteOrderMark = 0xFEFF;

struct Flaw {
  std::size_t offset = 0;
  std::string message;
};

// What is wrong with a character that stands behind `before` and in front of `after`.
std::string flaw_of(char32_t c, std::size_t offset, std::string_view after) {
  if (c == kByteOrderMark && offset == 0) return "the message starts with a byte order mark";
  if (c == '\r' && after.starts_with('\n')) return {};
  if (c == 0) return "the message has a NUL, behind which Git shows nothing";
  if (is_forbidden_control(c)) {
    return "the message has the control character " + describe_code_point(c);
  }
  if (is_bidi_control(c))
    return "the message has " + describe_code_point(c) + ", which reorders text";
  return {};
}

// The first flaw; one is enough to have the message written anew.
Flaw first_flaw(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = next_code_point(text.substr(at));
    std::string message = flaw_of(next.value, at, text.substr(at + next.size));
    if (!message.empty()) return {at, std::move(message)};
    at += next.size;
  }
  return {};
}

class UndecodableMessage final : public Rule {
 public:
  explicit UndecodableMessage(const RuleSetup& setup)
      : any_encoding_(setup.options.get(kAnyEncoding)),
        ascii_title_(setup.options.get(kAsciiTitle)) {}

  void check_commit(const Push&, const Commit& commit, Answer& out) const override {
    const DecodedMessage decoded = decode_message(commit.message, commit.encoding);
    const MessageParts parts = read_message(commit);
    if (!any_encoding_ && !is_utf8_name(commit.encoding)) {
      Finding finding = finding_about_message(
          commit, parts, "the message is in '" + printable(commit.encoding, 40) + "', not UTF-8");
      finding.hint = "git config i18n.commitEncoding UTF-8";
      out.add(std::move(finding));
    }
    if (!decoded.problem.empty()) {
      add(commit, parts, decoded.text, {decoded.problem_offset, decoded.problem},
          "git config i18n.commitEncoding UTF-8", out);
    } else if (Flaw flaw = first_flaw(decoded.text); !flaw.message.empty()) {
      add(commit, parts, decoded.text, flaw, "type the message again instead of pasting it", out);
    }
    if (ascii_title_) check_title(commit, parts, out);
  }

 private:
  static bool is_utf8_name(std::string_view encoding) {
    const std::string lower = ascii_lower(encoding);
    return lower.empty() || lower == "utf-8" || lower == "utf8";
  }

  static void add(const Commit& commit, const MessageParts& parts, std::string_view text,
                  const Flaw& flaw, std::string hint, Answer& out) {
    const std::string_view before = text.substr(0, flaw.offset);
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    Finding finding = finding_about_message(commit, parts, flaw.message);
    finding.hint = std::move(hint);
    if (line == parts.title_line && flaw.offset - line_start < parts.title.size()) {
      mark_title(finding, parts, flaw.offset - line_start, 1);
      finding.title_length = 1;
    } else {
      finding.line = line;
      finding.details = {"line " + std::to_string(line) + ", column " +
                         std::to_string(count_code_points(before.substr(line_start)) + 1)};
    }
    out.add(std::move(finding));
  }

  static void check_title(const Commit& commit, const MessageParts& parts, Answer& out) {
    const std::size_t at = ascii_prefix(parts.title);
    if (at == parts.title.size()) return;
    const CodePoint first = next_code_point(std::string_view(parts.title).substr(at));
    Finding finding = finding_about_message(
        commit, parts, "the title has " + describe_code_point(first.value) + ", not only ASCII");
    mark_title(finding, parts, at, first.size);
    out.add(std::move(finding));
  }

  bool any_encoding_;
  bool ascii_title_;
};

constexpr Example kExamples[] = {
    {"", "feat: add a caf\xc3\xa9", true},
    {"", "feat: add a caf\xe9", false},
    {"", "encoding: ISO-8859-1\n\nfeat: add a caf\xe9", true},
    {"", "encoding: x-klingon\n\nfeat: add login", false},
    {"",
     "\xef\xbb\xbf"
     "feat: add login",
     false},
    {"", "feat: add login\x1b[2J", false},
    {"",
     "feat: add login\n\nthe \xe2\x80\xae"
     "end",
     false},
    {"", "feat: add login\r\n\r\nfrom Windows\r\n", true},
    {"{any-encoding: false}", "encoding: ISO-8859-1\n\nfeat: add login", false},
    {"{ascii-title: true}", "feat: add a caf\xc3\xa9", false},
    {"{ascii-title: true}", "feat: add a cafe\n\nthe caf\xc3\xa9", true},
};

}  // namespace

constinit const RuleInfo undecodable_message{
    .id = "undecodable-message",
    .subject = Subject::commit,
    .summary = "a commit message cannot be read, or not by every program in the same way",
    .rationale = "Text that one program shows and another hides is how bad things get past people.",
    .remedy = "Reword the commit in UTF-8, without control characters.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<UndecodableMessage>,
};

}  // namespace trunkgate
