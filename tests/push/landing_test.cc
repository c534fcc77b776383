// What a push lands on a branch, and from where.
#include "push/landing.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> titles(const FirstParentChain& chain) {
  std::vector<std::string> result;
  for (const Commit& commit : chain.commits) result.push_back(commit.message);
  return result;
}

std::vector<std::string> names(const std::vector<SourceBranch>& branches) {
  std::vector<std::string> result;
  for (const SourceBranch& branch : branches) result.push_back(branch.name);
  return result;
}

class Landing : public testing::Test {
 protected:
  Landing() : base_(temporary_.commit("base", {})) {
    fs::create_directory(temporary_.beside("scratch"));
  }

  // An update of main from `from` to `to`.
  static PushedRef main(const ObjectId& from, const ObjectId& to) {
    return {.name = "refs/heads/main",
            .kind = RefKind::branch,
            .old_id = from,
            .new_id = to,
            .old_commit = from,
            .new_commit = to};
  }
  const Push& push() {
    repository_ = temporary_.open();
    push_.emplace(Push{*repository_, {}, {}, {}, temporary_.beside("scratch")});
    return *push_;
  }

  TemporaryRepository temporary_;
  ObjectId base_;
  std::unique_ptr<Repository> repository_;
  std::optional<Push> push_;
};

TEST_F(Landing, HasALineOfFirstParentsDownToTheOldTip) {
  const ObjectId x = temporary_.commit("x", {base_});
  const ObjectId one = temporary_.commit("one", {base_, x});
  const ObjectId two = temporary_.commit("two", {one});
  const FirstParentChain chain = first_parent_chain(push(), main(base_, two));
  EXPECT_EQ(titles(chain), (std::vector<std::string>{"two", "one"}));
  EXPECT_TRUE(chain.reaches_old);
  EXPECT_FALSE(chain.too_long);
}

TEST_F(Landing, LeavesTheLineWhenTheOldTipIsAnotherParent) {
  const ObjectId old_tip = temporary_.commit("old", {base_});
  const ObjectId x = temporary_.commit("x", {base_});
  const ObjectId merge = temporary_.commit("merge", {x, old_tip});
  const FirstParentChain chain = first_parent_chain(push(), main(old_tip, merge));
  EXPECT_EQ(titles(chain), (std::vector<std::string>{"merge", "x", "base"}));
  EXPECT_FALSE(chain.reaches_old);
}

TEST_F(Landing, GoesDownToTheRootOfANewBranch) {
  const ObjectId one = temporary_.commit("one", {base_});
  const FirstParentChain chain = first_parent_chain(push(), main(ObjectId(), one));
  EXPECT_EQ(titles(chain), (std::vector<std::string>{"one", "base"}));
  EXPECT_TRUE(chain.reaches_old);
}

TEST_F(Landing, HasAnEmptyLineWhenNothingMoves) {
  const FirstParentChain chain = first_parent_chain(push(), main(base_, base_));
  EXPECT_EQ(titles(chain), std::vector<std::string>());
  EXPECT_TRUE(chain.reaches_old);
}

TEST_F(Landing, GivesUpOnALineThatIsTooLong) {
  std::string stream;
  for (std::size_t i = 1; i <= kMaxLandingSteps + 1; ++i) {
    stream += "commit refs/heads/long\nmark :" + std::to_string(i) +
              "\ncommitter Ada <ada@example.com> 0 +0000\ndata 2\nx\n";
    if (i > 1) stream += "from :" + std::to_string(i - 1) + "\n";
    stream += "\n";
  }
  temporary_.git({"fast-import", "--quiet"}, stream);
  const ObjectId tip = *ObjectId::parse(temporary_.git({"rev-parse", "long"}));
  const ObjectId root = *ObjectId::parse(temporary_.git({"rev-list", "--max-parents=0", "long"}));
  const FirstParentChain fits = first_parent_chain(push(), main(root, tip));
  EXPECT_EQ(fits.commits.size(), kMaxLandingSteps);
  EXPECT_TRUE(fits.reaches_old);
  EXPECT_FALSE(fits.too_long);
  const FirstParentChain cut = first_parent_chain(push(), main(base_, tip));
  EXPECT_EQ(cut.commits.size(), kMaxLandingSteps);
  EXPECT_FALSE(cut.reaches_old);
  EXPECT_TRUE(cut.too_long);
}

