// unsigned-push: whole findings for certificates that do not count; end_to_end/signed_push_test.py
// has some that do.
#include "push/push_certificate.h"
#include "support/rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kNonce = "1700000000-abc";
constexpr const char* kUnknownKind =
    "refused: the push certificate has a signature that is of a kind that the policy has no keys "
    "for\n$ git push --signed origin refs/heads/x\n";

class UnsignedPush : public RuleTest {
 protected:
  UnsignedPush() : RuleTest("unsigned-push") {
    with("{gpg-home: /nonexistent}");
    server_.git({"config", "receive.certNonceSeed", "secret"});
    refs_ = {ref("refs/heads/x", {}, commit_)};
    state_ = server_.beside("state");
    environment_.set("GIT_PUSH_CERT_NONCE", kNonce);
    environment_.set("GIT_PUSH_CERT_NONCE_STATUS", "OK");
    // What receive-pack thinks of the signature is nothing to go by.
    environment_.set("GIT_PUSH_CERT_STATUS", "G");
    environment_.set("GIT_PUSH_CERT_SIGNER", "ada");
  }

  static std::string line(const PushedRef& ref) {
    return ref.old_id.hex() + " " + ref.new_id.hex() + " " + ref.name + "\n";
  }

  // Makes it the certificate of the push.
  void send(const std::string& headers, const std::string& updates) {
    environment_.set("GIT_PUSH_CERT",
                     server_
                         .raw("blob", "certificate version 0.1\npusher ada 1 +0000\n" + headers +
                                          "\n" + updates +
                                          "-----BEGIN SSH SIGNATURE-----\nAAAA\n"
                                          "-----END SSH SIGNATURE-----\n")
                         .hex());
  }
  void send_with_nonce(const std::string& nonce) { send("nonce " + nonce + "\n", line(refs_[0])); }

  // What the rule says of the refs of the push, one after the other.
  std::string judge_all() {
    const auto repository = server_.open();
    Push push{.repository = *repository,
              .pusher = {},
              .options = options_,
              .refs = refs_,
              .scratch = server_.beside("scratch"),
              .state = state_,
              .now = now_,
              .id = "1",
              .environment = &environment_};
    push.update_alone = update_alone_;
    push.received = received_;
    std::string text;
    for (const PushedRef& ref : push.refs) {
      Answer answer;
      policy_->rules.at(0).rule->check_ref(push, ref, answer);
      for (const Finding& finding : answer.findings) {
        text += (finding.undecided ? "undecided: " : "refused: ") + finding.message + "\n";
        for (const std::string& detail : finding.details) text += "  " + detail + "\n";
        if (!finding.hint.empty()) text += "? " + finding.hint + "\n";
        for (const std::string& command : finding.commands) text += "$ " + command + "\n";
      }
      for (const auto& [needed, otherwise] : answer.needed) {
        text += ref.name + " needs " + needed + ", else: " + otherwise.message + "\n";
      }
    }
    return text;
  }

  ObjectId commit_ = server_.commit("feat: x", {});
  std::vector<PushedRef> refs_;
  std::vector<std::string> options_;
  Environment environment_;
  const RefUpdates* received_ = nullptr;
  bool update_alone_ = false;
};

TEST_F(UnsignedPush, RejectsAPushWithoutACertificate) {
  const std::string sign =
      "  to sign every push: git config push.gpgSign if-asked\n"
      "? with SSH keys: git config gpg.format ssh, and user.signingKey to your key\n";
  EXPECT_EQ(judge_all(), "refused: the push is not signed\n" + sign +
                             "$ git push --signed origin refs/heads/x\n");
  refs_ = {ref("refs/tags/v1", commit_, {})};
  EXPECT_EQ(judge_all(), "refused: the push is not signed\n" + sign +
                             "$ git push --signed origin --delete refs/tags/v1\n");
}

TEST_F(UnsignedPush, SaysItOnceForAllReferencesOfThePush) {
  refs_.push_back(ref("refs/heads/y", {}, commit_));
  EXPECT_EQ(judge_all(),
            "refused: the push is not signed\n"
            "  to sign every push: git config push.gpgSign if-asked\n"
            "? with SSH keys: git config gpg.format ssh, and user.signingKey to your key\n"
            "$ git push --signed\n"
            "refs/heads/y needs refs/heads/x, else: the push is not signed\n");
}

TEST_F(UnsignedPush, B_037_NeedsASeedInTheRepository) {
  server_.git({"config", "--unset", "receive.certNonceSeed"});
  const std::string expected =
      "undecided: the server takes no signed pushes: the configuration of the repository has no "
      "receive.certNonceSeed\n? an admin of this server sets it with trunkgate install\n";
  EXPECT_EQ(judge_all(), expected);
  send_with_nonce(kNonce);
  EXPECT_EQ(judge_all(), expected);
}

