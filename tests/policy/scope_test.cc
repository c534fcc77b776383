// Where a rule applies.
#include "policy/scope.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "policy/policy_loader.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Files = std::map<std::string, std::string>;

class ScopeTest : public testing::Test {
 protected:
  ScopeTest() : base_(temporary_.commit("feat: base", {}, {{"a", "1"}})) {
    temporary_.set_ref("refs/heads/main", base_);
  }

  // The scope of a rule for these refs with the keys `only` or `except`.
  void with(const std::string& refs, const std::string& keys) {
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present,
                      "version: 1\ngroups: {bots: [ci, sync]}\nrulesets:\n  - name: x\n    refs: " +
                          refs + "\n    rules:\n      deleted-ref: {" + keys + "}\n",
                      {}};
    });
  }
  const Scope& scope() const { return policy_->rules.at(0).scope; }

  static PushedRef update(const std::string& name, const ObjectId& from, const ObjectId& to) {
    return {.name = name,
            .kind = kind_of(name),
            .old_id = from,
            .new_id = to,
            .old_commit = from,
            .new_commit = to};
  }
  bool applies(const PushedRef& ref, const std::string& pusher = "ada",
               Subject subject = Subject::ref) const {
    const auto repository = temporary_.open();
    Pusher who;
    who.name = pusher;
    return scope().applies_to({*repository, who, {}, {ref}, {}}, ref, subject);
  }
  bool applies_to_commit(const std::vector<PushedRef>& refs, const ObjectId& id,
                         const std::string& pusher = "ada") const {
    const auto repository = temporary_.open();
    Pusher who;
    who.name = pusher;
    std::vector<const PushedRef*> pointers;
    for (const PushedRef& ref : refs) pointers.push_back(&ref);
    return scope().applies_to({*repository, who, {}, refs, {}}, pointers, repository->commit(id));
  }

  TemporaryRepository temporary_;
  ObjectId base_;
  std::unique_ptr<Policy> policy_;
};

TEST_F(ScopeTest, CoversTheRefsOfItsRuleset) {
  with("[main, 'refs/tags/**']", "");
  EXPECT_TRUE(scope().covers("refs/heads/main"));
  EXPECT_TRUE(scope().covers("refs/tags/a/b"));
  EXPECT_FALSE(scope().covers("refs/heads/x"));
}

TEST_F(ScopeTest, CoversOnlyWhatItsOwnRefsAllow) {
  with("['**']", "only: {refs: 'feature/**'}, except: {refs: feature/x}");
  EXPECT_TRUE(scope().covers("refs/heads/feature/y"));
  EXPECT_FALSE(scope().covers("refs/heads/feature/x"));
  EXPECT_FALSE(scope().covers("refs/heads/main"));
}

TEST_F(ScopeTest, StillCoversARefThatIsExceptedForSomePushesOnly) {
  for (const char* except : {"{refs: main, pushers: ada}", "{refs: main, source: 'hotfix/**'}",
                             "{refs: main, paths: '*.md'}", "{refs: main, commits: merge}"}) {
    with("[main]", std::string("except: ") + except);
    EXPECT_TRUE(scope().covers("refs/heads/main")) << except;
  }
  with("[main]", "only: {pushers: ada}");
  EXPECT_TRUE(scope().covers("refs/heads/main"));
}

TEST_F(ScopeTest, AppliesToPushersAndGroups) {
  const PushedRef ref = update("refs/heads/main", base_, base_);
  with("[main]", "only: {pushers: [bots, ada]}");
  EXPECT_TRUE(applies(ref, "ada"));
  EXPECT_TRUE(applies(ref, "ci"));
  EXPECT_FALSE(applies(ref, "bots"));
  EXPECT_FALSE(applies(ref, "bo"));
  EXPECT_FALSE(applies(ref, ""));
  with("[main]", "except: {pushers: bots}");
  EXPECT_FALSE(applies(ref, "sync"));
  EXPECT_TRUE(applies(ref, "bots"));
}

TEST_F(ScopeTest, NeedsAllConditionsOfOneExceptionTogether) {
  with("[main, x]", "except: {refs: main, pushers: ci}");
  EXPECT_FALSE(applies(update("refs/heads/main", base_, base_), "ci"));
  EXPECT_TRUE(applies(update("refs/heads/x", base_, base_), "ci"));
  EXPECT_TRUE(applies(update("refs/heads/main", base_, base_), "ada"));
}

