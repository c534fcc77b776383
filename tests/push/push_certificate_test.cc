// Push certificates: whole ones, and what no two programs must read differently.
#include "push/push_certificate.h"

#include <gtest/gtest.h>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

const std::string kOld(40, 'a');
const std::string kNew(40, 'b');
const std::string kSignature = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n";

std::string certificate(const std::string& headers, const std::string& updates) {
  return "certificate version 0.1\n" + headers + "\n" + updates + kSignature;
}

TEST(PushCertificate, SaysWhatIsPushedAndIsSignedUpToItsSignature) {
  const std::string signed_part =
      "certificate version 0.1\npusher ada <a@x> 1700000000 +0000\npushee ssh://host/x.git\n"
      "nonce 1700000000-abc\npush-option a=b\npush-option \npush-option a b\n\n" +
      kOld + " " + kNew + " refs/heads/x y\n";
  const PushCertificate read = parse_push_certificate(signed_part + kSignature);
  EXPECT_EQ(read.mistake, "");
  EXPECT_EQ(read.pushee, "ssh://host/x.git");
  EXPECT_EQ(read.nonce, "1700000000-abc");
  EXPECT_EQ(read.options, (std::vector<std::string>{"a=b", "", "a b"}));
  ASSERT_EQ(read.updates.updates.size(), 1U);
  EXPECT_EQ(read.updates.updates[0].old_id.hex(), kOld);
  EXPECT_EQ(read.updates.updates[0].new_id.hex(), kNew);
  EXPECT_EQ(read.updates.updates[0].name, "refs/heads/x y");
  EXPECT_EQ(read.text.payload, signed_part);
  EXPECT_EQ(read.text.signature, kSignature);
  EXPECT_EQ(read.text.signatures, 1U);
  EXPECT_EQ(read.text.format, SignatureFormat::ssh);
}

TEST(PushCertificate, NeedsNeitherPusheeNorNonceNorSignatureToBeRead) {
  const PushCertificate read = parse_push_certificate(
      "certificate version 0.1\npusher ada 1 +0000\n\n" + kOld + " " + kNew + " refs/heads/x\n");
  EXPECT_EQ(read.mistake, "");
  EXPECT_EQ(read.pushee + read.nonce, "");
  EXPECT_EQ(read.text.signatures, 0U);
}

std::string mistake(const std::string& raw) { return parse_push_certificate(raw).mistake; }

TEST(PushCertificate, IsReadStrictly) {
  const std::string update = kOld + " " + kNew + " refs/heads/x\n";
  EXPECT_EQ(mistake(""), "is not of version 0.1");
  EXPECT_EQ(mistake("certificate version 0.1"), "is not of version 0.1");
  EXPECT_EQ(mistake("certificate version 0.2\npusher a\n\n" + update), "is not of version 0.1");
  EXPECT_EQ(mistake("certificate version 0.1\npusher a\n"), "is cut short");
  EXPECT_EQ(mistake(certificate("nonce 1-a\n", update)), "names no pusher");
  EXPECT_EQ(mistake(certificate("pusher a\nnonce 1-a\nnonce 2-b\n", update)),
            "has two lines 'nonce'");
  EXPECT_EQ(mistake(certificate("pusher a\npusher b\n", update)), "has two lines 'pusher'");
  EXPECT_EQ(mistake(certificate("pusher a\nNonce 1-a\n", update)), "has a line that means nothing");
  EXPECT_EQ(mistake(certificate("pusher a\nnonce\n", update)), "has a line that means nothing");
  EXPECT_EQ(mistake(certificate("pusher a\n", "")), "has no update of a reference");
  EXPECT_EQ(mistake(certificate("pusher a\n", update + "refs/heads/y\n")),
            "has a line that is no update of a reference");
  EXPECT_EQ(mistake(certificate("pusher a\n", update + "\n")),
            "has a line that is no update of a reference");
}

TEST(PushCertificate, IsBounded) {
  std::string options;
  for (int i = 0; i <= 1000; ++i) options += "push-option x\n";
  EXPECT_EQ(mistake(certificate("pusher a\n" + options, "")), "has too many push options");
}

TEST(PushCertificate, HasTheTimeOfItsNonce) {
  EXPECT_EQ(time_of_nonce("1795274645-2e220a5042addf544f6e41c7813ddc3997b58692"), 1795274645);
  EXPECT_EQ(time_of_nonce("0-a"), 0);
  for (const char* nonce : {"", "-", "1795274645", "-1-a", "1x-a", " 1-a", "9999999999999-a"}) {
    EXPECT_EQ(time_of_nonce(nonce), std::nullopt) << nonce;
  }
}

class ReceivedCertificateTest : public testing::Test {
 protected:
  // "sent or not: PROBLEM, MISTAKE" for this value of GIT_PUSH_CERT.
  std::string received(const std::string& name, bool update_alone = false) {
    Environment environment;
    environment.set("GIT_PUSH_CERT", name);
    const auto repository = server_.open();
    Push push{.repository = *repository, .pusher = {}, .options = {}, .refs = {}, .scratch = {}};
    push.environment = &environment;
    push.update_alone = update_alone;
    const auto certificate = received_certificate(push);
    EXPECT_EQ(certificate, received_certificate(push));
    return (certificate->sent ? "sent: " : "not sent: ") + certificate->problem + ", " +
           certificate->certificate.mistake;
  }
  TemporaryRepository server_;
};

TEST_F(ReceivedCertificateTest, IsTheBlobThatReceivePackNames) {
  const std::string text = certificate("pusher a\n", kOld + " " + kNew + " refs/heads/x\n");
  EXPECT_EQ(received(server_.raw("blob", text).hex()), "sent: , ");
  EXPECT_EQ(received(server_.raw("blob", "x").hex()), "sent: , is not of version 0.1");
}

TEST_F(ReceivedCertificateTest, CanBeMissingOrSomethingElse) {
  EXPECT_EQ(received(""), "not sent: , ");
  EXPECT_EQ(received("HEAD"), "sent: is named by something that is no object id, ");
  EXPECT_EQ(received(kOld), "sent: is not in the repository, ");
  EXPECT_EQ(received(server_.commit("feat: x", {}).hex()), "sent: is not in the repository, ");
}

TEST_F(ReceivedCertificateTest, IsNotGivenToUpdateSoAVariableThereIsSomebodyElses) {
  const std::string text = certificate("pusher a\n", kOld + " " + kNew + " refs/heads/x\n");
  EXPECT_EQ(received(server_.raw("blob", text).hex(), true), "not sent: , ");
}

TEST_F(ReceivedCertificateTest, IsNoneWithoutAnEnvironment) {
  const auto repository = server_.open();
  const Push push{
      .repository = *repository, .pusher = {}, .options = {}, .refs = {}, .scratch = {}};
  EXPECT_FALSE(received_certificate(push)->sent);
}

}  // namespace
}  // namespace trunkgate
