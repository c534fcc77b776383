// Squashed and rebased branches: which are found, and what only looks like one.
#include "push/rewritten_branch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "push/likely_branches.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;
using Fault = NearLanding::Fault;

std::string lines(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

class RewrittenBranch : public testing::Test {
 protected:
  RewrittenBranch() {
    fs::create_directory(temporary_.beside("scratch"));
    base_ = temporary_.commit("base", {}, {{"a", lines(1, 20)}});
    main_ = temporary_.commit("main", {base_}, {{"a", "0\n" + lines(1, 20)}, {"m", "1\n"}});
    one_ = temporary_.commit("feat: one", {base_}, {{"a", lines(1, 20)}, {"w", "1\n"}});
    two_ = temporary_.commit("feat: two", {one_}, {{"a", lines(1, 20) + "21\n"}, {"w", "1\n"}});
    temporary_.set_ref("refs/heads/main", main_);
    temporary_.set_ref("refs/heads/feature/x", two_);
  }

  // `commit` once more on another parent, as a rebase makes it, with the words of its text
  // replaced.
  ObjectId again(const ObjectId& commit, const ObjectId& parent, const Files& files,
                 const std::map<std::string, std::string>& replaced = {}) {
    const auto repository = temporary_.open();
    const Commit old = repository->commit(commit);
    std::string text = repository->commit_text(commit);
    const auto replace = [&](const std::string& from, const std::string& to) {
      text.replace(text.find(from), from.size(), to);
    };
    replace("tree " + old.tree.hex(), "tree " + temporary_.tree(files).hex());
    if (!old.parents.empty()) replace("parent " + old.parents[0].hex(), "parent " + parent.hex());
    replace("committer Ada", "committer Bo");
    for (const auto& [from, to] : replaced) replace(from, to);
    return temporary_.raw("commit", text);
  }

  Landing land(const ObjectId& tip, RewrittenWays ways = {.squash = true, .rebase = true}) {
    repository_ = temporary_.open();
    const Push push{*repository_, {}, {}, {}, temporary_.beside("scratch")};
    const PushedRef ref{.name = "refs/heads/main",
                        .kind = RefKind::branch,
                        .old_id = main_,
                        .new_id = tip,
                        .old_commit = main_,
                        .new_commit = tip};
    if (ways.squash || ways.rebase) look_for_rewritten(push, ref, ways);
    return *landing_of(push, ref);
  }

  // "squash: feat: two by squashed on feature/x", others after a bar.
  std::string told(const ObjectId& tip, RewrittenWays ways = {.squash = true, .rebase = true}) {
    const Landing landing = land(tip, ways);
    std::string text = std::string(to_string(landing.kind)) + ":";
    const auto tell = [&](const LandedSource& source) {
      text += " " + title(source.commit) + " by " + title(source.by) + " on";
      for (const SourceBranch& branch : source.branches) text += " " + branch.name.substr(11);
    };
    for (const LandedSource& source : landing.sources) {
      tell(source);
      for (const LandedSource& other : source.others) {
        text += " |";
        tell(other);
      }
      text += ";";
    }
    return text;
  }

  void expect_near(const ObjectId& tip, LandingKind kind, Fault fault, const ObjectId& by,
                   const ObjectId& commit, const std::vector<std::string>& paths = {}) {
    const Landing landing = land(tip);
    EXPECT_EQ(landing.kind, LandingKind::direct);
    ASSERT_EQ(landing.sources.size(), 1U);
    EXPECT_EQ(landing.sources[0].commit, tip);
    ASSERT_TRUE(landing.near);
    EXPECT_EQ(to_string(landing.near->kind), to_string(kind));
    EXPECT_EQ(static_cast<int>(landing.near->fault), static_cast<int>(fault));
    EXPECT_EQ(title(landing.near->by), title(by));
    EXPECT_EQ(title(landing.near->commit), title(commit));
    EXPECT_EQ(landing.near->branch.name, "refs/heads/feature/x");
    EXPECT_EQ(landing.near->found.paths, paths);
  }

  std::string title(const ObjectId& id) const {
    return std::string(title_of(repository_->commit(id).message));
  }

  const Files kOne{{"a", "0\n" + lines(1, 20)}, {"m", "1\n"}, {"w", "1\n"}};
  const Files kTwo{{"a", "0\n" + lines(1, 20) + "21\n"}, {"m", "1\n"}, {"w", "1\n"}};

  TemporaryRepository temporary_;
  ObjectId base_;
  ObjectId main_;
  ObjectId one_;
  ObjectId two_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(RewrittenBranch, IsFoundWhenItWasSquashed) {
  const ObjectId squashed = temporary_.commit("feat: both", {main_}, kTwo);
  EXPECT_EQ(told(squashed), "squash: feat: two by feat: both on feature/x;");
}

TEST_F(RewrittenBranch, IsFoundWhenItWasRebased) {
  const ObjectId tip = again(two_, again(one_, main_, kOne), kTwo);
  EXPECT_EQ(told(tip), "rebase: feat: two by feat: two on feature/x;");
}

TEST_F(RewrittenBranch, IsLookedForOnlyWhereThatMakesADifference) {
  const ObjectId squashed = temporary_.commit("feat: both", {main_}, kTwo);
  EXPECT_EQ(told(squashed, {}), "direct: feat: both by feat: both on;");
  EXPECT_EQ(told(squashed, {.rebase = true}), "direct: feat: both by feat: both on;");
  const ObjectId tip = again(two_, again(one_, main_, kOne), kTwo);
  EXPECT_EQ(told(tip, {}), "direct: feat: two by feat: two on;");
  EXPECT_EQ(told(tip, {.squash = true}), "direct: feat: two by feat: two on;");
}

TEST_F(RewrittenBranch, OfOneCommitIsRebasedRatherThanSquashed) {
  temporary_.set_ref("refs/heads/feature/x", one_);
  const ObjectId tip = again(one_, main_, kOne);
  EXPECT_EQ(told(tip), "rebase: feat: one by feat: one on feature/x;");
  EXPECT_EQ(told(tip, {.squash = true}), "squash: feat: one by feat: one on feature/x;");
}

TEST_F(RewrittenBranch, StandsBesideOthersThatComeOutTheSame) {
  const ObjectId amended = again(two_, one_, {{"a", lines(1, 20) + "21\n"}, {"w", "1\n"}},
                                 {{"feat: two", "feat: three"}});
  temporary_.set_ref("refs/heads/backup/x", amended);
  temporary_.set_ref("refs/heads/copy", two_);
  const ObjectId squashed = temporary_.commit("feat: both of feature/x", {main_}, kTwo);
  EXPECT_EQ(told(squashed),
            "squash: feat: two by feat: both of feature/x on copy feature/x"
            " | feat: three by feat: both of feature/x on backup/x;");
}

TEST_F(RewrittenBranch, MayBeOneOfSeveralThatWereSquashedOneByOne) {
  const ObjectId other = temporary_.commit("fix: o", {base_}, {{"a", lines(1, 20)}, {"o", "1\n"}});
  temporary_.set_ref("refs/heads/hotfix/o", other);
  const ObjectId first = temporary_.commit("feat: first", {main_}, kTwo);
  Files both = kTwo;
  both["o"] = "1\n";
  const ObjectId second = temporary_.commit("fix: second", {first}, both);
  EXPECT_EQ(told(second),
            "squash: fix: o by fix: second on hotfix/o; feat: two by feat: first on feature/x;");
  const ObjectId third = temporary_.commit("feat: third", {second}, {{"z", "1\n"}});
  EXPECT_EQ(told(third), "direct: feat: third by feat: third on;");
}

TEST_F(RewrittenBranch, WithAFileRenamedOnTheTargetIsFound) {
  const ObjectId moved = temporary_.commit("moved", {base_}, {{"b", lines(1, 20)}, {"m", "1\n"}});
  main_ = moved;
  temporary_.set_ref("refs/heads/main", moved);
  const Files result{{"b", lines(1, 20) + "21\n"}, {"m", "1\n"}, {"w", "1\n"}};
  EXPECT_EQ(told(temporary_.commit("feat: both", {moved}, result)),
            "squash: feat: two by feat: both on feature/x;");
}

TEST_F(RewrittenBranch, IsNoSquashWithMoreOrLessInIt) {
  Files more = kTwo;
  more["evil"] = "1\n";
  const ObjectId evil = temporary_.commit("feat: both", {main_}, more);
  expect_near(evil, LandingKind::squash, Fault::content, evil, two_, {"evil"});
  const ObjectId less = temporary_.commit("feat: both", {main_}, kOne);
  expect_near(less, LandingKind::squash, Fault::content, less, two_, {"a"});
}

TEST_F(RewrittenBranch, ThatIsContainedAlreadyIsNoSquash) {
  const ObjectId merge = temporary_.commit("Merge", {main_, two_}, kTwo);
  main_ = merge;
  EXPECT_EQ(told(temporary_.commit("feat: both", {merge}, kTwo)),
            "direct: feat: both by feat: both on;");
  // Squashed once, and once more.
  main_ = temporary_.commit("feat: both", {base_}, kTwo);
  EXPECT_EQ(told(temporary_.commit("feat: again", {main_}, kTwo)),
            "direct: feat: again by feat: again on;");
}

TEST_F(RewrittenBranch, ThatConflictsIsNoSquash) {
  const ObjectId other = temporary_.commit("feat: other", {base_}, {{"a", "9\n" + lines(1, 20)}});
  temporary_.set_ref("refs/heads/feature/x", other);
  const ObjectId settled =
      temporary_.commit("feat: other", {main_}, {{"a", "9\n" + lines(1, 20)}, {"m", "1\n"}});
  const Landing landing = land(settled, {.squash = true});
  EXPECT_EQ(landing.kind, LandingKind::direct);
  ASSERT_TRUE(landing.near);
  EXPECT_TRUE(landing.near->found.conflict);
  EXPECT_EQ(landing.near->found.paths, std::vector<std::string>{"a"});
}

TEST_F(RewrittenBranch, IsNoRebaseWhenSpacesChangedOnTheWay) {
  // `git patch-id` would not see it without --verbatim.
  Files indented = kTwo;
  indented["a"] = "0\n" + lines(1, 20) + " 21\n";
  const ObjectId tip = again(two_, again(one_, main_, kOne), indented);
  expect_near(tip, LandingKind::rebase, Fault::content, two_, two_, {"a"});
}

TEST_F(RewrittenBranch, IsNoRebaseWhenAChangeWasMovedToALikePlace) {
  // The same patch, byte by byte, of another of two places that look alike.
  const std::string block = "if x:\n  a\n  b\n  c\n  d\n  e\n  f\n";
  const std::string changed = "if x:\n  a\n  b\n  c\n  NEW\n  d\n  e\n  f\n";
  const ObjectId base = temporary_.commit("base", {}, {{"p", block + block}});
  const ObjectId source = temporary_.commit("feat: new", {base}, {{"p", changed + block}});
  main_ = temporary_.commit("main", {base}, {{"p", block + block}, {"m", "1\n"}});
  temporary_.set_ref("refs/heads/main", main_);
  temporary_.set_ref("refs/heads/feature/x", source);
  const ObjectId good = again(source, main_, {{"p", changed + block}, {"m", "1\n"}});
  EXPECT_EQ(told(good), "rebase: feat: new by feat: new on feature/x;");
  const ObjectId moved = again(source, main_, {{"p", block + changed}, {"m", "1\n"}});
  EXPECT_EQ(told(moved), "direct: feat: new by feat: new on;");
}

TEST_F(RewrittenBranch, IsNoRebaseWhenABinaryFileIsAnother) {
  const std::string before("\0\1\2", 3);
  const std::string after("\0\1\3", 3);
  const ObjectId source =
      temporary_.commit("feat: image", {base_}, {{"a", lines(1, 20)}, {"i", before}});
  temporary_.set_ref("refs/heads/feature/x", source);
  Files files{{"a", "0\n" + lines(1, 20)}, {"m", "1\n"}, {"i", before}};
  EXPECT_EQ(told(again(source, main_, files)), "rebase: feat: image by feat: image on feature/x;");
  files["i"] = after;
  const ObjectId other = again(source, main_, files);
  expect_near(other, LandingKind::rebase, Fault::content, other, source, {"i"});
}

TEST_F(RewrittenBranch, KeepsAuthorsAndMessagesInARebase) {
  const ObjectId one = again(one_, main_, kOne);
  const ObjectId bos = again(two_, one, kTwo, {{"author Ada", "author Bo"}});
  expect_near(bos, LandingKind::rebase, Fault::author, bos, two_);
  const ObjectId later = again(two_, one, kTwo, {{" +0000\ncommitter", " +0100\ncommitter"}});
  expect_near(later, LandingKind::rebase, Fault::author, later, two_);
  // A line feed at the end comes from Git.
  EXPECT_EQ(told(again(two_, one, kTwo, {{"feat: two", "feat: two\n"}})),
            "rebase: feat: two by feat: two on feature/x;");
  const ObjectId reworded = again(two_, one, kTwo, {{"feat: two", "feat: two, better"}});
  expect_near(reworded, LandingKind::rebase, Fault::message, reworded, two_);
}

TEST_F(RewrittenBranch, LeavesOutOfARebaseOnlyWhatTheTargetHas) {
  const ObjectId alone = again(two_, main_, {{"a", "0\n" + lines(1, 20) + "21\n"}, {"m", "1\n"}});
  expect_near(alone, LandingKind::rebase, Fault::missing, alone, one_);
  const ObjectId first = again(one_, main_, kOne);
  expect_near(first, LandingKind::rebase, Fault::missing, first, two_);
  // The first of them was picked before.
  main_ = again(one_, main_, kOne, {{"feat: one", "feat: picked"}});
  EXPECT_EQ(told(again(two_, main_, kTwo)), "rebase: feat: two by feat: two on feature/x;");
}

TEST_F(RewrittenBranch, TakesNothingElseAlongInARebase) {
  Files more = kTwo;
  more["evil"] = "1\n";
  const ObjectId rebased = again(two_, again(one_, main_, kOne), kTwo);
  const ObjectId extra = temporary_.commit("feat: evil", {rebased}, more);
  expect_near(extra, LandingKind::rebase, Fault::extra, extra, two_);
  const ObjectId between = temporary_.commit("feat: evil", {again(one_, main_, kOne)}, more);
  const ObjectId tip = again(two_, between, more);
  expect_near(tip, LandingKind::rebase, Fault::missing, between, two_);
}

TEST_F(RewrittenBranch, KeepsTheOrderInARebase) {
  const ObjectId two = again(two_, main_, {{"a", "0\n" + lines(1, 20) + "21\n"}, {"m", "1\n"}});
  const ObjectId tip = again(one_, two, kTwo);
  expect_near(tip, LandingKind::rebase, Fault::missing, two, one_);
}

TEST_F(RewrittenBranch, KeepsCommitsThatWereEmptyFromTheStart) {
  const ObjectId empty =
      temporary_.commit("chore: begin", {one_}, {{"a", lines(1, 20)}, {"w", "1\n"}});
  temporary_.set_ref("refs/heads/feature/x", empty);
  const ObjectId one = again(one_, main_, kOne);
  EXPECT_EQ(told(again(empty, one, kOne)), "rebase: chore: begin by chore: begin on feature/x;");
  EXPECT_EQ(told(one), "rebase: chore: begin by feat: one on feature/x;");
}

TEST_F(RewrittenBranch, WithMergesOfItsOwnIsNotRebased) {
  const ObjectId merge = temporary_.commit("Merge branch 'main'", {two_, main_}, kTwo);
  const ObjectId last = temporary_.commit("feat: last", {merge}, kOne);
  temporary_.set_ref("refs/heads/feature/x", last);
  const ObjectId tip = again(last, again(two_, again(one_, main_, kOne), kTwo), kOne);
  expect_near(tip, LandingKind::rebase, Fault::merges, last, merge);
  // Squashing it is another matter.
  EXPECT_EQ(told(temporary_.commit("feat: all", {main_}, kOne)),
            "squash: feat: last by feat: all on feature/x;");
}

TEST_F(RewrittenBranch, MayHaveNothingInCommonWithTheTarget) {
  const ObjectId root = temporary_.commit("feat: root", {}, {{"r", "1\n"}});
  temporary_.set_ref("refs/heads/feature/x", root);
  Files files{{"a", "0\n" + lines(1, 20)}, {"m", "1\n"}, {"r", "1\n"}};
  EXPECT_EQ(told(temporary_.commit("feat: root", {main_}, files)),
            "direct: feat: root by feat: root on;");
}

TEST_F(RewrittenBranch, IsLookedForAmongTheLikeliest) {
  // A hundred others, all newer than the right one.
  for (int i = 100; i < 200; ++i) {
    const std::string number = std::to_string(i);
    temporary_.set_ref("refs/heads/wip/" + number,
                       temporary_.commit("wip " + number, {base_}, {{"z" + number, "1\n"}}));
  }
  EXPECT_EQ(told(temporary_.commit("feat: both", {main_}, kTwo)),
            "squash: feat: two by feat: both on feature/x;");
  const ObjectId direct = temporary_.commit("feat: mine", {main_}, {{"mine", "1\n"}});
  const Landing landing = land(direct);
  EXPECT_EQ(landing.kind, LandingKind::direct);
  EXPECT_FALSE(landing.near);
  EXPECT_EQ(landing.branches_passed_over, 101 - RewrittenSearch::kMaxUnlikely);
}

TEST_F(RewrittenBranch, IsLikelierTheMoreItHasInCommon) {
  repository_ = temporary_.open();
  const ObjectId other = temporary_.commit("feat: other", {base_}, {{"z", "1\n"}});
  const ObjectId pushed = temporary_.commit("feat: all of feature/named", {main_}, kTwo);
  const std::vector<SourceBranch> branches{{"refs/heads/feature/named", other},
                                           {"refs/heads/feature/other", base_},
                                           {"refs/heads/feature/x", two_},
                                           {"refs/heads/known", one_}};
  const auto likely = likely_branches(*repository_, branches, {one_}, repository_->commit(pushed),
                                      repository_->commit(main_));
  ASSERT_EQ(likely.size(), 3U);
  EXPECT_EQ(likely[0].branch.name, "refs/heads/feature/named");
  EXPECT_EQ(likely[0].likeness, 100U);
  EXPECT_EQ(likely[1].branch.name, "refs/heads/feature/x");
  EXPECT_EQ(likely[1].likeness, 10U);
  EXPECT_EQ(likely[2].likeness, 0U);
  EXPECT_TRUE(likely[1].same_work);
  EXPECT_FALSE(likely[2].same_work);
}

}  // namespace
}  // namespace trunkgate
