#include "evidence/attestation.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace trunkgate {
namespace {

const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";
using Lines = std::vector<std::string>;

ReadAttestation read(AttestationKind kind, std::string_view json) {
  return read_attestation({*ObjectId::parse(kCommit), kind, "x"}, json);
}
Lines mistakes(AttestationKind kind, std::string_view json) { return read(kind, json).mistakes; }

std::string statement(const std::string& type, const std::string& predicate,
                      const std::string& commit = kCommit) {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"00"}},)"
         R"({"digest":{"gitCommit":")" +
         commit + R"("}}],"predicateType":")" + type + R"(","predicate":)" + predicate + "}";
}

TEST(Attestation, ReadsAnApproval) {
  const auto approval = read(AttestationKind::approval, R"({"text":"fine","target":"main"})");
  EXPECT_EQ(approval.mistakes, Lines{});
  EXPECT_FALSE(approval.body.veto);
  EXPECT_EQ(approval.body.text, "fine");
  EXPECT_EQ(approval.body.target, "refs/heads/main");
  EXPECT_TRUE(read(AttestationKind::approval, R"({"verdict":"veto"})").body.veto);
  EXPECT_EQ(mistakes(AttestationKind::approval, "{}"), Lines{});
}

TEST(Attestation, ReadsACheckWithItsMetrics) {
  const auto check = read(
      AttestationKind::check,
      R"({"status":"failure","metrics":{"f1":0.913,"n":3},"url":"https://ci.example/1",)"
      R"("started":"2026-01-05T09:30:00Z","finished":"2026-01-05T09:31:00.5+02:00","text":"x"})");
  EXPECT_EQ(check.mistakes, Lines{});
  EXPECT_EQ(check.body.status, CheckStatus::failure);
  EXPECT_EQ(check.body.metrics,
            (std::map<std::string, double, std::less<>>{{"f1", 0.913}, {"n", 3}}));
  EXPECT_EQ(check.body.url, "https://ci.example/1");
}

TEST(Attestation, RefusesATargetThatNoReferenceHas) {
  const auto with = [](const std::string& target) {
    return mistakes(AttestationKind::approval,
                    R"({"verdict":"veto","target":")" + target + R"("})");
  };
  EXPECT_EQ(with("refs/heads/main"), Lines{});
  EXPECT_EQ(with("release/1"), Lines{});
  EXPECT_EQ(with("heads/main"),
            Lines{"'target' is a branch as in 'main' or a full name as in 'refs/heads/main'"});
  for (const char* bad : {"", "refs/heads/main/", "main ", "refs/heads//main", "a..b"}) {
    EXPECT_EQ(with(bad), Lines{"'target' is no name of a branch, nor of another reference"}) << bad;
  }
}

TEST(Attestation, RefusesWordsThatNobodyWouldRead) {
  EXPECT_EQ(mistakes(AttestationKind::approval, R"({"verdit":"veto"})"),
            Lines{"unknown key 'verdit'; did you mean 'verdict'?"});
  EXPECT_EQ(mistakes(AttestationKind::approval, R"({"verdict":"reject"})"),
            Lines{"'verdict' must be approve or veto"});
  EXPECT_EQ(mistakes(AttestationKind::approval, R"({"verdict":"veto","verdict":"approve"})").size(),
            1U);
  EXPECT_EQ(mistakes(AttestationKind::check, R"({"state":"success"})"),
            (Lines{"unknown key 'state'; did you mean 'status'?",
                   "'status' is missing: success, failure, neutral or error"}));
  EXPECT_EQ(mistakes(AttestationKind::check, R"({"status":"ok"})"),
            Lines{"'status' must be success, failure, neutral or error"});
  EXPECT_EQ(mistakes(AttestationKind::check, R"({"status":"success","started":"yesterday"})"),
            Lines{"'started' is no time as in 2026-01-05T09:30:00Z"});
  EXPECT_EQ(mistakes(AttestationKind::exemption, R"({"reason":7})"),
            Lines{"'reason' must be a text"});
}

