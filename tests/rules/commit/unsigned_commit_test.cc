// unsigned-commit: whole findings without a key; end_to_end/signatures_test.py has some.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

constexpr const char* kSsh =
    "with SSH keys: git config gpg.format ssh, and user.signingKey to your key";

class UnsignedCommit : public CommitRuleTest {
 protected:
  UnsignedCommit() : CommitRuleTest("unsigned-commit") { with("{gpg-home: /nonexistent}"); }
};

TEST_F(UnsignedCommit, RejectsACommitWithoutASignature) {
  expect("feat: x\n", {{.message = "the commit is not signed",
                        .hint = kSsh,
                        .amendment = {.wanted = true, .sign = true}}});
}

TEST_F(UnsignedCommit, DoesNotTakeASignatureInTheMessage) {
  expect("feat: x\n\n-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n",
         {{.message = "the commit is not signed",
           .hint = kSsh,
           .amendment = {.wanted = true, .sign = true}}});
}

TEST_F(UnsignedCommit, CanLetUnsignedCommitsPassButNoBadSignature) {
  with("{gpg-home: /nonexistent, required: false}");
  expect("feat: x\n", {});
  const ObjectId tree = temporary_.tree({});
  const std::string who = " Ada <ada@example.com> 1700000000 +0000\n";
  const auto judged = [&](const std::string& signature) {
    const ObjectId id = temporary_.raw("commit", "tree " + tree.hex() + "\nauthor" + who +
                                                     "committer" + who + signature + "\nfeat: x\n");
    const auto repository = temporary_.open();
    const Push push{*repository, {}, {}, {}, {}};
    Answer answer;
    rule().check_commit(push, repository->commit(id), answer);
    return answer.findings.size() == 1 ? answer.findings[0].message : std::string();
  };
  EXPECT_EQ(judged(""), "");
  EXPECT_EQ(judged("gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----\n"),
            "the commit has a signature that is of a kind that the policy has no keys for");
}

TEST_F(UnsignedCommit, NeedsKeysAndKnowsTheWordsOfItsOptions) {
  EXPECT_NE(mistakes("{}").find("nobody's signature would count"), std::string::npos);
  EXPECT_NE(mistakes("{gpg-home: keys}").find("the absolute path of a folder"), std::string::npos);
  EXPECT_NE(mistakes("{gpg-home: /x, signer: autor}").find("did you mean 'author'"),
            std::string::npos);
  EXPECT_NE(mistakes("{ssh: none}").find("cannot read 'none'"), std::string::npos);
  EXPECT_NE(mistakes("{x509: none}").find("cannot read 'none'"), std::string::npos);
  EXPECT_EQ(mistakes("{gpg-home: /x, signer: committer, trust: ultimate}"), "");
}

}  // namespace
}  // namespace trunkgate
