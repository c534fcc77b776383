// symlink: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

std::string to(const std::string& target) {
  return "0: a symbolic link to '" + target + "'\n- take the path out\n";
}
std::string out_to(const std::string& target) {
  return "0: a symbolic link to '" + target + "', outside of the repository\n- take the path out\n";
}

class Symlink : public ContentRuleTest {
 protected:
  Symlink() : ContentRuleTest("symlink") { with("{}"); }
};

TEST_F(Symlink, RejectsEveryLink) {
  EXPECT_EQ(judge(link("a", "b")), to("b"));
  EXPECT_EQ(judge(link("x/a", "../b")), to("../b"));
  EXPECT_EQ(judge(link("a", "")), to(""));
  EXPECT_EQ(judge(link("a", "../b")), out_to("../b"));
}

TEST_F(Symlink, RejectsAFileThatBecomesALink) {
  ChangedFile file = link("a", "b");
  file.before = server_.raw("blob", "text");
  file.before_mode = 0100644;
  EXPECT_EQ(judge(file), to("b"));
}

TEST_F(Symlink, ShowsTargetsSafely) {
  EXPECT_EQ(judge(link("a", "\x1b[2J\xff")), to("\\x1b[2J\\xff"));
  EXPECT_EQ(judge(link("a", std::string("b\0c", 3))), to("b\\x00c"));
}

TEST_F(Symlink, AcceptsSomePaths) {
  with("{allow: [bin/, '/docs/**/latest']}");
  for (const char* path : {"bin/a", "x/bin/y/a", "docs/latest", "docs/x/y/latest"}) {
    EXPECT_EQ(judge(link(path, "/etc/passwd")), kNotAsked) << path;
  }
  for (const char* path : {"bin", "x/docs/latest", "docs/Latest"}) {
    EXPECT_EQ(judge(link(path, "b")), to("b")) << path;
  }
}

TEST_F(Symlink, AcceptsLinksThatStayInsideWhenAsked) {
  with("{inside: true}");
  for (const char* target : {"b", "./b", "../b", "../x/b", "b/../../b", "..", ".", "b//c/", ""}) {
    EXPECT_EQ(judge(link("x/a", target)), kFine) << target;
  }
  EXPECT_EQ(judge(link("x/y/a", "../../b")), kFine);
  EXPECT_EQ(judge(link("a", "b/...")), kFine);
}

TEST_F(Symlink, RejectsLinksThatLeadOutside) {
  with("{inside: true}");
  for (const char* target : {"../../b", "b/../../../x/a", "./../..", "/etc/passwd", "/"}) {
    EXPECT_EQ(judge(link("x/a", target)), out_to(target)) << target;
  }
  EXPECT_EQ(judge(link("a", "..")), out_to(".."));
  // It comes back, but by a name that only one clone has.
  EXPECT_EQ(judge(link("a", "../repository/b")), out_to("../repository/b"));
}

TEST_F(Symlink, KnowsTheWaysOutOnWindows) {
  with("{inside: true}");
  for (const char* target : {"..\\..\\b", "\\b", "C:/Windows", "c:b"}) {
    EXPECT_EQ(judge(link("x/a", target)), out_to(target)) << target;
  }
}

TEST_F(Symlink, IsNotAboutAnythingElse) {
  EXPECT_EQ(judge("a", "b"), kNotAsked);
  EXPECT_EQ(judge(submodule("a")), kNotAsked);
  ChangedFile gone = deleted("a", "b");
  gone.before_mode = kSymlinkMode;
  EXPECT_EQ(judge(gone), kNotAsked);
  ChangedFile file = added("a", "b");
  file.before = file.id;
  file.before_mode = kSymlinkMode;
  EXPECT_EQ(judge(file), kNotAsked);
}

}  // namespace
}  // namespace trunkgate
