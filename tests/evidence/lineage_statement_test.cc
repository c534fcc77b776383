#include "evidence/lineage_statement.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "evidence/attestation.h"
#include "evidence/lineage_example.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;
const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";
const std::string kImage = digest_of('a');
const std::string kWeights = digest_of('b');

ReadAttestation read(const std::string& json) {
  return read_attestation({*ObjectId::parse(kCommit), AttestationKind::lineage, "x"}, json);
}
Lines mistakes(const std::string& json) { return read(json).mistakes; }

// "KIND IDENTITY NAME (NOTE)", then "FROM > TO".
Lines told(const std::string& json) {
  const ReadAttestation attestation = read(json);
  if (!attestation.mistakes.empty()) return attestation.mistakes;
  const LineageStatement& lineage = attestation.body.lineage;
  Lines lines{lineage.step};
  for (const Artifact& artifact : lineage.artifacts) {
    lines.push_back(std::string(to_string(artifact.kind)) + " " + artifact.identity.substr(0, 12) +
                    " " + artifact.name +
                    (artifact.note.empty() ? "" : " (" + artifact.note + ")"));
  }
  for (const LineageEdge& edge : lineage.edges) {
    lines.push_back(std::to_string(edge.from) + " > " + std::to_string(edge.to));
  }
  return lines;
}

TEST(LineageStatement, AnImageWasBuiltFromTheCommit) {
  EXPECT_EQ(told(image_statement(kCommit, kImage)),
            (Lines{"image", "image sha256:aaaaa registry.example/trainer:1",
                   "commit commit:01234 source", "1 > 0"}));
}

TEST(LineageStatement, AJobTrainedWeightsFromAllItsInputs) {
  EXPECT_EQ(told(training_statement(kCommit, kImage, kWeights)),
            (Lines{"training", "weights sha256:bbbbb vit.safetensors", "commit commit:01234 source",
                   "image sha256:aaaaa trainer", "file sha256:ddddd corpus.parquet",
                   "job job:run-7 run-7 (config=configs/vit.yaml, seed=42)", "1 > 4", "2 > 4",
                   "3 > 4", "4 > 0"}));
}

TEST(LineageStatement, AJobWithoutANameIsKnownByItsStatement) {
  const std::string json = training_statement(kCommit, kImage, kWeights, "");
  const LineageStatement lineage = read(json).body.lineage;
  ASSERT_EQ(lineage.artifacts.size(), 5U);
  EXPECT_EQ(lineage.artifacts[4].identity, "job:sha256:" + lineage.sha256);
  EXPECT_EQ(lineage.sha256.size(), 64U);
}

TEST(LineageStatement, WeightsAreTestedRegisteredAndDeployed) {
  EXPECT_EQ(told(test_statement(kCommit, kWeights)),
            (Lines{"test", "file sha256:bbbbb vit.safetensors (test PASSED https://ci.example/9)",
                   "commit commit:01234 source"}));
  EXPECT_EQ(told(model_statement(kCommit, kWeights)),
            (Lines{"model", "weights sha256:bbbbb vit.safetensors (registered as ranker@3)",
                   "commit commit:01234 source", "model model:ranker ranker@3", "1 > 2", "0 > 2"}));
  EXPECT_EQ(told(deployment_statement(kCommit, kWeights)),
            (Lines{"deployment", "file sha256:bbbbb vit.safetensors", "commit commit:01234 source",
                   "serving serving:prod prod/ranker@rev17", "1 > 2", "0 > 2"}));
}

TEST(LineageStatement, StandsInAnEnvelopeAndKeepsItsDigest) {
  const std::string plain = image_statement(kCommit, kImage);
  const std::string envelope = R"({"payloadType":"application/vnd.in-toto+json","payload":")" +
                               base64(plain) + R"(","signatures":[{"keyid":"a","sig":"b"}]})";
  EXPECT_EQ(mistakes(envelope), Lines{});
  EXPECT_EQ(read(envelope).body.lineage, read(plain).body.lineage);
  EXPECT_EQ(read(envelope).body.predicate_type, "https://slsa.dev/provenance/v1");
}

TEST(LineageStatement, TheCommitMustBeInIt) {
  const std::string other(40, 'f');
  const Lines wanted{"no subject and no resolved dependency has the digest gitCommit " + kCommit};
  EXPECT_EQ(mistakes(image_statement(other, kImage)), wanted);
  EXPECT_EQ(mistakes(test_statement(other, kWeights)), wanted);
  EXPECT_EQ(mistakes(model_statement(other, kWeights)), wanted);
  EXPECT_EQ(mistakes(deployment_statement(other, kWeights)), wanted);
  EXPECT_EQ(
      mistakes(provenance("x", file_resource("i", kImage), resource("source", "sha1", kCommit))),
      Lines{wanted[0] + "; it stands there as sha1"});
}