TEST_F(Landing, KnowsAllOtherBranches) {
  temporary_.set_ref("refs/heads/main", base_);
  temporary_.set_ref("refs/heads/feature/x", base_);
  temporary_.set_ref("refs/heads/dev", base_);
  temporary_.set_ref("refs/tags/v1", base_);
  temporary_.git({"symbolic-ref", "refs/heads/alias", "refs/heads/dev"});
  EXPECT_EQ(names(other_branches(push(), main(base_, base_))),
            (std::vector<std::string>{"refs/heads/dev", "refs/heads/feature/x"}));
}

TEST_F(Landing, FindsBranchesByTheirTipFirst) {
  const ObjectId one = temporary_.commit("one", {base_});
  const ObjectId two = temporary_.commit("two", {one});
  const std::vector<SourceBranch> branches{
      {"refs/heads/a", one}, {"refs/heads/b", two}, {"refs/heads/c", one}};
  const auto repository = temporary_.open();
  EXPECT_EQ(names(branches_with(*repository, branches, one)),
            (std::vector<std::string>{"refs/heads/a", "refs/heads/c"}));
  EXPECT_EQ(names(branches_with(*repository, branches, base_)),
            (std::vector<std::string>{"refs/heads/a", "refs/heads/b", "refs/heads/c"}));
  EXPECT_EQ(names(branches_with(*repository, {{"refs/heads/a", one}}, two)),
            std::vector<std::string>());
}

TEST_F(Landing, FindsNoBranchForACommitThatThePushBrought) {
  const ObjectId one = temporary_.commit("one", {base_});
  const std::string objects = temporary_.path() + "/objects";
  const std::string folder = objects + "/tmp_objdir-incoming-x";
  const std::string name = one.hex().substr(0, 2) + "/" + one.hex().substr(2);
  fs::create_directories(folder + "/" + one.hex().substr(0, 2));
  fs::rename(objects + "/" + name, folder + "/" + name);
  const Repository repository(
      {.git_dir = temporary_.path(), .quarantine = folder, .git_namespace = {}});
  EXPECT_EQ(names(branches_with(repository, {{"refs/heads/a", base_}}, one)),
            std::vector<std::string>());
}

TEST_F(Landing, BringsInTheSecondParentsWhenEveryStepIsAMerge) {
  const ObjectId x = temporary_.commit("x", {base_});
  const ObjectId y = temporary_.commit("y", {base_});
  const ObjectId z = temporary_.commit("z", {base_});
  const ObjectId one = temporary_.commit("one", {base_, x});
  const ObjectId two = temporary_.commit("two", {one, y, z});
  const PushedRef ref = main(base_, two);
  EXPECT_EQ(brought_in(first_parent_chain(push(), ref), ref), (std::vector<ObjectId>{y, z, x}));
}

TEST_F(Landing, BringsInTheTipWhenAStepIsNoMerge) {
  const ObjectId x = temporary_.commit("x", {base_});
  const ObjectId one = temporary_.commit("one", {base_, x});
  const ObjectId two = temporary_.commit("two", {one});
  const PushedRef ref = main(base_, two);
  EXPECT_EQ(brought_in(first_parent_chain(push(), ref), ref), std::vector<ObjectId>{two});
  const PushedRef still = main(base_, base_);
  EXPECT_EQ(brought_in(first_parent_chain(push(), still), still), std::vector<ObjectId>{base_});
}

TEST_F(Landing, NamesEveryBranchWhoseTipItLands) {
  const ObjectId x = temporary_.commit("x", {base_});
  const ObjectId merge = temporary_.commit("merge", {base_, x});
  temporary_.set_ref("refs/heads/main", base_);
  temporary_.set_ref("refs/heads/feature/x", x);
  temporary_.set_ref("refs/heads/hotfix/x", x);
  temporary_.set_ref("refs/heads/other", base_);
  const std::vector<std::string> both{"feature/x", "hotfix/x"};
  EXPECT_EQ(landed_sources(push(), main(base_, merge)), both);
  EXPECT_EQ(landed_sources(push(), main(base_, x)), both);
  EXPECT_EQ(landed_sources(push(), main(ObjectId(), x)), both);
  EXPECT_EQ(landed_sources(push(), main(x, merge)), std::vector<std::string>());
  EXPECT_EQ(landed_sources(push(), main(x, ObjectId())), std::vector<std::string>());
}

