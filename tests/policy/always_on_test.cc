// What is refused before any rule.
#include "policy/always_on.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "policy/policy_loader.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
const std::string kZero(40, '0');

// "RULE: message | hint" for each finding.
std::vector<std::string> shown(const std::vector<Finding>& findings) {
  std::vector<std::string> result;
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.mode, Mode::enforce);
    EXPECT_EQ(finding.ruleset, "");
    EXPECT_EQ(finding.origin, "");
    result.push_back(finding.rule + ": " + finding.message +
                     (finding.hint.empty() ? "" : " | " + finding.hint));
  }
  return result;
}

using Lines = std::vector<std::string>;

class AlwaysOn : public testing::Test {
 protected:
  AlwaysOn() : one_(temporary_.commit("feat: one", {})) {
    two_ = temporary_.commit("feat: two", {one_});
    with(
        "namespaces: ['refs/wip/**']\n"
        "rulesets:\n"
        "  - {name: trunk, refs: [main, 'release/**'], rules: {direct-push: {}}}\n"
        "  - {name: tags, refs: ['refs/tags/v*'], rules: {rewound-branch: {}}}\n");
    known_.name = "ada";
  }

  void with(const std::string& text) {
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present, "version: 1\n" + text, {}};
    });
  }

  // What is said about one update; {"accepted"} when it may go on to the rules.
  Lines check(const std::string& name, const std::string& from, const std::string& to) {
    Answer answer;
    const auto repository = temporary_.open();
    pushed_ = check_update({*ObjectId::parse(from), *ObjectId::parse(to), name}, *policy_,
                           *repository, {.shallow = false, .now = now_}, answer);
    EXPECT_EQ(pushed_.has_value(), answer.findings.empty());
    return pushed_ ? Lines{"accepted"} : shown(answer.findings);
  }
  Lines create(const std::string& name) { return check(name, kZero, two_.hex()); }

  Lines push(const std::string& input, bool shallow = false) const {
    return shown(
        refuse_push(parse_ref_updates(input), *policy_, known_, {.shallow = shallow, .now = now_}));
  }

  TemporaryRepository temporary_;
  ObjectId one_;
  ObjectId two_;
  std::unique_ptr<Policy> policy_;
  Pusher known_;
  std::int64_t now_ = std::time(nullptr);
  std::optional<PushedRef> pushed_;
};

TEST_F(AlwaysOn, LetsAnOrdinaryPushGoOn) {
  EXPECT_EQ(push(kZero + " " + one_.hex() + " refs/heads/main\n"), Lines());
}

TEST_F(AlwaysOn, RefusesMalformedAndEmptyPushes) {
  EXPECT_EQ(push(""), Lines{"malformed-push: the push is malformed: it updates nothing"});
  EXPECT_EQ(push("x\n"), Lines{"malformed-push: the push is malformed: 1 line is no ref update"});
  EXPECT_EQ(push(kZero + " " + one_.hex() + " refs/heads/a\nb\nc\n"),
            Lines{"malformed-push: the push is malformed: 2 lines are no ref updates"});
}

TEST_F(AlwaysOn, RefusesTheSameRefTwice) {
  const std::string line = kZero + " " + one_.hex() + " refs/heads/a\n";
  EXPECT_EQ(push(line + kZero + " " + two_.hex() + " refs/heads/b\n" + line + line),
            Lines{"duplicate-ref: the push updates refs/heads/a more than once"});
}

TEST_F(AlwaysOn, RefusesShallowPushesAndUnknownPushers) {
  const std::string line = kZero + " " + one_.hex() + " refs/heads/a\n";
  known_ = Pusher();
  known_.problem = "no source answered";
  EXPECT_EQ(push(line, true),
            (Lines{"shallow-push: the push comes from a shallow clone | run git fetch --unshallow, "
                   "then push again",
                   "unknown-pusher: the server does not know who is pushing: no source answered"}));
  with("identity: {unknown: allow}\n");
  EXPECT_EQ(push(line), Lines());
}

TEST_F(AlwaysOn, RefusesMoreThanFiftyThousandRefs) {
  std::string input;
  for (std::size_t i = 0; i < kMaxRefs; ++i) {
    input += kZero + " " + one_.hex() + " refs/heads/b" + std::to_string(i) + "\n";
  }
  EXPECT_EQ(push(input), Lines());
  EXPECT_EQ(push(input + kZero + " " + one_.hex() + " refs/heads/x\n"),
            Lines{"crowded-push: the push updates more than 50000 references | push in smaller "
                  "parts"});
}

