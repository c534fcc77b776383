// stowaway-object: whole findings.
#include <algorithm>
#include <string>
#include <vector>

#include "push/ref_update.h"
#include "support/content_rule_test.h"
#include "support/quarantine.h"

namespace trunkgate {
namespace {

constexpr const char* kPlain =
    "? git push sends no such objects: push with plain Git from a new clone\n";

class StowawayObject : public ContentRuleTest {
 protected:
  StowawayObject() : ContentRuleTest("stowaway-object") {
    with("{}");
    folder_ = server_.raw("tree", "");
    pushed_ = server_.commit_of_tree("feat: x", {}, folder_);
    hidden_ = server_.commit_of_tree("feat: y", {pushed_}, folder_);
    quarantine_.push_loose({folder_, pushed_, hidden_});
  }

  std::string push(const std::vector<ObjectId>& tips, const std::vector<ObjectId>& refused = {},
                   bool ref_by_ref = false) const {
    const auto repository = quarantine_.open();
    Push push{*repository, {}, {}, {}, {}};
    for (const ObjectId& tip : tips)
      push.refs.push_back({"refs/heads/x", RefKind::branch, {}, tip, {}, {}});
    RefUpdates received;
    for (const PushedRef& ref : push.refs) received.updates.push_back({{}, ref.new_id, ref.name});
    for (const ObjectId& id : refused) {
      received.updates.push_back({{}, id, "refs/heads/refused/" + id.hex()});
    }
    push.received = &received;
    push.ref_by_ref = ref_by_ref;
    PushAnswer answer;
    policy_->rules.at(0).rule->check_push(push, {}, answer);
    return text_of(answer.whole);
  }

  Quarantine quarantine_{server_};
  ObjectId folder_, pushed_, hidden_;
};

TEST_F(StowawayObject, AcceptsAPushWhoseReferencesReachEverything) {
  EXPECT_EQ(push({hidden_}), kFine);
  EXPECT_EQ(push({pushed_, hidden_}), kFine);
}

TEST_F(StowawayObject, RejectsWhatNoReferenceReaches) {
  EXPECT_EQ(push({pushed_}),
            "0: the push brings 1 object that no reference of it reaches\n  a commit, " +
                hidden_.hex() + "\n" + kPlain);
  EXPECT_EQ(push({ObjectId()}),
            "0: the push brings 3 objects that no reference of it reaches\n  a commit, " +
                hidden_.hex() + "\n" + kPlain);
}

TEST_F(StowawayObject, NamesAFew) {
  for (int i = 0; i < 6; ++i) {
    quarantine_.push_loose({server_.raw("blob", std::to_string(i))});
  }
  const std::string text = push({hidden_});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 8);
  EXPECT_NE(text.find("\n  and more\n? "), std::string::npos) << text;
}

TEST_F(StowawayObject, SaysNothingOfARefusedReferenceWhereTheWholePushIsRefused) {
  EXPECT_EQ(push({pushed_}, {hidden_}), kFine);
}

// There the rest of the push is let in, and its objects with it.
TEST_F(StowawayObject, RejectsWhatOnlyARefusedReferenceReachesRefByRef) {
  EXPECT_EQ(push({pushed_}, {hidden_}, true),
            "0: the push brings 1 object that no reference of it reaches\n  a commit, " +
                hidden_.hex() +
                ", of a reference that is refused\n"
                "? push again without the references that are refused\n");
  EXPECT_EQ(push({pushed_, hidden_}, {hidden_}, true), kFine);
}

}  // namespace
}  // namespace trunkgate