// "merge: x by m on feature/x hotfix/y; y by m on feature/y", with commits by their titles.
std::string told(const Push& push, const trunkgate::Landing& landing) {
  const auto title = [&](const ObjectId& id) {
    return std::string(title_of(push.repository.commit(id).message));
  };
  std::string text = std::string(to_string(landing.kind)) + ":";
  for (const LandedSource& source : landing.sources) {
    text += (text.ends_with(':') ? " " : "; ") + title(source.commit) + " by " + title(source.by);
    if (!source.branches.empty()) text += " on";
    for (const SourceBranch& branch : source.branches) text += " " + branch.name.substr(11);
  }
  for (const UnprovenMerge& merge : landing.unproven) {
    text += "; unproven " + title(merge.merge);
    for (const std::string& path : merge.found.paths) text += " " + path;
  }
  return text;
}

TEST_F(Landing, IsAMergeOfWhatBranchesHold) {
  const ObjectId x = temporary_.commit("x", {base_}, {{"x", "1"}});
  const ObjectId y = temporary_.commit("y", {base_}, {{"y", "1"}});
  const ObjectId one = temporary_.commit("m1", {base_, x}, {{"x", "1"}});
  const ObjectId two = temporary_.commit("m2", {one, y}, {{"x", "1"}, {"y", "1"}});
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, two))), "merge: y by m2; x by m1");
  temporary_.set_ref("refs/heads/feature/x", x);
  temporary_.set_ref("refs/heads/feature/y", y);
  temporary_.set_ref("refs/heads/hotfix/x", x);
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, two))),
            "merge: y by m2 on feature/y; x by m1 on feature/x hotfix/x");
}

TEST_F(Landing, IsAFastForwardToABranch) {
  const ObjectId x = temporary_.commit("x", {base_}, {{"x", "1"}});
  const ObjectId y = temporary_.commit("y", {x}, {{"y", "1"}});
  temporary_.set_ref("refs/heads/feature/y", y);
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, y))), "fast-forward: y by y on feature/y");
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, x))), "fast-forward: x by x on feature/y");
  EXPECT_EQ(told(push(), *landing_of(push(), main(ObjectId(), y))),
            "fast-forward: y by y on feature/y");
}

TEST_F(Landing, IsAboutTheNewTipOfADirectPush) {
  const ObjectId x = temporary_.commit("x", {base_}, {{"x", "1"}});
  const ObjectId other = temporary_.commit("other", {}, {{"o", "1"}});
  temporary_.set_ref("refs/heads/feature/o", other);
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, x))), "direct: x by x");
  EXPECT_EQ(told(push(), *landing_of(push(), main(ObjectId(), x))), "direct: x by x");
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, other))),
            "direct: other by other on feature/o");
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, ObjectId()))), "direct:");
}

TEST_F(Landing, IsAboutAMergeItselfThatHoldsMoreThanItsParents) {
  const ObjectId x = temporary_.commit("x", {base_}, {{"x", "1"}});
  const ObjectId evil = temporary_.commit("evil", {base_, x}, {{"x", "1"}, {"y", "1"}});
  temporary_.set_ref("refs/heads/feature/x", x);
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, evil))),
            "direct: evil by evil; unproven evil y");
  // Looked at as a branch of its own.
  temporary_.set_ref("refs/heads/feature/evil", evil);
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, evil))),
            "fast-forward: evil by evil on feature/evil; unproven evil y");
}

TEST_F(Landing, IsAFastForwardWhereOnlyTheMergesThemselvesAreOnABranch) {
  const ObjectId x = temporary_.commit("x", {base_}, {{"x", "1"}});
  const ObjectId merge = temporary_.commit("m", {base_, x}, {{"x", "1"}});
  temporary_.set_ref("refs/heads/feature/m", merge);
  // The branch holds both: the tip of it and what is below.
  EXPECT_EQ(told(push(), *landing_of(push(), main(base_, merge))), "merge: x by m on feature/m");
}

TEST_F(Landing, IsWorkedOutOnceForEachRefUpdate) {
  const ObjectId x = temporary_.commit("x", {base_}, {{"x", "1"}});
  const ObjectId y = temporary_.commit("y", {base_}, {{"y", "1"}});
  const Push& one = push();
  const auto landing = landing_of(one, main(base_, x));
  EXPECT_EQ(landing_of(one, main(base_, x)), landing);
  EXPECT_NE(landing_of(one, main(base_, y)), landing);
  EXPECT_NE(landing_of(push(), main(base_, x)), landing);
}

}  // namespace
}  // namespace trunkgate