TEST(Attestation, RefusesMetricsThatAreNoNumbers) {
  EXPECT_EQ(mistakes(AttestationKind::check, R"({"status":"success","metrics":{"f1":"0.9"}})"),
            Lines{"the metric 'f1' is no finite number"});
  EXPECT_EQ(mistakes(AttestationKind::check, R"({"status":"success","metrics":[0.9]})"),
            Lines{"'metrics' must be a map of names to numbers"});
  EXPECT_FALSE(
      mistakes(AttestationKind::check, R"({"status":"success","metrics":{"f1":1e999}})").empty());
  EXPECT_FALSE(
      mistakes(AttestationKind::check, R"({"status":"success","metrics":{"f1":NaN}})").empty());
}

TEST(Attestation, RefusesWhatIsNoObject) {
  EXPECT_EQ(mistakes(AttestationKind::approval, "[]"), Lines{"it is no JSON object"});
  for (const char* text : {"", "approve", "{", "{} {}", "\xff\xfe"}) {
    EXPECT_FALSE(mistakes(AttestationKind::approval, text).empty()) << text;
  }
  const std::string deep(100'000, '[');
  EXPECT_EQ(mistakes(AttestationKind::check, deep).size(), 1U);
  const std::string large = "{\"text\":\"" + std::string(kMaxAttestationBytes, 'x') + "\"}";
  EXPECT_EQ(mistakes(AttestationKind::approval, large), Lines{"it is larger than 256.0 KiB"});
}

TEST(Attestation, ReadsInTotoStatementsPlainAndInAnEnvelope) {
  const std::string plain =
      statement("https://example.com/check/v1", R"({"status":"neutral","metrics":{"f1":0.5}})");
  const std::string envelope = R"({"payloadType":"application/vnd.in-toto+json","payload":")" +
                               base64(plain) + R"(","signatures":[{"keyid":"a","sig":"b"}]})";
  for (const std::string& json : {plain, envelope}) {
    const auto check = read(AttestationKind::check, json);
    EXPECT_EQ(check.mistakes, Lines{});
    EXPECT_EQ(check.body.status, CheckStatus::neutral);
    EXPECT_EQ(check.body.metrics.at("f1"), 0.5);
    EXPECT_EQ(check.body.predicate_type, "https://example.com/check/v1");
  }
  const std::string twice =
      R"({"payloadType":"application/vnd.in-toto+json","payload":")" + base64(envelope) + R"("})";
  EXPECT_FALSE(mistakes(AttestationKind::check, twice).empty());
}

TEST(Attestation, TakesATestResultForACheck) {
  const std::string type = "https://in-toto.io/attestation/test-result/v0.1";
  const auto status = [&](const std::string& result) {
    const auto check =
        read(AttestationKind::check, statement(type, R"({"result":")" + result + "\"}"));
    EXPECT_EQ(check.mistakes, Lines{}) << result;
    return check.body.status;
  };
  EXPECT_EQ(status("PASSED"), CheckStatus::success);
  EXPECT_EQ(status("WARNED"), CheckStatus::neutral);
  EXPECT_EQ(status("FAILED"), CheckStatus::failure);
  EXPECT_EQ(mistakes(AttestationKind::check, statement(type, R"({"result":"passed"})")),
            Lines{"'result' of the test result is PASSED, WARNED or FAILED"});
  EXPECT_EQ(mistakes(AttestationKind::approval, statement(type, R"({"result":"PASSED"})")),
            Lines{"a test result is a check, no approval"});
}

TEST(Attestation, RefusesAStatementAboutSomethingElse) {
  const std::string other = "ffffffffffffffffffffffffffffffffffffffff";
  EXPECT_EQ(mistakes(AttestationKind::check,
                     statement("https://example.com/x", R"({"status":"success"})", other)),
            Lines{"no subject has the digest gitCommit " + kCommit});
  EXPECT_EQ(mistakes(AttestationKind::lineage, R"({"image":"x"})"),
            Lines{"a lineage attestation is an in-toto Statement v1 ('_type' is missing)"});
  EXPECT_EQ(mistakes(AttestationKind::lineage, R"({"_type":"https://in-toto.io/Statement/v0.1"})"),
            Lines{"'_type' is not 'https://in-toto.io/Statement/v1'"});
}

}  // namespace
}  // namespace trunkgate