TEST(LineageStatement, SaysWhichPredicatesThereAre) {
  const auto with = [](const std::string& type) {
    return mistakes(lineage_statement(type, commit_resource(kCommit), "{}"));
  };
  EXPECT_EQ(with("https://slsa.dev/provenance/v0.2"),
            Lines{"the predicate type 'https://slsa.dev/provenance/v0.2' is not known; did you "
                  "mean 'https://slsa.dev/provenance/v1'?"});
  EXPECT_EQ(with("x"), Lines{"the predicate type 'x' is not known; there are SLSA provenance v1, "
                             "test-result v0.1, and model v1 and deployment v1 of "
                             "https://trunkgate/"});
  EXPECT_EQ(with(""), Lines{"'predicateType' is missing"});
}

TEST(LineageStatement, EverySubjectHasADigestThatCanBeAskedFor) {
  const auto with = [](const std::string& subjects) {
    return mistakes(provenance("x", subjects, commit_resource(kCommit)));
  };
  EXPECT_EQ(with(""), Lines{"'subject' is missing: the list of what it is about"});
  EXPECT_EQ(with(R"({"name":"i","digest":{"sha512":"00"}},7)"),
            (Lines{"subject[0] has no digest sha256 or gitCommit",
                   "subject[1] has no digest sha256 or gitCommit"}));
  EXPECT_EQ(with(file_resource("i", std::string(64, 'A'))),
            Lines{"the digest sha256 of subject[0] is no 64 lower-case hexadecimal digits"});
  EXPECT_EQ(with(commit_resource("0123")),
            Lines{"the digest gitCommit of subject[0] is no 40 lower-case hexadecimal digits"});
  EXPECT_EQ(with(commit_resource(kCommit)),
            Lines{"no subject has the digest sha256, so it says of nothing how it was made"});
  EXPECT_EQ(with(file_resource(std::string(1025, 'n'), kImage)),
            Lines{"'name' of subject[0] is longer than 1024 bytes"});
}

TEST(LineageStatement, PassesOverDependenciesWithOtherDigests) {
  EXPECT_EQ(told(provenance("x", file_resource("i", kImage),
                            resource("p", "sha512", "00") + "," + commit_resource(kCommit))),
            (Lines{"image", "image sha256:aaaaa i", "commit commit:01234 source", "1 > 0"}));
}

TEST(LineageStatement, EachPredicateHasWhatItNeeds) {
  const std::string subjects = file_resource("w", kWeights) + "," + commit_resource(kCommit);
  const auto with = [&](const std::string& type, const std::string& predicate) {
    return mistakes(lineage_statement(type, subjects, predicate));
  };
  EXPECT_EQ(with("https://slsa.dev/provenance/v1", "{}"),
            (Lines{"'predicate.buildDefinition.buildType' is missing",
                   "'predicate.runDetails.builder.id' is missing"}));
  EXPECT_EQ(with("https://in-toto.io/attestation/test-result/v0.1", R"({"result":"ok"})"),
            Lines{"'result' of the test result is PASSED, WARNED or FAILED"});
  EXPECT_EQ(with("https://trunkgate/model/v1", R"({"name":"nlp/ranker","version":"3 beta"})"),
            Lines{"'predicate.version' must be a name of letters, digits and . _ + : / -, 128 at "
                  "most"});
  EXPECT_EQ(with("https://trunkgate/deployment/v1", R"({"environment":"eu/prod","service":"a@b"})"),
            (Lines{"'predicate.environment' must be a name of letters, digits and . _ + : -, 128 "
                   "at most",
                   "'predicate.service' must be a name of letters, digits and . _ + : / -, 128 at "
                   "most",
                   "'predicate.revision' must be a name of letters, digits and . _ + : / -, 128 "
                   "at most"}));
  EXPECT_EQ(with("https://trunkgate/model/v1", "[]"), Lines{"'predicate' is no JSON object"});
}

TEST(LineageStatement, IsBounded) {
  std::string many = commit_resource(kCommit);
  for (int i = 0; i < 1000; ++i) many += ",{}";
  EXPECT_EQ(mistakes(provenance("x", file_resource("i", kImage), many)),
            Lines{"it has more than 1000 subjects and dependencies"});
  const auto list = [](int first, int count) {
    std::string text;
    for (int i = first; i < first + count; ++i) {
      const std::string digits = std::to_string(1000 + i);
      text += (text.empty() ? "" : ",") + file_resource("", std::string(60, '0') + digits);
    }
    return text;
  };
  EXPECT_EQ(mistakes(provenance("x", list(0, 101), list(200, 99) + "," + commit_resource(kCommit))),
            Lines{"its subjects and dependencies make more than 10000 pairs"});
  EXPECT_EQ(mistakes(provenance("x", list(0, 100), list(200, 99) + "," + commit_resource(kCommit))),
            Lines{});
  std::string deep = "{}";
  for (int i = 0; i < 70; ++i) deep = R"({"x":)" + deep + "}";
  EXPECT_EQ(mistakes(lineage_statement("https://trunkgate/model/v1", deep, "{}")).size(), 1U);
}

TEST(LineageStatement, TellsOfACommitThatIsNotAllOfTheSource) {
  const std::string dirty =
      R"({"digest":{"gitCommit":")" + kCommit + R"("},"annotations":{"dirty":true}})";
  EXPECT_EQ(told(provenance("x", file_resource("i", kImage), dirty))[2],
            "commit commit:01234  (with changes that no commit has)");
}

}  // namespace
}  // namespace trunkgate
