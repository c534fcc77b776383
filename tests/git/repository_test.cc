// A repository as the hooks see it.
#include "git/repository.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

// Moves objects to a folder as receive-pack makes one for what a push brings.
std::string quarantined(const TemporaryRepository& repository, const std::vector<ObjectId>& ids) {
  const std::string objects = repository.path() + "/objects";
  const std::string folder = objects + "/tmp_objdir-incoming-x";
  fs::create_directory(folder);
  for (const ObjectId& id : ids) {
    const std::string name = id.hex().substr(0, 2) + "/" + id.hex().substr(2);
    fs::create_directories(folder + "/" + id.hex().substr(0, 2));
    fs::rename(objects + "/" + name, folder + "/" + name);
  }
  return folder;
}

std::string refusal(const RepositoryPlace& place) {
  try {
    const Repository repository(place);
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::repository);
    return error.what();
  }
}

// "KIND target-or-id".
std::string shown(const RefValue& value) {
  switch (value.kind) {
    case RefValue::Kind::none:
      return "none";
    case RefValue::Kind::direct:
      return "direct " + value.id.hex();
    case RefValue::Kind::symbolic:
      return "symbolic " + value.target;
  }
  return {};
}

std::vector<std::string> names(const std::vector<Ref>& refs) {
  std::vector<std::string> result;
  for (const Ref& ref : refs) result.push_back(ref.name);
  return result;
}

TEST(Repository, IsOpenedByItsFolderAndKnowsItsRealPath) {
  const TemporaryRepository temporary;
  fs::create_symlink(temporary.path(), temporary.beside("link"));
  const Repository repository(
      {.git_dir = temporary.beside("link"), .quarantine = {}, .git_namespace = {}});
  EXPECT_EQ(repository.path(), fs::canonical(temporary.path()).string());
  EXPECT_EQ(repository.quarantine(), "");
  EXPECT_TRUE(repository.bare());
  EXPECT_FALSE(repository.shallow());
}

TEST(Repository, IsRefusedWhenThereIsNone) {
  const TemporaryRepository temporary;
  const std::string missing = temporary.beside("missing");
  EXPECT_EQ(refusal({.git_dir = missing, .quarantine = {}, .git_namespace = {}}),
            "there is no repository at " + missing);
  fs::create_directory(temporary.beside("empty"));
  EXPECT_EQ(refusal({.git_dir = temporary.beside("empty"), .quarantine = {}, .git_namespace = {}})
                .substr(0, 27),
            "cannot open the repository ");
}

TEST(Repository, IsNotLookedForAboveTheFolder) {
  const TemporaryRepository temporary;
  EXPECT_NE(
      refusal({.git_dir = temporary.path() + "/objects", .quarantine = {}, .git_namespace = {}}),
      "");
}

TEST(Repository, IsRefusedWithItsFormatWhenItUsesLongIds) {
  const TemporaryRepository temporary;
  temporary.git({"init", "-q", "--bare", "--object-format=sha256", temporary.beside("long.git")});
  EXPECT_EQ(
      refusal({.git_dir = temporary.beside("long.git"), .quarantine = {}, .git_namespace = {}}),
      "the repository uses SHA-256 object ids, which this build cannot read (libgit2 1.5 "
      "knows SHA-1 only)");
}

TEST(Repository, KnowsWhetherItIsShallow) {
  TemporaryRepository temporary;
  std::ofstream(temporary.path() + "/shallow") << temporary.commit("feat: x", {}).hex() << "\n";
  EXPECT_TRUE(temporary.open()->shallow());
}

TEST(Repository, ReadsItsOwnConfiguration) {
  const TemporaryRepository temporary;
  temporary.git({"config", "receive.hideRefs", "refs/a"});
  temporary.git({"config", "--add", "receive.hideRefs", "refs/b"});
  const auto repository = temporary.open();
  EXPECT_EQ(repository->config("receive.hiderefs"), "refs/b");
  EXPECT_EQ(repository->config_all("receive.hiderefs"),
            (std::vector<std::string>{"refs/a", "refs/b"}));
  EXPECT_EQ(repository->config("trunkgate.policy"), std::nullopt);
  EXPECT_EQ(repository->config_all("trunkgate.policy"), std::vector<std::string>());
}

