#include "events/git_facts.h"

#include "delivery_fixture.h"

namespace trunkgate {
namespace {

class GitFactsTest : public DeliveryFixture {
 protected:
  // What one push that has just been applied did.
  RefFacts tell(const SpooledUpdate& update) { return tell(std::vector{update}).refs[0]; }
  PushFacts tell(const std::vector<SpooledUpdate>& updates) {
    for (const SpooledUpdate& each : updates) set_ref(each.ref, each.after);
    GitFacts facts(repository());
    for (auto each = updates.rbegin(); each != updates.rend(); ++each) facts.rewind(*each);
    return facts.tell(updates);
  }
  static std::string titles(const RefFacts& facts) {
    std::string text;
    for (const Commit& each : facts.commits) text += std::string(title_of(each.message)) + " ";
    return text;
  }
  const ObjectId none_{};
};

TEST_F(GitFactsTest, TellsTheCommitsOfAnUpdateOldestFirst) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  const ObjectId c = commit("c", {b});
  const RefFacts facts = tell(update("refs/heads/main", a, c));
  EXPECT_EQ(titles(facts), "b c ");
  EXPECT_EQ(facts.commits_total, 2U);
  EXPECT_FALSE(facts.forced);
  EXPECT_EQ(facts.head->id, c);
  EXPECT_EQ(facts.version.name, "dev-" + c.brief());
}

TEST_F(GitFactsTest, KeepsParentsBeforeChildrenWhateverTheDates) {
  const ObjectId a = commit("a");
  commits_ = 50;
  const ObjectId b = commit("b", {a});
  commits_ = 10;
  const ObjectId c = commit("c", {b});
  const ObjectId d = commit("d", {a});
  const ObjectId e = commit("e", {c, d});
  const RefFacts facts = tell(update("refs/heads/main", a, e));
  EXPECT_EQ(titles(facts), "b c d e ");
  EXPECT_FALSE(facts.forced);
}

TEST_F(GitFactsTest, FindsAForcedUpdate) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  const ObjectId c = commit("c", {a});
  const RefFacts aside = tell(update("refs/heads/main", b, c));
  EXPECT_TRUE(aside.forced);
  EXPECT_EQ(titles(aside), "c ");
  const RefFacts back = tell(update("refs/heads/main", c, a));
  EXPECT_TRUE(back.forced);
  EXPECT_EQ(back.commits_total, 0U);
}

TEST_F(GitFactsTest, GivesACreatedBranchWhatNothingReachedBefore) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  const ObjectId c = commit("c", {b});
  set_ref("refs/heads/main", a);
  EXPECT_EQ(titles(tell(update("refs/heads/x", none_, c))), "b c ");
  EXPECT_EQ(titles(tell(update("refs/heads/y", none_, c))), "");
}

TEST_F(GitFactsTest, DoesNotLetLaterPushesTakeACommitFromACreatedBranch) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  set_ref("refs/heads/main", b);  // x was merged before anybody told of it
  set_ref("refs/heads/x", b);
  GitFacts facts(repository());
  const std::vector created{update("refs/heads/x", none_, b)};
  const std::vector merged{update("refs/heads/main", a, b)};
  facts.rewind(merged[0]);
  facts.rewind(created[0]);
  EXPECT_EQ(titles(facts.tell(created).refs[0]), "b ");
  EXPECT_EQ(titles(facts.tell(merged).refs[0]), "b ");
}

TEST_F(GitFactsTest, CountsACommitOnceInAPushOfSeveralRefs) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  const PushFacts facts =
      tell({update("refs/heads/main", none_, b), update("refs/tags/v1.0.0", none_, a)});
  EXPECT_EQ(facts.commits_total, 2U);
  EXPECT_EQ(titles(facts.refs[0]), "a b ");
  EXPECT_EQ(titles(facts.refs[1]), "");
  EXPECT_EQ(facts.refs[1].version.name, "v1.0.0");
}

TEST_F(GitFactsTest, ListsTheNewestTwentyAndCountsAll) {
  const ObjectId first = commit("first");
  ObjectId tip = first;
  for (int i = 0; i < 30; ++i) tip = commit(std::to_string(i), {tip});
  const RefFacts facts = tell(update("refs/heads/main", first, tip));
  EXPECT_EQ(facts.commits_total, 30U);
  ASSERT_EQ(facts.commits.size(), 20U);
  EXPECT_EQ(title_of(facts.commits.front().message), "10");
  EXPECT_EQ(facts.commits.back().id, tip);
}

