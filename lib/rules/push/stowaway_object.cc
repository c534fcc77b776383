// stowaway-object: something rides in a push that no reference of it reaches.
#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "git/stowaways.h"
#include "push/ref_update.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxShown = 5;

// New values of updates that were refused before any rule.
std::vector<ObjectId> refused_before(const Push& push) {
  std::vector<ObjectId> ids;
  if (push.received == nullptr) return ids;
  std::unordered_set<std::string_view> judged;
  for (const PushedRef& ref : push.refs) judged.insert(ref.name);
  for (const RefUpdate& update : push.received->updates) {
    if (!judged.contains(update.name)) ids.push_back(update.new_id);
  }
  return ids;
}

class StowawayObject final : public Rule {
 public:
  explicit StowawayObject(const RuleSetup&) {}

  void check_push(const Push& push, const std::vector<PushPart>&, PushAnswer& out) const override {
    std::vector<ObjectId> tips;
    for (const PushedRef& ref : push.refs) tips.push_back(ref.new_id);
    // Where one refusal refuses all, nothing of a refused reference stays on the server.
    const std::vector<ObjectId> refused_ids = refused_before(push);
    if (!push.ref_by_ref) tips.insert(tips.end(), refused_ids.begin(), refused_ids.end());
    const Stowaways found = find_stowaways(push.repository, tips);
    if (found.objects == 0) return;

    const auto of_refused = [&](const Stowaway& top) {
      return std::find(refused_ids.begin(), refused_ids.end(), top.id) != refused_ids.end();
    };
    Finding finding{.message = "the push brings " + count_of(found.objects, "object", "objects") +
                               " that no reference of it reaches"};
    bool refused = false;
    for (const Stowaway& top : found.tops) {
      refused = refused || of_refused(top);
      if (finding.details.size() == kMaxShown) {
        finding.details.emplace_back("and more");
        break;
      }
      finding.details.push_back(std::string(to_string(top.type)) + ", " + top.id.hex() +
                                (of_refused(top) ? ", of a reference that is refused" : ""));
    }
    finding.hint = refused ? "push again without the references that are refused"
                           : "git push sends no such objects: push with plain Git from a new clone";
    out.whole.add(std::move(finding));
  }
};

constexpr Example kExamples[] = {
    {"", "1 refs, 3 commits", true},
    {"", "1 refs, 3 commits, 1 strays", false},
    {"", "1 refs, 2 strays", false},
};

}  // namespace

constinit const RuleInfo stowaway_object{
    .id = "stowaway-object",
    .subject = Subject::push,
    .summary = "a push brings objects that none of its references reaches",
    .rationale =
        "Git takes a pack as it comes: a commit that nothing leads to is judged by no rule, stays "
        "on the server, and whoever knows its id can have it.",
    .remedy = "Push with plain Git: it sends nothing but what the pushed references reach.",
    .options = {},
    .examples = kExamples,
    .make = make_rule<StowawayObject>,
};

}  // namespace trunkgate
