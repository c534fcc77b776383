// Which commits are new; compared with git rev-list on many random histories.
#include "push/new_commits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Ids = std::vector<ObjectId>;

// A history whose commits have names: "a", "b".
class History {
 public:
  History() : tree_(repository_.tree({}).hex()) {}

  // Stores a commit with a date of its own; its parents by name.
  void add(const std::string& name, std::int64_t time, const std::vector<std::string>& parents) {
    std::string raw = "tree " + tree_ + "\n";
    for (const std::string& parent : parents) raw += "parent " + ids_.at(parent).hex() + "\n";
    const std::string who = "Ada <ada@example.com> " + std::to_string(time) + " +0000\n";
    ids_[name] =
        repository_.raw("commit", raw + "author " + who + "committer " + who + "\n" + name + "\n");
    names_[ids_[name]] = name;
  }
  // A minute after the one before.
  void add(const std::string& name, const std::vector<std::string>& parents) {
    add(name, time_ += 60, parents);
  }

  // Makes these commits a push's own: moves them where receive-pack keeps them during the hooks.
  void push(const std::vector<std::string>& names) {
    const std::string objects = repository_.path() + "/objects";
    quarantine_ = objects + "/tmp_objdir-incoming-x";
    fs::create_directory(quarantine_);
    for (const std::string& name : names) {
      const std::string hex = ids_.at(name).hex();
      fs::create_directories(quarantine_ + "/" + hex.substr(0, 2));
      const std::string file = "/" + hex.substr(0, 2) + "/" + hex.substr(2);
      fs::rename(objects + file, quarantine_ + file);
    }
  }

  ObjectId id(const std::string& name) const { return ids_.at(name); }
  Ids ids(const std::vector<std::string>& names) const {
    Ids result;
    for (const std::string& name : names) result.push_back(ids_.at(name));
    return result;
  }

