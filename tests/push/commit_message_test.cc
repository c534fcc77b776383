// The judge of commit messages: whole problems, corrected titles, exemptions, options, encodings.
#include "push/commit_message.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace trunkgate {
namespace {

constexpr std::string_view kCommit = "1e69d542c16c2a32acfd139e32efa07a45f19111";

CommitMessage judge(std::string_view text, const MessageOptions& options = {},
                    const MessageFacts& facts = {}) {
  return judge_message(text, options, facts);
}

// The verdict, one line for each problem, and the corrected title.
std::string report(const CommitMessage& message) {
  std::string out = std::string(to_string(message.verdict));
  if (!message.exemption.empty()) out += " " + message.exemption;
  out += "\n";
  for (const MessageProblem& problem : message.problems) {
    out += fmt::format("{}:{}+{} {} {}: {}\n", problem.line, problem.column, problem.length,
                       to_string(problem.severity), problem.code, problem.message);
  }
  if (message.corrected_title) out += "-> " + *message.corrected_title + "\n";
  return out;
}

std::string report(std::string_view text) { return report(judge(text)); }

std::string codes(const CommitMessage& message) {
  std::string out;
  for (const MessageProblem& problem : message.problems) {
    out += (out.empty() ? "" : " ") + problem.code;
  }
  return out;
}

std::string codes(std::string_view text) { return codes(judge(text)); }

std::string corrected(std::string_view text) {
  return judge(text).corrected_title.value_or("none");
}

TEST(CommitMessage, AcceptsAWholeMessageAndGivesItsParts) {
  const CommitMessage message = judge(
      "feat(api)!: add x\n\nFirst.\n\nSecond.\n\nBREAKING CHANGE: gone\n since today\nRefs #12\n");
  EXPECT_EQ(report(message), "accept\n");
  EXPECT_EQ(message.title, "feat(api)!: add x");
  EXPECT_EQ(message.type, "feat");
  EXPECT_EQ(message.scope, "api");
  EXPECT_TRUE(message.breaking);
  EXPECT_EQ(message.description, "add x");
  EXPECT_EQ(message.body, "First.\n\nSecond.");
  ASSERT_EQ(message.footers.size(), 2U);
  EXPECT_EQ(message.footers[0].token, "BREAKING CHANGE");
  EXPECT_EQ(message.footers[0].value, "gone\n since today");
  EXPECT_EQ(message.footers[1].token, "Refs");
  EXPECT_EQ(message.footers[1].value, "12");
  EXPECT_TRUE(message.has_body);
}

TEST(CommitMessage, CountsLinesInTheRawMessage) {
  const CommitMessage message = judge("\n \nfeat:x\nbody\n");
  EXPECT_EQ(message.title_line, 3U);
  EXPECT_EQ(report(message),
            "reject\n"
            "3:6+1 reject missing-space-after-colon: no space after ':'; put one there\n"
            "4:1+4 reject body-missing-blank-line: a blank line must follow the title; insert one, "
            "or join a wrapped title\n"
            "-> feat: x\n");
  EXPECT_FALSE(message.type);
}

TEST(CommitMessage, RejectsAnEmptyMessage) {
  EXPECT_EQ(report(""), "reject\n1:1+1 reject empty-message: the commit has no message\n");
  EXPECT_EQ(codes("\n \t\n"), "empty-message");
}

TEST(CommitMessage, RejectsAFullWidthColonAndPrintsTheCorrectedTitle) {
  EXPECT_EQ(report("feat\uFF08api\uFF09\uFF1A\u4E2D\u6587"),
            "reject\n"
            "1:10+1 reject fullwidth-colon: U+FF1A FULLWIDTH COLON is not ':'; write the ASCII "
            "':'\n"
            "-> feat(api): \u4E2D\u6587\n");
}

TEST(CommitMessage, SuggestsTheNearestType) {
  EXPECT_EQ(report("feature: add x"),
            "reject\n"
            "1:1+7 reject type-not-allowed: type 'feature' is not allowed; did you mean 'feat'?\n"
            "-> feat: add x\n");
  EXPECT_EQ(report("foo: x"),
            "reject\n"
            "1:1+3 reject type-not-allowed: type 'foo' is not allowed; allowed: build, chore, ci, "
            "docs, feat, fix, perf, refactor, revert, style, test\n");
  EXPECT_EQ(report("f\u0435at: x"),
            "reject\n"
            "1:1+4 reject type-not-allowed: this type is not allowed, it holds U+0435 (a Cyrillic "
            "letter); did you mean 'feat'?\n"
            "-> feat: x\n");
}

TEST(CommitMessage, NamesTheCharacterAfterTheColon) {
  EXPECT_EQ(report("feat:\u00A0x"),
            "reject\n"
            "1:6+1 reject bad-whitespace-after-colon: U+00A0 NO-BREAK SPACE stands after ':'; use "
            "a plain space\n"
            "-> feat: x\n");
}

TEST(CommitMessage, SaysWhatATitleWithoutAColonCouldBe) {
  EXPECT_EQ(report("feat add support"),
            "reject\n"
            "1:1+4 reject missing-colon: the title has no 'type: ' prefix; did you mean 'feat: add "
            "support'?\n");
  EXPECT_EQ(report("Hello World"),
            "reject\n"
            "1:1+5 reject missing-colon: the title has no 'type: ' prefix; write it as in 'feat: "
            "add a login page'\n");
}

TEST(CommitMessage, RepairsWhatIsCertain) {
  const std::vector<std::pair<std::string, std::string>> titles = {
      {"feat:x", "feat: x"},
      {"Feat: x", "feat: x"},
      {"feat : x", "feat: x"},
      {"feat (api): x", "feat(api): x"},
      {"feat!(api): x", "feat(api)!: x"},
      {"feat!!: x", "feat!: x"},
      {"feat:! x", "feat!: x"},
      {"feat:: x", "feat: x"},
      {"feat(): x", "feat: x"},
      {"feat( api ): x", "feat(api): x"},
      {"feat(a)(b): x", "feat(a,b): x"},
      {"feat(api: add x", "feat(api): add x"},
      {"feat:  x.  ", "feat: x"},
      {" \uFEFFfeat: x", "feat: x"},
      {"\u2728 feat: x", "feat: \u2728 x"},
      {"\u2728feat: x", "feat: \u2728 x"},
      {"\"feat: x\"", "feat: x"},
      {"* feat: x", "feat: x"},
      {"[feat] x", "feat: x"},
      {"feat; x", "feat: x"},
      {"hotfix:x", "fix: x"},
      {"feta: x", "feat: x"},
      {"fix: a\u200Bb", "fix: ab"},
      {"feat: BREAKING CHANGE: drop x", "feat!: drop x"},
  };
  for (const auto& [wrong, right] : titles) {
    EXPECT_EQ(corrected(wrong), right) << wrong;
    EXPECT_EQ(judge(right).verdict, MessageVerdict::accept) << right;
  }
}

TEST(CommitMessage, DoesNotGuessARepair) {
  for (const std::string title :
       {"feat: fine", "text: x", "feat(a(b)): x", "feat add support", "feat(a b: x", "foo (bar): x",
        "deps: x", "feat,fix: x", "fix: \u202Ex", "feat:", "fixup! feat: x",
        "Revert \"feat: x\""}) {
    EXPECT_EQ(corrected(title), "none") << title;
  }
  EXPECT_EQ(corrected("feat:" + std::string(200, 'x')), "none");
}

TEST(CommitMessage, ReportsEveryProblemOfATitleInItsOrder) {
  EXPECT_EQ(codes("feat(a) !:\tx"), "space-before-colon bad-whitespace-after-colon");
  EXPECT_EQ(codes("Feat( a ):  fix: x\t."),
            "type-case scope-whitespace extra-space-after-colon doubled-prefix tab-in-header "
            "description-full-stop");
  EXPECT_EQ(codes("c++:x\n\nbreaking change: y"),
            "type-charset missing-space-after-colon breaking-lowercase");
}

TEST(CommitMessage, ReadsTheTitleFromLeftToRight) {
  const std::vector<std::pair<std::string, std::string>> titles = {
      {"(api): x", "missing-type"},
      {"(api) x", "missing-colon"},
      {":bug: fix: x", "missing-type"},
      {"!important", "missing-colon"},
      {"feat(a)): x", "nested-parens"},
      {"feat): x", "type-charset"},
      {"feat\uFE55 x", "colon-lookalike"},
      {"feat\uFF01: x", "fullwidth-bang"},
      {"feat(api\uFF09: x", "fullwidth-parens"},
      {"Update (foo) bar", "missing-colon"},
      {"feat(a)b: x", "missing-colon"},
      {"1.2.3: x", "type-charset"},
      {"wip", "wip"},
      {"v1.2.3+build.5", "version-bump"},
      {"1.2", "missing-colon"},
      {"amend! x", "autosquash"},
      {"feat: <short description>", "template-text"},
      {"feat: [WIP] x", "wip"},
  };
  for (const auto& [title, code] : titles) EXPECT_EQ(codes(title), code) << title;
}

TEST(CommitMessage, RejectsEveryNearMissOfABreakingChange) {
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"BREAKING CHANGES: y", "breaking-typo"},
      {"BREAKING_CHANGE: y", "breaking-typo"},
      {"BREAKINGCHANGE: y", "breaking-typo"},
      {"BRAEKING CHANGE: y", "breaking-typo"},
      {"BREAKING CHANGE(api): y", "breaking-typo"},
      {"Breaking-Change: y", "breaking-lowercase"},
      {"BREAKING CHANGE\uFF1Ay", "breaking-fullwidth-colon"},
      {"BREAKING-CHANGE #1", "breaking-hash-separator"},
      {"BREAKING CHANGE\n\ny", "breaking-not-a-footer"},
      {"BREAKING CHANGE y", "breaking-not-a-footer"},
      {"> BREAKING CHANGE: y", "breaking-not-at-line-start"},
      {"**BREAKING CHANGE:** y", "breaking-not-at-line-start"},
      {"BREAKING CHANGE:\ty", "breaking-footer-missing-space"},
      {"BREAKING CHANGE:   ", "breaking-footer-empty"},
      {"text\nBREAKING CHANGE :y",
       "breaking-footer-needs-blank-line breaking-footer-space-before-colon "
       "breaking-footer-missing-space"},
  };
  for (const auto& [line, expected] : lines) {
    const CommitMessage message = judge("fix: m\n\n" + line);
    EXPECT_EQ(codes(message), expected) << line;
    EXPECT_EQ(message.verdict, MessageVerdict::reject) << line;
    EXPECT_FALSE(message.breaking) << line;
  }
  EXPECT_EQ(report("fix: m\n\nBREAKING: y").substr(0, 4), "warn");
  EXPECT_EQ(codes("fix: m\n\nBREAKING CHANGES in the API are listed below"), "");
}