TEST(Repository, KnowsHowItIsShared) {
  const std::vector<std::pair<std::string, unsigned>> cases{
      {"umask", 0},   {"false", 0},   {"0", 0},        {"group", 0060},     {"true", 0060},
      {"1", 0060},    {"all", 0064},  {"world", 0064}, {"everybody", 0064}, {"2", 0064},
      {"0640", 0040}, {"0660", 0060}, {"0644", 0044},  {"0777", 0066},      {"nonsense", 0}};
  for (const auto& [word, extra] : cases) {
    const TemporaryRepository temporary;
    temporary.git({"config", "core.sharedRepository", word});
    EXPECT_EQ(temporary.open()->sharing().extra, extra) << word;
  }
  EXPECT_EQ(TemporaryRepository().open()->sharing().extra, 0U);
}

TEST(Repository, ReadsOneReference) {
  TemporaryRepository temporary;
  const ObjectId id = temporary.commit("feat: x", {});
  temporary.set_ref("refs/heads/main", id);
  temporary.git({"symbolic-ref", "refs/heads/alias", "refs/heads/missing"});
  const auto repository = temporary.open();
  EXPECT_EQ(shown(repository->ref("refs/heads/main")), "direct " + id.hex());
  EXPECT_EQ(shown(repository->ref("refs/heads/alias")), "symbolic refs/heads/missing");
  EXPECT_EQ(shown(repository->ref("refs/heads/none")), "none");
  EXPECT_EQ(shown(repository->ref("HEAD")), "symbolic refs/heads/main");
}

TEST(Repository, SeesAPackedReferenceToo) {
  TemporaryRepository temporary;
  const ObjectId id = temporary.commit("feat: x", {});
  temporary.set_ref("refs/heads/main", id);
  temporary.git({"pack-refs", "--all", "--prune"});
  EXPECT_EQ(shown(temporary.open()->ref("refs/heads/main")), "direct " + id.hex());
}

TEST(Repository, FollowsSymbolicReferencesForAWhile) {
  const TemporaryRepository temporary;
  temporary.git({"symbolic-ref", "refs/heads/a", "refs/heads/b"});
  temporary.git({"symbolic-ref", "refs/heads/b", "refs/heads/main"});
  temporary.git({"symbolic-ref", "refs/heads/loop", "refs/heads/pool"});
  temporary.git({"symbolic-ref", "refs/heads/pool", "refs/heads/loop"});
  const auto repository = temporary.open();
  EXPECT_EQ(repository->resolve_name("refs/heads/a"), "refs/heads/main");
  EXPECT_EQ(repository->resolve_name("refs/heads/x"), "refs/heads/x");
  EXPECT_EQ(repository->resolve_name("HEAD"), "refs/heads/main");
  EXPECT_EQ(repository->resolve_name("refs/heads/loop"), std::nullopt);
}

TEST(Repository, ListsDirectReferencesByName) {
  TemporaryRepository temporary;
  const ObjectId id = temporary.commit("feat: x", {});
  temporary.set_ref("refs/heads/main", id);
  temporary.set_ref("refs/heads/a/b", id);
  temporary.set_ref("refs/wip/x", id);
  temporary.git({"tag", "-a", "-m", "v1", "v1", id.hex()});
  temporary.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  const auto repository = temporary.open();
  EXPECT_EQ(names(repository->refs()),
            (std::vector<std::string>{"refs/heads/a/b", "refs/heads/main", "refs/tags/v1",
                                      "refs/wip/x"}));
  EXPECT_EQ(names(repository->refs("refs/heads/")),
            (std::vector<std::string>{"refs/heads/a/b", "refs/heads/main"}));
  EXPECT_EQ(repository->refs("refs/heads/")[1].id, id);
}

TEST(Repository, KnowsTheCommitBehindAPackedTag) {
  TemporaryRepository temporary;
  const ObjectId id = temporary.commit("feat: x", {});
  temporary.git({"tag", "-a", "-m", "v1", "v1", id.hex()});
  temporary.git({"pack-refs", "--all", "--prune"});
  const std::vector<Ref> tags = temporary.open()->refs("refs/tags/");
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_EQ(tags[0].id.hex(), temporary.git({"rev-parse", "refs/tags/v1"}));
  EXPECT_EQ(tags[0].peeled, id);
}

TEST(Repository, SeesOnlyItsNamespace) {
  TemporaryRepository temporary;
  const ObjectId id = temporary.commit("feat: x", {});
  temporary.set_ref("refs/heads/outside", id);
  temporary.set_ref("refs/namespaces/a/refs/namespaces/b/refs/heads/main", id);
  const Repository repository(
      {.git_dir = temporary.path(), .quarantine = {}, .git_namespace = "a/b"});
  EXPECT_EQ(names(repository.refs()), std::vector<std::string>{"refs/heads/main"});
  EXPECT_EQ(shown(repository.ref("refs/heads/main")), "direct " + id.hex());
  EXPECT_EQ(shown(repository.ref("refs/heads/outside")), "none");
  EXPECT_EQ(repository.full_name("refs/heads/main"),
            "refs/namespaces/a/refs/namespaces/b/refs/heads/main");
}

TEST(Repository, KnowsWhatHeadNames) {
  TemporaryRepository temporary;
  EXPECT_EQ(temporary.open()->head(), "refs/heads/main");
  temporary.git({"symbolic-ref", "HEAD", "refs/heads/trunk"});
  EXPECT_EQ(temporary.open()->head(), "refs/heads/trunk");
  const ObjectId id = temporary.commit("feat: x", {});
  std::ofstream(temporary.path() + "/HEAD") << id.hex() << "\n";
  EXPECT_EQ(temporary.open()->head(), "");
}

TEST(Repository, KnowsTypeAndSizeOfObjects) {
  TemporaryRepository temporary;
  const ObjectId commit = temporary.commit("feat: x", {}, {{"a", "12345"}});
  const ObjectId blob = *ObjectId::parse(temporary.git({"rev-parse", commit.hex() + ":a"}));
  const ObjectId tree = *ObjectId::parse(temporary.git({"rev-parse", commit.hex() + ":"}));
  temporary.git({"tag", "-a", "-m", "v1", "v1", commit.hex()});
  const ObjectId tag = *ObjectId::parse(temporary.git({"rev-parse", "refs/tags/v1"}));
  const auto repository = temporary.open();
  const auto type = [&](const ObjectId& id) {
    return std::string(to_string(repository->header(id).type));
  };
  EXPECT_EQ(type(commit), "a commit");
  EXPECT_EQ(type(tree), "a tree");
  EXPECT_EQ(type(blob), "a blob");
  EXPECT_EQ(type(tag), "a tag");
  EXPECT_EQ(type(ObjectId()), "missing");
  EXPECT_EQ(repository->header(blob).size, 5U);
}

TEST(Repository, TellsPushedObjectsFromOlderOnes) {
  TemporaryRepository temporary;
  const ObjectId old_commit = temporary.commit("feat: old", {});
  const ObjectId new_commit = temporary.commit("feat: new", {old_commit});
  const std::string folder = quarantined(temporary, {new_commit});
  const Repository repository(
      {.git_dir = temporary.path(), .quarantine = folder, .git_namespace = {}});
  EXPECT_EQ(repository.quarantine(), fs::canonical(folder).string());
  EXPECT_TRUE(repository.existed_before(old_commit));
  EXPECT_FALSE(repository.existed_before(new_commit));
  EXPECT_FALSE(repository.existed_before(ObjectId()));
  EXPECT_EQ(repository.commit(new_commit).parents, std::vector<ObjectId>{old_commit});
  EXPECT_TRUE(temporary.open()->existed_before(old_commit));
}

TEST(Repository, CountsObjectsOfItsAlternatesAsOlderOnes) {
  TemporaryRepository lender;
  const ObjectId id = lender.commit("feat: x", {});
  const TemporaryRepository temporary;
  std::ofstream(temporary.path() + "/objects/info/alternates") << lender.path() << "/objects\n";
  const Repository repository(
      {.git_dir = temporary.path(), .quarantine = quarantined(temporary, {}), .git_namespace = {}});
  EXPECT_TRUE(repository.existed_before(id));
}

TEST(Repository, TakesNoQuarantineOutsideOfItsObjects) {
  const TemporaryRepository temporary;
  const TemporaryRepository other;
  fs::create_directories(other.path() + "/objects/tmp_objdir-incoming-x");
  fs::create_directories(temporary.path() + "/objects/a/b");
  for (const std::string& folder :
       {other.path() + "/objects/tmp_objdir-incoming-x", temporary.path() + "/objects/missing",
        temporary.path() + "/objects/a/b", temporary.path() + "/objects",
        temporary.path() + "/objects/a/../..", std::string("/")}) {
    EXPECT_EQ(refusal({.git_dir = temporary.path(), .quarantine = folder, .git_namespace = {}}),
              "GIT_QUARANTINE_PATH names a folder outside the repository")
        << folder;
  }
}

