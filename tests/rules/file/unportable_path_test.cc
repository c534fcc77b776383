// unportable-path: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

std::string refusal(const std::string& name, const std::string& fault) {
  return "0: the name '" + name + "' " + fault + "\n- take the path out\n";
}

class UnportablePath : public ContentRuleTest {
 protected:
  UnportablePath() : ContentRuleTest("unportable-path") { with("{}"); }
};

TEST_F(UnportablePath, AcceptsNamesThatEverySystemStores) {
  for (const char* path : {"a", ".a", "a/b.c", "notes on it.md", "na\xc3\xafve.txt", "-x", "#a~",
                           "a.b.c", "\xf0\x9f\x98\x80", "it's", "a,b;c=d&e%f$g!(h)[i]{j}@k"}) {
    EXPECT_EQ(judge(path, ""), kFine) << path;
  }
}

TEST_F(UnportablePath, RejectsCharactersThatWindowsDoesNotAllow) {
  for (const char c : std::string("<>:\"|?*\\")) {
    const std::string name = std::string("a") + c + "b";
    EXPECT_EQ(judge("x/" + name + "/y", ""),
              refusal(name, std::string("has a '") + c + "', which Windows does not allow"));
  }
}

TEST_F(UnportablePath, RejectsWhatCannotBeSeen) {
  EXPECT_EQ(judge("a\x1f", ""), refusal("a\\x1f", "has a control character"));
  EXPECT_EQ(judge("a\x7f", ""), refusal("a\\x7f", "has a control character"));
  EXPECT_EQ(judge("a\nb", ""), refusal("a\\nb", "has a control character"));
  EXPECT_EQ(judge("a\xe2\x80\xae", ""), refusal("a<U+202E>", "has invisible characters"));
  EXPECT_EQ(judge("na\xefve", ""), refusal("na\\xefve", "is not valid UTF-8"));
}

TEST_F(UnportablePath, RejectsDotsAndSpacesAtTheEnds) {
  for (const char* name : {"a.", "a ", "...", "a. "}) {
    EXPECT_EQ(judge(std::string(name) + "/b", ""), refusal(name, "ends with a dot or a space"));
  }
  EXPECT_EQ(judge("x/ a", ""), refusal(" a", "starts with a space"));
}

TEST_F(UnportablePath, RejectsNamesOfDevices) {
  for (const char* name :
       {"con", "PRN", "Aux.c", "nul.tar.gz", "CONIN$", "conout$.x", "com1", "COM9.txt", "lpt1",
        "LPT9", "aux .c", "com\xc2\xb9", "LPT\xc2\xb2.x", "com\xc2\xb3"}) {
    EXPECT_EQ(judge("x/" + std::string(name) + "/y", ""),
              refusal(name, "is kept for a device by Windows"));
  }
  for (const char* name : {"com0", "lpt0", "com", "com10", "coma", "console", "auxiliary.c", "xcon",
                           "a.con", "conin", "com\xc2\xbc", "aux x"}) {
    EXPECT_EQ(judge("x/" + std::string(name) + "/y", ""), kFine) << name;
  }
}

TEST_F(UnportablePath, SaysTheFirstFaultOnly) {
  EXPECT_EQ(judge("a?/b*/con", ""), refusal("a?", "has a '?', which Windows does not allow"));
}

TEST_F(UnportablePath, WantsAsciiWhenAsked) {
  with("{ascii: true}");
  EXPECT_EQ(judge("notes ~on it.md", ""), kFine);
  EXPECT_EQ(judge("na\xc3\xafve", ""), refusal("na\xc3\xafve", "has characters outside of ASCII"));
  EXPECT_EQ(judge("na\xefve", ""), refusal("na\\xefve", "has characters outside of ASCII"));
}

TEST_F(UnportablePath, WantsNoSpacesWhenAsked) {
  with("{spaces: false}");
  EXPECT_EQ(judge("a/notes_on_it.md", ""), kFine);
  EXPECT_EQ(judge("a/notes on it/b", ""), refusal("notes on it", "has a space"));
}

TEST_F(UnportablePath, IsAboutNewPathsOfAnyKind) {
  EXPECT_EQ(judge(link("con", "x")), refusal("con", "is kept for a device by Windows"));
  EXPECT_EQ(judge(submodule("con")), refusal("con", "is kept for a device by Windows"));
  EXPECT_EQ(change("con", "1", "2"), kNotAsked);
  EXPECT_EQ(judge(deleted("con", "1")), kNotAsked);
}

}  // namespace
}  // namespace trunkgate
