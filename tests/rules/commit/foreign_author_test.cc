// foreign-author and foreign-committer, which share their judgement: whole findings.
#include <filesystem>
#include <fstream>

#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

constexpr const char* kUsers =
    "users:\n"
    "  ada: {email: [ada@example.com, ada@home.example]}\n"
    "  bo: {email: [bo@example.com]}\n"
    "  cy: {}\n";

class ForeignAuthor : public CommitRuleTest {
 protected:
  ForeignAuthor() : CommitRuleTest("foreign-author") {}
};

TEST_F(ForeignAuthor, RefusesWhatNobodyHasSet) {
  for (const auto& [who, message, shown] :
       {std::tuple("root <root@localhost>",
                   "the author has an address that Git made up: root@localhost",
                   "root <root@localhost>"),
        {"A <a@pc.(None)>", "the author has an address that Git made up: a@pc.(None)",
         "A <a@pc.(None)>"},
        {"A <a@Pc.Local>", "the author has an address that Git made up: a@Pc.Local",
         "A <a@Pc.Local>"},
        {"A <a@b.localdomain>", "the author has an address that Git made up: a@b.localdomain",
         "A <a@b.localdomain>"},
        {"A\x1b <a>", "the author has the address 'a', which is none", "A\\x1b <a>"},
        {"A <@b>", "the author has the address '@b', which is none", "A <@b>"},
        {"A <a@>", "the author has the address 'a@', which is none", "A <a@>"},
        {"A <>", "the author has no address", "A <>"},
        {"A < >", "the author has no address", "A < >"},
        {" <a@b>", "the author has no name", "<a@b>"},
        {"Your Name <a@b>", "the author has the name of Git's example", "Your Name <a@b>"},
        {"A <you@example.com>", "the author has the name of Git's example",
         "A <you@example.com>"}}) {
    expect("author: " + std::string(who) + "\n\nfeat: x\n",
           {{.message = message,
             .details = {"author: " + std::string(shown)},
             .commands = {"git config user.email ADDRESS",
                          "git commit --amend --no-edit --reset-author"}}});
  }
  expect("author: A <a@localhost.example>\n\nfeat: x\n", {});
  expect("committer: A <>\n\nfeat: x\n", {});
  with("{deny-unset: false}");
  expect("author:  <>\n\nfeat: x\n", {});
}

TEST_F(ForeignAuthor, MatchesTheWholeAddressAndTheWholeName) {
  with("{email: ['.*@example[.]com', 'bot@ci'], name: '[A-Z].*', hint: use the company's address}");
  expect("author: Ada <ada@example.com>\n\nfeat: x\n", {});
  expect("author: Bot <bot@ci>\n\nfeat: x\n", {});
  expect("author: Ada <ada@example.com.org>\n\nfeat: x\n",
         {{.message = "author address 'ada@example.com.org' is not allowed",
           .details = {"author: Ada <ada@example.com.org>"},
           .hint = "use the company's address",
           .commands = {"git config user.email ADDRESS",
                        "git commit --amend --no-edit --reset-author"}}});
  expect("author: ada <ada@example.com>\n\nfeat: x\n",
         {{.message = "author name 'ada' is not allowed",
           .details = {"author: ada <ada@example.com>"},
           .hint = "use the company's address",
           .commands = {"git config user.email ADDRESS",
                        "git commit --amend --no-edit --reset-author"}}});
}

TEST_F(ForeignAuthor, CanAskForAnAddressThePolicyKnows) {
  with("{known: true}", kUsers);
  expect("author: B <BO@example.com>\n\nfeat: x\n", {});
  judge("author: B <b@example.com>\n\nfeat: x\n", true);
  expect("author: B <b@example.com>\n\nfeat: x\n",
         {{.message = "author address 'b@example.com' belongs to nobody the policy knows",
           .details = {"author: B <b@example.com>"},
           .commands = {"git config user.email ada@example.com",
                        "git rebase -r --exec 'git commit --amend --no-edit --reset-author' " +
                            last_.brief() + "^"}}},
         true);
}

TEST_F(ForeignAuthor, CanAskForTheAddressOfThePusher) {
  with("{pusher: true}", kUsers);
  expect("author: A <ada@home.example>\n\nfeat: x\n", {});
  expect("author: B <bo@example.com>\n\nfeat: x\n",
         {{.message = "author address 'bo@example.com' is none of the pusher's, 'ada'",
           .details = {"author: B <bo@example.com>"},
           .commands = {"git config user.email ada@example.com",
                        "git commit --amend --no-edit --reset-author"}}});
  for (const char* pusher : {"cy", "eve"}) {
    expect("pusher: " + std::string(pusher) + "\n\nfeat: x\n",
           {{.message = "the policy knows no address of '" + std::string(pusher) + "'",
             .details = {"author: Ada <ada@example.com>"},
             .hint = "ask an admin to add one to 'users'"}});
  }
  const Findings findings = judge("pusher: \n\nfeat: x\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].message, "the policy knows no address of the pusher");
}

TEST_F(ForeignAuthor, MapsPeopleByAMailmap) {
  std::filesystem::create_directory(folder());
  std::ofstream(folder() + "/people.map") << "Bo <bo@example.com> <bo@laptop.local>\n";
  with("{known: true, mailmap: people.map}", kUsers);
  expect("author: b <bo@laptop.local>\n\nfeat: x\n", {});
  EXPECT_EQ(judge("author: b <cy@laptop.local>\n\nfeat: x\n").size(), 1U);
  EXPECT_NE(mistakes("{mailmap: none.map}").find("cannot read 'none.map'"), std::string::npos);
}

class ForeignCommitter : public CommitRuleTest {
 protected:
  ForeignCommitter() : CommitRuleTest("foreign-committer") {}
};

TEST_F(ForeignCommitter, JudgesTheCommitterOnly) {
  with("{pusher: true}", kUsers);
  expect("author: B <bo@example.com>\n\nfeat: x\n", {});
  expect("author: B <>\n\nfeat: x\n", {});
  expect("committer: B <bo@example.com>\n\nfeat: x\n",
         {{.message = "committer address 'bo@example.com' is none of the pusher's, 'ada'",
           .details = {"committer: B <bo@example.com>"},
           .commands = {"git config user.email ada@example.com", "git commit --amend --no-edit"}}});
}

}  // namespace
}  // namespace trunkgate
