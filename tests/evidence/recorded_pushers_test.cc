#include "evidence/recorded_pushers.h"

#include <gtest/gtest.h>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Names = std::vector<std::string>;

class RecordedPushers : public testing::Test {
 protected:
  void record(const ObjectId& tip, const std::string& pusher, const std::string& ref) {
    append_lines(state(), {pusher_line(tip, pusher, 1'700'000'000, ref)}, {});
  }
  std::string state() const { return server_.beside("state"); }
  Push push(const Repository& repository) const {
    Push push{repository, {}, {}, {}, server_.beside("scratch")};
    push.state = state();
    return push;
  }
  std::optional<Names> pushers(const ObjectId& commit) const {
    const auto repository = server_.open();
    return pushers_of(push(*repository), commit);
  }
  std::string part(const std::string& user, const ObjectId& commit) const {
    const auto repository = server_.open();
    return own_part(push(*repository), rules_, users_, user, repository->commit(commit))
        .value_or("");
  }
  // `identity`: "Ada <ada@example.com>".
  ObjectId commit_by(const std::string& author, const std::string& committer) {
    const ObjectId tree = server_.tree({});
    return server_.raw("commit", "tree " + tree.hex() + "\nauthor " + author +
                                     " 1700000000 +0000\ncommitter " + committer +
                                     " 1700000000 +0000\n\nfeat: x\n");
  }

  TemporaryRepository server_;
  AttestationRules rules_;
  Users users_{{"ada", {{"ada.l@example.com"}, {}, {"Ada Lovelace"}}}};
};

TEST_F(RecordedPushers, AreAllWhoPushedTheCommitAsATip) {
  const ObjectId one = server_.commit("feat: one", {});
  server_.set_ref("refs/heads/x", one);
  EXPECT_EQ(pushers(one), Names{});
  record(one, "bo", "refs/heads/x");
  record(one, "ada", "refs/heads/hotfix/x");
  EXPECT_EQ(pushers(one), (Names{"ada", "bo"}));
  const auto repository = server_.open();
  const auto pushes = recorded_pushes(push(*repository), one);
  ASSERT_EQ(pushes.size(), 2U);
  EXPECT_EQ(pushes[1].pusher, "ada");
  EXPECT_EQ(pushes[1].time, 1'700'000'000);
  EXPECT_EQ(pushes[1].ref, "refs/heads/hotfix/x");
}

TEST_F(RecordedPushers, OfACommitInTheMiddleAreThoseWhoPushedWhatStandsOnIt) {
  const ObjectId one = server_.commit("feat: one", {});
  const ObjectId two = server_.commit("feat: two", {one});
  const ObjectId three = server_.commit("feat: three", {two});
  const ObjectId other = server_.commit("feat: other", {one});
  server_.set_ref("refs/heads/x", three);
  server_.set_ref("refs/heads/y", other);
  record(three, "ada", "refs/heads/x");
  record(other, "bo", "refs/heads/y");
  EXPECT_EQ(pushers(two), Names{"ada"});
  EXPECT_EQ(pushers(one), (Names{"ada", "bo"}));
}

// It takes a walk and a file for each commit in between, and a commit may have thousands of
// attestations.
TEST_F(RecordedPushers, AreFoundOutOnceForEachPush) {
  const ObjectId one = server_.commit("feat: one", {});
  const ObjectId two = server_.commit("feat: two", {one});
  server_.set_ref("refs/heads/x", two);
  record(two, "ada", "refs/heads/x");
  const auto repository = server_.open();
  const Push asked = push(*repository);
  EXPECT_EQ(pushers_of(asked, one), Names{"ada"});
  record(two, "bo", "refs/heads/y");
  EXPECT_EQ(pushers_of(asked, one), Names{"ada"});
  EXPECT_EQ(pushers(one), (Names{"ada", "bo"}));
}

TEST_F(RecordedPushers, KeepPeopleFromSpeakingForTheirOwnCommits) {
  const ObjectId by_ada = commit_by("Somebody <ADA.L@example.com>", "Build <build@example.com>");
  EXPECT_EQ(part("ada", by_ada), "is its author");
  EXPECT_EQ(part("build", by_ada), "is its committer");
  EXPECT_EQ(part("bo", by_ada), "");
  EXPECT_EQ(part("ada", commit_by("Ada Lovelace <x@y>", "b <b@b>")), "is its author");
  // Where the policy lists nothing, what looks like the person is taken for them.
  EXPECT_EQ(part("cy", commit_by("C <cy@example.com>", "b <b@b>")), "is its author");
  EXPECT_EQ(part("cy", commit_by("Cy <c@example.com>", "b <b@b>")), "is its author");
}

TEST_F(RecordedPushers, SeeThroughAFalseAuthorLine) {
  const ObjectId forged = commit_by("Bo <bo@example.com>", "Bo <bo@example.com>");
  server_.set_ref("refs/heads/x", forged);
  record(forged, "ada", "refs/heads/x");
  EXPECT_EQ(part("ada", forged), "pushed it");
  EXPECT_EQ(part("cy", forged), "");
  rules_.not_pusher = false;
  EXPECT_EQ(part("ada", forged), "");
}

TEST_F(RecordedPushers, CannotBeToldFarBehindABranch) {
  const ObjectId first = server_.commit("feat: first", {});
  std::string commands = "reset refs/heads/x\nfrom " + first.hex() + "\n";
  for (int i = 0; i < 2001; ++i) {
    commands += "commit refs/heads/x\ncommitter X <x@y> " + std::to_string(1'700'000'100 + i) +
                " +0000\ndata 1\nx\n";
  }
  server_.git({"fast-import", "--quiet"}, commands);
  EXPECT_EQ(pushers(first), std::nullopt);
  EXPECT_EQ(part("cy", first),
            "may be who pushed it, which nobody can tell of a commit so far behind its branch");
}

}  // namespace
}  // namespace trunkgate
