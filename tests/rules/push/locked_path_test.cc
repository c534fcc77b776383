// locked-path: whole findings.
#include <map>
#include <string>
#include <vector>

#include "policy/policy_loader.h"
#include "rules/push/locks.h"
#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

TEST(Locks, HaveAUserAndAPath) {
  const auto shown = [](std::string_view ref) {
    const auto lock = read_lock(ref);
    return lock ? lock->user + " " + lock->path : "none";
  };
  EXPECT_EQ(shown("refs/locks/ada/models/vit.bin"), "ada models/vit.bin");
  EXPECT_EQ(shown("refs/locks/ada/a%20b/Cargo.loc%6B"), "ada a b/Cargo.lock");
  EXPECT_EQ(shown("refs/locks/a%2Fb/%2Egitignore"), "a/b .gitignore");
  EXPECT_EQ(shown("refs/locks/ada/100%25"), "ada 100%");
  for (const char* name :
       {"refs/locks/ada", "refs/locks/", "refs/heads/ada/x", "refs/locks/ada/100%",
        "refs/locks/ada/%2", "refs/locks/ada/%zz", "refs/locks/ada/a%00", "refs/locks/ada/%2E%2E",
        "refs/locks/ada/a%2F%2Fb", "refs/locks/ada/%2Fa", "refs/locks//a"}) {
    EXPECT_EQ(shown(name), "none") << name;
  }
}

TEST(Locks, AreCalledAsGitAllows) {
  EXPECT_EQ(lock_ref("ada", "models/vit.bin"), "refs/locks/ada/models/vit.bin");
  const TemporaryRepository repository;
  for (const std::string path :
       {"a b", ".gitignore", "a/.x", "Cargo.lock", "a.lock/b", "x..y", "end.", "a~^:?*[\\", "@",
        "a@{b", "100%", "tab\tdel\x7f", "caf\xc3\xa9", "caf\xe9", "-x"}) {
    const std::string ref = lock_ref("a/b", path);
    EXPECT_NO_THROW(repository.git({"check-ref-format", ref})) << ref;
    const auto lock = read_lock(ref);
    ASSERT_TRUE(lock) << ref;
    EXPECT_EQ(lock->path, path);
    EXPECT_EQ(lock->user, "a/b");
  }
}

TEST(Locks, OverlapWhenOneIsInTheOther) {
  EXPECT_TRUE(overlap("a/b", "a/b"));
  EXPECT_TRUE(overlap("a", "a/b"));
  EXPECT_TRUE(overlap("a/b/c", "a"));
  EXPECT_FALSE(overlap("a", "ab"));
  EXPECT_FALSE(overlap("a/b", "a/c"));
  EXPECT_FALSE(overlap("a/b", "a/bc"));
}

class LockedPath : public testing::Test {
 protected:
  LockedPath() { with("{by: [admins]}"); }

