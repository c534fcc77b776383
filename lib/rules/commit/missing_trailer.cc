// missing-trailer: a message without a trailer the policy wants, or with one it does not.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "push/message_parts.h"
#include "push/trailers.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kRequire{"require", "", "trailers every message needs"};
constexpr Option<std::vector<std::string>> kForbid{"forbid", "", "trailers no message may have"};
constexpr Option<std::vector<std::string>> kMatch{
    "match", "", "what whole values must match, as 'Change-Id: I[0-9a-f]{40}'"};
constexpr const OptionInfo* kOptions[] = {&kRequire.info, &kForbid.info, &kMatch.info};

struct ValuePattern {
  std::string token;
  Pattern pattern;
};

class MissingTrailer final : public Rule {
 public:
  explicit MissingTrailer(const RuleSetup& setup)
      : require_(tokens(setup.options, kRequire)), forbid_(tokens(setup.options, kForbid)) {
    for (const std::string& text : setup.options.get(kMatch)) {
      if (auto value = value_pattern(text, setup.options)) values_.push_back(std::move(*value));
    }
    if (!setup.options.has("require") && !setup.options.has("forbid") &&
        !setup.options.has("match")) {
      setup.options.diagnostics().error(setup.options.where(),
                                        "the rule needs trailers: 'require', 'forbid' or 'match'");
    }
  }

  void check_commit(const Push&, const Commit& commit, Answer& out) const override {
    const MessageParts parts = read_message(commit);
    const std::vector<Trailer> trailers = read_trailers(parts.text);
    for (const std::string& token : require_) {
      if (!has(trailers, token)) add_missing(commit, parts, token, out);
    }
    for (const std::string& token : forbid_) {
      if (!has(trailers, token)) continue;
      Finding finding =
          finding_about_message(commit, parts, "the trailer '" + token + "' is not allowed");
      finding.hint = "take the line '" + token + ": ...' out of the message";
      out.add(std::move(finding));
    }
    for (const ValuePattern& wanted : values_) {
      for (const Trailer& trailer : trailers) {
        if (!same_token(trailer.token, wanted.token)) continue;
        if (wanted.pattern.matches_all(trailer.value)) continue;
        Finding finding = finding_about_message(commit, parts,
                                                "the value of the trailer '" + wanted.token +
                                                    "' does not match; it is '" +
                                                    printable(trailer.value, 60) + "'");
        finding.details = {"must match: " + printable(wanted.pattern.text())};
        out.add(std::move(finding));
      }
    }
  }

 private:
  static std::vector<std::string> tokens(const OptionReader& options,
                                         const Option<std::vector<std::string>>& option) {
    std::vector<std::string> names = options.get(option);
    for (const std::string& name : names) {
      if (is_trailer_token(name)) continue;
      options.diagnostics().error(
          item_location(*options.find(option.info.name), name),
          "'" + printable(name) + "' is no trailer's name: letters, digits and hyphens");
    }
    return names;
  }

  static std::optional<ValuePattern> value_pattern(const std::string& text,
                                                   const OptionReader& options) {
    const auto colon = text.find(": ");
    std::string mistake;
    if (colon == std::string::npos || !is_trailer_token(text.substr(0, colon))) {
      mistake = "'" + printable(text) + "' must be a trailer and a pattern, as 'Token: pattern'";
    } else if (const auto bad = Pattern::mistake(text.substr(colon + 2))) {
      mistake = "bad pattern: " + *bad;
    } else {
      return ValuePattern{text.substr(0, colon), Pattern(text.substr(colon + 2))};
    }
    options.diagnostics().error(item_location(*options.find(kMatch.info.name), text), mistake);
    return std::nullopt;
  }

  static bool has(const std::vector<Trailer>& trailers, std::string_view token) {
    return std::any_of(trailers.begin(), trailers.end(), [&](const Trailer& trailer) {
      return same_token(trailer.token, token) && !trailer.value.empty();
    });
  }

  static void add_missing(const Commit& commit, const MessageParts& parts, const std::string& token,
                          Answer& out) {
    Finding finding =
        finding_about_message(commit, parts, "the trailer '" + token + "' is missing");
    const std::string start = ascii_lower(token) + ":";
    for (std::string_view rest = parts.body; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (!ascii_lower(line).starts_with(start)) continue;
      finding.details = {
          "a line with that name is there, but not among trailers: they are the "
          "last paragraph, and it holds nothing else"};
      break;
    }
    if (same_token(token, "Change-Id")) {
      finding.hint = "Gerrit's commit-msg hook adds it; then amend the commit";
    } else if (finding.details.empty()) {
      finding.amendment = {.wanted = true, .trailers = {token + ": VALUE"}};
      finding.reword = false;
    } else {
      finding.hint = "write '" + token + ": VALUE' in the last paragraph";
    }
    out.add(std::move(finding));
  }

  std::vector<std::string> require_;
  std::vector<std::string> forbid_;
  std::vector<ValuePattern> values_;
};

constexpr Example kExamples[] = {
    {"{require: [Reviewed-by]}", "feat: add login\n\nReviewed-by: Bo <bo@example.com>", true},
    {"{require: [Reviewed-by]}", "feat: add login\n\nreviewed-by: Bo <bo@example.com>", true},
    {"{require: [Reviewed-by]}", "feat: add login", false},
    {"{require: [Reviewed-by]}", "feat: add login\n\nReviewed-by:", false},
    {"{require: [Reviewed-by]}", "feat: add login\n\nReviewed-by: Bo <bo@example.com>\n\nThe end.",
     false},
    {"{forbid: [Change-Id]}", "feat: add login\n\nChange-Id: I1", false},
    {"{forbid: [Change-Id]}", "feat: tell about Change-Id: lines", true},
    {"{match: ['Change-Id: I[0-9a-f]{4}']}", "feat: add login\n\nChange-Id: I12ab", true},
    {"{match: ['Change-Id: I[0-9a-f]{4}']}", "feat: add login\n\nChange-Id: I12abc", false},
    {"{match: ['Change-Id: I[0-9a-f]{4}']}", "feat: add login", true},
};

}  // namespace

constinit const RuleInfo missing_trailer{
    .id = "missing-trailer",
    .subject = Subject::commit,
    .summary = "a commit message lacks a trailer, or has one that is not allowed",
    .rationale = "Trailers are the part of a message that programs read: reviews, ids, credits.",
    .remedy = "Add the line 'Token: value' to the last paragraph of the message.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<MissingTrailer>,
};

}  // namespace trunkgate