TEST_F(GitFactsTest, CountsEveryCommitButListsTheNewest) {
  std::string stream = "commit refs/heads/main\n";
  for (int i = 1; i <= 2500; ++i) {
    if (i > 1) stream += "commit refs/heads/main\n";
    stream += "mark :" + std::to_string(i) + "\ncommitter A <a@b> " +
              std::to_string(1'700'000'000 + i) + " +0000\ndata 1\nx\n";
  }
  std::ofstream(root_ + "/stream") << stream;
  git("fast-import --quiet --export-marks='" + root_ + "/marks' < '" + root_ + "/stream'");
  const ObjectId tip = id(git("rev-parse refs/heads/main"));
  const ObjectId root = id(git("rev-list --max-parents=0 refs/heads/main"));
  const RefFacts facts = tell(update("refs/heads/main", root, tip));
  EXPECT_EQ(facts.commits_total, 2499U);
  EXPECT_EQ(facts.commits.size(), 20U);
  EXPECT_FALSE(facts.forced);
}

TEST_F(GitFactsTest, ChoosesTheBestTag) {
  const ObjectId a = commit("a");
  for (const char* tag : {"nightly", "v1.9.0", "v1.10.0-rc.2", "v1.10.0-rc.10", "alpha"}) {
    git(std::string("tag ") + tag + " " + a.hex());
  }
  git("tag -a -m x beta " + a.hex());
  const RefFacts facts = tell(update("refs/heads/main", none_, a));
  EXPECT_EQ(facts.version.name, "v1.10.0-rc.10");
  EXPECT_TRUE(facts.version.tagged);
  EXPECT_EQ(facts.version.tags, (std::vector<std::string>{"v1.10.0-rc.10", "v1.10.0-rc.2", "v1.9.0",
                                                          "beta", "alpha", "nightly"}));
  git("pack-refs --all");
  EXPECT_EQ(tell(update("refs/heads/x", none_, a)).version.tags, facts.version.tags);
}

TEST_F(GitFactsTest, LooksThroughATagObject) {
  const ObjectId a = commit("a");
  git("tag -a -m x v2.0.0 " + a.hex());
  const ObjectId tag = id(git("rev-parse refs/tags/v2.0.0"));
  const RefFacts facts = tell(update("refs/tags/v2.0.0", none_, tag));
  EXPECT_EQ(facts.version.name, "v2.0.0");
  EXPECT_EQ(facts.version.commit, a);
  EXPECT_EQ(facts.head->id, a);
  const ObjectId b = commit("b", {a});
  EXPECT_TRUE(tell(update("refs/tags/v2.0.0", tag, b)).forced);
}

TEST_F(GitFactsTest, NamesADeletedRefAfterWhatItHeld) {
  const ObjectId a = commit("a");
  const RefFacts facts = tell(update("refs/heads/x", a, none_));
  EXPECT_EQ(facts.version.commit, a);
  EXPECT_FALSE(facts.forced);
  EXPECT_FALSE(facts.head);
}

TEST_F(GitFactsTest, TakesTagsOnTreesAndBlobs) {
  const ObjectId tree = id("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  commit("a");
  const RefFacts facts = tell(update("refs/tags/tree", none_, tree));
  EXPECT_EQ(facts.version.name, "dev-4b825dc6");
  EXPECT_EQ(facts.version.commit, tree);
  EXPECT_EQ(facts.commits_total, 0U);
}

TEST_F(GitFactsTest, SurvivesMissingObjects) {
  const ObjectId a = commit("a");
  const ObjectId gone = id(std::string(40, 'd'));
  GitFacts facts(repository());
  const PushFacts told =
      facts.tell(std::vector{update("refs/heads/x", none_, gone), update("refs/heads/x", gone, a),
                             update("refs/heads/x", a, gone)});
  EXPECT_EQ(told.refs[0].version.name, "dev-dddddddd");
  EXPECT_TRUE(told.refs[1].forced);
  EXPECT_EQ(told.refs[1].head->id, a);
  EXPECT_EQ(told.refs[2].commits_total, 0U);
  EXPECT_FALSE(facts.forced(update("refs/heads/x", a, gone)));
}

TEST_F(GitFactsTest, TakesTagsOfItsOwnNamespaceOnly) {
  const ObjectId a = commit("a");
  set_ref("refs/tags/outside", a);
  set_ref("refs/namespaces/n/refs/tags/inside", a);
  EXPECT_EQ(tell(update("refs/namespaces/n/refs/heads/x", none_, a)).version.name, "inside");
  EXPECT_EQ(tell(update("refs/heads/x", none_, a)).version.name, "outside");
  const RefParts parts = parts_of("refs/namespaces/n/refs/namespaces/m/refs/heads/x");
  EXPECT_EQ(parts.git_namespace, "refs/namespaces/n/refs/namespaces/m/");
  EXPECT_EQ(parts.name, "refs/heads/x");
  EXPECT_EQ(parts.kind, "branch");
}

TEST_F(GitFactsTest, TellsTrailersAsGitFindsThem) {
  const ObjectId a = commit("a");
  const ObjectId b = commit_of(
      "\n\nfeat: x\n\nWhy: not a trailer, for it is not in the last paragraph.\n\n"
      "Reviewed-by: Bob\r\nCo-authored-by: Z\xE9,\n  of old\n",
      {{"x", "1"}}, {a});
  const RefFacts facts = tell(update("refs/heads/main", a, b));
  ASSERT_EQ(facts.notes.size(), 1U);
  EXPECT_EQ(facts.notes.at(b).trailers,
            (std::vector<Trailer>{{"Reviewed-by", "Bob"}, {"Co-authored-by", "Z\xE9, of old"}}));
  EXPECT_TRUE(trailers_of(Commit()).empty());
  Commit titled;
  titled.message = "\n \nReviewed-by: Ada\n";
  EXPECT_TRUE(trailers_of(titled).empty()) << "a title is none, wherever it stands";
}

TEST_F(GitFactsTest, RunsNoProgramForAnEncodingThatItDoesNotKnow) {
  Commit commit;
  commit.encoding = "ISO-2022-JP";
  commit.message = "feat: x\n\nReviewed-by: \x1B$B\x46|\x1B(B\n";
  EXPECT_EQ(trailers_of(commit), (std::vector<Trailer>{{"Reviewed-by", "\x1B$B\x46|\x1B(B"}}));
}

TEST_F(GitFactsTest, BelievesASignatureThatARuleHasFoundGood) {
  const auto signed_commit = [&](const std::string& title, const ObjectId& parent) {
    std::ofstream(root_ + "/raw") << "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent "
                                  << parent.hex() << "\nauthor A <a@b> 1 +0000\n"
                                  << "committer A <a@b> 1 +0000\ngpgsig -----BEGIN SSH\n x\n\n"
                                  << title << "\n";
    return id(git("hash-object -t commit -w --literally '" + root_ + "/raw'"));
  };
  const ObjectId a = commit("a");
  const ObjectId b = signed_commit("b", a);
  const ObjectId c = signed_commit("c", b);
  const ObjectId d = commit("d", {c});
  const KnownSignatures known(folder() + "/state");
  for (const ObjectId& each : {b, d}) {  // what is not signed has no good signature
    known.keep(each, {.keys = "-", .time = kNow / kSecond, .signers = {}}, Sharing{});
  }
  const SpooledUpdate made = update("refs/heads/main", a, d);
  set_ref(made.ref, d);
  const auto good = [&](SignatureSource source) {
    GitFacts facts(repository(), {}, std::move(source));
    facts.rewind(made);
    const RefFacts told = facts.tell(std::vector{made}).refs[0];
    std::string text;
    for (const ObjectId& each : {b, c, d}) text += told.notes.at(each).good_signature ? "1" : "0";
    return text;
  };
  EXPECT_EQ(good({.known = known, .now = kNow / kSecond}), "100");
  EXPECT_EQ(good({.known = known, .now = kNow / kSecond + 86'401}), "000");
  EXPECT_EQ(good({}), "000");
}

}  // namespace
}  // namespace trunkgate
