// foreign-committer: whole findings. What it shares with foreign-author is tested there.
#include <filesystem>
#include <fstream>

#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

constexpr const char* kUsers =
    "users:\n"
    "  ada: {name: Ada, email: [ada@example.com]}\n"
    "  bo: {name: Bo, email: [bo@example.com]}\n";

// A commit that is made anew gets a new committer by itself; its author stays.
Amendment anew(const std::string& setting) { return {.wanted = true, .settings = {setting}}; }

class ForeignCommitter : public CommitRuleTest {
 protected:
  ForeignCommitter() : CommitRuleTest("foreign-committer") {}
};

TEST_F(ForeignCommitter, AcceptsWhoeverHasANameAndAnAddress) {
  expect("committer: B <b@c.example>\n\nfeat: x\n", {});
  expect("author: A <>\n\nfeat: x\n", {});
}

TEST_F(ForeignCommitter, RefusesWhatNobodyHasSet) {
  expect("committer: root <root@localhost>\n\nfeat: x\n",
         {{.message = "the committer has an address that Git made up: root@localhost",
           .details = {"committer: root <root@localhost>"},
           .amendment = anew("git config user.email ADDRESS")}});
  expect("committer:  <b@c.example>\n\nfeat: x\n",
         {{.message = "the committer has no name",
           .details = {"committer: <b@c.example>"},
           .amendment = anew("git config user.name NAME")}});
  with("{deny-unset: false}");
  expect("committer: root <root@localhost>\n\nfeat: x\n", {});
}

TEST_F(ForeignCommitter, MatchesTheWholeAddressAndTheWholeName) {
  with("{email: '.*@example[.]com', name: '[A-Z].*', hint: commit as yourself}");
  expect("committer: B <b@example.com>\n\nfeat: x\n", {});
  expect("committer: b <b@example.com.org>\n\nfeat: x\n",
         {{.message = "committer address 'b@example.com.org' is not allowed",
           .details = {"committer: b <b@example.com.org>"},
           .hint = "commit as yourself",
           .amendment = anew("git config user.email ADDRESS")},
          {.message = "committer name 'b' is not allowed",
           .details = {"committer: b <b@example.com.org>"},
           .hint = "commit as yourself",
           .amendment = anew("git config user.name NAME")}});
}

TEST_F(ForeignCommitter, RefusesWhatThePolicyDenies) {
  with("{deny-email: 'noreply@.*', deny-name: GitHub}");
  expect("committer: GitHub Inc <x@github.com>\n\nfeat: x\n", {});
  expect("committer: GitHub <noreply@github.com>\n\nfeat: x\n",
         {{.message = "committer address 'noreply@github.com' is not allowed",
           .details = {"committer: GitHub <noreply@github.com>", "denied: 'noreply@.*'"},
           .amendment = anew("git config user.email ADDRESS")},
          {.message = "committer name 'GitHub' is not allowed",
           .details = {"committer: GitHub <noreply@github.com>", "denied: 'GitHub'"},
           .amendment = anew("git config user.name NAME")}});
}

TEST_F(ForeignCommitter, CanAskForThePusher) {
  with("{pusher: true, pusher-name: true}", kUsers);
  expect("author: Eve <eve@example.org>\ncommitter: Ada <ada@example.com>\n\nfeat: x\n", {});
  expect("committer: Bo <bo@example.com>\n\nfeat: x\n",
         {{.message = "committer address 'bo@example.com' is none of the pusher's, 'ada'",
           .details = {"committer: Bo <bo@example.com>"},
           .amendment = anew("git config user.email ada@example.com")},
          {.message = "committer name 'Bo' is none of the pusher's, 'ada'",
           .details = {"committer: Bo <bo@example.com>"},
           .amendment = anew("git config user.name Ada")}});
  expect("pusher: eve\n\nfeat: x\n", {{.message = "the policy knows no address of 'eve'",
                                       .details = {"committer: Ada <ada@example.com>"},
                                       .hint = "ask an admin to add one to 'users'"},
                                      {.message = "the policy knows no name of 'eve'",
                                       .details = {"committer: Ada <ada@example.com>"},
                                       .hint = "ask an admin to add one to 'users'"}});
}

TEST_F(ForeignCommitter, CanAskForAnybodyThePolicyKnows) {
  with("{known: true}", kUsers);
  expect("committer: B <BO@example.com>\n\nfeat: x\n", {});
  expect("committer: E <eve@example.com>\n\nfeat: x\n",
         {{.message = "committer address 'eve@example.com' belongs to nobody the policy knows",
           .details = {"committer: E <eve@example.com>"},
           .amendment = anew("git config user.email ada@example.com")}});
}

TEST_F(ForeignCommitter, MapsPeopleByAMailmap) {
  std::filesystem::create_directory(folder());
  std::ofstream(folder() + "/people.map") << "Bo <bo@example.com> <bo@laptop.local>\n";
  with("{known: true, mailmap: people.map}", kUsers);
  expect("committer: b <bo@laptop.local>\n\nfeat: x\n", {});
}

TEST_F(ForeignCommitter, KnowsItsOptions) {
  EXPECT_NE(mistakes("{deny-mail: x}").find("deny-email"), std::string::npos);
  EXPECT_NE(mistakes("{deny-name: '('}"), "");
}

}  // namespace
}  // namespace trunkgate