TEST(CommitMessage, WarnsOfFootersThatAreNone) {
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"Reviewed-by:Z", "footer-missing-space"},
      {"Reviewed-by : Z", "footer-space-before-colon"},
      {"Reviewed by: Z", "footer-token-space"},
      {"Reviewed_by: Z", "footer-token-charset"},
      {"Refs\uFF1A#1", "footer-fullwidth-colon"},
      {"Reviewed-by:", "footer-empty-value"},
      {"text\nSigned-off-by: A <a@b>", "footer-needs-blank-line"},
      {"text\nRefs: #1\n\nSigned-off-by: A <a@b>", "footer-needs-blank-line"},
      {"Signed-off-by: A\n\ntext", "text-after-footers"},
      {"Refs: #1\nReviewed-by:Z", "footer-missing-space"},
      {"https://example.com/a", ""},
      {"text\nIMPORTANT: read this", ""},
      {"Changes:\n- one\n- two", ""},
      {"Note: first\n\nsecond", ""},
  };
  for (const auto& [body, expected] : bodies) {
    const CommitMessage message = judge("fix: m\n\n" + body);
    EXPECT_EQ(codes(message), expected) << body;
    EXPECT_EQ(message.verdict, expected.empty() ? MessageVerdict::accept : MessageVerdict::warn);
  }
}

