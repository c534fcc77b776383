// conflict-marker: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kConflict =
    "one\n<<<<<<< HEAD\ntwo\n||||||| 1a2b3c4\n=======\nthree\n>>>>>>> topic\nfour\n";

std::string refusal(int line, const std::string& shown) {
  return std::to_string(line) + ": an unresolved merge conflict\n  " + shown + "\n";
}

class ConflictMarker : public ContentRuleTest {
 protected:
  ConflictMarker() : ContentRuleTest("conflict-marker") { with("{}"); }
};

TEST_F(ConflictMarker, AcceptsWhatIsNoConflict) {
  EXPECT_EQ(judge("a", ""), kFine);
  EXPECT_EQ(judge("a", "Title\n=======\n||||||| x\n"), kFine);
  EXPECT_EQ(judge("a", "cat <<<<<<< x\n  <<<<<<< HEAD\n> >>>>>>> y\n"), kFine);
}

TEST_F(ConflictMarker, SaysWhereTheFirstMarkerIs) {
  EXPECT_EQ(judge("a", kConflict), refusal(2, "<<<<<<< HEAD"));
  EXPECT_EQ(judge("a", "\n\n>>>>>>> topic"), refusal(3, ">>>>>>> topic"));
  EXPECT_EQ(judge("a", "<<<<<<< HEAD\r\nx\r\n"), refusal(1, "<<<<<<< HEAD\\x0d"));
}

TEST_F(ConflictMarker, CountsTheCharactersOfAMarker) {
  EXPECT_EQ(judge("a", "<<<<<< HEAD\n>>>>>> x\n"), kFine);
  EXPECT_EQ(judge("a", "<<<<<<< HEAD\n"), refusal(1, "<<<<<<< HEAD"));
  EXPECT_EQ(judge("a", "<<<<<<<< HEAD\n>>>>>>>> x\n"), kFine);
  EXPECT_EQ(judge("a", "<<<<<<<HEAD\n"), kFine);
  EXPECT_EQ(judge("a", "<<<<<<< \n"), refusal(1, "<<<<<<< "));
}

// As `git diff --check` has it.
TEST_F(ConflictMarker, NeedsWhiteSpaceOrTheLinesEndBehindAMarker) {
  EXPECT_EQ(judge("a", "<<<<<<<\nx\n"), refusal(1, "<<<<<<<"));
  EXPECT_EQ(judge("a", "x\n>>>>>>>"), refusal(2, ">>>>>>>"));
  EXPECT_EQ(judge("a", "<<<<<<<\tHEAD\n"), refusal(1, "<<<<<<<\\tHEAD"));
  EXPECT_EQ(judge("a", "<<<<<<<\r\n"), refusal(1, "<<<<<<<\\x0d"));
  EXPECT_EQ(judge("a", "<<<<<<<<\n<<<<<<\n"), kFine);
  EXPECT_EQ(judge("a", "|||||||\n"), kFine);
  EXPECT_EQ(change("a", ">>>>>>>\n", "|||||||\n>>>>>>>\n"), refusal(1, "|||||||"));
  EXPECT_EQ(change("a", "x >>>>>>>\n", "|||||||\nx >>>>>>>\n"), kFine);
}

TEST_F(ConflictMarker, LooksAtNewLinesOnly) {
  const std::string before = kConflict;
  EXPECT_EQ(change("a", before, before + "five\n"), kFine);
  EXPECT_EQ(change("a", before, before + ">>>>>>> more\n"), refusal(9, ">>>>>>> more"));
  EXPECT_EQ(change("a", "one\nfour\n", kConflict), refusal(2, "<<<<<<< HEAD"));
  // What is left when somebody took one marker away and moved the other.
  EXPECT_EQ(change("a", "x\n>>>>>>> y\n", "x\n||||||| base\n>>>>>>> y\n"),
            refusal(2, "||||||| base"));
}

TEST_F(ConflictMarker, ShowsALittleOfALongLineAndNothingHarmful) {
  EXPECT_EQ(judge("a", "<<<<<<< \x1b[31m\xff\n"), refusal(1, "<<<<<<< \\x1b[31m\\xff"));
  EXPECT_EQ(judge("a", "<<<<<<< " + std::string(100, 'x') + "\n"),
            refusal(1, "<<<<<<< " + std::string(52, 'x') + "..."));
}

TEST_F(ConflictMarker, LooksIntoBinaryFilesAsWell) {
  EXPECT_EQ(judge("a", std::string(1, '\0') + "\n<<<<<<< HEAD\n"), refusal(2, "<<<<<<< HEAD"));
}

TEST_F(ConflictMarker, LeavesExcludedFilesAlone) {
  with("{exclude: ['docs/**/*.rst', '*.patch']}");
  EXPECT_EQ(judge("docs/a.rst", kConflict), kNotAsked);
  EXPECT_EQ(judge("docs/a/b.rst", kConflict), kNotAsked);
  EXPECT_EQ(judge("x/y.patch", kConflict), kNotAsked);
  EXPECT_EQ(judge("a.rst", kConflict), refusal(2, "<<<<<<< HEAD"));
}

TEST_F(ConflictMarker, IsNotAboutLinksSubmodulesAndDeletions) {
  EXPECT_EQ(judge(link("a", "<<<<<<< HEAD")), kNotAsked);
  EXPECT_EQ(judge(submodule("a")), kNotAsked);
  EXPECT_EQ(judge(deleted("a", kConflict)), kNotAsked);
}

}  // namespace
}  // namespace trunkgate