  // Sorted.
  Ids merge_bases_of_git(const ObjectId& a, const ObjectId& b) const {
    Ids ids;
    try {
      const std::string lines = repository_.git({"merge-base", "--all", a.hex(), b.hex()});
      for (std::size_t at = 0; at < lines.size(); at += ObjectId::kHexSize + 1) {
        ids.push_back(*ObjectId::parse(lines.substr(at, ObjectId::kHexSize)));
      }
    } catch (const std::runtime_error&) {
      // There is none.
    }
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::unique_ptr<Repository> open() const {
    return std::make_unique<Repository>(RepositoryPlace{
        .git_dir = repository_.path(), .quarantine = quarantine_, .git_namespace = {}});
  }

  // Names of the new commits in the order they come in; "..." at the end when there were too many.
  std::vector<std::string> in_order(const std::vector<std::string>& tips,
                                    const std::vector<std::string>& hidden,
                                    const std::vector<std::string>& more = {},
                                    std::size_t limit = kMaxNewCommits) const {
    const NewCommits found = find_new_commits(
        *open(),
        {.tips = ids(tips), .hidden = ids(hidden), .more_hidden = [&] { return ids(more); }},
        limit);
    std::vector<std::string> result;
    for (const ObjectId& id : found.ids) result.push_back(names_.at(id));
    if (found.too_many) result.emplace_back("...");
    return result;
  }
  // The same, sorted.
  std::vector<std::string> found(const std::vector<std::string>& tips,
                                 const std::vector<std::string>& hidden,
                                 const std::vector<std::string>& more = {}) const {
    std::vector<std::string> result = in_order(tips, hidden, more);
    std::sort(result.begin(), result.end());
    return result;
  }

 private:
  TemporaryRepository repository_;
  std::string tree_;
  std::string quarantine_;
  std::map<std::string, ObjectId> ids_;
  std::map<ObjectId, std::string> names_;
  std::int64_t time_ = 1'700'000'000;
};

using Names = std::vector<std::string>;

TEST(NewCommits, AreWhatThePushBrought) {
  History history;
  history.add("a", {});
  history.add("b", {"a"});
  history.add("c", {"b"});
  history.push({"b", "c"});
  EXPECT_EQ(history.in_order({"c"}, {"a"}), (Names{"c", "b"}));
}

TEST(NewCommits, AreNoneWhenTheTipIsJudgedAlready) {
  History history;
  history.add("a", {});
  history.add("b", {"a"});
  EXPECT_EQ(history.found({"a"}, {"b"}), Names());
  EXPECT_EQ(history.found({"b"}, {"b"}), Names());
  EXPECT_EQ(history.found({"b"}, {}, {"b"}), Names());
  EXPECT_EQ(history.found({}, {"b"}), Names());
}

TEST(NewCommits, AreAllOfThemInAnEmptyRepository) {
  History history;
  history.add("a", {});
  history.add("b", {"a"});
  history.push({"a", "b"});
  EXPECT_EQ(history.in_order({"b"}, {}), (Names{"b", "a"}));
}

TEST(NewCommits, IncludeOnesThatAreInTheStoreButOnNoRefThatCounts) {
  History history;
  history.add("base", {});
  history.add("laundered", {"base"});
  history.add("top", {"laundered"});
  history.push({"top"});
  // "laundered" came in earlier through a ref the rule does not govern.
  EXPECT_EQ(history.in_order({"top"}, {"base"}), (Names{"top", "laundered"}));
  EXPECT_EQ(history.found({"laundered"}, {"base"}), Names{"laundered"});
}

TEST(NewCommits, OfAStaleCloneAreOnlyTheNewOnes) {
  History history;
  for (const auto& [name, parent] :
       std::map<std::string, std::string>{{"b", "a"}, {"c", "b"}, {"d", "c"}, {"e", "d"}}) {
    if (name == "b") history.add("a", {});
    history.add(name, {parent});
  }
  history.add("mine", {"b"});
  history.push({"mine"});
  // The server's main is at "e"; the new branch starts two commits below.
  EXPECT_EQ(history.found({"mine"}, {"e"}), Names{"mine"});
  EXPECT_EQ(history.found({"mine"}, {}, {"e"}), Names{"mine"});
}

TEST(NewCommits, OfANewBranchOnOldHistoryAreNone) {
  History history;
  history.add("a", {});
  history.add("b", {"a"});
  history.add("c", {"b"});
  history.push({});
  EXPECT_EQ(history.found({"a"}, {"c"}), Names());
  EXPECT_EQ(history.found({"b"}, {}, {"c"}), Names());
}

TEST(NewCommits, AskForEveryJudgedRefOnlyInDoubt) {
  History history;
  history.add("a", {});
  history.add("b", {"a"});
  history.add("stray", {"a"});
  history.add("c", {"b"});
  history.push({"c"});
  int asked = 0;
  const auto find = [&](const std::string& tip) {
    return find_new_commits(*history.open(), {.tips = history.ids({tip}),
                                              .hidden = history.ids({"b"}),
                                              .more_hidden =
                                                  [&] {
                                                    ++asked;
                                                    return history.ids({"stray"});
                                                  }})
        .ids;
  };
  EXPECT_EQ(find("c"), history.ids({"c"}));
  EXPECT_EQ(find("a"), Ids());
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(find("stray"), Ids());
  EXPECT_EQ(asked, 1);
}

TEST(NewCommits, NeedNoWayToAskForMore) {
  History history;
  history.add("a", {});
  history.add("b", {"a"});
  const NewCommits found = find_new_commits(
      *history.open(),
      {.tips = history.ids({"b"}), .hidden = history.ids({"a"}), .more_hidden = nullptr});
  EXPECT_EQ(found.ids, history.ids({"b"}));
}

TEST(NewCommits, OfAMergeAreBothItsSides) {
  History history;
  history.add("base", {});
  history.add("main", {"base"});
  history.add("x1", {"base"});
  history.add("x2", {"x1"});
  history.add("merge", {"main", "x2"});
  history.push({"x1", "x2", "merge"});
  EXPECT_EQ(history.found({"merge"}, {"main"}), (Names{"merge", "x1", "x2"}));
  EXPECT_EQ(history.found({"merge"}, {"main", "x2"}), Names{"merge"});
  EXPECT_EQ(history.found({"merge"}, {"main"}, {"x1"}), (Names{"merge", "x1", "x2"}))
      << "a commit the push brought is reachable from nothing that is judged";
}

TEST(NewCommits, OfAMergeOfOldCommitsIsTheMerge) {
  History history;
  history.add("base", {});
  history.add("main", {"base"});
  history.add("x", {"base"});
  history.add("merge", {"main", "x"});
  history.push({"merge"});
  EXPECT_EQ(history.found({"merge"}, {"main"}, {"x"}), Names{"merge"});
  EXPECT_EQ(history.found({"merge"}, {"main"}), (Names{"merge", "x"}));
}

TEST(NewCommits, AreRightAcrossACrissCross) {
  History history;
  history.add("base", {});
  history.add("l1", {"base"});
  history.add("r1", {"base"});
  history.add("l2", {"l1", "r1"});
  history.add("r2", {"r1", "l1"});
  history.add("l3", {"l2"});
  history.add("r3", {"r2", "l2"});
  EXPECT_EQ(history.found({"r3"}, {"l3"}), (Names{"r2", "r3"}));
  EXPECT_EQ(history.found({"l3"}, {"r2"}), (Names{"l2", "l3"}));
  EXPECT_EQ(history.found({"l3"}, {"r3"}), Names{"l3"});
  EXPECT_EQ(history.found({"r3", "l3"}, {"l1"}), (Names{"l2", "l3", "r1", "r2", "r3"}));
}

TEST(NewCommits, AreRightWhenAllDatesAreEqual) {
  History history;
  history.add("a", 1000, {});
  for (int i = 1; i < 30; ++i) {
    history.add("a" + std::to_string(i), 1000, {i == 1 ? "a" : "a" + std::to_string(i - 1)});
  }
  history.add("x", 1000, {"a10"});
  EXPECT_EQ(history.found({"x"}, {"a29"}), Names{"x"});
  EXPECT_EQ(history.found({"a10"}, {"a29"}), Names());
  EXPECT_EQ(history.found({"a29"}, {"a27"}), (Names{"a28", "a29"}));
}

TEST(NewCommits, AreRightWhenAChildIsOlderThanItsParent) {
  History history;
  history.add("root", 5000, {});
  history.add("old", 9000, {"root"});
  history.add("early", 10, {"old"});
  history.add("tip", 20, {"early"});
  history.add("x", 8000, {"root"});
  EXPECT_EQ(history.found({"old"}, {"tip"}), Names());
  EXPECT_EQ(history.found({"root"}, {"tip"}), Names());
  EXPECT_EQ(history.found({"x"}, {"tip"}), Names{"x"});
  EXPECT_EQ(history.found({"tip"}, {"x"}), (Names{"early", "old", "tip"}));
}

TEST(NewCommits, NeverMissOneHoweverTheClocksWere) {
  History history;
  history.add("root", 1'000'000, {});
  history.add("bad", 2'000'000, {"root"});
  for (int i = 0; i < 100; ++i) {
    history.add("h" + std::to_string(i), i, {i == 0 ? "root" : "h" + std::to_string(i - 1)});
  }
  const Names found = history.found({"bad"}, {"h99"});
  EXPECT_TRUE(std::find(found.begin(), found.end(), "bad") != found.end());
}

TEST(NewCommits, OfAnUnrelatedHistoryAreAllOfIt) {
  History history;
  history.add("a", {});
  history.add("b", {"a"});
  history.add("other", {});
  history.add("another", {"other"});
  EXPECT_EQ(history.found({"another"}, {"b"}), (Names{"another", "other"}));
  history.push({"another"});
  EXPECT_EQ(history.found({"another"}, {"b"}), (Names{"another", "other"}));
}

TEST(NewCommits, OfSeveralTipsAreThoseOfEach) {
  History history;
  history.add("base", {});
  history.add("x", {"base"});
  history.add("y", {"base"});
  history.add("y2", {"y"});
  history.push({"x", "y", "y2"});
  EXPECT_EQ(history.found({"x", "y2"}, {"base"}), (Names{"x", "y", "y2"}));
  EXPECT_EQ(history.found({"x", "y", "y2", "base"}, {"base"}), (Names{"x", "y", "y2"}));
}

TEST(NewCommits, StopAtTheLimit) {
  History history;
  history.add("a", {});
  history.add("b", {"a"});
  history.add("c", {"b"});
  EXPECT_EQ(history.in_order({"c"}, {}, {}, 3), (Names{"c", "b", "a"}));
  EXPECT_EQ(history.in_order({"c"}, {}, {}, 2), (Names{"c", "b", "..."}));
  history.push({"b", "c"});
  EXPECT_EQ(history.in_order({"c"}, {"a"}, {}, 2), (Names{"c", "b"}));
  EXPECT_EQ(history.in_order({"c"}, {"a"}, {}, 1), (Names{"c", "..."}));
  EXPECT_EQ(history.in_order({"c"}, {}, {}, 2), (Names{"c", "b", "..."}));
}

TEST(NewCommits, CannotBeFoundBehindACommitThatIsMissing) {
  TemporaryRepository repository;
  const std::string who = "Ada <ada@example.com> 0 +0000\n";
  const ObjectId id = repository.raw("commit", "tree " + repository.tree({}).hex() + "\nparent " +
                                                   std::string(40, 'd') + "\nauthor " + who +
                                                   "committer " + who + "\nfeat: x\n");
  EXPECT_THROW(find_new_commits(*repository.open(), {{id}, {}, nullptr}), Error);
}

// Every child stands before its parents, in two histories where one parent is reached by a short
// way and by a long one.
TEST(NewCommits, HaveChildrenBeforeTheirParents) {
  History history;
  history.add("base", {});
  history.add("b", {"base"});
  history.add("a", {"b"});
  history.add("merge", {"b", "a"});
  EXPECT_EQ(history.in_order({"merge"}, {"base"}), (Names{"merge", "a", "b"}));
  EXPECT_EQ(history.in_order({"b", "a"}, {"base"}), (Names{"a", "b"}));
}

TEST(NewCommits, HaveChildrenBeforeTheirParentsInAPushToo) {
  History history;
  history.add("base", {});
  history.add("b", {"base"});
  history.add("a", {"b"});
  history.add("merge", {"b", "a"});
  history.push({"b", "a", "merge"});
  EXPECT_EQ(history.in_order({"merge"}, {"base"}), (Names{"merge", "a", "b"}));
  EXPECT_EQ(history.in_order({"b", "a"}, {"base"}), (Names{"a", "b"}));
}

TEST(Reaches, FollowsAllParents) {
  History history;
  history.add("base", {});
  history.add("l", {"base"});
  history.add("r", {"base"});
  history.add("merge", {"l", "r"});
  history.add("other", {});
  const auto repository = history.open();
  const auto reached = [&](const std::string& from, const std::string& to) {
    return reaches(*repository, history.id(from), history.id(to));
  };
  EXPECT_TRUE(reached("merge", "merge"));
  EXPECT_TRUE(reached("merge", "r"));
  EXPECT_TRUE(reached("merge", "base"));
  EXPECT_FALSE(reached("l", "r"));
  EXPECT_FALSE(reached("l", "merge"));
  EXPECT_FALSE(reached("merge", "other"));
}

TEST(Reaches, IsRightHoweverManyClocksWereOff) {
  History history;
  history.add("root", 1'699'999'000, {});
  history.add("main", 1'700'000'000, {"root"});
  // A machine without a clock: it starts in 1970.
  for (int i = 0; i < 100; ++i) {
    history.add("c" + std::to_string(i), 1000 + i, {i == 0 ? "main" : "c" + std::to_string(i - 1)});
  }
  EXPECT_TRUE(reaches(*history.open(), history.id("c10"), history.id("main")));
  EXPECT_TRUE(reaches(*history.open(), history.id("c99"), history.id("main")));
}

// A random history of `size` commits, numbered from 1, made in one run of git fast-import.
struct RandomHistory {
  TemporaryRepository repository;
  std::vector<std::vector<std::size_t>> parents{{}};
  Ids ids{ObjectId()};

  RandomHistory(std::mt19937& random, std::size_t size, bool skewed) {
    std::string stream;
    std::int64_t time = 1'700'000'000;
    for (std::size_t i = 1; i <= size; ++i) {
      std::vector<std::size_t> chosen;
      const std::size_t count = i == 1 || random() % 20 == 0 ? 0 : 1 + (random() % 3 == 0 ? 1 : 0);
      while (chosen.size() < std::min(count, i - 1)) {
        const std::size_t parent = i - 1 - random() % std::min<std::size_t>(i - 1, 8);
        if (std::find(chosen.begin(), chosen.end(), parent) == chosen.end()) {
          chosen.push_back(parent);
        }
      }
      time += random() % 3 * 60;
      const std::int64_t date = skewed && random() % 4 == 0 ? time - random() % 100'000 : time;
      stream += "commit refs/heads/h" + std::to_string(i) + "\nmark :" + std::to_string(i) +
                "\ncommitter Ada <ada@example.com> " + std::to_string(date) + " +0000\ndata 4\n" +
                std::to_string(1000 + i) + "\n";
      for (std::size_t p = 0; p < chosen.size(); ++p) {
        stream += (p == 0 ? "from :" : "merge :") + std::to_string(chosen[p]) + "\n";
      }
      stream += "\n";
      parents.push_back(chosen);
    }
    const std::string marks = repository.beside("marks");
    repository.git({"fast-import", "--quiet", "--export-marks=" + marks}, stream);
    ids.resize(size + 1);
    const FileText file = read_file(marks, 1 << 20);
    for (const std::string_view line : split(trim(file.text), '\n')) {
      const auto space = line.find(' ');
      ids.at(std::stoul(std::string(line.substr(1, space - 1)))) =
          *ObjectId::parse(line.substr(space + 1));
    }
  }

  std::set<std::size_t> reached(const std::vector<std::size_t>& from) const {
    std::set<std::size_t> seen;
    std::vector<std::size_t> left = from;
    while (!left.empty()) {
      const std::size_t at = left.back();
      left.pop_back();
      if (seen.insert(at).second) left.insert(left.end(), parents[at].begin(), parents[at].end());
    }
    return seen;
  }
};

std::vector<std::size_t> some(std::mt19937& random, std::size_t size, std::size_t most) {
  std::vector<std::size_t> result;
  for (auto n = 1 + random() % most; n > 0; --n) result.push_back(1 + random() % size);
  return result;
}

void compare_with_git(std::mt19937& random, bool skewed) {
  constexpr std::size_t kSize = 40;
  const RandomHistory history(random, kSize, skewed);
  const auto ids_of = [&](const auto& numbers) {
    Ids ids;
    for (const std::size_t n : numbers) ids.push_back(history.ids[n]);
    return ids;
  };
  const auto tips = some(random, kSize, 3);
  const auto hidden = some(random, kSize, 2);
  const auto more = some(random, kSize, 3);
  std::vector<std::size_t> judged = hidden;
  judged.insert(judged.end(), more.begin(), more.end());

  std::set<std::size_t> expected = history.reached(tips);
  for (const std::size_t n : history.reached(judged)) expected.erase(n);
  std::set<ObjectId> expected_ids;
  for (const std::size_t n : expected) expected_ids.insert(history.ids[n]);

  if (!skewed) {  // with clocks that are off, git rev-list itself may list too many
    std::vector<std::string> arguments{"rev-list"};
    for (const ObjectId& id : ids_of(tips)) arguments.push_back(id.hex());
    arguments.emplace_back("--not");
    for (const ObjectId& id : ids_of(judged)) arguments.push_back(id.hex());
    std::set<ObjectId> listed;
    const std::string output = history.repository.git(arguments);
    for (const std::string_view line : split(output, '\n')) {
      if (const auto id = ObjectId::parse(line)) listed.insert(*id);
    }
    ASSERT_EQ(expected_ids, listed);
  }

  // Once with everything in the store, once with what no judged ref reaches brought by the push.
  std::string quarantine;
  for (const bool pushed : {false, true}) {
    if (pushed) {
      const std::string objects = history.repository.path() + "/objects";
      quarantine = objects + "/tmp_objdir-incoming-x";
      fs::create_directory(quarantine);
      const auto laundered = history.reached(some(random, kSize, 1));
      for (const std::size_t n : expected) {
        if (laundered.contains(n)) continue;
        const std::string hex = history.ids[n].hex();
        fs::create_directories(quarantine + "/" + hex.substr(0, 2));
        const std::string file = "/" + hex.substr(0, 2) + "/" + hex.substr(2);
        fs::rename(objects + file, quarantine + file);
      }
    }
    const Repository repository(
        {.git_dir = history.repository.path(), .quarantine = quarantine, .git_namespace = {}});
    const NewCommits found = find_new_commits(
        repository, {.tips = ids_of(tips), .hidden = ids_of(hidden), .more_hidden = [&] {
                       return ids_of(more);
                     }});
    const std::set<ObjectId> found_ids(found.ids.begin(), found.ids.end());
    EXPECT_EQ(found_ids.size(), found.ids.size()) << "a commit came twice";
    EXPECT_EQ(found_ids, expected_ids) << (pushed ? "in a push" : "in the store");
    EXPECT_FALSE(found.too_many);
  }
}

TEST(NewCommits, AgreeWithGitOnRandomHistories) {
  std::mt19937 random(20240301);
  for (int i = 0; i < 30; ++i) {
    SCOPED_TRACE("history " + std::to_string(i));
    compare_with_git(random, false);
  }
}

TEST(NewCommits, AreRightOnRandomHistoriesWithClocksThatWereOff) {
  std::mt19937 random(20240302);
  for (int i = 0; i < 15; ++i) {
    SCOPED_TRACE("history " + std::to_string(i));
    compare_with_git(random, true);
  }
}

TEST(Reaches, AgreesWithGitOnRandomHistories) {
  std::mt19937 random(20240303);
  for (int i = 0; i < 5; ++i) {
    const RandomHistory history(random, 40, i % 2 == 1);
    const auto repository = history.repository.open();
    for (int pair = 0; pair < 100; ++pair) {
      const std::size_t from = 1 + random() % 40;
      const std::size_t to = 1 + random() % 40;
      EXPECT_EQ(reaches(*repository, history.ids[from], history.ids[to]),
                history.reached({from}).contains(to))
          << i << ": " << from << " to " << to;
    }
  }
}

TEST(MergeBases, AreTheBestThatBothReach) {
  History history;
  history.add("root", {});
  history.add("a", {"root"});
  history.add("b", {"root"});
  history.add("c", {"a"});
  // Merged in both directions.
  history.add("x", {"a", "b"});
  history.add("y", {"b", "a"});
  history.add("other", {});
  const auto bases = [&](const std::string& one, const std::string& two) {
    Ids found = merge_bases(*history.open(), history.id(one), history.id(two));
    std::sort(found.begin(), found.end());
    return found;
  };
  const auto sorted = [&](const std::vector<std::string>& names) {
    Ids ids = history.ids(names);
    std::sort(ids.begin(), ids.end());
    return ids;
  };
  EXPECT_EQ(bases("a", "b"), sorted({"root"}));
  EXPECT_EQ(bases("c", "a"), sorted({"a"}));
  EXPECT_EQ(bases("c", "c"), sorted({"c"}));
  EXPECT_EQ(bases("c", "b"), sorted({"root"}));
  EXPECT_EQ(bases("x", "y"), sorted({"a", "b"}));
  EXPECT_EQ(bases("x", "other"), Ids());
}

TEST(MergeBases, AgreeWithGitWhateverTheClocksSay) {
  std::mt19937 random(17);
  for (int round = 0; round < 6; ++round) {
    History history;
    std::vector<std::string> names;
    for (int i = 0; i < 40; ++i) {
      std::vector<std::string> parents;
      for (std::size_t n = names.empty() ? 0 : random() % 3; n > 0; --n) {
        const std::string& parent = names[random() % names.size()];
        if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
          parents.push_back(parent);
        }
      }
      names.push_back("c" + std::to_string(i));
      history.add(names.back(), static_cast<std::int64_t>(1'700'000'000 + random() % 1000),
                  parents);
    }
    for (int pair = 0; pair < 40; ++pair) {
      const ObjectId a = history.id(names[random() % names.size()]);
      const ObjectId b = history.id(names[random() % names.size()]);
      Ids found = merge_bases(*history.open(), a, b);
      // Every common ancestor is reached from one of them, and none reaches another one.
      std::sort(found.begin(), found.end());
      EXPECT_EQ(found, history.merge_bases_of_git(a, b));
    }
  }
}

}  // namespace
}  // namespace trunkgate