TEST_F(AlwaysOn, GivesTheUpdateWithItsCommits) {
  temporary_.set_ref("refs/heads/x", one_);
  EXPECT_EQ(check("refs/heads/x", one_.hex(), two_.hex()), Lines{"accepted"});
  EXPECT_EQ(pushed_->name, "refs/heads/x");
  EXPECT_EQ(pushed_->kind, RefKind::branch);
  EXPECT_EQ(pushed_->old_id, one_);
  EXPECT_EQ(pushed_->new_id, two_);
  EXPECT_EQ(pushed_->old_commit, one_);
  EXPECT_EQ(pushed_->new_commit, two_);
  EXPECT_EQ(check("refs/heads/x", one_.hex(), kZero), Lines{"accepted"});
  EXPECT_TRUE(pushed_->deletes());
  EXPECT_TRUE(pushed_->new_commit.is_zero());
}

TEST_F(AlwaysOn, GivesTheCommitBehindATag) {
  temporary_.git({"tag", "-a", "-m", "x", "x1", one_.hex()});
  const std::string tag = temporary_.git({"rev-parse", "refs/tags/x1"});
  EXPECT_EQ(check("refs/tags/x2", kZero, tag), Lines{"accepted"});
  EXPECT_EQ(pushed_->new_id.hex(), tag);
  EXPECT_EQ(pushed_->new_commit, one_);
  EXPECT_EQ(check("refs/tags/x1", tag, two_.hex()), Lines{"accepted"});
  EXPECT_EQ(pushed_->old_commit, one_);
}

TEST_F(AlwaysOn, RefusesNamesThatGitWouldNotCreate) {
  EXPECT_EQ(create("HEAD"), Lines{"invalid-ref-name: HEAD cannot be pushed to"});
  EXPECT_EQ(create("refs/heads/a..b"),
            Lines{"invalid-ref-name: the name is no reference name: it has '..'"});
  EXPECT_EQ(create("refs/stash"),
            Lines{"invalid-ref-name: the name is no reference name: it has only one part after "
                  "refs/"});
}

TEST_F(AlwaysOn, RefusesBranchNamesThatAreTakenForSomethingElse) {
  const Lines refused{
      "misleading-ref-name: the branch name can be taken for an object id, an option or a full "
      "name | choose another name"};
  for (const std::string& name :
       {std::string("HEAD"), std::string("-f"), std::string("refs/heads/x"), std::string(40, 'a'),
        std::string(40, 'F'), std::string(64, '0')}) {
    EXPECT_EQ(create("refs/heads/" + name), refused) << name;
  }
  for (const std::string& name :
       {std::string(39, 'a'), std::string(40, 'g'), std::string("x/HEAD"), std::string("a-f")}) {
    EXPECT_EQ(create("refs/heads/" + name), Lines{"accepted"}) << name;
  }
  EXPECT_EQ(create("refs/tags/" + std::string(40, 'a')), Lines{"accepted"});
}

TEST_F(AlwaysOn, RefusesNamespacesThatNobodyListed) {
  EXPECT_EQ(create("refs/replace/" + one_.hex()),
            Lines{"replaced-object: replacing objects would change what everybody sees"});
  EXPECT_EQ(create("refs/attest/x/check/y"),
            Lines{"reserved-namespace: the policy takes no attestations | an admin can say under "
                  "'attestations' who may leave which"});
  for (const char* name : {"refs/meta/x", "refs/archive/heads/x", "refs/trunkgate/x"}) {
    EXPECT_EQ(create(name),
              Lines{"reserved-namespace: this namespace belongs to the gate and is not in use yet"})
        << name;
  }
  for (const char* name : {"refs/pull/1/head", "refs/headsx/a", "refs/wip", "refs/changes/1/x"}) {
    if (std::string_view(name) == "refs/wip") continue;
    EXPECT_EQ(create(name),
              Lines{"unlisted-namespace: only branches, tags and notes can be pushed (refs/heads, "
                    "refs/tags, refs/notes) | an admin can list more under 'namespaces' in the "
                    "policy"})
        << name;
  }
  EXPECT_EQ(create("refs/wip/ada/x"), Lines{"accepted"});
}

TEST_F(AlwaysOn, TakesRequestsToLandOnlyWhereTheQueueIsOn) {
  const Lines off{
      "reserved-namespace: nothing lands by a push to refs/for/ here | an admin can switch the "
      "merge "
      "queue on with 'land: {queue: true}'"};
  EXPECT_EQ(create("refs/for/main"), off);
  with("land: {queue: false}\n");
  EXPECT_EQ(create("refs/for/main"), off);
  with("land: {queue: true}\n");
  EXPECT_EQ(create("refs/for/main"), Lines{"accepted"});
  EXPECT_EQ(create("refs/for/release/1"), Lines{"accepted"});
  EXPECT_EQ(create("refs/for/refs/heads/main"),
            Lines{"landing-request: a request to land names the branch to land on, without "
                  "refs/heads/ | git push origin BRANCH:refs/for/main"});
}