  void with(const std::string& options, const std::string& refs = "['refs/**']",
            const std::string& namespaces = "['refs/locks/**']") {
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present,
                      "version: 1\ngroups: {admins: [root]}\nnamespaces: " + namespaces +
                          "\nrulesets: [{name: x, refs: " + refs +
                          ", rules: {locked-path: " + options + "}}]\n",
                      {}};
    });
  }
  std::string mistakes(const std::string& refs, const std::string& namespaces) {
    try {
      with("{}", refs, namespaces);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  void lock(const std::string& name) { server_.set_ref("refs/locks/" + name, base_); }

  // "REF: MESSAGE" or "PATH: MESSAGE", then hint and commands.
  std::string push(const std::string& user, const std::vector<PushedRef>& refs,
                   const std::vector<ObjectId>& commits = {}) {
    const auto repository = server_.open();
    Pusher pusher;
    pusher.name = user;
    Push push{*repository, pusher, {}, refs, {}, server_.beside("state"), now_};
    std::vector<PushPart> parts;
    for (const PushedRef& ref : push.refs) parts.push_back({&ref, {}});
    if (!commits.empty()) parts.at(0).commits = commits;
    PushAnswer answer{std::vector<Answer>(parts.size()), {}};
    policy_->rules.at(0).rule->check_push(push, parts, answer);
    EXPECT_TRUE(answer.whole.findings.empty());
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (const Finding& finding : answer.parts[i].findings) {
        EXPECT_EQ(finding.commit.has_value(), !finding.path.empty());
        text += (finding.path.empty() ? parts[i].ref->name : finding.path) + ": " +
                finding.message + "\n";
        if (!finding.hint.empty()) text += "? " + finding.hint + "\n";
        for (const std::string& line : finding.commands) text += "$ " + line + "\n";
      }
    }
    return text;
  }
  // A branch with one commit that leaves these files, on top of one with a and models/vit.bin.
  std::string change(const std::string& user, const std::map<std::string, std::string>& files) {
    const ObjectId tip = server_.commit("feat: x", {base_}, files);
    return push(user, {{"refs/heads/x", RefKind::branch, base_, tip, base_, tip}}, {tip});
  }
  PushedRef made(const std::string& name, const ObjectId& id) const {
    return {"refs/locks/" + name, RefKind::other, {}, id, {}, id};
  }
  PushedRef gone(const std::string& name) const {
    return {"refs/locks/" + name, RefKind::other, base_, {}, base_, {}};
  }

  TemporaryRepository server_;
  std::unique_ptr<Policy> policy_;
  std::int64_t now_ = 1'700'000'000;  // 2023-11-14 22:13 UTC
  ObjectId base_ = server_.commit("feat: base", {}, {{"a", "1"}, {"models/vit.bin", "1"}});
};

constexpr const char* kAsk =
    "? ask ada to unlock it with: git push origin --delete refs/locks/ada/models/vit.bin\n";

TEST_F(LockedPath, AcceptsEverythingWhileThereIsNoLock) {
  EXPECT_EQ(change("bo", {{"a", "2"}}), "");
}

TEST_F(LockedPath, LetsNobodyElseChangeALockedFile) {
  lock("ada/models/vit.bin");
  EXPECT_EQ(change("bo", {{"a", "1"}, {"models/vit.bin", "2"}}),
            std::string("models/vit.bin: locked by ada\n") + kAsk);
  EXPECT_EQ(change("bo", {{"a", "2"}, {"models/vit.bin", "1"}}), "");
  EXPECT_EQ(change("ada", {{"a", "1"}, {"models/vit.bin", "2"}}), "");
}

TEST_F(LockedPath, LetsNobodyElseDeleteOrReplaceIt) {
  lock("ada/models/vit.bin");
  const std::string refused = std::string("models/vit.bin: locked by ada\n") + kAsk;
  EXPECT_EQ(change("bo", {{"a", "1"}}), refused);
  EXPECT_EQ(change("bo", {{"a", "1"}, {"models/vit2.bin", "1"}}), refused);
  EXPECT_EQ(change("bo", {{"a", "1"}, {"models", "a file now"}}),
            "models: locked by ada\n" + std::string(kAsk) + refused);
}

TEST_F(LockedPath, LocksAFolderWithAllBelowIt) {
  lock("ada/models");
  EXPECT_EQ(change("bo", {{"a", "1"}, {"models/vit.bin", "1"}, {"models/new", "1"}}),
            "models/new: locked by ada\n"
            "? ask ada to unlock it with: git push origin --delete refs/locks/ada/models\n");
  EXPECT_EQ(change("bo", {{"a", "1"}, {"models/vit.bin", "1"}, {"models2", "1"}}), "");
}

