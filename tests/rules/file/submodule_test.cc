// submodule: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kDrop = "\n- take the path out\n";
constexpr const char* kGood = "https://git.example.com/x.git";
constexpr const char* kBad = "https://git.example.org/x.git";
const std::string kExpression = "'https://git\\.example\\.com/.*'";

std::string entry(const std::string& path, const std::string& url) {
  return "[submodule \"" + path + "\"]\n\tpath = " + path + "\n\turl = " + url + "\n";
}

class Submodule : public ContentRuleTest {
 protected:
  Submodule() : ContentRuleTest("submodule") { with("{}"); }

  std::string file(const std::string& text) const { return judge(".gitmodules", text); }
  // A submodule in a commit with this .gitmodules.
  std::string at(const std::string& path, const std::string& text) {
    return judge(submodule(path), server_.commit("feat: x", {}, {{".gitmodules", text}}));
  }
};

TEST_F(Submodule, RejectsEverySubmodule) {
  EXPECT_EQ(judge(submodule("lib/x")), std::string("0: a submodule") + kDrop);
  ChangedFile moved = submodule("lib/x");
  moved.before = *ObjectId::parse(std::string(40, '4'));
  moved.before_mode = kSubmoduleMode;
  EXPECT_EQ(judge(moved), std::string("0: a submodule") + kDrop);
}

TEST_F(Submodule, IsNotAboutAnythingElse) {
  EXPECT_EQ(judge("lib/x", "1"), kNotAsked);
  EXPECT_EQ(judge(link("lib/x", "y")), kNotAsked);
  ChangedFile gone = deleted("lib/x", "");
  gone.before_mode = kSubmoduleMode;
  EXPECT_EQ(judge(gone), kNotAsked);
  EXPECT_EQ(file(entry("x", kBad)), kNotAsked);
}

TEST_F(Submodule, AcceptsSomePaths) {
  with("{paths: [/lib/, '*-sub', only/]}");
  EXPECT_EQ(judge(submodule("x/only")), kNotAsked);
  EXPECT_EQ(judge(submodule("lib/x")), kNotAsked);
  EXPECT_EQ(judge(submodule("a/b-sub")), kNotAsked);
  EXPECT_EQ(judge(submodule("a/lib/x")), std::string("0: a submodule") + kDrop);
}

TEST_F(Submodule, AcceptsSomeAddresses) {
  with("{allow: " + kExpression + "}");
  const std::string text = entry("y", kBad) + entry("x", kGood);
  EXPECT_EQ(at("x", text), kFine);
  EXPECT_EQ(at("y", text),
            std::string("0: a submodule from '") + kBad + "', which is not allowed" + kDrop);
  EXPECT_EQ(at("z", text),
            std::string("0: a submodule that .gitmodules says nothing about") + kDrop);
  EXPECT_EQ(at("x", ""), std::string("0: a submodule that .gitmodules says nothing about") + kDrop);
}

TEST_F(Submodule, SaysWhichAddressInGitmodulesIsNotAllowed) {
  with("{allow: " + kExpression + "}");
  EXPECT_EQ(file(entry("x", kGood)), kFine);
  EXPECT_EQ(file(""), kFine);
  EXPECT_EQ(
      file(entry("x", kGood) + entry("lib/y", kBad)),
      std::string("6: the submodule 'lib/y' comes from '") + kBad + "', which is not allowed\n");
  EXPECT_EQ(change(".gitmodules", entry("x", kGood), entry("x", kBad)),
            std::string("3: the submodule 'x' comes from '") + kBad + "', which is not allowed\n");
  EXPECT_EQ(judge("sub/.gitmodules", entry("x", kBad)), kNotAsked);
  EXPECT_EQ(judge(deleted(".gitmodules", entry("x", kBad))), kNotAsked);
}

TEST_F(Submodule, MatchesWholeAddresses) {
  with("{allow: 'https://git\\.example\\.com/[a-z]+'}");
  EXPECT_EQ(file(entry("x", "https://git.example.com/abc")), kFine);
  for (const char* url :
       {"https://git.example.com/abc/d", "https://git.example.com/", "xhttps://git.example.com/abc",
        "https://git.example.com/ABC", "https://gitxexample.com/abc", "ext::sh -c x"}) {
    EXPECT_EQ(file(entry("x", url)),
              std::string("3: the submodule 'x' comes from '") + url + "', which is not allowed\n");
  }
}

TEST_F(Submodule, AcceptsRelativeAddressesWhenAsked) {
  with("{allow: " + kExpression + "}");
  EXPECT_EQ(file(entry("x", "../x.git")),
            "3: the submodule 'x' comes from '../x.git', which is not allowed\n");
  with("{relative: true}");
  EXPECT_EQ(file(entry("x", "../x.git") + entry("y", "./y.git")), kFine);
  EXPECT_EQ(file(entry("x", "/srv/x")),
            "3: the submodule 'x' comes from '/srv/x', which is not allowed\n");
  EXPECT_EQ(at("x", entry("x", "../x.git")), kFine);
}

TEST_F(Submodule, LeavesAddressesOfSomePathsAlone) {
  with("{relative: true, paths: lib/}");
  EXPECT_EQ(file(entry("lib/x", kBad)), kFine);
  EXPECT_EQ(file(entry("x", kBad)),
            std::string("3: the submodule 'x' comes from '") + kBad + "', which is not allowed\n");
}

TEST_F(Submodule, KnowsTheLastOfTwoAddresses) {
  with("{allow: " + kExpression + "}");
  EXPECT_EQ(file(entry("x", kGood) + entry("x", kBad)),
            std::string("6: the submodule 'x' comes from '") + kBad + "', which is not allowed\n");
  EXPECT_EQ(file(entry("x", kBad) + entry("x", kGood)), kFine);
}

}  // namespace
}  // namespace trunkgate
