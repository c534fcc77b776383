// foreign-author: whole findings. foreign-committer shares its judgement.
#include <filesystem>
#include <fstream>

#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

constexpr const char* kUsers =
    "users:\n"
    "  ada: {name: [Ada Lovelace, Ada], email: [ada@example.com, ada@home.example]}\n"
    "  bo: {name: Bo, email: [bo@example.com, bo@office.local]}\n"
    "  cy: {}\n";

Amendment anew(const std::string& setting) {
  return {.wanted = true, .reset_author = true, .settings = {setting}};
}

class ForeignAuthor : public CommitRuleTest {
 protected:
  ForeignAuthor() : CommitRuleTest("foreign-author") {}
};

TEST_F(ForeignAuthor, RefusesWhatNobodyHasSet) {
  const std::string name = "git config user.name NAME";
  const std::string address = "git config user.email ADDRESS";
  for (const auto& [who, message, shown, setting] :
       {std::tuple("root <root@localhost>",
                   "the author has an address that Git made up: root@localhost",
                   "root <root@localhost>", address),
        {"A <a@pc.(None)>", "the author has an address that Git made up: a@pc.(None)",
         "A <a@pc.(None)>", address},
        {"A <a@Pc.Local>", "the author has an address that Git made up: a@Pc.Local",
         "A <a@Pc.Local>", address},
        {"A <a@b.localdomain>", "the author has an address that Git made up: a@b.localdomain",
         "A <a@b.localdomain>", address},
        {"A\x1b <a>", "the author has the address 'a', which is none", "A\\x1b <a>", address},
        {"A <@b>", "the author has the address '@b', which is none", "A <@b>", address},
        {"A <a@>", "the author has the address 'a@', which is none", "A <a@>", address},
        {"A <>", "the author has no address", "A <>", address},
        {"A < >", "the author has no address", "A < >", address},
        {" <a@b>", "the author has no name", "<a@b>", name},
        {"Your Name <a@b>", "the author has the name of Git's example", "Your Name <a@b>", name},
        {"A <you@example.com>", "the author has the address of Git's example",
         "A <you@example.com>", address}}) {
    expect("author: " + std::string(who) + "\n\nfeat: x\n",
           {{.message = message,
             .details = {"author: " + std::string(shown)},
             .amendment = anew(setting)}});
  }
  expect("author: A <a@localhost.example>\n\nfeat: x\n", {});
  expect("committer: A <>\n\nfeat: x\n", {});
  with("{deny-unset: false}");
  expect("author:  <>\n\nfeat: x\n", {});
}

TEST_F(ForeignAuthor, BelievesAnAdminWhoAcceptsAnAddressThatLooksMadeUp) {
  with("{email: ['.*@(laptop|office)[.]local', 'ada']}");
  expect("author: A <a@office.local>\n\nfeat: x\n", {});
  expect("author: A <ada>\n\nfeat: x\n", {});
  EXPECT_EQ(judge("author: A <a@other.local>\n\nfeat: x\n").at(0).message,
            "the author has an address that Git made up: a@other.local");
  EXPECT_EQ(judge("author:  <a@office.local>\n\nfeat: x\n").at(0).message,
            "the author has no name");
  with("{known: true}", kUsers);
  expect("author: B <BO@office.local>\n\nfeat: x\n", {});
  EXPECT_EQ(judge("author: A <a@office.local>\n\nfeat: x\n").size(), 1U);
  with("{pusher: true}", kUsers);
  expect("pusher: bo\nauthor: B <bo@office.local>\n\nfeat: x\n", {});
  EXPECT_EQ(judge("pusher: ada\nauthor: B <bo@office.local>\n\nfeat: x\n").at(0).message,
            "the author has an address that Git made up: bo@office.local");
}

TEST_F(ForeignAuthor, RefusesWhatThePolicyDenies) {
  with("{deny-email: ['.*@gmail[.]com', 'ci@.*'], deny-name: '(?i).*bot'}");
  expect("author: A <a@gmail.com.example>\n\nfeat: x\n", {});
  expect("author: Bottom <b@example.com>\n\nfeat: x\n", {});
  expect("author: A Bot <a@gmail.com>\n\nfeat: x\n",
         {{.message = "author address 'a@gmail.com' is not allowed",
           .details = {"author: A Bot <a@gmail.com>", "denied: '.*@gmail[.]com'"},
           .amendment = anew("git config user.email ADDRESS")},
          {.message = "author name 'A Bot' is not allowed",
           .details = {"author: A Bot <a@gmail.com>", "denied: '(?i).*bot'"},
           .amendment = anew("git config user.name NAME")}});
}

TEST_F(ForeignAuthor, CanAskForTheNameOfThePusher) {
  with("{pusher-name: true}", kUsers);
  expect("author: Ada <x@y.example>\n\nfeat: x\n", {});
  expect("author: Ada Lovelace <x@y.example>\n\nfeat: x\n", {});
  expect("author: ada <ada@example.com>\n\nfeat: x\n",
         {{.message = "author name 'ada' is none of the pusher's, 'ada'",
           .details = {"author: ada <ada@example.com>"},
           .amendment = anew("git config user.name 'Ada Lovelace'")}});
  expect("pusher: cy\n\nfeat: x\n", {{.message = "the policy knows no name of 'cy'",
                                      .details = {"author: Ada <ada@example.com>"},
                                      .hint = "ask an admin to add one to 'users'"}});
}

TEST_F(ForeignAuthor, MatchesTheWholeAddressAndTheWholeName) {
  with("{email: ['.*@example[.]com', 'bot@ci'], name: '[A-Z].*', hint: use the company's address}");
  expect("author: Ada <ada@example.com>\n\nfeat: x\n", {});
  expect("author: Bot <bot@ci>\n\nfeat: x\n", {});
  expect("author: Ada <ada@example.com.org>\n\nfeat: x\n",
         {{.message = "author address 'ada@example.com.org' is not allowed",
           .details = {"author: Ada <ada@example.com.org>"},
           .hint = "use the company's address",
           .amendment = anew("git config user.email ADDRESS")}});
  expect("author: ada <ada@example.com>\n\nfeat: x\n",
         {{.message = "author name 'ada' is not allowed",
           .details = {"author: ada <ada@example.com>"},
           .hint = "use the company's address",
           .amendment = anew("git config user.name NAME")}});
}

TEST_F(ForeignAuthor, CanAskForAnAddressThePolicyKnows) {
  with("{known: true}", kUsers);
  expect("author: B <BO@example.com>\n\nfeat: x\n", {});
  expect("author: B <b@example.com>\n\nfeat: x\n",
         {{.message = "author address 'b@example.com' belongs to nobody the policy knows",
           .details = {"author: B <b@example.com>"},
           .amendment = anew("git config user.email ada@example.com")}});
}

TEST_F(ForeignAuthor, CanAskForTheAddressOfThePusher) {
  with("{pusher: true}", kUsers);
  expect("author: A <ada@home.example>\n\nfeat: x\n", {});
  expect("author: B <bo@example.com>\n\nfeat: x\n",
         {{.message = "author address 'bo@example.com' is none of the pusher's, 'ada'",
           .details = {"author: B <bo@example.com>"},
           .amendment = anew("git config user.email ada@example.com")}});
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

}  // namespace
}  // namespace trunkgate
