#include "events/lineage/lineage_index.h"

#include "base/text.h"
#include "evidence/evidence.h"
#include "lineage_fixture.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using LineageIndexTest = LineageTest;

TEST_F(LineageIndexTest, MakesItsTablesOnce) {
  EXPECT_TRUE(has_lineage_tables(database_));
  EXPECT_FALSE(create_lineage_tables(database_));
}

TEST_F(LineageIndexTest, AStatementTakesThePlaceOfWhatItsReferenceSaidBefore) {
  record("x", image_statement(commit_, image_));
  record("x", image_statement(commit_, digest_of('c')));
  EXPECT_EQ(node_of_identity(database_, "sha256:" + image_), std::nullopt);
  EXPECT_TRUE(node_of_identity(database_, "sha256:" + digest_of('c')));
  EXPECT_EQ(rows("lineage_statement"), 1);
  EXPECT_EQ(rows("lineage_mention"), 2);
  EXPECT_EQ(rows("lineage_edge"), 1);
  EXPECT_EQ(rows("lineage_node"), 2);
}

TEST_F(LineageIndexTest, WhatIsWithdrawnLeavesWhatOthersSay) {
  record_all();
  const std::string prefix = "refs/attest/" + commit_ + "/lineage/";
  LineageIndex::forget_ref(database_, prefix + "train");
  EXPECT_EQ(node_of_identity(database_, "job:run-7"), std::nullopt);
  EXPECT_TRUE(node_of_identity(database_, "sha256:" + weights_));
  EXPECT_TRUE(node_of_identity(database_, "sha256:" + image_));
  for (const char* name : {"image", "test", "model", "deploy", "never-left"}) {
    LineageIndex::forget_ref(database_, prefix + name);
  }
  for (const char* table :
       {"lineage_statement", "lineage_mention", "lineage_edge", "lineage_node"}) {
    EXPECT_EQ(rows(table), 0) << table;
  }
}

// With a repository: statements as they are pushed.
class LineageApply : public LineageTest {
 protected:
  ObjectId blob(const std::string& json) const { return repository_.raw("blob", json); }
  std::string ref(const std::string& name, const std::string& kind = "lineage") const {
    return "refs/attest/" + tip_.hex() + "/" + kind + "/" + name;
  }
  void apply(const std::vector<SpooledUpdate>& updates) {
    const auto repository = repository_.open();
    for (const SpooledUpdate& update : updates) {
      if (!update.after.is_zero()) repository_.set_ref(update.ref, update.after);
    }
    LineageIndex::apply(database_, *repository, updates, {"user", "ci-bot", "ssh", ""}, time_);
  }
  // "NAME BY TIME", with "signed".
  Lines statements() {
    Query query = database_.prepare(
        "SELECT ref, left_by, is_signed, recorded FROM lineage_statement ORDER BY ref");
    Lines lines;
    while (query.step()) {
      const std::string name = query.text(0);
      lines.push_back(name.substr(name.rfind('/') + 1) + " " + query.text(1) +
                      (query.integer(2) != 0 ? " signed " : " ") +
                      std::to_string(query.integer(3)));
    }
    return lines;
  }

  TemporaryRepository repository_;
  const ObjectId tip_ = repository_.commit("feat: x", {}, {{"a", "1"}});
  const ObjectId zero_{};
};

TEST_F(LineageApply, TakesWhatAPushLeftAndWithdrew) {
  const ObjectId image = blob(image_statement(tip_.hex(), image_));
  const ObjectId model = blob(model_statement(tip_.hex(), weights_));
  const std::string time = std::to_string(time_);
  apply({{ref("image"), zero_, image},
         {ref("model"), zero_, model},
         {"refs/heads/main", zero_, tip_}});
  EXPECT_EQ(statements(), (Lines{"image ci-bot " + time, "model ci-bot " + time}));
  apply({{ref("image"), image, zero_}});
  EXPECT_EQ(statements(), Lines{"model ci-bot " + time});
}

TEST_F(LineageApply, PassesOverWhatIsNoStatementOrGone) {
  const ObjectId check = blob(R"({"status":"success"})");
  const ObjectId image = blob(image_statement(tip_.hex(), image_));
  apply({{ref("image"), zero_, image}});
  apply({{ref("image"), image, blob("{")}, {ref("unit", "check"), zero_, check}});
  EXPECT_EQ(statements(), Lines{});
  const auto repository = repository_.open();
  const std::vector<SpooledUpdate> gone{
      {ref("image"), zero_, ObjectId::parse(std::string(40, 'd')).value()}};
  LineageIndex::apply(database_, *repository, gone, {}, time_);
  EXPECT_EQ(statements(), Lines{});
}

TEST_F(LineageApply, WhoSignedATagLeftItAndNotWhoPushedIt) {
  const auto repository = repository_.open();
  const ObjectId image = blob(image_statement(tip_.hex(), image_));
  const AttestationName name{tip_, AttestationKind::lineage, "image"};
  append_lines(repository->path() + "/trunkgate/state",
               {issuer_line(*repository, name, image, {"carol", 1'767'000'000, true})}, Sharing{});
  apply({{ref("image"), zero_, image}});
  EXPECT_EQ(statements(), Lines{"image carol signed " + std::to_string(time_)});
}

TEST_F(LineageApply, IsTheSameWhenItIsMadeAnewFromTheReferences) {
  const ObjectId image = blob(image_statement(tip_.hex(), image_));
  const ObjectId model = blob(model_statement(tip_.hex(), weights_));
  apply({{ref("image"), zero_, image}});
  repository_.set_ref(ref("model"), model);
  repository_.set_ref(ref("broken"), blob("{"));
  repository_.set_ref(ref("unit", "check"), blob(R"({"status":"success"})"));
  record("of-nobody", image_statement(commit_, digest_of('e')));
  const auto repository = repository_.open();
  const AttestationName name{tip_, AttestationKind::lineage, "model"};
  append_lines(repository->path() + "/trunkgate/state",
               {issuer_line(*repository, name, model, {"ci-bot", 1'767'000'000, false})},
               Sharing{});
  EXPECT_EQ(LineageIndex::reindex(database_, *repository), 2U);
  EXPECT_EQ(statements(), (Lines{"image  0", "model ci-bot 1767000000000000"}));
  EXPECT_EQ(node_of_identity(database_, "sha256:" + digest_of('e')), std::nullopt);
  EXPECT_EQ(LineageIndex::reindex(database_, *repository), 2U);
}

}  // namespace
}  // namespace trunkgate
