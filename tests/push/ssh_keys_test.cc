// Keys of allowed signers, and keys that sshd has let in.
#include "push/ssh_keys.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

const std::string kAda = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAda";
const std::string kBo = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIBo==";
const std::string kEve = "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2g";

TEST(SshKeys, AreReadFromAllowedSigners) {
  SshKeys keys;
  EXPECT_EQ(read_allowed_signers("# people\n\nada " + kAda + " ada@laptop\n" +
                                     "*@example.com,bo namespaces=\"git,file\" " + kBo + "\r\n" +
                                     "\"eve@example.com\" valid-before=\"20300101\" " + kEve + "\n",
                                 keys),
            Lines());
  EXPECT_EQ(keys, (SshKeys{{kAda, "ada"}, {kBo, "bo"}, {kEve, "eve@example.com"}}));
}

TEST(SshKeys, SayWhatIsWrongWithALine) {
  SshKeys keys;
  EXPECT_EQ(read_allowed_signers("ada " + kAda + "\nbo " + kAda + "\nbo\n*@x " + kBo +
                                     "\nca cert-authority " + kBo + "\neve ssh-rsa ?\n",
                                 keys),
            (Lines{"line 2: the key is ada's already", "line 3: there is no key",
                   "line 4: '*@x' names no user", "line 6: there is no key"}));
  EXPECT_EQ(keys, (SshKeys{{kAda, "ada"}}));
}

TEST(SshKeys, AreComparedWithoutTheirComments) {
  EXPECT_EQ(plain_key(kAda + " ada@laptop"), kAda);
  EXPECT_EQ(plain_key("restrict,pty " + kBo), kBo);
  EXPECT_EQ(plain_key("ada"), "");
  EXPECT_EQ(plain_key(""), "");
}

TEST(SshKeys, AreTakenFromWhatSshdSays) {
  EXPECT_EQ(authenticated_keys("publickey " + kAda + "\npassword\npublickey " + kBo +
                               "\nkeyboard-interactive/pam\npublickey x\nhostbased " + kEve + "\n"),
            (Lines{kAda, kBo}));
  EXPECT_EQ(authenticated_keys(""), Lines());
}

}  // namespace
}  // namespace trunkgate
