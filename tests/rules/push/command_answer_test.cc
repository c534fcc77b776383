// What a program may answer, where its findings go, and every mistake it can make.
#include "rules/push/command_answer.h"

#include <gtest/gtest.h>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

class CommandAnswer : public testing::Test {
 protected:
  CommandAnswer() {
    old_ = temporary_.commit("feat: old", {});
    first_ = temporary_.commit("feat: first", {old_});
    second_ = temporary_.commit("fix: second\n\nbody\n", {first_});
    repository_ = temporary_.open();
    const PushedRef gone{"refs/heads/gone", RefKind::branch, old_, {}, old_, {}};
    const PushedRef topic{"refs/heads/topic", RefKind::branch, {}, second_, {}, second_};
    const PushedRef tag{"refs/tags/v1", RefKind::tag, {}, old_, {}, old_};
    push_ = std::make_unique<Push>(Push{*repository_, {}, {}, {gone, topic, tag}, {}});
    parts_ = {{&push_->refs[0], {}}, {&push_->refs[1], {first_, second_}}, {&push_->refs[2], {}}};
  }

  // The mistake; findings are in answer_.
  std::string read(std::string_view text) {
    answer_ = {std::vector<Answer>(parts_.size()), {}};
    return read_command_answer(text, *push_, parts_, "command.lint", answer_);
  }

  // Of an answer with one finding.
  std::string read_finding(const std::string& keys) {
    return read("{\"findings\": [{" + keys + "}]}");
  }

  std::vector<std::size_t> counts() const {
    std::vector<std::size_t> sizes;
    for (const Answer& part : answer_.parts) sizes.push_back(part.findings.size());
    sizes.push_back(answer_.whole.findings.size());
    return sizes;
  }

  using Counts = std::vector<std::size_t>;
  TemporaryRepository temporary_;
  ObjectId old_;
  ObjectId first_;
  ObjectId second_;
  std::unique_ptr<Repository> repository_;
  std::unique_ptr<Push> push_;
  std::vector<PushPart> parts_;
  PushAnswer answer_;
};

TEST_F(CommandAnswer, MayBeEmpty) {
  for (const char* text : {"", " \n", "{}", "{\"findings\": []}", "{\"findings\": null}"}) {
    EXPECT_EQ(read(text), "") << text;
    EXPECT_EQ(counts(), (Counts{0, 0, 0, 0}));
  }
}

TEST_F(CommandAnswer, IsReadWhole) {
  EXPECT_EQ(read_finding("\"ref\": \"refs/heads/topic\", \"commit\": \"" + second_.hex() +
                         "\", \"path\": {\"lossy\": \"a\", \"b64\": \"Yf8=\"}, \"line\": 7, "
                         "\"message\": \"\\n one \\n\\ntwo\\u001b\", \"hint\": \"h\\u0007\", "
                         "\"commands\": [\"git x\", \"git y\"], \"severity\": \"warning\""),
            "");
  EXPECT_EQ(counts(), (Counts{0, 1, 0, 0}));
  EXPECT_EQ(answer_.parts[1].findings[0], (Finding{.message = "one",
                                                   .details = {"two\\x1b"},
                                                   .hint = "h\\x07",
                                                   .commands = {"git x", "git y"},
                                                   .commit = second_,
                                                   .title = "fix: second",
                                                   .line = 7,
                                                   .path = "a\xff",
                                                   .advice = true,
                                                   .rule = "command.lint"}));
}

TEST_F(CommandAnswer, GoesWhereItBelongs) {
  EXPECT_EQ(read_finding("\"message\": \"m\""), "");
  EXPECT_EQ(counts(), (Counts{0, 0, 0, 1}));
  EXPECT_EQ(read_finding("\"message\": \"m\", \"ref\": \"refs/heads/gone\""), "");
  EXPECT_EQ(counts(), (Counts{1, 0, 0, 0}));
  EXPECT_EQ(read_finding("\"message\": \"m\", \"commit\": \"" + first_.hex() + "\""), "");
  EXPECT_EQ(counts(), (Counts{0, 1, 0, 0}));
  // A file without a commit is one of the newest.
  EXPECT_EQ(read_finding("\"message\": \"m\", \"path\": \"a\""), "");
  EXPECT_EQ(counts(), (Counts{0, 1, 0, 0}));
  EXPECT_EQ(answer_.parts[1].findings[0].commit, second_);
  EXPECT_EQ(read_finding("\"message\": \"m\", \"path\": \"a\", \"ref\": \"refs/tags/v1\""), "");
  EXPECT_EQ(counts(), (Counts{0, 0, 1, 0}));
  EXPECT_EQ(answer_.parts[2].findings[0].title, "feat: old");
}

TEST_F(CommandAnswer, LosesCommandsThatCannotBeShown) {
  EXPECT_EQ(read_finding("\"message\": \"m\", \"commands\": [\"git x\", \"a\\nb\"]"), "");
  EXPECT_EQ(answer_.whole.findings[0].commands, std::vector<std::string>());
}

TEST_F(CommandAnswer, TellsEveryMistake) {
  EXPECT_EQ(read("[]"), "the answer: expected an object");
  EXPECT_EQ(read("{\"findings\": []} x"), "it is no JSON");
  EXPECT_EQ(read("{\"findings\": [{\"message\": \"\xff\"}]}"), "it is no JSON");
  EXPECT_EQ(read(std::string(1 << 20U, '[')), "it is no JSON");
  EXPECT_EQ(read(std::string(500'000, '[') + std::string(500'000, ']')),
            "the answer: expected an object");
  EXPECT_EQ(read("{\"finding\": []}"), "the answer: there is no key 'finding'");
  EXPECT_EQ(read("{\"findings\": {}}"), "findings: expected a list");
  EXPECT_EQ(read("{\"findings\": [1]}"), "findings[0]: expected an object");
  EXPECT_EQ(read_finding(""), "findings[0]: a finding needs a 'message'");
  EXPECT_EQ(read_finding("\"message\": 1"), "findings[0].message: expected text");
  const std::string fine = "\"message\": \"m\", ";
  EXPECT_EQ(read_finding(fine + "\"x\\u001b\": 1"), "findings[0]: there is no key 'x\\x1b'");
  EXPECT_EQ(read_finding(fine + "\"hint\": []"), "findings[0].hint: expected text");
  EXPECT_EQ(read_finding(fine + "\"path\": \"\""), "findings[0].path: expected a path");
  EXPECT_EQ(read_finding(fine + "\"path\": {\"b64\": \"!\"}"), "findings[0].path: expected text");
  EXPECT_EQ(read_finding(fine + "\"commands\": \"x\""),
            "findings[0].commands: expected a list of texts");
  EXPECT_EQ(read_finding(fine + "\"severity\": \"fatal\""),
            "findings[0].severity: expected error or warning");
  for (const char* line : {"0", "-1", "1.5", "\"1\"", "1e30", "99999999999999999999"}) {
    EXPECT_EQ(read_finding(fine + "\"line\": " + line),
              "findings[0].line: expected a whole number from 1 on");
  }
  EXPECT_EQ(read_finding(fine + "\"ref\": \"refs/heads/main\""),
            "findings[0].ref: 'refs/heads/main' is none of the refs it was told about");
  EXPECT_EQ(read_finding(fine + "\"commit\": \"" + old_.hex() + "\""),
            "findings[0].commit: '" + old_.hex() + "' is none of the commits it was told about");
  EXPECT_EQ(read_finding(fine + "\"commit\": \"abc\""),
            "findings[0].commit: 'abc' is none of the commits it was told about");
}

}  // namespace
}  // namespace trunkgate
