#include "evidence/attestation_name.h"

#include <gtest/gtest.h>

namespace trunkgate {
namespace {

const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";

std::string mistake_of(const std::string& ref) {
  std::string mistake;
  EXPECT_FALSE(parse_attestation_name(ref, &mistake)) << ref;
  return mistake;
}

TEST(AttestationName, IsReadAndWrittenAsOneReference) {
  for (const char* rest :
       {"approval/alice", "check/mini-val", "exemption/skip.full_eval", "lineage/image@1+2"}) {
    const std::string ref = "refs/attest/" + kCommit + "/" + rest;
    const auto name = parse_attestation_name(ref);
    ASSERT_TRUE(name) << ref;
    EXPECT_EQ(name->ref(), ref);
    EXPECT_EQ(name->commit.hex(), kCommit);
  }
}

TEST(AttestationName, TellsWhichPartIsWrong) {
  EXPECT_EQ(mistake_of("refs/heads/x"), "it is no attestation");
  EXPECT_EQ(mistake_of("refs/attest/" + kCommit + "/approval"),
            "the name of an attestation is refs/attest/COMMIT/KIND/NAME");
  EXPECT_EQ(mistake_of("refs/attest/" + kCommit + "/check/a/b"),
            "the name of an attestation is refs/attest/COMMIT/KIND/NAME");
  EXPECT_EQ(mistake_of("refs/attest/0123/approval/alice"),
            "'0123' is no commit id of 40 lower-case hexadecimal digits");
  EXPECT_EQ(mistake_of("refs/attest/" + kCommit + "/aproval/alice"),
            "'aproval' is no kind of attestation; did you mean 'approval'?");
  EXPECT_EQ(mistake_of("refs/attest/" + kCommit + "/vote/alice"),
            "'vote' is no kind of attestation; there are approval, check, exemption and lineage");
  EXPECT_EQ(mistake_of("refs/attest/" + kCommit + "/approval/a\x1b[31m"),
            "'a\\x1b[31m' is no name of letters, digits and . _ @ + -, 64 at most");
}

TEST(AttestationName, TakesNoSecondSpellingOfACommit) {
  std::string upper = kCommit;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(mistake_of("refs/attest/" + upper + "/approval/alice"),
            "'" + upper + "' is no commit id of 40 lower-case hexadecimal digits");
}

}  // namespace
}  // namespace trunkgate
