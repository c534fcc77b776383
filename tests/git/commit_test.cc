// Commits read from their raw bytes.
#include "git/commit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace trunkgate {
namespace {

const ObjectId kId = *ObjectId::parse("1234567800000000000000000000000000000000");
const std::string kTree = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const std::string kOne = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const std::string kTwo = "cccccccccccccccccccccccccccccccccccccccc";
const std::string kAda = "Ada <ada@example.com> 1700000000 +0100";

// The reason a commit is refused, or "" when it is not.
std::string refusal(const std::string& raw) {
  try {
    parse_commit(kId, raw);
    return {};
  } catch (const BadCommit& bad) {
    EXPECT_EQ(bad.id, kId);
    EXPECT_EQ(bad.kind(), ErrorKind::repository);
    return bad.what();
  }
}

std::string with_author(const std::string& author) {
  return "tree " + kTree + "\nauthor " + author + "\ncommitter " + kAda + "\n\nfeat: x\n";
}

TEST(Commit, GivesEveryPart) {
  const Commit commit = parse_commit(kId, "tree " + kTree + "\nparent " + kOne + "\nparent " +
                                              kTwo + "\nauthor " + kAda +
                                              "\ncommitter Bo B. <bo@example.com> 1700000060 -0330"
                                              "\nencoding ISO-8859-1\ngpgsig -----BEGIN\n line\n"
                                              " -----END\n\nfeat: x\n\nbody\n");
  EXPECT_EQ(commit.id, kId);
  EXPECT_EQ(commit.tree.hex(), kTree);
  ASSERT_EQ(commit.parents.size(), 2U);
  EXPECT_EQ(commit.parents[0].hex(), kOne);
  EXPECT_EQ(commit.parents[1].hex(), kTwo);
  EXPECT_EQ(commit.author.name, "Ada");
  EXPECT_EQ(commit.author.email, "ada@example.com");
  EXPECT_EQ(commit.author.time, 1'700'000'000);
  EXPECT_EQ(commit.author.offset_minutes, 60);
  EXPECT_EQ(commit.committer.name, "Bo B.");
  EXPECT_EQ(commit.committer.email, "bo@example.com");
  EXPECT_EQ(commit.committer.time, 1'700'000'060);
  EXPECT_EQ(commit.committer.offset_minutes, -210);
  EXPECT_EQ(commit.encoding, "ISO-8859-1");
  EXPECT_TRUE(commit.signed_commit);
  EXPECT_EQ(commit.message, "feat: x\n\nbody\n");
}

TEST(Commit, KeepsEveryByteOfTheMessage) {
  const std::string message("\n\nfeat: \0x\xff\r\nauthor nobody\n", 28);
  const Commit commit = parse_commit(
      kId, "tree " + kTree + "\nauthor " + kAda + "\ncommitter " + kAda + "\n\n" + message);
  EXPECT_EQ(commit.message, message);
  EXPECT_EQ(commit.parents, std::vector<ObjectId>());
  EXPECT_EQ(commit.encoding, "");
  EXPECT_FALSE(commit.signed_commit);
}

TEST(Commit, MayHaveNoMessage) {
  const std::string header = "tree " + kTree + "\nauthor " + kAda + "\ncommitter " + kAda + "\n";
  EXPECT_EQ(parse_commit(kId, header).message, "");
  EXPECT_EQ(parse_commit(kId, header + "\n").message, "");
}

TEST(Commit, ReadsNamesThatAreOddButHonest) {
  EXPECT_EQ(parse_commit(kId, with_author(" <> 0 +0000")).author.name, "");
  EXPECT_EQ(parse_commit(kId, with_author(" <a@example.com> 0 +0000")).author.email,
            "a@example.com");
  EXPECT_EQ(parse_commit(kId, with_author("\xe9 \xff <a b> 5 +0530")).author.name, "\xe9 \xff");
  EXPECT_EQ(parse_commit(kId, with_author("A <a b> 5 +0530")).author.offset_minutes, 330);
}

TEST(Commit, IsRefusedWhenItsHeadersAreNotAsGitWritesThem) {
  const std::string tree = "tree " + kTree + "\n";
  const std::string author = "author " + kAda + "\n";
  const std::string committer = "committer " + kAda + "\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "its header has no end"},
      {"tree " + kTree, "its header has no end"},
      {tree, "its header has no end"},
      {tree + author, "its header has no end"},
      {author + committer + "\n", "it has no tree"},
      {"tree x\n" + author + committer + "\n", "its tree is no object id"},
      {"tree\n" + author + committer + "\n", "it has no tree"},
      {tree + "parent x\n" + author + committer + "\n", "its parent is no object id"},
      {tree + "parent " + kOne + " \n" + author + committer + "\n", "its parent is no object id"},
      {tree + committer + author + "\n", "it has no author line after its parents"},
      {tree + author + author + committer + "\n", "it has no committer line after its author"},
      {tree + author + "parent " + kOne + "\n" + committer + "\n",
       "it has no committer line after its author"},
      {tree + author + committer + committer + "\n", "a header stands twice or in the wrong place"},
      {tree + author + committer + tree + "\n", "a header stands twice or in the wrong place"},
      {tree + author + committer + "parent " + kOne + "\n\n",
       "a header stands twice or in the wrong place"},
      {tree + author + committer + "encoding a\nencoding b\n\n", "it has two encodings"},
      {tree + author + committer + "gpgsig x", "its header has no end"},
  };
  for (const auto& [raw, why] : cases) {
    EXPECT_EQ(refusal(raw), "commit 12345678 is malformed: " + why) << raw;
  }
}

TEST(Commit, IsRefusedWhenAPersonCanBeReadInTwoWays) {
  for (const char* author :
       {"Ada 0 +0000", "Ada <a 0 +0000", "Ada a> 0 +0000", "Ada <a> <b> 0 +0000",
        "Ada <<a> 0 +0000", "Ada <a>> 0 +0000", "Ada >a< 0 +0000"}) {
    EXPECT_EQ(refusal(with_author(author)),
              "commit 12345678 is malformed: its author line has no single <address>")
        << author;
  }
}

TEST(Commit, IsRefusedWhenADateCannotBeRead) {
  for (const char* date :
       {"", "x +0000", "0", "99999999999999999999 +0000", "0x10 +0000", "9223372036854775808 +0000",
        "-5 +0000", "+5 +0000", " 5 +0000", "\t5 +0000", "+0000"}) {
    EXPECT_EQ(refusal(with_author(std::string("Ada <a> ") + date)),
              "commit 12345678 is malformed: its author line has no date")
        << date;
  }
  for (const char* zone : {"0000", "+000", "+00000", "+00 0", "UTC+0", "+-100"}) {
    EXPECT_EQ(refusal(with_author(std::string("Ada <a> 0 ") + zone)),
              "commit 12345678 is malformed: its author line has no time zone")
        << zone;
  }
}

// What `git fsck` calls nulInHeader: Git reads such a line as C does, so it shows another person.
TEST(Commit, IsRefusedWithANulInItsHeader) {
  const std::string author = "author " + kAda + "\n";
  const std::string committer = "committer " + kAda + "\n";
  const std::string nul(1, '\0');
  for (const std::string& header :
       {"tree " + kTree + "\nauthor Eve" + nul + " " + kAda + "\n" + committer,
        "tree " + kTree + "\nauthor Eve <eve@x" + nul + "@example.com> 0 +0000\n" + committer,
        "tree " + kTree + nul + "\n" + author + committer,
        "tree " + kTree + "\n" + author + committer + "encoding UTF-8" + nul + "\n",
        "tree " + kTree + "\n" + author + committer + "note a" + nul + "b\n"}) {
    EXPECT_EQ(refusal(header + "\nfeat: x\n"),
              "commit 12345678 is malformed: its header has a NUL, behind which Git shows nothing");
    EXPECT_EQ(refusal(header),
              "commit 12345678 is malformed: its header has a NUL, behind which Git shows nothing");
  }
}

// missingNameBeforeEmail, missingSpaceBeforeEmail, missingSpaceBeforeDate and zeroPaddedDate: a
// client that checks what it fetches (fetch.fsckObjects) could not get them.
TEST(Commit, IsRefusedWhenAPersonIsNotInTheFormThatGitWrites) {
  const std::string start = "commit 12345678 is malformed: its author line has ";
  EXPECT_EQ(refusal(with_author("<a@x> 5 +0000")), start + "no space before the address");
  EXPECT_EQ(refusal(with_author("Ada<a@x> 5 +0000")), start + "no space before the address");
  EXPECT_EQ(refusal(with_author("Ada <a@x>5 +0000")), start + "no date");
  EXPECT_EQ(refusal(with_author("Ada <a@x> 05 +0000")), start + "a date with zeros in front");
  EXPECT_EQ(refusal(with_author("Ada <a@x> 00 +0000")), start + "a date with zeros in front");
  EXPECT_EQ(refusal(with_author("Ada <a@x> 0 +0000")), "");
  EXPECT_EQ(refusal(with_author("Ada <a@x> 9223372036854775807 +0000")), "");
}

TEST(CommitLinks, AreParentsAndTheCommittersTime) {
  const CommitLinks links =
      parse_links(kId, "tree " + kTree + "\nparent " + kOne + "\nparent " + kTwo + "\nauthor " +
                           kAda + "\ncommitter Bo <bo@example.com> 1700000060 +0000\n\nfeat: x\n");
  ASSERT_EQ(links.parents.size(), 2U);
  EXPECT_EQ(links.parents[0].hex(), kOne);
  EXPECT_EQ(links.parents[1].hex(), kTwo);
  EXPECT_EQ(links.time, 1'700'000'060);
}

TEST(CommitLinks, NeedNoReadableDate) {
  const std::string raw =
      "tree " + kTree + "\nparent " + kOne + "\nauthor x\ncommitter y <z> never\n\nfeat: x\n";
  EXPECT_EQ(parse_links(kId, raw).time, 0);
  EXPECT_EQ(parse_links(kId, raw).parents.size(), 1U);
  EXPECT_EQ(parse_links(kId, "tree " + kTree + "\nauthor x\ncommitter y\n\n").time, 0);
}

TEST(CommitLinks, TakeNoParentOutOfTheMessage) {
  EXPECT_EQ(parse_links(kId, "tree " + kTree + "\nauthor x\ncommitter y\n\nparent " + kOne + "\n")
                .parents.size(),
            0U);
  EXPECT_EQ(parse_links(kId, "tree " + kTree + "\n\nparent " + kOne + "\n").parents.size(), 0U);
}

TEST(CommitLinks, AreRefusedWhenAParentIsNoId) {
  EXPECT_THROW(parse_links(kId, "tree " + kTree + "\nparent " + kOne.substr(1) + "\n\n"),
               BadCommit);
  EXPECT_THROW(parse_links(kId, "author x\n\n"), BadCommit);
  EXPECT_THROW(parse_links(kId, "tree " + kTree + "\nauthor x"), BadCommit);
}

TEST(Title, IsTheFirstLineThatIsNotBlank) {
  EXPECT_EQ(title_of("feat: x\n\nbody\n"), "feat: x");
  EXPECT_EQ(title_of("feat: x"), "feat: x");
  EXPECT_EQ(title_of("\n \t\r\n  feat: x \t\r\nbody"), "  feat: x");
  EXPECT_EQ(title_of("\xff\xfe\n"), "\xff\xfe");
  EXPECT_EQ(title_of(""), "");
  EXPECT_EQ(title_of(" \n\t\n\r\n"), "");
}

}  // namespace
}  // namespace trunkgate