TEST(CommitMessage, ExemptsByStructureOnly) {
  const std::string revert =
      fmt::format("Revert \"feat: x\"\n\nThis reverts commit {}.\n", kCommit);
  EXPECT_EQ(report(judge("bad stuff", {}, {2, ""})), "exempt merge-commit\n");
  EXPECT_EQ(codes(judge("Merge \x1b[31m", {}, {2, ""})), "control-character");
  EXPECT_EQ(report(judge("", {}, {3, ""})), "exempt merge-commit\n");
  EXPECT_EQ(codes(judge("Merge branch 'x'", {}, {1, ""})), "missing-colon");
  EXPECT_EQ(report(revert), "exempt git-revert\n");
  EXPECT_EQ(judge(revert).reverted, kCommit);
  EXPECT_EQ(codes("Revert \"feat: x\"\n\nThis reverts commit 1e69d54."), "git-revert");
  EXPECT_EQ(codes(fmt::format("Revert \"x\" more\n\nThis reverts commit {}.", kCommit)),
            "git-revert");
  EXPECT_EQ(codes(fmt::format("revert it\n\nThis reverts commit {}.", kCommit)), "missing-colon");
  EXPECT_EQ(report(judge("Initial commit\n", {}, {0, ""})), "exempt initial-commit\n");
  EXPECT_EQ(codes(judge("Initial commit\n", {}, {1, ""})), "missing-colon");
  EXPECT_EQ(codes(judge("initial commit\n", {}, {0, ""})), "missing-colon");
}