TEST_F(UnsignedPush, CannotBeJudgedByUpdateAlone) {
  send_with_nonce(kNonce);
  update_alone_ = true;
  EXPECT_EQ(judge_all(),
            "undecided: the push certificate cannot be seen: the hook 'update' gets none\n"
            "? an admin of this server has to install the hook pre-receive, too\n");
}

TEST_F(UnsignedPush, RejectsWhatIsNoCertificate) {
  environment_.set("GIT_PUSH_CERT", server_.raw("blob", "no certificate").hex());
  EXPECT_EQ(judge_all(),
            "refused: the push certificate is not of version 0.1\n"
            "$ git push --signed origin refs/heads/x\n");
  environment_.set("GIT_PUSH_CERT", std::string(40, 'e'));
  EXPECT_EQ(judge_all(),
            "refused: the push certificate is not in the repository\n"
            "$ git push --signed origin refs/heads/x\n");
}

TEST_F(UnsignedPush, RejectsACertificateWithoutASignature) {
  environment_.set(
      "GIT_PUSH_CERT",
      server_
          .raw("blob", std::string("certificate version 0.1\npusher ada 1 +0000\nnonce ") + kNonce +
                           "\n\n" + line(refs_[0]))
          .hex());
  EXPECT_EQ(judge_all(),
            "refused: the push certificate is not signed\n"
            "$ git push --signed origin refs/heads/x\n");
}

TEST_F(UnsignedPush, JudgesTheSignatureByTheKeysOfThePolicy) {
  send_with_nonce(kNonce);
  EXPECT_EQ(judge_all(), kUnknownKind);
}

TEST_F(UnsignedPush, RejectsANonceThatIsNotOfThisServerAndThisPush) {
  const std::string foreign = std::string(kUnknownKind) +
                              "refused: the push certificate has a nonce that this server has not "
                              "given for this repository and this push\n"
                              "? push again with git push --signed\n";
  send_with_nonce("1700000000-other");  // a variable that somebody else has set
  EXPECT_EQ(judge_all(), foreign);
  send_with_nonce("now");
  environment_.set("GIT_PUSH_CERT_NONCE", "now");
  EXPECT_EQ(judge_all(), foreign);
  send_with_nonce(kNonce);
  environment_.set("GIT_PUSH_CERT_NONCE", kNonce);
  for (const char* status : {"BAD", "MISSING", "UNSOLICITED", "", "ok"}) {
    environment_.set("GIT_PUSH_CERT_NONCE_STATUS", status);
    EXPECT_EQ(judge_all(), foreign) << status;
  }
  send("", line(refs_[0]));
  EXPECT_EQ(judge_all(), std::string(kUnknownKind) +
                             "refused: the push certificate has no nonce of this server\n"
                             "? push again with git push --signed\n");
}

