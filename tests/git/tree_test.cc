// Trees from their raw bytes: what may not stand in one, in .gitmodules and in .gitattributes.
#include "git/tree.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace trunkgate {
namespace {

using Ids = std::vector<ObjectId>;

const ObjectId kSome = *ObjectId::parse(std::string(40, '1'));

std::string entry(const std::string& mode, const std::string& name, const ObjectId& id = kSome) {
  return mode + " " + name + std::string(1, '\0') +
         std::string(reinterpret_cast<const char*>(id.bytes()), ObjectId::kSize);
}
std::string file(const std::string& name) { return entry("100644", name); }
std::string folder(const std::string& name) { return entry("40000", name); }

std::string fault(const std::string& raw) {
  FilesForGit found;
  return tree_fault(raw, found);
}

// "mode name id" of each entry; "malformed" at the end when that is what comes then.
std::vector<std::string> entries(const std::string& raw) {
  std::vector<std::string> found;
  TreeReader reader(raw);
  TreeEntry next;
  while (reader.next(next)) {
    found.push_back(std::to_string(next.mode) + " " + std::string(next.name) + " " +
                    next.id.brief());
  }
  if (reader.malformed()) found.emplace_back("malformed");
  return found;
}

TEST(TreeReader, GivesEveryEntry) {
  EXPECT_EQ(entries(""), std::vector<std::string>());
  EXPECT_EQ(
      entries(file("a") + entry("40000", "b", ObjectId()) + entry("120000", "\xff \n") +
              entry("160000", "d") + entry("0100755", "e")),
      (std::vector<std::string>{"33188 a 11111111", "16384 b 00000000", "40960 \xff \n 11111111",
                                "57344 d 11111111", "33261 e 11111111"}));
}

TEST(TreeReader, TellsAFolderByItsMode) {
  const auto is_folder = [](const std::string& mode) {
    const std::string raw = entry(mode, "a");
    TreeReader reader(raw);
    TreeEntry next;
    EXPECT_TRUE(reader.next(next));
    return next.folder();
  };
  EXPECT_TRUE(is_folder("40000"));
  EXPECT_TRUE(is_folder("040000"));
  EXPECT_TRUE(is_folder("40755"));
  EXPECT_FALSE(is_folder("100644"));
  EXPECT_FALSE(is_folder("120000"));
  EXPECT_FALSE(is_folder("160000"));
}

TEST(TreeReader, LeavesTheEntryAloneAtTheEnd) {
  for (const std::string& raw : {file("a"), file("a") + "100644 b"}) {
    TreeReader reader(raw);
    TreeEntry next;
    EXPECT_TRUE(reader.next(next));
    EXPECT_FALSE(reader.next(next));
    EXPECT_EQ(next.mode, 0100644U);
    EXPECT_EQ(next.name, "a");
    EXPECT_EQ(next.id, kSome);
    EXPECT_EQ(reader.malformed(), raw != file("a"));
    EXPECT_FALSE(reader.next(next));
  }
}

TEST(TreeReader, TellsWhatIsNoTree) {
  const std::vector<std::string> malformed{"malformed"};
  const std::string id(ObjectId::kSize, '\x11');
  const std::string zero(1, '\0');
  EXPECT_EQ(entries("x"), malformed);
  EXPECT_EQ(entries(zero), malformed);
  EXPECT_EQ(entries(" a" + zero + id), malformed);          // no mode
  EXPECT_EQ(entries("100644" + zero + id), malformed);      // no name, no space
  EXPECT_EQ(entries("100644a" + zero + id), malformed);     // no space
  EXPECT_EQ(entries("100844 a" + zero + id), malformed);    // no octal digit
  EXPECT_EQ(entries("-00644 a" + zero + id), malformed);    // no number
  EXPECT_EQ(entries("00100644 a" + zero + id), malformed);  // too many digits
  EXPECT_EQ(entries("77777777777777777777 a" + zero + id), malformed);
  EXPECT_EQ(entries("100644 " + zero + id), malformed);  // an empty name
  EXPECT_EQ(entries("100644 a" + id), malformed);        // no end of the name
  EXPECT_EQ(entries("100644 a" + zero + id.substr(1)), malformed);
  EXPECT_EQ(entries(file("a") + "\n"), (std::vector<std::string>{"33188 a 11111111", "malformed"}));
}

TEST(TreeReader, TellsEveryTreeThatIsCutOff) {
  const std::string raw = file("a") + folder("b");
  for (std::size_t size = 0; size < raw.size(); ++size) {
    std::vector<std::string> expected;
    if (size >= file("a").size()) expected.emplace_back("33188 a 11111111");
    if (size % file("a").size() != 0) expected.emplace_back("malformed");
    EXPECT_EQ(entries(raw.substr(0, size)), expected) << size;
  }
}

// The sign of the order of two entries.
int order(unsigned mode_a, const std::string& a, unsigned mode_b, const std::string& b) {
  const int found =
      tree_order({.mode = mode_a, .name = a, .id = {}}, {.mode = mode_b, .name = b, .id = {}});
  const int back =
      tree_order({.mode = mode_b, .name = b, .id = {}}, {.mode = mode_a, .name = a, .id = {}});
  EXPECT_EQ(found<0, back> 0);
  EXPECT_EQ(found == 0, back == 0);
  return found < 0 ? -1 : found > 0 ? 1 : 0;
}

TEST(TreeOrder, IsByBytesWithASlashAfterFolders) {
  constexpr unsigned kFile = 0100644;
  EXPECT_EQ(order(kFile, "a", kFile, "b"), -1);
  EXPECT_EQ(order(kFile, "a", kFile, "a"), 0);
  EXPECT_EQ(order(kFile, "a", kFile, "aa"), -1);
  EXPECT_EQ(order(kFile, "a", kFile, "\xff"), -1);
  EXPECT_EQ(order(kFile, "B", kFile, "a"), -1);
  EXPECT_EQ(order(kFile, "a", kFolderMode, "a"), -1);
  EXPECT_EQ(order(kFolderMode, "a", kFolderMode, "a"), 0);
  EXPECT_EQ(order(kFile, "a.txt", kFolderMode, "a"), -1);
  EXPECT_EQ(order(kFolderMode, "a", kFile, "a0"), -1);
  EXPECT_EQ(order(kFolderMode, "a", kFolderMode, "a-b"), 1);
  EXPECT_EQ(order(kSubmoduleMode, "a", kFile, "a.txt"), -1);
  EXPECT_EQ(order(kSymlinkMode, "a", kFile, "a"), 0);
  // A slash in a name, which no sound tree has.
  EXPECT_EQ(order(kFolderMode, "a", kFolderMode, "a/x"), -1);
  EXPECT_EQ(order(kFolderMode, "a", kFile, "a/x"), -1);
  EXPECT_EQ(order(kFile, "a/", kFolderMode, "a"), 1);
}

TEST(TreeFault, IsNothingForWhatGitMakes) {
  EXPECT_EQ(fault(""), "");
  EXPECT_EQ(fault(file("a") + folder("b") + entry("100755", "c") + entry("120000", "d") +
                  entry("160000", "e") + file("\xc3\xa9") + file("\xff")),
            "");
  EXPECT_EQ(fault(file("a") + file("a.txt") + file("a0")), "");
  EXPECT_EQ(fault(file("a.txt") + folder("a") + file("a0")), "");
  EXPECT_EQ(fault(file("A") + file("a")), "");
}

TEST(TreeFault, IsNothingForWhatOldToolsMade) {
  EXPECT_EQ(fault(entry("040000", "a")), "");
  EXPECT_EQ(fault(entry("0100644", "a")), "");
  EXPECT_EQ(fault(entry("100664", "a")), "");
}

TEST(TreeFault, IsAnEntryOutOfOrder) {
  EXPECT_EQ(fault(file("b") + file("a")), "'a' stands after 'b', which is out of order");
  EXPECT_EQ(fault(folder("a") + file("a.txt")), "'a.txt' stands after 'a', which is out of order");
  EXPECT_EQ(fault(file("a0") + folder("a")), "'a' stands after 'a0', which is out of order");
  EXPECT_EQ(fault(file("\xc3\xa9") + file("z")), "'z' stands after 'é', which is out of order");
  EXPECT_EQ(fault(file("a") + file("c") + file("b\n")),
            "'b\\n' stands after 'c', which is out of order");
  // Whatever stands between them, a file does not come after a folder of its name.
  EXPECT_EQ(fault(folder("a") + file("a0") + file("a")),
            "'a' stands after 'a0', which is out of order");
}

TEST(TreeFault, IsANameThatStandsInItTwice) {
  const std::string twice = "'a' stands in it twice";
  EXPECT_EQ(fault(file("a") + file("a")), twice);
  EXPECT_EQ(fault(folder("a") + folder("a")), twice);
  EXPECT_EQ(fault(file("a") + entry("120000", "a")), twice);
  EXPECT_EQ(fault(file("a") + folder("a")), twice);
  EXPECT_EQ(fault(folder("a") + file("a")), twice);
  EXPECT_EQ(fault(entry("160000", "a") + folder("a")), twice);
  EXPECT_EQ(fault(file("a") + file("b") + file("b")), "'b' stands in it twice");
}

TEST(TreeFault, IsAFileAndAFolderOfOneNameWithOthersBetween) {
  const std::string twice = "'a' stands in it twice";
  EXPECT_EQ(fault(file("a") + file("a.txt") + folder("a")), twice);
  EXPECT_EQ(fault(file("a") + file("a-") + file("a.") + file("a.txt") + folder("a")), twice);
  EXPECT_EQ(fault(file("a") + folder("a-b") + file("a.b") + file("a.b.c") + folder("a")), twice);
  EXPECT_EQ(fault(file("a") + file("a.b") + file("a.b.c") + folder("a.b") + folder("a")),
            "'a.b' stands in it twice");
  EXPECT_EQ(fault(entry("120000", "a") + file("a.txt") + folder("a")), twice);
  EXPECT_EQ(fault(file("a") + file("a.b") + folder("a-b")),
            "'a-b' stands after 'a.b', which is out of order");
  EXPECT_EQ(fault(file("a") + file("a.b") + folder("a.bc") + file("b")), "");
}

TEST(TreeFault, IsANameThatIsNoFiles) {
  EXPECT_EQ(fault(file("")), "its bytes are no list of entries");
  EXPECT_EQ(fault(file("a/b")), "the name 'a/b' has a slash");
  EXPECT_EQ(fault(file("/")), "the name '/' has a slash");
  EXPECT_EQ(fault(folder("a/")), "the name 'a/' has a slash");
  EXPECT_EQ(fault(file("\xff/\n")), "the name '\\xff/\\n' has a slash");
  EXPECT_EQ(fault(file(".")), "a file is named '.'");
  EXPECT_EQ(fault(folder("..")), "a file is named '..'");
  EXPECT_EQ(fault(file("a") + file("..")), "a file is named '..'");
}

TEST(TreeFault, IsANameThatSomeSystemTakesForGitsFolder) {
  const std::vector<std::pair<std::string, std::string>> names{
      {".git", ".git"},
      {".GIT", ".GIT"},
      {".gIt", ".gIt"},
      {".git ", ".git "},
      {".git.", ".git."},
      {".git . .", ".git . ."},
      {"git~1", "git~1"},
      {"GIT~1", "GIT~1"},
      {"Git~1. ", "Git~1. "},
      {".git::$INDEX_ALLOCATION", ".git::$INDEX_ALLOCATION"},
      {".git:x", ".git:x"},
      {".git:\xc3\xa9", ".git:é"},
      {"git~1:x", "git~1:x"},
      {".g\u200cit", ".g<U+200C>it"},
      {".G\u200dIt", ".G<U+200D>It"},
      {"\u206a.git", "<U+206A>.git"},
      {".git\u206f", ".git<U+206F>"},
      {"\ufeff.git", "<U+FEFF>.git"},
      {".\u202a\u202e\u200e\u200fgit", ".<U+202A><U+202E><U+200E><U+200F>git"},
      {"a\\.git", "a\\.git"},
      {"a\\b\\.GIT", "a\\b\\.GIT"},
      {"\\git~1", "\\git~1"},
      {".git\\config", ".git\\config"},
      {"\xc3\xa9\\.git\\x", "é\\.git\\x"},
  };
  for (const auto& [name, shown] : names) {
    const std::string words = "the name '" + shown + "' is taken for '.git' by some systems";
    EXPECT_EQ(fault(file(name)), words);
    EXPECT_EQ(fault(folder(name)), words);
    EXPECT_EQ(fault(entry("120000", name)), words);
    EXPECT_EQ(fault(entry("160000", name)), words);
  }
}

TEST(TreeFault, IsNothingForNamesThatOnlyLookLikeIt) {
  for (const std::string name : {".gitignore", ".gitattributes",
                                 ".gitx",      "git",
                                 "git~2",      "git~10",
                                 "git~",       ".gi",
                                 ".gitt",      "x.git",
                                 "a.git",      ".git-",
                                 ".git_",      ".git~1",
                                 "...",        "..a",
                                 ".a",         ". ",
                                 "g",          "G~1",
                                 "a\\b",       "\\",
                                 "a\\.gitx",   ".gi\xc3\xb1t",
                                 "\u200cgit",  "\u200c",
                                 ".g\u0131t",  ".git\xc3\xa9",
                                 "a:.git",     ".g it"}) {
    EXPECT_EQ(fault(file(name)), "") << name;
    EXPECT_EQ(fault(folder(name)), "") << name;
  }
}

TEST(TreeFault, IsAnEntryThatPointsToNothing) {
  EXPECT_EQ(fault(entry("100644", "a", ObjectId())), "'a' points to nothing");
  EXPECT_EQ(fault(entry("160000", "a", ObjectId())), "'a' points to nothing");
  EXPECT_EQ(fault(entry("40000", "\x1b[31m", ObjectId())), "'\\x1b[31m' points to nothing");
}

TEST(TreeFault, IsAModeOfNothingThatGitKnows) {
  const std::string words = "'a' is neither file, folder, link nor submodule";
  for (const std::string mode : {"0", "644", "20644", "60644", "140755", "10644", "170000"}) {
    EXPECT_EQ(fault(entry(mode, "a")), words) << mode;
  }
}

TEST(TreeFault, IsBytesThatAreNoTree) {
  const std::string words = "its bytes are no list of entries";
  const std::string raw = file("a") + folder("b");
  for (std::size_t size = 1; size < raw.size(); ++size) {
    EXPECT_EQ(fault(raw.substr(0, size)), size == file("a").size() ? "" : words) << size;
  }
  EXPECT_EQ(fault("no tree"), words);
  EXPECT_EQ(fault(file("a") + std::string(1, '\0')), words);
}

TEST(TreeFault, IsTheFirstOfSeveral) {
  EXPECT_EQ(fault(file("a") + file("a") + file(".git") + "x"), "'a' stands in it twice");
}

TEST(TreeFault, IsALinkThatIsTakenForGitmodules) {
  for (const std::string name : {".gitmodules", ".GitModules", ".gitmodules ", ".gitmodules::$DATA",
                                 "gitmod~1", "GITMOD~4", "gi7eba~1", "GI7EBA~9"}) {
    EXPECT_EQ(fault(entry("120000", name)), "'" + name + "' is a symbolic link");
    EXPECT_EQ(fault(file(name)), "");
  }
  EXPECT_EQ(fault(entry("120000", ".git\u200cmodules")),
            "'.git<U+200C>modules' is a symbolic link");
  EXPECT_EQ(fault(entry("120000", ".gitmodule")), "");
  EXPECT_EQ(fault(entry("120000", ".gitignore")), "");
}

// `git fsck` calls these gitmodulesSymlink, too.
TEST(TreeFault, IsALinkThatFsckTakesForGitmodules) {
  for (const std::string name : {"gi7eb~10", "GI7E~123", "gi~12345", "~1000000", "\\.gitmodules",
                                 "a\\.gitmodules", "a\\GITMOD~1"}) {
    EXPECT_EQ(fault(entry("120000", name)), "'" + name + "' is a symbolic link");
  }
  EXPECT_EQ(fault(entry("120000", ".gitmodules:\xc3\xa9")), "'.gitmodules:é' is a symbolic link");
}

TEST(TreeFault, CollectsWhatIsTakenForGitmodules) {
  const ObjectId one = *ObjectId::parse(std::string(40, 'a'));
  const ObjectId two = *ObjectId::parse(std::string(40, 'b'));
  FilesForGit found{.gitmodules = {kSome}, .gitattributes = {}};
  EXPECT_EQ(tree_fault(entry("100644", ".GITMODULES", one) + file(".gitignore") +
                           entry("100755", ".gitmodules", two) + file("a") +
                           entry("100644", "gitmod~1", one),
                       found),
            "");
  EXPECT_EQ(found.gitmodules, (Ids{kSome, one, two, one}));
  EXPECT_EQ(found.gitattributes, Ids());
}

TEST(TreeFault, CollectsPlainFilesThatAreTakenForGitattributes) {
  const ObjectId one = *ObjectId::parse(std::string(40, 'a'));
  const ObjectId two = *ObjectId::parse(std::string(40, 'b'));
  FilesForGit found;
  EXPECT_EQ(tree_fault(entry("100755", ".GitAttributes", one) + entry("100644", ".gitattributes") +
                           entry("120000", ".gitattributes ") + folder(".gitattributes.") +
                           file("gita") + entry("100644", "gitatt~1", two),
                       found),
            "");
  EXPECT_EQ(found.gitattributes, (Ids{one, kSome, two}));
  EXPECT_EQ(found.gitmodules, Ids());
}

TEST(NamesGitattributes, IsTrueForWhatSomeFileSystemTakesForIt) {
  for (const std::string name :
       {".gitattributes", ".GITATTRIBUTES", ".gitattributes .", "gitatt~4", "GI7D29~1", "gi7d2~10",
        ".git\u200cattributes", "a\\.gitattributes"}) {
    EXPECT_TRUE(names_gitattributes(name)) << name;
    EXPECT_FALSE(names_gitmodules(name)) << name;
  }
  for (const std::string name : {"gitattributes", ".gitattribute", ".gitattributes-", "gitatt~5",
                                 "gi7d29~0", ".gitmodules", "gi7eba~1"}) {
    EXPECT_FALSE(names_gitattributes(name)) << name;
  }
}

TEST(GitattributesFault, IsALineThatGitDoesNotRead) {
  const std::string fits(kMaxAttributesLine, 'x');
  EXPECT_EQ(gitattributes_fault(""), "");
  EXPECT_EQ(gitattributes_fault("* text=auto\n\n*.c diff=cpp"), "");
  EXPECT_EQ(gitattributes_fault(fits), "");
  EXPECT_EQ(gitattributes_fault(fits + "\n" + fits + "\n"), "");
  EXPECT_EQ(gitattributes_fault(fits + "x"), "line 1 has 2048 bytes; Git reads at most 2047");
  EXPECT_EQ(gitattributes_fault("a\n\n" + fits + "xy\nb\n"),
            "line 3 has 2049 bytes; Git reads at most 2047");
}

TEST(NamesGitmodules, IsTrueForWhatSomeFileSystemTakesForIt) {
  for (const std::string name :
       {".gitmodules", ".GITMODULES", ".gitmodules ", ".gitmodules.", ".gitmodules . :x",
        ".gitmodules:x", "gitmod~1", "gitmod~2", "gitmod~3", "gitmod~4", "GitMod~1 .", "gi7eba~1",
        "gi7eba~9", "GI7EBA~5:x", ".git\u200cmodules", "\ufeff.GitModules", ".gitmodules\u206f"}) {
    EXPECT_TRUE(names_gitmodules(name)) << name;
  }
}

TEST(NamesGitmodules, IsTrueForEveryShortNameOfNtfs) {
  for (const std::string name : {"gi7eb~10", "gi7eb~99", "GI7E~123", "gi7~1234", "gi~12345",
                                 "g~123456", "~1000000", "gi7eb~10 .", "gi7eb~10:x"}) {
    EXPECT_TRUE(names_gitmodules(name)) << name;
  }
}

TEST(NamesGitmodules, IsTrueWhateverTheStreamIsNamed) {
  EXPECT_TRUE(names_gitmodules(".gitmodules:\xc3\xa9"));
  EXPECT_TRUE(names_gitmodules("gitmod~1:\xc3\xa9"));
}

TEST(NamesGitmodules, IsFalseForOtherNames) {
  for (const std::string name : {"",
                                 ".",
                                 "gitmodules",
                                 ".gitmodule",
                                 ".gitmoduless",
                                 ".gitmodules-",
                                 "x.gitmodules",
                                 "gitmod~0",
                                 "gitmod~5",
                                 "gitmod~",
                                 "gitmod~11",
                                 "gitmo~1",
                                 "gi7eba~0",
                                 "gi7eba~12",
                                 "gi7ebb~1",
                                 "gi7eb~1",
                                 "gi7eb~01",
                                 ".gitmodules\xc3\xa9",
                                 ".gitmodules \xc3\xa9",
                                 ".git",
                                 "\u200c"}) {
    EXPECT_FALSE(names_gitmodules(name)) << name;
  }
}

std::string in_section(const std::string& settings) {
  return gitmodules_fault("[submodule \"a\"]\n" + settings);
}

TEST(GitmodulesFault, IsNothingForWhatGitWrites) {
  EXPECT_EQ(gitmodules_fault(""), "");
  EXPECT_EQ(gitmodules_fault("\n"), "");
  EXPECT_EQ(gitmodules_fault("[submodule \"lib/a\"]\n\tpath = lib/a\n\turl = ../a.git\n"
                             "\tbranch = main\n\tupdate = rebase\n\tshallow = true\n"
                             "[submodule \"b..c\"]\n\tpath = b..c\n"
                             "\turl = https://example.com/b-c.git # the -u of it\n"),
            "");
  EXPECT_EQ(gitmodules_fault("[submodule \"a\"]\r\n\tpath = a\r\n\turl = ssh://h/-u\r\n"), "");
  EXPECT_EQ(in_section("url = ./-u\npath = a-\nignore\n\tignore = all"), "");
  EXPECT_EQ(in_section("url = \npath =\n"), "");
}

TEST(GitmodulesFault, IsAValueThatCanBeTakenForAnOption) {
  EXPECT_EQ(in_section("\turl = -u\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("url=--upload-pack=x"),
            "the url '--upload-pack=x' can be taken for an option");
  EXPECT_EQ(in_section("\tpath = -x\n"), "the path '-x' can be taken for an option");
  EXPECT_EQ(in_section(" \t URL\t=\t-u \t\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("Path = -x\r\n"), "the path '-x' can be taken for an option");
  EXPECT_EQ(in_section("path = a\nurl = b\nurl = -u\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("url = -\x1b\n"), "the url '-\\x1b' can be taken for an option");
}

TEST(GitmodulesFault, IsSuchAValueInQuotes) {
  EXPECT_EQ(in_section("url = \"-u\"\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("url = \"\"-u\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("path = \"-\"x\n"), "the path '-x' can be taken for an option");
  EXPECT_EQ(in_section("update = \"!\"cmd\n"), "the update '!cmd' would run a command");
}

// Git leaves out spaces as long as it has taken nothing of the value.
TEST(GitmodulesFault, IsSuchAValueAfterEmptyQuotes) {
  EXPECT_EQ(in_section("url = \"\" -u\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("update = \"\" !cmd\n"), "the update '!cmd' would run a command");
}

TEST(GitmodulesFault, IsANameThatLeavesItsFolder) {
  const std::string words = "a submodule's name leaves its folder";
  for (const std::string name : {"..", "../a", "a/..", "a/../b", "../../hooks", "a\\\\..\\\\b"}) {
    EXPECT_EQ(gitmodules_fault("[submodule \"" + name + "\"]\n\turl = x\n"), words) << name;
  }
  EXPECT_EQ(gitmodules_fault("[submodule \"a\"]\nurl = x\n  [SubModule   \"../a\"] # c\nurl = x\n"),
            words);
  for (const std::string name : {"a", "..a", "a..", "...", "a/...", "a/..b"}) {
    EXPECT_EQ(gitmodules_fault("[submodule \"" + name + "\"]\n\turl = x\n"), "") << name;
  }
}

TEST(GitmodulesFault, IsSuchANameHoweverItIsWritten) {
  const std::string words = "a submodule's name leaves its folder";
  EXPECT_EQ(gitmodules_fault("[submodule \"x\\\"/../y\"]\nurl = x\n"), words);
  EXPECT_EQ(gitmodules_fault("[submodule \".\\./y\"]\nurl = x\n"), words);
  EXPECT_EQ(gitmodules_fault("[submodule \"a\"][submodule \"../y\"]\nurl = x\n"), words);
  EXPECT_EQ(gitmodules_fault("[submodule...]\nurl = x\n"), words);
}

TEST(GitmodulesFault, IsAnUpdateThatRunsACommand) {
  EXPECT_EQ(in_section("update = !cmd\n"), "the update '!cmd' would run a command");
  EXPECT_EQ(in_section("\tUPDATE=!touch /tmp/x"), "the update '!touch /tmp/x' would run a command");
  EXPECT_EQ(in_section("update = none\n"), "");
}

TEST(GitmodulesFault, IsAUrlWithALineFeed) {
  EXPECT_EQ(in_section("url = https://h/a\\nb\n"),
            "the url 'https://h/a\\nb' has a line feed in it");
  EXPECT_EQ(in_section("url = https://h/a%0ab\n"),
            "the url 'https://h/a%0ab' has a line feed in it");
  EXPECT_EQ(in_section("url = ../a%0Ab\n"), "the url '../a%0Ab' has a line feed in it");
  EXPECT_EQ(in_section("url = https://h/a%0Db\n"),
            "the url 'https://h/a%0Db' has a line feed in it");
  EXPECT_EQ(in_section("path = a%0ab\n"), "");
}

// "\\" is a backslash, so nothing but an 'n' follows it.
TEST(GitmodulesFault, IsNothingForABackslashBeforeAnN) {
  EXPECT_EQ(in_section("url = C:\\\\new\\\\a.git\n"), "");
}

TEST(GitmodulesFault, IsNothingInComments) {
  EXPECT_EQ(gitmodules_fault("# url = -u\n; update = !cmd\n  # [submodule \"../a\"]\n"), "");
  EXPECT_EQ(in_section("path = a # url = -u\n; url = -u\n"), "");
}

// A comment ends with its line, whatever its last byte is.
TEST(GitmodulesFault, IsFoundBelowACommentThatEndsWithABackslash) {
  EXPECT_EQ(in_section("# c \\\nurl = -u\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("; c \\\npath = -x\n"), "the path '-x' can be taken for an option");
  EXPECT_EQ(in_section("path = a # c \\\nurl = -u\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("path = a ; c \\\nupdate = !c\n"), "the update '!c' would run a command");
}

TEST(GitmodulesFault, IsFoundInLinesThatGoOn) {
  EXPECT_EQ(in_section("url = \\\n-u\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("url = \\\r\n-u\r\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("url = \\\n\\\n-\\\nu\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("path = a\\\nb\nurl = -u\n"), "the url '-u' can be taken for an option");
  EXPECT_EQ(in_section("path = a\\\nurl = -u\n"), "");
}

// Two backslashes are one of the value; the line ends there.
TEST(GitmodulesFault, IsFoundBelowALineThatEndsWithTwoBackslashes) {
  EXPECT_EQ(in_section("path = a\\\\\nurl = -u\n"), "the url '-u' can be taken for an option");
}

TEST(GitmodulesFault, IsFoundBehindASectionOnItsLine) {
  const std::string words = "the url '-u' can be taken for an option";
  EXPECT_EQ(gitmodules_fault("[submodule \"a\"] url = -u\n"), words);
  EXPECT_EQ(gitmodules_fault("[submodule \"a\"]url=-u"), words);
  EXPECT_EQ(gitmodules_fault("[submodule \"a]\"] url = -u\n"), words);
  EXPECT_EQ(gitmodules_fault("[submodule.a] url = -u\n"), words);
  EXPECT_EQ(gitmodules_fault("[submodule \"a\"] # url = -u\n"), "");
}

TEST(GitmodulesFault, IsFoundThereWhenABracketFollows) {
  EXPECT_EQ(gitmodules_fault("[submodule \"a\"] url = -u]\n"),
            "the url '-u]' can be taken for an option");
  EXPECT_EQ(gitmodules_fault("[submodule \"a\"] url = -u ; ]\n"),
            "the url '-u' can be taken for an option");
}

// Git skips one at the start of a file.
TEST(GitmodulesFault, IsFoundBehindAByteOrderMark) {
  EXPECT_EQ(gitmodules_fault("\xef\xbb\xbf[submodule \"../a\"]\nurl = x\n"),
            "a submodule's name leaves its folder");
  EXPECT_EQ(gitmodules_fault("\xef\xbb\xbf[submodule \"a\"] url = -u\n"),
            "the url '-u' can be taken for an option");
}

TEST(GitmodulesFault, EndsForEveryText) {
  const std::string text = "[submodule \"../a\"] url = \\\n\"-u\\n%0a\" # c\nupdate = !x\n";
  for (std::size_t from = 0; from < text.size(); ++from) {
    for (std::size_t size = 0; size <= text.size() - from; ++size) {
      gitmodules_fault(text.substr(from, size));
    }
  }
  EXPECT_EQ(gitmodules_fault(std::string("\0[\0\"\0]\0=\0\\", 10)), "");
  EXPECT_EQ(gitmodules_fault("[\""), "");
  EXPECT_EQ(gitmodules_fault("[\"\n]"), "");
  EXPECT_EQ(gitmodules_fault("\\\n\\\n\\"), "");
}

}  // namespace
}  // namespace trunkgate