TEST(CommitMessage, NamesTheRevertedCommitOfAConventionalRevertToo) {
  const std::string upper = "1E69D542C16C2A32ACFD139E32EFA07A45F19111";
  EXPECT_EQ(judge("revert: x\n\nThis reverts commit " + upper + ", reversing").reverted, kCommit);
  EXPECT_EQ(judge("revert: x\n\nThis reverts commit " + upper + "0").reverted, std::nullopt);
}

TEST(CommitMessage, FollowsTheOptions) {
  MessageOptions options;
  options.allow_autosquash = true;
  EXPECT_EQ(report(judge("fixup! feat: x", options)), "exempt autosquash\n");
  EXPECT_EQ(codes(judge("fixup!: x", options)), "type-not-allowed");

  options = {};
  options.types = {};
  EXPECT_EQ(report(judge("whatever: x", options)), "accept\n");
  EXPECT_EQ(report(judge("Whatever:x", options)).substr(0, 6), "reject");

  options = {};
  options.strict_type_case = true;
  EXPECT_EQ(judge("Feat: x", options).verdict, MessageVerdict::reject);

  options = {};
  options.title_length = 10;
  EXPECT_EQ(report(judge("feat: 1234", options)), "accept\n");
  EXPECT_EQ(report(judge("feat: 12345\n", options)),
            "reject\n1:11+1 reject header-too-long: the title has 11 characters, 10 are allowed\n");
  options.title_length = 0;
  EXPECT_EQ(report(judge("feat: " + std::string(500, 'x'), options)), "accept\n");

  options = {};
  options.scopes = {"api", "ui-*"};
  options.scope_required = true;
  EXPECT_EQ(report(judge("feat(API, ui-core): x", options)), "accept\n");
  EXPECT_EQ(report(judge("feat(api/db): x", options)),
            "reject\n1:6+6 reject scope-not-allowed: scope 'api/db' is not allowed; allowed: api, "
            "ui-*\n");
  EXPECT_EQ(codes(judge("feat: x", options)), "missing-scope");
}

TEST(CommitMessage, NeverRepeatsHostileBytes) {
  EXPECT_EQ(report("feat: a\x1b[31m\u202Eb\u2028"),
            "reject\n"
            "1:8+1 reject control-character: U+001B ESCAPE is not allowed in a message; remove "
            "it\n"
            "1:13+1 reject bidi-control: U+202E RIGHT-TO-LEFT OVERRIDE changes the order of the "
            "text; remove it\n"
            "1:15+1 reject control-character: U+2028 LINE SEPARATOR is not allowed in a message; "
            "remove it\n");
  EXPECT_EQ(codes(std::string_view("feat: x\n\nbo\0dy", 13)), "nul-byte");
  EXPECT_EQ(codes("feat: x\r"), "control-character");
  EXPECT_EQ(codes("feat: x\r\n\r\nbody\r\n"), "");
  EXPECT_EQ(codes("feat: x\u200By"), "invisible-character");
  EXPECT_EQ(codes("f\x1b"
                  "eat: x"),
            "control-character");
  // Joiners and selectors that do their work.
  EXPECT_EQ(codes("feat: \U0001F468\u200D\U0001F469 \u2764\uFE0F \u0646\u200C\u0647"), "");
}

TEST(CommitMessage, RefusesAMessageThatIsTooLong) {
  const std::string longest = "feat: x\n\n" + std::string(kLongestMessage - 9, 'x');
  EXPECT_EQ(report(longest), "accept\n");
  EXPECT_EQ(report(longest + "x"),
            "reject\n1:1+1 reject message-too-long: the message has 1048577 bytes, 1048576 are "
            "allowed\n");
}

struct Encoded {
  std::string encoding;
  std::string bytes;
  std::string description;
};

TEST(CommitMessage, DecodesByTheEncodingHeader) {
  using namespace std::string_literals;
  const std::vector<Encoded> messages = {
      {"", "feat: caf\xC3\xA9", "caf\u00E9"},
      {"utf8", "feat: caf\xC3\xA9", "caf\u00E9"},
      {"ISO-8859-1", "feat: caf\xE9", "caf\u00E9"},
      {"latin1", "feat: caf\xE9", "caf\u00E9"},
      {"iso-8859-15", "feat: \xA4", "\u20AC"},
      {"windows-1252", "feat: \x80", "\u20AC"},
      {"UTF-16LE", "f\0i\0x\0:\0 \0\x2D\x4E"s, "\u4E2D"},
      {"UTF-16", "\xFE\xFF\0f\0i\0x\0:\0 \x4E\x2D"s, "\u4E2D"},
      {"UTF-16", "f\0i\0x\0:\0 \0\x3D\xD8\x00\xDE"s, "\U0001F600"},
      {"Shift_JIS", "feat: \x93\xFA\x96\x7B\x8C\xEA", "\u65E5\u672C\u8A9E"},
      {"EUC-JP", "feat: \xC6\xFC", "\u65E5"},
      {"ISO-2022-JP", "feat: \x1b$BF|\x1b(B", "\u65E5"},
      {"GBK", "feat: \xD6\xD0", "\u4E2D"},
      {"KOI8-R", "feat: \xC4\xC1", "\u0434\u0430"},
  };
  for (const Encoded& message : messages) {
    const CommitMessage judged = judge(message.bytes, {}, {1, message.encoding});
    EXPECT_EQ(report(judged), "accept\n") << message.encoding;
    EXPECT_EQ(judged.description, message.description) << message.encoding;
  }
}

