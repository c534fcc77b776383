// Each new commit stands with the first ref that brings it, parents first.
#include "policy/push_parts.h"

#include <gtest/gtest.h>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

class PushParts : public testing::Test {
 protected:
  PushParts() {
    old_ = temporary_.commit("feat: old", {});
    one_ = temporary_.commit("feat: one", {old_});
    two_ = temporary_.commit("feat: two", {one_});
    side_ = temporary_.commit("feat: side", {one_});
    merge_ = temporary_.commit("Merge", {two_, side_});
    repository_ = temporary_.open();
  }

  // What each ref with such a tip brings; refs that are left out are missing.
  std::vector<std::pair<std::string, std::vector<ObjectId>>> deal(const std::vector<ObjectId>& tips,
                                                                  const std::vector<ObjectId>& ids,
                                                                  const Scope& scope = {}) const {
    Push push{*repository_, {}, {}, {}, {}};
    std::vector<const PushedRef*> refs;
    for (const ObjectId& tip : tips) {
      push.refs.push_back(
          {"refs/heads/" + std::to_string(push.refs.size()), RefKind::branch, {}, tip, {}, tip});
    }
    for (const PushedRef& ref : push.refs) refs.push_back(&ref);
    std::vector<std::pair<std::string, std::vector<ObjectId>>> dealt;
    for (const PushPart& part : parts_of(push, scope, refs, ids)) {
      dealt.emplace_back(part.ref->name.substr(11), part.commits);
    }
    return dealt;
  }

  using Dealt = std::vector<std::pair<std::string, std::vector<ObjectId>>>;
  TemporaryRepository temporary_;
  ObjectId old_, one_, two_, side_, merge_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(PushParts, GiveEachCommitToTheFirstRefThatBringsIt) {
  EXPECT_EQ(deal({two_, merge_, side_}, {merge_, side_, two_, one_}),
            (Dealt{{"0", {one_, two_}}, {"1", {side_, merge_}}, {"2", {}}}));
}

TEST_F(PushParts, KeepRefsThatBringNothing) {
  EXPECT_EQ(deal({ObjectId(), old_}, {}), (Dealt{{"0", {}}, {"1", {}}}));
}

TEST_F(PushParts, LeaveOutCommitsTheRuleIsNotForAndRefsWithNoOthers) {
  Scope merges;
  merges.only.commits = CommitKinds{.merge = true};
  EXPECT_EQ(deal({two_, merge_, old_}, {merge_, side_, two_, one_}, merges),
            (Dealt{{"1", {merge_}}, {"2", {}}}));
}

}  // namespace
}  // namespace trunkgate
