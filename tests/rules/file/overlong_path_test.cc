// overlong-path: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

std::string path_of(int size, int limit) {
  return "0: the path has " + std::to_string(size) + " bytes; the limit is " +
         std::to_string(limit) + "\n- take the path out\n";
}
std::string name_of(int size, int limit) {
  return "0: a name in it has " + std::to_string(size) + " bytes; the limit is " +
         std::to_string(limit) + "\n- take the path out\n";
}

class OverlongPath : public ContentRuleTest {
 protected:
  OverlongPath() : ContentRuleTest("overlong-path") { with("{}"); }
};

TEST_F(OverlongPath, AcceptsAPathAtTheLimit) {
  const std::string path = std::string(99, 'a') + "/" + std::string(100, 'b');
  EXPECT_EQ(judge(path, ""), kFine);
  EXPECT_EQ(judge(path + "b", ""), path_of(201, 200));
}

TEST_F(OverlongPath, AcceptsANameAtTheLimit) {
  with("{limit: 0}");
  EXPECT_EQ(judge("x/" + std::string(255, 'a') + "/y", ""), kFine);
  EXPECT_EQ(judge("x/" + std::string(256, 'a') + "/y", ""), name_of(256, 255));
  EXPECT_EQ(judge(std::string(256, 'a'), ""), name_of(256, 255));
}

TEST_F(OverlongPath, SaysBothAndTheFirstNameOnly) {
  with("{limit: 10, name-limit: 3}");
  EXPECT_EQ(judge("abc/abc/ab", ""), kFine);
  EXPECT_EQ(judge("abc/abcd/abcde", ""), path_of(14, 10) + name_of(4, 3));
}

TEST_F(OverlongPath, CountsBytes) {
  with("{limit: 4, name-limit: 4}");
  EXPECT_EQ(judge("\xc3\xa4\xc3\xb6", ""), kFine);
  EXPECT_EQ(judge("\xc3\xa4\xc3\xb6x", ""), path_of(5, 4) + name_of(5, 4));
  EXPECT_EQ(judge("\xff\xff\xff\xff", ""), kFine);
}

TEST_F(OverlongPath, TakesZeroForAny) {
  with("{limit: 0, name-limit: 5000}");
  EXPECT_EQ(judge(std::string(5000, 'a') + "/" + std::string(5000, 'b'), ""), kFine);
  EXPECT_NE(mistakes("{limit: 0, name-limit: 0}")
                .find("the rule has no limit: it needs 'limit' or 'name-limit'"),
            std::string::npos);
  with("{name-limit: 0}");
  EXPECT_EQ(judge(std::string(200, 'a'), ""), kFine);
  EXPECT_EQ(judge(std::string(201, 'a'), ""), path_of(201, 200));
}

TEST_F(OverlongPath, IsAboutNewPathsOfAnyKind) {
  with("{limit: 1}");
  EXPECT_EQ(judge(added("ab", "", 0100755)), path_of(2, 1));
  EXPECT_EQ(judge(link("ab", "x")), path_of(2, 1));
  EXPECT_EQ(judge(submodule("ab")), path_of(2, 1));
  EXPECT_EQ(change("ab", "1", "2"), kNotAsked);
  EXPECT_EQ(judge(deleted("ab", "1")), kNotAsked);
}

}  // namespace
}  // namespace trunkgate