TEST_F(LockedPath, SaysSinceWhen) {
  EXPECT_EQ(push("ada", {made("ada/models/vit.bin", base_)}), "");
  lock("ada/models/vit.bin");
  now_ += 86'400;
  EXPECT_EQ(change("bo", {{"a", "1"}}),
            std::string("models/vit.bin: locked by ada since 2023-11-14 22:13 UTC\n") + kAsk);
  // What the state folder says of another value of the reference is not about this lock.
  server_.set_ref("refs/locks/ada/models/vit.bin", server_.commit("feat: other", {}));
  EXPECT_EQ(change("bo", {{"a", "1"}}), std::string("models/vit.bin: locked by ada\n") + kAsk);
}

TEST_F(LockedPath, GivesThoseWhoMayUnlockTheCommand) {
  lock("ada/models/vit.bin");
  EXPECT_EQ(change("root", {{"a", "1"}}),
            "models/vit.bin: locked by ada\n? ask ada, or unlock it\n"
            "$ git push origin --delete refs/locks/ada/models/vit.bin\n");
}

TEST_F(LockedPath, IsTakenInOnesOwnNameOnly) {
  EXPECT_EQ(push("ada", {made("ada/a", base_)}), "");
  EXPECT_EQ(push("bo", {made("ada/a%20b", base_)}),
            "refs/locks/ada/a%20b: only ada may lock as ada, and you are 'bo'\n"
            "$ git push origin HEAD:refs/locks/bo/a%20b\n");
  EXPECT_EQ(push("root", {made("ada/a", base_)}),
            "refs/locks/ada/a: only ada may lock as ada, and you are 'root'\n"
            "$ git push origin HEAD:refs/locks/root/a\n");
}

TEST_F(LockedPath, IsGivenBackByItsOwnerAndByThoseWhoMay) {
  EXPECT_EQ(push("ada", {gone("ada/a")}), "");
  EXPECT_EQ(push("root", {gone("ada/a")}), "");
  EXPECT_EQ(push("bo", {gone("ada/a")}),
            "refs/locks/ada/a: only ada may unlock it, and you are 'bo'\n? ask ada\n");
  with("{}");
  EXPECT_EQ(push("root", {gone("ada/a")}),
            "refs/locks/ada/a: only ada may unlock it, and you are 'root'\n? ask ada\n");
}

TEST_F(LockedPath, IsTakenOnce) {
  lock("ada/models");
  const std::string ask =
      "? ask ada to unlock it with: git push origin --delete refs/locks/ada/models\n";
  EXPECT_EQ(push("bo", {made("bo/models", base_)}),
            "refs/locks/bo/models: 'models' is locked by ada already\n" + ask);
  EXPECT_EQ(push("bo", {made("bo/models/vit.bin", base_)}),
            "refs/locks/bo/models/vit.bin: 'models/vit.bin' is locked by ada already\n" + ask);
  EXPECT_EQ(push("ada", {made("ada/models2", base_)}), "");
}

TEST_F(LockedPath, HasANameThatCanBeRead) {
  const std::string refused =
      ": is no lock: a lock is called refs/locks/USER/PATH\n"
      "? bytes that Git does not take in a name are written %XX, and '%' as %25\n";
  EXPECT_EQ(push("ada", {made("ada", base_)}), "refs/locks/ada" + refused);
  EXPECT_EQ(push("ada", {made("ada/100%", base_)}), "refs/locks/ada/100%" + refused);
  EXPECT_EQ(push("bo", {gone("ada/100%")}), "");  // it has locked nothing
}

TEST_F(LockedPath, NeedsTheReferencesThatLocksAre) {
  EXPECT_EQ(mistakes("['refs/**']", "['refs/locks/**']"), "");
  EXPECT_EQ(mistakes("['refs/heads/**', 'refs/locks/**']", "['refs/**']"), "");
  EXPECT_NE(mistakes("['refs/heads/**']", "['refs/locks/**']")
                .find("the rule 'locked-path' needs 'refs/locks/**' among the refs of its ruleset"),
            std::string::npos);
  EXPECT_NE(mistakes("['refs/**']", "['refs/wip/**']")
                .find("the rule 'locked-path' needs that its references can be pushed"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate
