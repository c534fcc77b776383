// Merges that Git makes without help.
#include "git/automatic_merge.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

TEST(AutomaticMerge, GivesTheTreeOfGit) {
  TemporaryRepository repository;
  const ObjectId base = repository.commit("base", {}, {{"a", "1\n"}, {"b", "1\n"}});
  const ObjectId ours = repository.commit("ours", {base}, {{"a", "2\n"}, {"b", "1\n"}});
  const ObjectId theirs = repository.commit("theirs", {base}, {{"a", "1\n"}, {"b", "2\n"}});
  const AutomaticMerge merge =
      merge_automatically(repository.path(), repository.path() + "/objects", ours, theirs);
  EXPECT_EQ(merge.tree, repository.tree({{"a", "2\n"}, {"b", "2\n"}}));
  EXPECT_TRUE(merge.conflicts.empty());
}

TEST(AutomaticMerge, NamesWhatDoesNotMerge) {
  TemporaryRepository repository;
  const ObjectId base = repository.commit("base", {}, {{"a", "1\n"}});
  const ObjectId ours = repository.commit("ours", {base}, {{"a", "2\n"}});
  const ObjectId theirs = repository.commit("theirs", {base}, {{"a", "3\n"}});
  const AutomaticMerge merge =
      merge_automatically(repository.path(), repository.path() + "/objects", ours, theirs);
  EXPECT_EQ(merge.conflicts, std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace trunkgate
