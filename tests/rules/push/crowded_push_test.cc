// crowded-push: whole findings.
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "support/content_rule_test.h"
#include "support/quarantine.h"

namespace trunkgate {
namespace {

class CrowdedPush : public ContentRuleTest {
 protected:
  CrowdedPush() : ContentRuleTest("crowded-push"), quarantine_(server_) {
    with("{refs: 2, commits: 5, bytes: 1 KiB}");
  }

  // A push with so many refs, of which the first brings the commits, and so many bytes.
  std::string push(std::size_t refs, const std::vector<ObjectId>& commits, std::size_t bytes) {
    std::ofstream(quarantine_.folder() + "/pack/some.pack") << std::string(bytes, 'x');
    const auto repository = quarantine_.open();
    const Push push{*repository, {}, {}, std::vector<PushedRef>(refs), {}};
    std::vector<PushPart> parts;
    for (const PushedRef& ref : push.refs) parts.push_back({&ref, {}});
    parts.at(0).commits = commits;
    PushAnswer answer{std::vector<Answer>(parts.size()), {}};
    policy_->rules.at(0).rule->check_push(push, parts, answer);
    for (const Answer& part : answer.parts) EXPECT_EQ(text_of(part), "");
    return text_of(answer.whole);
  }
  std::string push(std::size_t refs, std::size_t commits, std::size_t bytes) {
    return push(refs, std::vector<ObjectId>(commits), bytes);
  }

  ObjectId commit(const std::map<std::string, std::string>& files,
                  const std::vector<ObjectId>& parents = {}) {
    return server_.commit("feat: x", parents, files);
  }