TEST_F(AlwaysOn, RefusesReplacedObjectsEvenWhenThePolicyListsThem) {
  with("namespaces: ['refs/**']\n");
  EXPECT_EQ(create("refs/replace/" + one_.hex()),
            Lines{"replaced-object: replacing objects would change what everybody sees"});
  EXPECT_EQ(create("refs/meta/x"),
            Lines{"reserved-namespace: this namespace belongs to the gate and is not in use yet"});
}

TEST_F(AlwaysOn, RefusesAnOldValueThatIsNotThere) {
  temporary_.set_ref("refs/heads/x", one_);
  EXPECT_EQ(check("refs/heads/x", two_.hex(), kZero),
            Lines{"stale-old-value: the reference is at " + one_.brief() + " by now, not at " +
                  two_.brief() + " | run git fetch and push again"});
  EXPECT_EQ(check("refs/heads/x", kZero, two_.hex()),
            Lines{"stale-old-value: the reference is at " + one_.brief() +
                  " by now, not at nothing | run git fetch and push again"});
  EXPECT_EQ(check("refs/heads/gone", one_.hex(), kZero),
            Lines{"stale-old-value: the reference does not exist on the server | run git fetch "
                  "--prune and look again"});
  EXPECT_EQ(check("refs/heads/x", kZero, kZero),
            Lines{"empty-update: the update has neither an old nor a new value"});
}

TEST_F(AlwaysOn, RefusesPushesThroughASymbolicRef) {
  temporary_.set_ref("refs/heads/main", one_);
  temporary_.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  const Lines refused{"symbolic-ref: this is another name for 'main' | push to 'main' itself"};
  EXPECT_EQ(check("refs/heads/alias", one_.hex(), two_.hex()), refused);
  EXPECT_EQ(check("refs/heads/alias", one_.hex(), kZero), refused);
  EXPECT_EQ(check("refs/heads/alias", kZero, two_.hex()), refused);
}

TEST_F(AlwaysOn, RefusesWhatTheServerHides) {
  const Lines refused{"hidden-ref: the server hides this reference and takes no pushes to it"};
  temporary_.git({"config", "transfer.hideRefs", "refs/heads/secret"});
  temporary_.git({"config", "receive.hideRefs", "^refs/heads/other/"});
  temporary_.git({"config", "--add", "receive.hideRefs", "!refs/heads/secret/open"});
  EXPECT_EQ(create("refs/heads/secret/x"), refused);
  EXPECT_EQ(create("refs/heads/other/x"), refused);
  EXPECT_EQ(create("refs/heads/secret/open"), Lines{"accepted"});
  EXPECT_EQ(create("refs/heads/secrets"), Lines{"accepted"});
}

TEST_F(AlwaysOn, RefusesAnUpdateBehindALockThatWasLeftBehind) {
  const std::string lock = temporary_.path() + "/refs/heads/x.lock";
  std::ofstream(lock).close();
  EXPECT_EQ(create("refs/heads/x"), Lines{"accepted"}) << "somebody else may be at work";
  now_ += 600;
  EXPECT_EQ(create("refs/heads/x"),
            Lines{"locked-ref: the server cannot update it: a lock file was left behind 10 minutes "
                  "ago | ask an admin to remove refs/heads/x.lock in the repository; "
                  "'trunkgate doctor' there says how"});
}

TEST_F(AlwaysOn, RefusesObjectsThatAreNotThere) {
  EXPECT_EQ(check("refs/heads/x", kZero, std::string(40, 'd')),
            Lines{"missing-object: the object dddddddd it needs is not on the server | push again; "
                  "run git fsck in your clone when it happens again"});
}

TEST_F(AlwaysOn, RefusesBranchesThatHoldNoCommit) {
  temporary_.git({"tag", "-a", "-m", "x", "x1", one_.hex()});
  const ObjectId tree = temporary_.tree({{"a", "1"}});
  EXPECT_EQ(check("refs/heads/x", kZero, temporary_.git({"rev-parse", "refs/tags/x1"})),
            Lines{"not-a-commit: a branch holds commits, and this is a tag"});
  EXPECT_EQ(check("refs/heads/x", kZero, tree.hex()),
            Lines{"not-a-commit: a branch holds commits, and this is a tree"});
  EXPECT_EQ(check("refs/heads/x", kZero, temporary_.raw("blob", "x").hex()),
            Lines{"not-a-commit: a branch holds commits, and this is a blob"});
}

