// Globs over paths of repositories.
#include "policy/repository_globs.h"

#include <gtest/gtest.h>

namespace trunkgate {
namespace {

bool matches(const char* glob, const char* path) {
  EXPECT_EQ(RepositoryGlobs::mistake(glob), std::nullopt) << glob;
  return RepositoryGlobs({glob}).matches(path);
}

TEST(RepositoryGlobs, LookAtTheLastNamesOfAPath) {
  EXPECT_TRUE(matches("web", "/srv/git/web.git"));
  EXPECT_TRUE(matches("web", "/srv/git/web"));
  EXPECT_TRUE(matches("web.git", "/srv/git/web.git"));
  EXPECT_TRUE(matches("web", "/home/ada/web/.git"));
  EXPECT_TRUE(matches("web-*", "/srv/web-shop.git"));
  EXPECT_TRUE(matches("team/*", "/srv/git/team/web.git"));
  EXPECT_TRUE(matches("team/**", "/srv/git/team/a/web.git"));
  EXPECT_TRUE(matches("web", "/web.git"));
  EXPECT_FALSE(matches("web", "/srv/web/other.git"));
  EXPECT_FALSE(matches("web", "/srv/my-web.git"));
  EXPECT_FALSE(matches("team/*", "/srv/git/team/a/web.git"));
  EXPECT_FALSE(matches("team/*", "/srv/git/myteam/web.git"));
  EXPECT_FALSE(matches("web", "/srv/Web.git"));
}

TEST(RepositoryGlobs, LookAtAllOfAPathWhenTheyStartWithASlash) {
  EXPECT_TRUE(matches("/srv/git/*", "/srv/git/web.git"));
  EXPECT_TRUE(matches("/srv/**", "/srv/git/team/web.git"));
  EXPECT_FALSE(matches("/git/*", "/srv/git/web.git"));
}

TEST(RepositoryGlobs, MatchNothingWhenThereAreNone) {
  EXPECT_FALSE(RepositoryGlobs().matches("/srv/web.git"));
}

}  // namespace
}  // namespace trunkgate
