// missing-licence: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

const std::string kLine = "// SPDX-License-Identifier: MIT\n";

std::string refusal(const std::string& where = "its first 20 lines hold",
                    const std::string& pattern = "SPDX-License-Identifier: \\S+",
                    const std::string& hint =
                        "put 'SPDX-License-Identifier: ' and the name of your licence at the top") {
  return "0: " + where + " nothing like '" + pattern + "'\n? " + hint + "\n";
}

class MissingLicence : public ContentRuleTest {
 protected:
  MissingLicence() : ContentRuleTest("missing-licence") { with("{}"); }
};

TEST_F(MissingLicence, AcceptsAFileWithItsLicence) {
  EXPECT_EQ(judge("a.cc", kLine + "int x;\n"), kFine);
  EXPECT_EQ(judge("a.py", "#!/usr/bin/python3\r\n# SPDX-License-Identifier: MIT\r\n"), kFine);
  EXPECT_EQ(judge("a.cc", "// SPDX-License-Identifier: MIT"), kFine);
  EXPECT_EQ(judge("a.cc", "\xff caf\xe9\n" + kLine), kFine);
}

TEST_F(MissingLicence, RejectsAFileWithout) {
  EXPECT_EQ(judge("a.cc", "int x;\n"), refusal());
  EXPECT_EQ(judge("a.cc", "\n"), refusal());
  EXPECT_EQ(judge("a.cc", "// SPDX-License-Identifier:\n"), refusal());
  EXPECT_EQ(judge("a.cc", "// spdx-license-identifier: MIT\n"), refusal());
}

TEST_F(MissingLicence, LooksAtTheFirstLinesOnly) {
  EXPECT_EQ(judge("a.cc", std::string(19, '\n') + kLine), kFine);
  EXPECT_EQ(judge("a.cc", std::string(20, '\n') + kLine), refusal());
  with("{lines: 1}");
  EXPECT_EQ(judge("a.cc", kLine), kFine);
  EXPECT_EQ(judge("a.cc", "\n" + kLine), refusal("its first line holds"));
}

TEST_F(MissingLicence, WantsEveryExpressionOfThePolicy) {
  with("{match: ['Copyright \\d{4}', '(?m)^# Licen[cs]e: ']}");
  EXPECT_EQ(judge("a", "# Copyright 2026 X\n# License: MIT\n"), kFine);
  EXPECT_EQ(judge("a", "# Copyright X\n# License: MIT\n"),
            refusal("its first 20 lines hold", "Copyright \\d{4}",
                    "put the licence line at the top, such as 'Copyright 1234'"));
  EXPECT_EQ(
      judge("a", "# Copyright 2026 X\n## License: MIT\n"),
      refusal("its first 20 lines hold", "(?m)^# Licen[cs]e: ", "put the licence line at the top"));
  with("{match: 'SPDX-License-Identifier: Corp-1[.]0'}");
  EXPECT_EQ(judge("a", "x\n"),
            refusal("its first 20 lines hold", "SPDX-License-Identifier: Corp-1[.]0",
                    "put the licence line at the top, such as 'SPDX-License-Identifier: "
                    "Corp-1.0'"));
}

TEST_F(MissingLicence, IsAboutNewFilesUnlessThePolicyWantsMore) {
  EXPECT_EQ(change("a.cc", "int x;\n", "int y;\n"), kNotAsked);
  with("{changed: true}");
  EXPECT_EQ(change("a.cc", "int x;\n", "int y;\n"), refusal());
  EXPECT_EQ(change("a.cc", kLine + "int x;\n", kLine + "int y;\n"), kFine);
  EXPECT_EQ(change("a.cc", kLine, "int y;\n"), refusal());
}

TEST_F(MissingLicence, LooksAtItsPathsOnly) {
  with("{paths: ['*.cc', '/py/**/*.py'], exclude: [third_party/]}");
  EXPECT_EQ(judge("x/a.cc", "x"), refusal());
  EXPECT_EQ(judge("py/a.py", "x"), refusal());
  EXPECT_EQ(judge("py/x/y/a.py", "x"), refusal());
  for (const char* path :
       {"a.md", "a.CC", "x/py/a.py", "third_party/a.cc", "x/third_party/y/a.cc"}) {
    EXPECT_EQ(judge(path, "x"), kNotAsked) << path;
  }
}

TEST_F(MissingLicence, IsAboutTextOnly) {
  EXPECT_EQ(judge("a", ""), kFine);
  EXPECT_EQ(judge("a", std::string("\0x", 2)), kFine);
  EXPECT_EQ(judge(link("a", "b")), kNotAsked);
  EXPECT_EQ(judge(submodule("a")), kNotAsked);
  EXPECT_EQ(judge(deleted("a", "b")), kNotAsked);
}

}  // namespace
}  // namespace trunkgate