  Quarantine quarantine_;
};

TEST_F(CrowdedPush, AcceptsAPushAtTheLimits) {
  EXPECT_EQ(push(2, 5, 1024), kFine);
  EXPECT_EQ(push(1, 0, 0), kFine);
}

TEST_F(CrowdedPush, RejectsOneMoreOfEach) {
  EXPECT_EQ(push(3, 5, 1024),
            "0: the push updates 3 references; the limit is 2\n? push in smaller parts\n");
  EXPECT_EQ(push(2, 6, 1024),
            "0: the push brings 6 new commits; the limit is 5\n"
            "? push in smaller parts, or squash what belongs together\n");
  EXPECT_EQ(push(2, 5, 1025),
            "0: the push brings 1025 bytes; the limit is 1024\n"
            "? look for large files with git diff --stat\n");
}

TEST_F(CrowdedPush, SaysEverythingAtOnce) {
  EXPECT_EQ(push(9, 99, 5U << 20U),
            "0: the push updates 9 references; the limit is 2\n? push in smaller parts\n"
            "0: the push brings 99 new commits; the limit is 5\n"
            "? push in smaller parts, or squash what belongs together\n"
            "0: the push brings 5.0 MiB; the limit is 1.0 KiB\n"
            "? look for large files with git diff --stat\n");
}

TEST_F(CrowdedPush, TakesZeroForAny) {
  with("{refs: 0, commits: 1, bytes: 0, files: 0, new-files: 0, lines: 0, repository: 0}");
  EXPECT_EQ(push(9999, 1, 1U << 20U), kFine);
}

std::string more_than(const std::string& what) {
  return "0: the push " + what + "\n? push in smaller parts: git push origin COMMIT:BRANCH\n";
}

TEST_F(CrowdedPush, CountsAFileOnceHoweverManyCommitsChangeIt) {
  with("{files: 2}");
  const ObjectId one = commit({{"a", "1\n"}, {"b", "1\n"}});
  const ObjectId two = commit({{"a", "2\n"}, {"b", "2\n"}}, {one});
  EXPECT_EQ(push(1, {one, two}, 0), kFine);
  const ObjectId three = commit({{"a", "2\n"}, {"b", "2\n"}, {"c", "3\n"}}, {two});
  EXPECT_EQ(push(1, {one, two, three}, 0), more_than("changes more than 2 files"));
  // A deleted file is changed, too.
  EXPECT_EQ(push(1, {commit({}, {three})}, 0), more_than("changes more than 2 files"));
}

TEST_F(CrowdedPush, CountsNewFilesApart) {
  with("{new-files: 1}");
  const ObjectId base = commit({{"a", "1\n"}, {"b", "1\n"}});
  const ObjectId next = commit({{"a", "2\n"}, {"b", "2\n"}, {"c", "3\n"}}, {base});
  EXPECT_EQ(push(1, {next}, 0), kFine);
  EXPECT_EQ(push(1, {base, next}, 0), more_than("adds more than 1 file"));
}

TEST_F(CrowdedPush, CountsLinesCommitByCommit) {
  with("{lines: 4}");
  const ObjectId one = commit({{"a", "1\n2\n"}});
  const ObjectId two = commit({{"a", "1\n3\n"}}, {one});  // one line goes, one comes
  EXPECT_EQ(push(1, {one, two}, 0), kFine);
  const ObjectId three = commit({{"a", "1\n"}}, {two});
  EXPECT_EQ(push(1, {one, two, three}, 0), more_than("changes more than 4 lines"));
}

TEST_F(CrowdedPush, CountsNothingThatAMergeOnlyBringsTogether) {
  with("{files: 2, lines: 2}");
  const ObjectId base = commit({{"a", "1\n"}});
  const ObjectId left = commit({{"a", "1\n"}, {"b", "1\n"}}, {base});
  const ObjectId right = commit({{"a", "1\n"}, {"c", "1\n"}}, {base});
  const ObjectId merge = commit({{"a", "1\n"}, {"b", "1\n"}, {"c", "1\n"}}, {left, right});
  EXPECT_EQ(push(1, {left, right, merge}, 0), kFine);
}

TEST_F(CrowdedPush, LeavesExcludedFilesOut) {
  with("{files: 1, new-files: 1, lines: 1, exclude: [vendor/, '*.lock']}");
  EXPECT_EQ(push(1, {commit({{"vendor/a", "1\n2\n"}, {"x.lock", "1\n2\n"}, {"a", "1\n"}})}, 0),
            kFine);
  EXPECT_EQ(push(1, {commit({{"vendors/a", "1\n"}, {"a", "1\n"}})}, 0),
            more_than("changes more than 1 file") + more_than("adds more than 1 file") +
                more_than("changes more than 1 line"));
}

TEST_F(CrowdedPush, LimitsWhatTheRepositoryHolds) {
  with("{repository: 4 KiB}");
  std::ofstream(server_.path() + "/objects/pack/pack-1.pack") << std::string(3072, 'x');
  std::ofstream(server_.path() + "/objects/pack/pack-1.idx") << std::string(9999, 'x');
  EXPECT_EQ(push(1, 1, 1024), kFine);
  EXPECT_EQ(push(1, 1, 1025),
            "0: the push brings 1.0 KiB, and the repository would have 4097 bytes; the limit is "
            "4096\n? ask an admin for room; large files belong elsewhere, for example into Git "
            "LFS\n");
  // Loose objects count, too.
  const ObjectId blob = server_.raw("blob", "x");
  const std::string loose = server_.path() + "/objects" + Quarantine::loose(blob);
  EXPECT_EQ(push(1, 1, 1024 - std::filesystem::file_size(loose)), kFine);
  EXPECT_EQ(push(1, 1, 1024).substr(0, 24), "0: the push brings 1.0 K");
}

TEST_F(CrowdedPush, LetsAPushThatBringsNothingIntoAFullRepository) {
  with("{repository: 1 KiB}");
  std::ofstream(server_.path() + "/objects/pack/pack-1.pack") << std::string(2048, 'x');
  EXPECT_EQ(push(1, 0, 0), kFine);
  EXPECT_NE(push(1, 0, 1), kFine);
}

TEST_F(CrowdedPush, NeedsALimit) {
  const std::string none = "the rule has no limit";
  EXPECT_NE(mistakes("{}").find(none), std::string::npos);
  EXPECT_NE(mistakes("{refs: 0, commits: 0}").find(none), std::string::npos);
}

}  // namespace
}  // namespace trunkgate
