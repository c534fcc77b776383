// executable-bit: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr unsigned kExecutable = 0100755;

std::string set_bit(const std::string& sign, const std::string& path) {
  return "+ chmod " + sign + "x -- " + path + "\n+ git update-index --chmod=" + sign + "x -- " +
         path + "\n";
}
std::string must(const std::string& path) {
  return "0: must be executable and is not\n" + set_bit("+", path);
}
std::string must_not(const std::string& path) {
  return "0: is executable and must not be\n" + set_bit("-", path);
}
std::string no_script(const std::string& path) {
  return "0: is executable but is no script: it does not start with '#!'\n" + set_bit("-", path);
}

class ExecutableBit : public ContentRuleTest {
 protected:
  ExecutableBit() : ContentRuleTest("executable-bit") {}
};

TEST_F(ExecutableBit, RejectsWhatMustNeverBeExecutable) {
  with("{never: ['*.md', /data/]}");
  EXPECT_EQ(judge(added("x/a.md", "x", kExecutable)), must_not("x/a.md"));
  EXPECT_EQ(judge(added("data/a", "#!/bin/sh\n", kExecutable)), must_not("data/a"));
  EXPECT_EQ(judge("x/a.md", "x"), kNotAsked);
  EXPECT_EQ(judge(added("a.MD", "x", kExecutable)), kNotAsked);
  EXPECT_EQ(judge(added("x/data/a", "x", kExecutable)), kNotAsked);
}

TEST_F(ExecutableBit, RejectsWhatMustAlwaysBeExecutable) {
  with("{always: '*.sh'}");
  EXPECT_EQ(judge("bin/a.sh", "#!/bin/sh\n"), must("bin/a.sh"));
  EXPECT_EQ(judge("a.sh", ""), must("a.sh"));
  EXPECT_EQ(judge(added("a.sh", "#!/bin/sh\n", kExecutable)), kNotAsked);
  EXPECT_EQ(judge("a.py", "#!/bin/sh\n"), kNotAsked);
}

TEST_F(ExecutableBit, WantsAScriptOrAProgramBehindTheBit) {
  with("{script-only: true}");
  EXPECT_EQ(judge(added("a", "#!/bin/sh\n", kExecutable)), kFine);
  EXPECT_EQ(judge(added("a", "#!", kExecutable)), kFine);
  EXPECT_EQ(judge(added("a",
                        std::string("\x7f"
                                    "ELF\0",
                                    5),
                        kExecutable)),
            kFine);
  for (const char* text : {"", "#", "text\n", " #!/bin/sh\n", "\xef\xbb\xbf#!/bin/sh\n"}) {
    EXPECT_EQ(judge(added("a", text, kExecutable)), no_script("a")) << text;
  }
  EXPECT_EQ(judge("a", "#!/bin/sh\n"), kNotAsked);
}

TEST_F(ExecutableBit, JudgesAChangeOfTheBitAlone) {
  with("{never: '*.md', always: '*.sh', script-only: true}");
  ChangedFile file = added("a.md", "x", kExecutable);
  file.before = file.id;
  file.before_mode = 0100644;
  EXPECT_EQ(judge(file), must_not("a.md"));
  file = added("a.sh", "#!/bin/sh\n");
  file.before = file.id;
  file.before_mode = kExecutable;
  EXPECT_EQ(judge(file), must("a.sh"));
  EXPECT_EQ(judge(added("a.sh", "echo\n", kExecutable)), no_script("a.sh"));
}

TEST_F(ExecutableBit, GivesCommandsForPathsThatAShellTakes) {
  with("{never: '*', always: '*.sh'}");
  EXPECT_EQ(judge(added("it's", "", kExecutable)), must_not("'it'\\''s'"));
  EXPECT_EQ(judge(added("-x", "", kExecutable)), must_not("-x"));
  EXPECT_EQ(judge(added("caf\xe9", "", kExecutable)), "0: is executable and must not be\n");
  EXPECT_EQ(judge("caf\xe9.sh", ""), "0: must be executable and is not\n");
}

TEST_F(ExecutableBit, IsNotAboutLinksSubmodulesAndDeletions) {
  with("{never: '*', always: '*', script-only: true}");
  EXPECT_EQ(judge(link("a", "b")), kNotAsked);
  EXPECT_EQ(judge(submodule("a")), kNotAsked);
  EXPECT_EQ(judge(deleted("a", "b")), kNotAsked);
}

TEST_F(ExecutableBit, NeedsToKnowWhatToLookFor) {
  const std::string wanted = "the rule needs 'never', 'always' or 'script-only: true'";
  EXPECT_NE(mistakes("{}").find(wanted), std::string::npos);
  EXPECT_NE(mistakes("{script-only: false}").find(wanted), std::string::npos);
  EXPECT_EQ(mistakes("{always: a}"), "");
}

}  // namespace
}  // namespace trunkgate