TEST_F(AlwaysOn, RefusesTagsOfOtherThingsOnlyWhereARuleWouldJudgeThem) {
  const ObjectId tree = temporary_.tree({{"a", "1"}});
  EXPECT_EQ(check("refs/tags/free", kZero, tree.hex()), Lines{"accepted"});
  EXPECT_TRUE(pushed_->new_commit.is_zero());
  EXPECT_EQ(check("refs/tags/v1", kZero, tree.hex()),
            Lines{"not-a-commit: it points at a tree, which no rule of this reference can judge"});
}

TEST_F(AlwaysOn, RefusesTagsOfTagsOfTags) {
  ObjectId at = one_;
  std::vector<ObjectId> chain;
  for (int i = 0; i < 9; ++i) {
    at = temporary_.raw("tag", "object " + at.hex() + "\ntype " + (i == 0 ? "commit" : "tag") +
                                   "\ntag t\ntagger A <a> 0 +0000\n\nt\n");
    chain.push_back(at);
  }
  EXPECT_EQ(check("refs/tags/x", kZero, chain[7].hex()), Lines{"accepted"});
  EXPECT_EQ(check("refs/tags/x", kZero, chain[8].hex()),
            Lines{"deep-tag: a tag of a tag of a tag: more than 8 deep"});
}

TEST_F(AlwaysOn, TakesNotesThatAreNotes) {
  temporary_.git({"notes", "add", "-m", "note", one_.hex()});
  const std::string notes = temporary_.git({"rev-parse", "refs/notes/commits"});
  EXPECT_EQ(check("refs/notes/review", kZero, notes), Lines{"accepted"});
  const Lines refused{"not-a-note: a notes reference holds notes, and this is something else"};
  const ObjectId code = temporary_.commit("feat: code", {}, {{"main.c", "1"}});
  EXPECT_EQ(check("refs/notes/review", kZero, code.hex()), refused);
  EXPECT_EQ(check("refs/notes/review", kZero, temporary_.tree({}).hex()), refused);
}

TEST_F(AlwaysOn, RefusesNewNamesThatStandInTheWayOfAProtectedOne) {
  EXPECT_EQ(create("refs/heads/main/x"),
            Lines{"blocked-branch: 'main' is a protected name; nothing can be created below it"});
  EXPECT_EQ(create("refs/heads/Main"),
            Lines{"case-variant: the name differs from the protected 'main' in letter case only | "
                  "choose another name"});
  EXPECT_EQ(create("refs/tags/main"),
            Lines{"tag-like-branch: a tag with the name of a protected branch could be taken for "
                  "it | choose another name for the tag"});
  EXPECT_EQ(create("refs/tags/release/1")[0].substr(0, 15), "tag-like-branch");
  EXPECT_EQ(create("refs/heads/main"), Lines{"accepted"});
  EXPECT_EQ(create("refs/heads/maintenance"), Lines{"accepted"});
}

TEST_F(AlwaysOn, RefusesAParentFolderOfAProtectedName) {
  with("rulesets:\n  - {name: trunk, refs: [team/trunk], rules: {direct-push: {}}}\n");
  // As a branch, "team" would keep "team/trunk" from ever being created.
  ASSERT_FALSE(create("refs/heads/team").empty());
  EXPECT_EQ(create("refs/heads/team")[0].substr(0, 15), "blocked-branch:");
}

TEST_F(AlwaysOn, ProtectsOnlyWhatIsEnforced) {
  with("rulesets:\n  - {name: trunk, refs: [main], mode: warn, rules: {direct-push: {}}}\n");
  EXPECT_EQ(create("refs/tags/main"), Lines{"accepted"});
}

TEST_F(AlwaysOn, LetsMisleadingTagsBeDeletedAndMoved) {
  temporary_.set_ref("refs/tags/main", one_);
  EXPECT_EQ(check("refs/tags/main", one_.hex(), kZero), Lines{"accepted"});
}

// Every word that a source of lib/policy gives a finding as its rule.
std::set<std::string> ids_in_sources() {
  std::set<std::string> ids;
  static const std::regex kId(R"re((?:refusal\(\s*|rule = )"([a-z-]+)"[,;])re");
  for (const auto& entry : fs::directory_iterator(TRUNKGATE_TESTS_DIR "/../lib/policy")) {
    if (entry.path().extension() != ".cc") continue;
    std::ifstream file(entry.path());
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    for (std::sregex_iterator at(text.begin(), text.end(), kId), end; at != end; ++at) {
      ids.insert((*at)[1]);
    }
  }
  return ids;
}

TEST(AlwaysOnIds, AreThoseOfTheSources) {
  const auto ids = always_on_ids();
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()), ids_in_sources());
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
}

}  // namespace
}  // namespace trunkgate