TEST(CommitMessage, RejectsWhatCannotBeDecoded) {
  const std::vector<std::pair<std::string, std::string>> messages = {
      {"", "feat: caf\xE9"}, {"US-ASCII", "feat: caf\xC3\xA9"}, {"windows-1252", "feat: \x81"},
      {"UTF-16LE", "f"},     {"no-such-charset", "feat: x"},    {"Shift_JIS", "feat: \x93"},
      {"-t;rm", "feat: x"},  {"UTF-8 ; x", "feat: x"},          {std::string(41, 'x'), "feat: x"},
  };
  for (const auto& [encoding, bytes] : messages) {
    const CommitMessage judged = judge(bytes, {}, {1, encoding});
    ASSERT_FALSE(judged.problems.empty()) << encoding;
    EXPECT_EQ(judged.problems.front().code, "invalid-encoding") << encoding;
    EXPECT_EQ(judged.type, std::nullopt) << encoding;
  }
  EXPECT_EQ(report("feat: caf\xE9"),
            "reject\n1:10+1 reject invalid-encoding: these bytes are not valid UTF-8; re-encode "
            "the message\n");
  EXPECT_EQ(judge("feat: caf\xE9").title, "feat: caf\uFFFD");
}

std::string breaking(BreakingMarks marks, std::string_view text) {
  MessageOptions options;
  options.breaking = marks;
  return report(judge(text, options));
}

TEST(CommitMessage, AsksForTheMarksOfABreakingChangeThatThePolicyWants) {
  const std::string neither = "feat: x\n\nbody\n";
  const std::string mark = "feat(a)!: x\n\nbody\n";
  const std::string footer = "feat(a): x\n\nbody\n\nBREAKING CHANGE: gone\n";
  const std::string both = "feat(a)!: x\n\nbody\n\nBREAKING-CHANGE: gone\n";
  for (const BreakingMarks marks : {BreakingMarks::any, BreakingMarks::mark, BreakingMarks::footer,
                                    BreakingMarks::both, BreakingMarks::none}) {
    EXPECT_EQ(breaking(marks, neither), "accept\n");
  }
  const std::string no_mark =
      "reject\n1:8+1 reject breaking-mark-missing: a footer announces a breaking change, but no "
      "'!' stands before the ':'\n-> feat(a)!: x\n";
  const std::string no_footer =
      "reject\n1:8+1 reject breaking-footer-missing: '!' needs a footer 'BREAKING CHANGE: ...' "
      "that says what breaks\n";
  EXPECT_EQ(breaking(BreakingMarks::any, mark), "accept\n");
  EXPECT_EQ(breaking(BreakingMarks::any, footer), "accept\n");
  EXPECT_EQ(breaking(BreakingMarks::mark, mark), "accept\n");
  EXPECT_EQ(breaking(BreakingMarks::mark, footer), no_mark);
  EXPECT_EQ(breaking(BreakingMarks::footer, mark), no_footer);
  EXPECT_EQ(breaking(BreakingMarks::footer, footer), "accept\n");
  EXPECT_EQ(breaking(BreakingMarks::both, mark), no_footer);
  EXPECT_EQ(breaking(BreakingMarks::both, footer), no_mark);
  for (const BreakingMarks marks :
       {BreakingMarks::any, BreakingMarks::mark, BreakingMarks::footer, BreakingMarks::both}) {
    EXPECT_EQ(breaking(marks, both), "accept\n");
  }
  EXPECT_EQ(breaking(BreakingMarks::none, mark),
            "reject\n1:8+1 reject breaking-change: a breaking change is not allowed here\n");
  EXPECT_EQ(breaking(BreakingMarks::none, footer),
            "reject\n1:1+7 reject breaking-change: a breaking change is not allowed here\n");
}

}  // namespace
}  // namespace trunkgate
