#include "evidence/evidence.h"

#include <gtest/gtest.h>

#include "evidence/recorded_pushers.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

class Evidence : public testing::Test {
 protected:
  Evidence() : commit_(server_.commit("feat: x", {}, {{"a", "1\n"}})) {
    server_.set_ref("refs/heads/x", commit_);
    for (const AttestationKind kind : kAttestationKinds) {
      rules(kind).taken = true;
      rules(kind).by = {"bo", "ci"};
    }
    policy_.signers = [this](const Push&, const ObjectId&) { return signers_; };
  }

  AttestationRules& rules(AttestationKind kind) {
    return policy_.kinds[static_cast<std::size_t>(kind)];
  }
  AttestationName name(AttestationKind kind, const std::string& called) const {
    return {commit_, kind, called};
  }
  ObjectId json(const std::string& text) const { return server_.raw("blob", text); }
  ObjectId signed_tag(const ObjectId& target, const std::string& type, const std::string& message,
                      const std::string& called) const {
    return server_.raw("tag", "object " + target.hex() + "\ntype " + type + "\ntag " + called +
                                  "\ntagger X <x@y> 1700000000 +0000\n\n" + message +
                                  "-----BEGIN SSH SIGNATURE-----\nAAAA\n"
                                  "-----END SSH SIGNATURE-----\n");
  }
  // Made for the attestation of that kind by bo.
  ObjectId signed_tag(const ObjectId& target, const std::string& type, const std::string& message,
                      AttestationKind kind = AttestationKind::approval) const {
    return signed_tag(target, type, message, name(kind, "bo").ref().substr(5));
  }
  void leave(const AttestationName& name, const ObjectId& object, const std::string& issuer = {}) {
    server_.set_ref(name.ref(), object);
    if (issuer.empty()) return;
    const auto repository = server_.open();
    append_lines(server_.beside("state"),
                 {issuer_line(*repository, name, object, {issuer, 1'700'000'100, false})}, {});
  }
  Push push(const Repository& repository) const {
    Push push{repository, {}, {}, {}, server_.beside("scratch")};
    push.state = server_.beside("state");
    push.attestations = &policy_;
    return push;
  }
  // "KIND/NAME by ISSUER[: PROBLEM]" for each.
  Lines about(const ObjectId& commit) const {
    const auto repository = server_.open();
    const Push asked = push(*repository);
    Lines lines;
    for (const Attestation& found : evidence_about(asked, commit)) {
      lines.push_back(std::string(to_string(found.name.kind)) + "/" + found.name.name + " by " +
                      found.issuer + (found.counts() ? "" : ": " + found.problem));
    }
    return lines;
  }
  Lines mistakes(AttestationKind kind, const ObjectId& object) const {
    return read_attestation_object(*server_.open(), name(kind, "bo"), object).mistakes;
  }

  TemporaryRepository server_;
  ObjectId commit_;
  AttestationPolicy policy_;
  TagSigners signers_{{}, "is not signed"};
};

TEST_F(Evidence, CountsWhenTheGateHasRecordedWhoLeftIt) {
  leave(name(AttestationKind::approval, "bo"), commit_, "bo");
  leave(name(AttestationKind::check, "unit"), json(R"({"status":"success"})"), "ci");
  EXPECT_EQ(about(commit_), (Lines{"approval/bo by bo", "check/unit by ci"}));
  const auto repository = server_.open();
  const Push asked = push(*repository);
  EXPECT_EQ(evidence_about(asked, commit_).at(0).received, 1'700'000'100);
}

TEST_F(Evidence, IsAboutTheCommitItNamesOnly) {
  const ObjectId other = server_.commit("feat: y", {commit_});
  leave(name(AttestationKind::approval, "bo"), commit_, "bo");
  EXPECT_EQ(about(other), Lines{});
}

TEST_F(Evidence, OfBeforeTheGateCountsOnlyWhenSigned) {
  leave(name(AttestationKind::approval, "bo"), commit_);
  EXPECT_EQ(about(commit_),
            Lines{"approval/bo by : is older than the gate and not signed, so nobody knows who "
                  "left it"});
  leave(name(AttestationKind::approval, "bo"), signed_tag(commit_, "commit", "fine\n"));
  EXPECT_EQ(about(commit_),
            Lines{"approval/bo by : is older than the gate, and its tag is not signed"});
  signers_ = {{"bo"}, {}};
  EXPECT_EQ(about(commit_), Lines{"approval/bo by bo"});
}

// Its record may be lost, and that must let nothing in.
TEST_F(Evidence, AgainstTheWorkCountsWhoeverLeftIt) {
  leave(name(AttestationKind::approval, "bo"), json(R"({"verdict":"veto"})"));
  EXPECT_EQ(about(commit_), Lines{"approval/bo by bo"});
  leave(name(AttestationKind::approval, "bo"), json(R"({"verdict":"veto"})"), "eve");
  EXPECT_EQ(about(commit_), Lines{"approval/bo by eve: was left by 'eve'"});
}

TEST_F(Evidence, RecordedForAnotherObjectDoesNotCount) {
  leave(name(AttestationKind::check, "unit"), json(R"({"status":"failure"})"), "ci");
  leave(name(AttestationKind::check, "unit"), json(R"({"status":"success"})"));
  EXPECT_EQ(about(commit_), Lines{"check/unit by : is older than the gate and not signed, so "
                                  "nobody knows who left it"});
}

// The file that says so has a line for each of maybe thousands.
TEST_F(Evidence, IsAskedForItsIssuersOnceForEachPush) {
  const AttestationName unit = name(AttestationKind::check, "unit");
  const ObjectId object = json(R"({"status":"success"})");
  leave(unit, object, "ci");
  const auto repository = server_.open();
  const Push asked = push(*repository);
  EXPECT_EQ(recorded_issuer(asked, unit, object).name, "ci");
  append_lines(server_.beside("state"),
               {issuer_line(*repository, unit, object, {"bo", 1'700'000'200, false})}, {});
  EXPECT_EQ(recorded_issuer(asked, unit, object).name, "ci");
  // What is there when all of it is listed has been recorded before.
  EXPECT_EQ(evidence_about(asked, commit_).at(0).issuer, "bo");
}

TEST_F(Evidence, OfSomebodyWhoMayNoLongerLeaveItDoesNotCount) {
  leave(name(AttestationKind::check, "unit"), json(R"({"status":"success"})"), "ci");
  rules(AttestationKind::check).by = {"bo"};
  EXPECT_EQ(about(commit_), Lines{"check/unit by ci: was left by 'ci', who may leave no check"});
  rules(AttestationKind::check) = {};
  EXPECT_EQ(about(commit_), Lines{"check/unit by ci: was left by 'ci', who may leave no check"});
}

TEST_F(Evidence, ByWhoeverPushedTheCommitDoesNotCount) {
  leave(name(AttestationKind::approval, "bo"), commit_, "bo");
  append_lines(server_.beside("state"), {pusher_line(commit_, "bo", 1, "refs/heads/hotfix/x")}, {});
  EXPECT_EQ(about(commit_), Lines{"approval/bo by bo: was left by 'bo', who pushed it"});
}

TEST_F(Evidence, InTheNameOfSomebodyElseDoesNotCount) {
  leave(name(AttestationKind::approval, "ada"), commit_, "bo");
  EXPECT_EQ(about(commit_), Lines{"approval/ada by bo: was left by 'bo'"});
}

TEST_F(Evidence, ThatCannotBeReadDoesNotCount) {
  leave(name(AttestationKind::check, "a"), json("{"), "ci");
  leave(name(AttestationKind::check, "b"), server_.tree({{"x", "y"}}), "ci");
  server_.git({"tag", "-a", "-m", "x", "unsigned", commit_.hex()});
  leave(name(AttestationKind::check, "c"), server_.open()->ref("refs/tags/unsigned").id, "ci");
  const Lines lines = about(commit_);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_TRUE(lines[0].starts_with("check/a by : cannot be read: line 1"));
  EXPECT_EQ(lines[1],
            "check/b by : cannot be read: it points at a tree, not at a JSON blob or a signed tag");
  EXPECT_EQ(lines[2], "check/c by : cannot be read: the tag is not signed");
}

TEST_F(Evidence, StandsBehindSignedTagsOfTheCommitOrOfJson) {
  const ObjectId blob = json(R"({"status":"failure"})");
  const auto read = [&](AttestationKind kind, const ObjectId& object) {
    return read_attestation_object(*server_.open(), name(kind, "bo"), object);
  };
  EXPECT_EQ(read(AttestationKind::check, signed_tag(blob, "blob", "", AttestationKind::check))
                .body.status,
            CheckStatus::failure);
  EXPECT_EQ(
      read(AttestationKind::approval, signed_tag(commit_, "commit", "looks good\n")).body.text,
      "looks good");
  EXPECT_TRUE(
      read(AttestationKind::approval, signed_tag(commit_, "commit", "{\"verdict\": \"veto\"}\n"))
          .body.veto);
  const ObjectId other = server_.commit("feat: y", {commit_});
  EXPECT_EQ(mistakes(AttestationKind::approval, signed_tag(other, "commit", "x\n")),
            Lines{"the tag is of something else than the commit or a JSON blob"});
  EXPECT_EQ(mistakes(AttestationKind::approval, other),
            Lines{"it points at a commit, not at a JSON blob, a signed tag or the commit itself"});
  EXPECT_EQ(mistakes(AttestationKind::check, commit_),
            Lines{"it points at a commit, not at a JSON blob or a signed tag"});
}

TEST_F(Evidence, IsNotWhatWasSignedForSomethingElse) {
  const ObjectId blob = json(R"({"verdict":"approve"})");
  const std::string own = "attest/" + commit_.hex() + "/approval/bo";
  EXPECT_EQ(mistakes(AttestationKind::approval, signed_tag(commit_, "commit", "Release\n", "v1")),
            Lines{"the tag was made as 'v1', not as '" + own + "'"});
  const std::string other = "attest/" + std::string(40, 'a') + "/approval/bo";
  EXPECT_EQ(mistakes(AttestationKind::approval, signed_tag(blob, "blob", "", other)),
            Lines{"the tag was made as '" + other + "', not as '" + own + "'"});
  EXPECT_EQ(mistakes(AttestationKind::approval, signed_tag(blob, "blob", "", own)), Lines{});
}

TEST_F(Evidence, IsNoneWhereThePolicyTakesNone) {
  leave(name(AttestationKind::approval, "bo"), commit_, "bo");
  const auto repository = server_.open();
  Push asked = push(*repository);
  asked.attestations = nullptr;
  EXPECT_TRUE(evidence_about(asked, commit_).empty());
}

TEST_F(Evidence, WithATargetIsForThatReferenceOnly) {
  Attestation attestation;
  EXPECT_TRUE(attestation.is_for("refs/heads/main"));
  attestation.body.target = "refs/heads/main";
  EXPECT_TRUE(attestation.is_for("refs/heads/main"));
  EXPECT_FALSE(attestation.is_for("refs/heads/develop"));
}

}  // namespace
}  // namespace trunkgate