TEST_F(UnsignedPush, TakesANonceUpToItsAge) {
  with("{gpg-home: /nonexistent, max-age: 1h}");
  send_with_nonce(kNonce);
  for (const std::int64_t now : {1'700'000'000, 1'700'003'600, 1'699'996'400}) {
    now_ = now;
    EXPECT_EQ(judge_all(), kUnknownKind) << now;
  }
  const std::string limit =
      "  the limit is 3600 seconds (max-age)\n? push again with git push --signed\n";
  now_ = 1'700'003'601;
  EXPECT_EQ(judge_all(), std::string(kUnknownKind) +
                             "refused: the push certificate is too old: its nonce is of 3601 "
                             "seconds ago\n" +
                             limit);
  now_ = 1'699'996'399;
  EXPECT_EQ(judge_all(), std::string(kUnknownKind) +
                             "refused: the push certificate is too old: its nonce is of 3601 "
                             "seconds later\n" +
                             limit);
}

TEST_F(UnsignedPush, TakesTheNonceOfAnotherRequestUpToTheSlop) {
  send_with_nonce("1699999995-abc");
  environment_.set("GIT_PUSH_CERT_NONCE_STATUS", "SLOP");
  EXPECT_EQ(judge_all(),
            std::string(kUnknownKind) +
                "refused: the push certificate has a nonce of 5 seconds ago\n"
                "  over HTTP it is given in another request, and this server allows no delay "
                "between the two\n"
                "? push again; an admin can allow a delay: git config receive.certNonceSlop 60\n");
  with("{gpg-home: /nonexistent, nonce-slop: 5s}");
  EXPECT_EQ(judge_all(), kUnknownKind);
}

TEST_F(UnsignedPush, RejectsACertificateOfOtherUpdates) {
  const PushedRef other = ref("refs/heads/y", {}, commit_);
  const std::string nonce = std::string("nonce ") + kNonce + "\n";
  const std::string id = commit_.brief();
  const std::string message =
      std::string(kUnknownKind) +
      "refused: the push certificate is for another push: it names other updates\n";
  const std::string again = "? push again with git push --signed\n";
  send(nonce, line(other));
  EXPECT_EQ(judge_all(), message + "  only the push has refs/heads/x: 00000000 to " + id +
                             "\n  only the certificate has refs/heads/y: 00000000 to " + id + "\n" +
                             again);
  send(nonce, line(refs_[0]) + line(other));
  EXPECT_EQ(judge_all(),
            message + "  only the certificate has refs/heads/y: 00000000 to " + id + "\n" + again);
  send(nonce, line(refs_[0]) + line(refs_[0]));
  EXPECT_EQ(judge_all(),
            message + "  only the certificate has refs/heads/x: 00000000 to " + id + "\n" + again);
  send(nonce, line(ref("refs/heads/x", commit_, {})));
  EXPECT_EQ(judge_all(), message + "  only the push has refs/heads/x: 00000000 to " + id +
                             "\n  only the certificate has refs/heads/x: " + id + " to 00000000\n" +
                             again);
}

TEST_F(UnsignedPush, ShowsAFewOfManyOtherUpdates) {
  std::string updates = line(refs_[0]);
  for (const char name : {'a', 'b', 'c', 'd', 'e'}) {
    updates += line(ref(std::string("refs/heads/") + name, {}, commit_));
  }
  send(std::string("nonce ") + kNonce + "\n", updates);
  const std::string id = commit_.brief();
  EXPECT_EQ(judge_all(), std::string(kUnknownKind) +
                             "refused: the push certificate is for another push: it names other "
                             "updates\n"
                             "  only the certificate has refs/heads/a: 00000000 to " +
                             id + "\n  only the certificate has refs/heads/b: 00000000 to " + id +
                             "\n  only the certificate has refs/heads/c: 00000000 to " + id +
                             "\n  and 2 more that only the certificate has\n"
                             "? push again with git push --signed\n");
}

TEST_F(UnsignedPush, ComparesWithAllLinesOfThePushWhateverBecameOfThem) {
  const PushedRef refused = ref("refs/replace/x", {}, commit_);
  RefUpdates received;
  received.updates = {{{}, commit_, "refs/heads/x"}, {{}, commit_, "refs/replace/x"}};
  received_ = &received;
  send(std::string("nonce ") + kNonce + "\n", line(refused) + line(refs_[0]));
  EXPECT_EQ(judge_all(), kUnknownKind);
}

TEST_F(UnsignedPush, RejectsACertificateOfOtherPushOptions) {
  const std::string nonce = std::string("nonce ") + kNonce + "\n";
  const std::string other = std::string(kUnknownKind) +
                            "refused: the push certificate is for another push: it names other "
                            "push options\n? push again with git push --signed\n";
  options_ = {"a", "b"};
  send(nonce, line(refs_[0]));
  EXPECT_EQ(judge_all(), other);
  send(nonce + "push-option b\npush-option a\n", line(refs_[0]));
  EXPECT_EQ(judge_all(), other);
  send(nonce + "push-option a\npush-option b\n", line(refs_[0]));
  EXPECT_EQ(judge_all(), kUnknownKind);
}

TEST_F(UnsignedPush, TakesTheAddressesOfThePolicy) {
  with("{gpg-home: /nonexistent, pushee: ['ssh://git@host/**', '/srv/x.git']}");
  const std::string nonce = std::string("nonce ") + kNonce + "\n";
  for (const char* address : {"ssh://git@host/team/x.git", "/srv/x.git"}) {
    send("pushee " + std::string(address) + "\n" + nonce, line(refs_[0]));
    EXPECT_EQ(judge_all(), kUnknownKind) << address;
  }
  send("pushee ssh://git@other/x.git\n" + nonce, line(refs_[0]));
  EXPECT_EQ(judge_all(), std::string(kUnknownKind) +
                             "refused: the push certificate is for 'ssh://git@other/x.git', which "
                             "is not an address of this repository\n");
  send(nonce, line(refs_[0]));
  EXPECT_EQ(judge_all(), std::string(kUnknownKind) +
                             "refused: the push certificate does not say which repository it is "
                             "for\n");
}

TEST_F(UnsignedPush, NeedsKeysAndKnowsTheWordsOfItsOptions) {
  EXPECT_NE(mistakes("{}").find("nobody's signature would count"), std::string::npos);
  EXPECT_NE(mistakes("{gpg-home: /x, signer: pushers}").find("did you mean 'pusher'"),
            std::string::npos);
  EXPECT_NE(mistakes("{gpg-home: /x, max-age: 25h}").find("'max-age' is 24h at most"),
            std::string::npos);
  EXPECT_EQ(mistakes("{gpg-home: /x, signer: pusher, max-age: 24h, nonce-slop: 1m}"), "");
}

}  // namespace
}  // namespace trunkgate