TEST(Repository, ReadsACommit) {
  TemporaryRepository temporary;
  const ObjectId root = temporary.commit("feat: one\n", {}, {{"a", "1"}});
  const ObjectId child = temporary.commit("feat: two\n\nbody\n", {root}, {{"a", "2"}});
  const auto repository = temporary.open();
  const Commit commit = repository->commit(child);
  EXPECT_EQ(commit.id, child);
  EXPECT_EQ(commit.parents, std::vector<ObjectId>{root});
  EXPECT_EQ(commit.message, "feat: two\n\nbody\n");
  EXPECT_EQ(repository->links(child).parents, std::vector<ObjectId>{root});
  EXPECT_EQ(repository->links(child).time, commit.committer.time);
}

TEST(Repository, SaysWhyACommitCannotBeRead) {
  TemporaryRepository temporary;
  const ObjectId tree = temporary.tree({{"a", "1"}});
  std::string crowded = "tree " + tree.hex() + "\n";
  for (std::size_t i = 0; i <= kMaxParents; ++i) crowded += "parent " + tree.hex() + "\n";
  crowded += "author A <a> 0 +0000\ncommitter A <a> 0 +0000\n\nfeat: x\n";
  const ObjectId parents = temporary.raw("commit", crowded);
  const ObjectId large =
      temporary.raw("commit", "tree " + tree.hex() + "\n" + std::string(kMaxCommitBytes, 'x'));
  const auto repository = temporary.open();
  const auto why = [&](const ObjectId& id) -> std::string {
    try {
      repository->commit(id);
      return {};
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_EQ(why(ObjectId()), "object 00000000 is missing");
  EXPECT_EQ(why(tree), "object " + tree.brief() + " is a tree, not a commit");
  EXPECT_EQ(why(parents), "commit " + parents.brief() + " has 129 parents; the limit is 128");
  EXPECT_EQ(why(large), "commit " + large.brief() + " is 1048622 bytes long; the limit is 1048576");
}

TEST(Repository, ReadsABlobUpToALimit) {
  const TemporaryRepository temporary;
  const ObjectId blob = temporary.raw("blob", std::string("a\0b", 3));
  const auto repository = temporary.open();
  EXPECT_EQ(repository->blob(blob, 3), std::string("a\0b", 3));
  EXPECT_THROW(repository->blob(blob, 2), Error);
  EXPECT_THROW(repository->blob(ObjectId(), 100), Error);
}

TEST(Repository, NamesTheEntriesOfATree) {
  const TemporaryRepository temporary;
  const ObjectId tree = temporary.tree({{"b", "1"}, {"a/x", "1"}, {"\xff", "1"}});
  EXPECT_EQ(temporary.open()->tree_names(tree), (std::vector<std::string>{"a", "b", "\xff"}));
}

TEST(Repository, FollowsTagsToTheirEnd) {
  TemporaryRepository temporary;
  const ObjectId commit = temporary.commit("feat: x", {});
  std::vector<ObjectId> chain{commit};
  for (int i = 0; i < 9; ++i) {
    chain.push_back(temporary.raw("tag", "object " + chain.back().hex() + "\ntype " +
                                             (i == 0 ? "commit" : "tag") +
                                             "\ntag t\ntagger A <a> "
                                             "0 +0000\n\nt\n"));
  }
  const ObjectId broken = temporary.raw(
      "tag", "object " + std::string(40, 'd') + "\ntype commit\ntag t\ntagger A <a> 0 +0000\n\n");
  const ObjectId nonsense = temporary.raw("tag", "nothing\n");
  const auto repository = temporary.open();
  const auto peeled = [&](const ObjectId& id) {
    const Peeled found = repository->peel(id);
    return std::string(to_string(found.type)) + " " + found.id.brief() + " " +
           std::to_string(found.tags);
  };
  EXPECT_EQ(peeled(commit), "a commit " + commit.brief() + " 0");
  EXPECT_EQ(peeled(chain[1]), "a commit " + commit.brief() + " 1");
  EXPECT_EQ(peeled(chain[8]), "a commit " + commit.brief() + " 8");
  EXPECT_EQ(peeled(chain[9]), "a tag " + chain[1].brief() + " 8");
  EXPECT_EQ(peeled(broken), "missing dddddddd 1");
  EXPECT_EQ(repository->peel(nonsense).type, ObjectType::missing);
  EXPECT_EQ(peeled(ObjectId()), "missing 00000000 0");
}

}  // namespace
}  // namespace trunkgate