TEST_F(ScopeTest, TakesEmptyConditionsForNone) {
  const PushedRef ref = update("refs/heads/main", base_, base_);
  with("[main]", "only: {}, except: {}");
  EXPECT_TRUE(applies(ref));
  with("[main]", "except: {refs: []}");
  EXPECT_TRUE(applies(ref));
}

TEST_F(ScopeTest, ExceptsASourceOnlyWhenEveryBranchWithThatTipIsExcepted) {
  const ObjectId work = temporary_.commit("feat: work", {base_}, {{"a", "2"}});
  const PushedRef landing = update("refs/heads/main", base_, work);
  with("[main]", "except: {source: 'hotfix/**'}");
  EXPECT_TRUE(applies(landing)) << "it is no branch yet";
  temporary_.set_ref("refs/heads/hotfix/x", work);
  EXPECT_FALSE(applies(landing));
  temporary_.set_ref("refs/heads/feature/x", work);
  EXPECT_TRUE(applies(landing)) << "the same commits are a feature too";
}

TEST_F(ScopeTest, AppliesOnlyToASourceWhenAnyBranchWithThatTipIsMeant) {
  const ObjectId work = temporary_.commit("feat: work", {base_}, {{"a", "2"}});
  const PushedRef landing = update("refs/heads/main", base_, work);
  with("[main]", "only: {source: 'feature/**'}");
  EXPECT_FALSE(applies(landing));
  temporary_.set_ref("refs/heads/hotfix/x", work);
  temporary_.set_ref("refs/heads/feature/x", work);
  EXPECT_TRUE(applies(landing));
}

TEST_F(ScopeTest, LooksAtThePathsThatARefUpdateChanges) {
  const ObjectId docs = temporary_.commit("docs: x", {base_}, {{"a", "1"}, {"doc/x.md", "1"}});
  const ObjectId both = temporary_.commit("feat: x", {docs}, {{"a", "2"}, {"doc/x.md", "1"}});
  with("[main]", "only: {paths: 'doc/**'}");
  EXPECT_TRUE(applies(update("refs/heads/main", base_, docs)));
  EXPECT_TRUE(applies(update("refs/heads/main", base_, both)));
  EXPECT_FALSE(applies(update("refs/heads/main", docs, both)));
  with("[main]", "except: {paths: 'doc/**'}");
  EXPECT_FALSE(applies(update("refs/heads/main", base_, docs)));
  EXPECT_TRUE(applies(update("refs/heads/main", base_, both))) << "something else changes too";
  EXPECT_TRUE(applies(update("refs/heads/main", base_, base_))) << "nothing changes";
}

TEST_F(ScopeTest, LooksAtThePathsThatCommitsOfARefUpdateChangeOnTheWay) {
  const ObjectId code = temporary_.commit("feat: x", {base_}, {{"a", "1"}, {"x.c", "1"}});
  const ObjectId docs = temporary_.commit("docs: x", {code}, {{"a", "1"}, {"doc/x.md", "1"}});
  const ObjectId other = temporary_.commit("docs: y", {base_}, {{"a", "1"}, {"doc/y.md", "1"}});
  temporary_.set_ref("refs/heads/main", base_);
  with("[main, x]", "except: {paths: 'doc/**'}");
  EXPECT_TRUE(applies(update("refs/heads/main", base_, docs))) << "x.c came and went";
  EXPECT_TRUE(applies(update("refs/heads/x", ObjectId(), docs)));
  EXPECT_TRUE(applies(update("refs/heads/main", docs, other))) << "the code commit goes away";
  EXPECT_FALSE(applies(update("refs/heads/main", base_, other)));
  with("[main]", "only: {paths: '*.c'}");
  EXPECT_TRUE(applies(update("refs/heads/main", base_, docs)));
  EXPECT_TRUE(applies(update("refs/heads/main", docs, other)));
  EXPECT_FALSE(applies(update("refs/heads/main", base_, other)));
}

TEST_F(ScopeTest, LooksAtThePathsOfEachCommit) {
  const ObjectId docs = temporary_.commit("docs: x", {base_}, {{"a", "1"}, {"doc/x.md", "1"}});
  const ObjectId code = temporary_.commit("feat: x", {docs}, {{"a", "2"}, {"doc/x.md", "1"}});
  const std::vector<PushedRef> refs{update("refs/heads/main", base_, code)};
  with("[main]", "except: {paths: 'doc/**'}");
  EXPECT_TRUE(applies(refs[0], "ada", Subject::commit));
  EXPECT_FALSE(applies_to_commit(refs, docs));
  EXPECT_TRUE(applies_to_commit(refs, code));
  with("[main]", "only: {paths: 'doc/**'}");
  EXPECT_TRUE(applies_to_commit(refs, docs));
  EXPECT_FALSE(applies_to_commit(refs, code));
}

TEST_F(ScopeTest, TellsMergesFromOtherCommits) {
  const ObjectId side = temporary_.commit("feat: side", {base_});
  const ObjectId merge = temporary_.commit("Merge", {base_, side});
  const std::vector<PushedRef> refs{update("refs/heads/main", base_, merge)};
  with("[main]", "only: {commits: merge}");
  EXPECT_TRUE(applies_to_commit(refs, merge));
  EXPECT_FALSE(applies_to_commit(refs, side));
  with("[main]", "except: {commits: merge}");
  EXPECT_FALSE(applies_to_commit(refs, merge));
  EXPECT_TRUE(applies_to_commit(refs, side));
  with("[main]", "only: {commits: non-merge}");
  EXPECT_FALSE(applies_to_commit(refs, merge));
}

TEST_F(ScopeTest, ExceptsACommitOnlyWhenTheExceptionHoldsForEveryRefThatBringsIt) {
  const ObjectId docs = temporary_.commit("docs: x", {base_}, {{"a", "1"}, {"doc/x.md", "1"}});
  with("[main, x]", "except: {refs: x, paths: 'doc/**'}");
  const PushedRef main = update("refs/heads/main", base_, docs);
  const PushedRef x = update("refs/heads/x", ObjectId(), docs);
  EXPECT_FALSE(applies_to_commit({x}, docs));
  EXPECT_TRUE(applies_to_commit({main}, docs));
  EXPECT_TRUE(applies_to_commit({main, x}, docs));
}

TEST_F(ScopeTest, NeverLosesARuleAboutRefsToAnExceptionAboutCommits) {
  // An exception for merges says nothing about a ref update that brings more than merges.
  const ObjectId work = temporary_.commit("feat: work", {base_}, {{"a", "2"}});
  with("[main]", "except: {commits: merge}");
  EXPECT_TRUE(applies(update("refs/heads/main", base_, work)));
  EXPECT_TRUE(applies(update("refs/heads/main", base_, ObjectId())));
}

TEST_F(ScopeTest, HasOneTextForEqualRefs) {
  const auto text = [&](const std::string& refs, const std::string& keys) {
    with(refs, keys);
    return scope().refs_text();
  };
  EXPECT_EQ(text("[main, x]", "except: {refs: y}"),
            text("[x, refs/heads/main]", "except: {refs: refs/heads/y}"));
  EXPECT_NE(text("[main]", "only: {refs: y}"), text("[main]", "except: {refs: y}"));
  EXPECT_EQ(text("[main]", "only: {pushers: ada}"), text("[main]", ""));
}

TEST_F(ScopeTest, HasDifferentTextsWhenItCoversDifferentRefs) {
  // With the pushers the exception leaves the rule in force on x, alone it does not.
  with("[main, x]", "except: {refs: x, pushers: ci}");
  const std::string sometimes = scope().refs_text();
  const bool covers_sometimes = scope().covers("refs/heads/x");
  with("[main, x]", "except: {refs: x}");
  ASSERT_NE(scope().covers("refs/heads/x"), covers_sometimes);
  EXPECT_NE(scope().refs_text(), sometimes);
}

TEST_F(ScopeTest, CoversTheBranchThatHeadNames) {
  with("[HEAD, x]", "");
  EXPECT_TRUE(scope().names_head());
  policy_->settle({"/srv/x.git", "refs/heads/trunk"});
  EXPECT_TRUE(scope().covers("refs/heads/trunk"));
  EXPECT_FALSE(scope().covers("refs/heads/main"));
  with("['**']", "except: {refs: HEAD}");
  policy_->settle({"/srv/x.git", "refs/heads/trunk"});
  EXPECT_FALSE(scope().covers("refs/heads/trunk"));
  EXPECT_TRUE(scope().covers("refs/heads/main"));
}

TEST_F(ScopeTest, IsNothingWhenHeadNamesNoBranch) {
  with("[HEAD]", "");
  try {
    policy_->settle({"/srv/x.git", ""});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "policy.yaml:7 is for HEAD, and the repository's HEAD names no branch");
    EXPECT_EQ(error.hint(), "an admin can name one: git symbolic-ref HEAD refs/heads/main");
  }
  with("[main]", "");
  EXPECT_NO_THROW(policy_->settle({"/srv/x.git", ""}));
}

TEST_F(ScopeTest, CoversWhatAnExpressionMatches) {
  with("[{match: 'rel-[0-9]+'}, main]", "except: {refs: {match: ['rel-1', 'rel-2']}}");
  EXPECT_TRUE(scope().covers("refs/heads/rel-12"));
  EXPECT_TRUE(scope().covers("refs/heads/main"));
  EXPECT_FALSE(scope().covers("refs/heads/rel-1"));
  EXPECT_FALSE(scope().covers("refs/tags/rel-12"));
}

TEST_F(ScopeTest, IsLeftOutInRepositoriesItIsNotFor) {
  const auto holds = [&](const std::string& keys) {
    with("[main]", keys);
    policy_->settle({"/srv/git/team/web.git", "refs/heads/main"});
    return policy_->rules.size() == 1;
  };
  EXPECT_TRUE(holds("only: {repositories: web}"));
  EXPECT_FALSE(holds("only: {repositories: api}"));
  EXPECT_FALSE(holds("except: {repositories: 'team/*'}"));
  EXPECT_TRUE(holds("except: {repositories: 'other/*'}"));
}

TEST_F(ScopeTest, ExceptsARepositoryTogetherWithOtherConditions) {
  const PushedRef ref = update("refs/heads/main", base_, base_);
  const std::string except = "except: {repositories: web, pushers: ci}";
  with("[main]", except);
  EXPECT_TRUE(applies(ref, "ci")) << "nobody has said which repository it is";
  policy_->settle({"/srv/web.git", "refs/heads/main"});
  EXPECT_FALSE(applies(ref, "ci"));
  EXPECT_TRUE(applies(ref, "ada"));
  with("[main]", except);
  policy_->settle({"/srv/api.git", "refs/heads/main"});
  EXPECT_TRUE(applies(ref, "ci"));
}

TEST_F(ScopeTest, TellsRevertsByWhatTheyDo) {
  const ObjectId work = temporary_.commit("feat: work", {base_}, {{"a", "2"}});
  const std::string says = "Revert \"feat: work\"\n\nThis reverts commit " + work.hex() + ".\n";
  const ObjectId revert = temporary_.commit(says, {work}, {{"a", "1"}});
  const ObjectId liar = temporary_.commit(says, {work}, {{"a", "3"}});
  const ObjectId mute = temporary_.commit("fix: no", {work}, {{"a", "1"}});
  const ObjectId twice =
      temporary_.commit("Reapply \"feat: work\"\n\nThis reverts commit " + revert.hex() + ".\n",
                        {revert}, {{"a", "2"}});
  // Nobody may have judged what lies beside: its inverse could be anything.
  const ObjectId beside = temporary_.commit("x", {base_}, {{"a", "4"}});
  const ObjectId smuggled = temporary_.commit(
      "x\n\nThis reverts commit " + temporary_.commit("x", {beside}, {{"a", "1"}}).hex() + ".\n",
      {base_}, {{"a", "4"}});
  const ObjectId nowhere = temporary_.commit(
      "x\n\nThis reverts commit " + std::string(40, 'a') + ".\n", {work}, {{"a", "1"}});
  const std::vector<PushedRef> refs{update("refs/heads/main", base_, revert)};
  with("[main]", "except: {commits: [merge, revert]}");
  EXPECT_FALSE(applies_to_commit(refs, revert));
  EXPECT_FALSE(applies_to_commit(refs, twice));
  EXPECT_FALSE(applies_to_commit(refs, temporary_.commit("Merge", {base_, work})));
  for (const ObjectId& id : {work, liar, mute, smuggled, nowhere, base_}) {
    EXPECT_TRUE(applies_to_commit(refs, id));
  }
  with("[main]", "only: {commits: revert}");
  EXPECT_TRUE(applies_to_commit(refs, revert));
  EXPECT_FALSE(applies_to_commit(refs, work));
}

}  // namespace
}  // namespace trunkgate
