// overdue-branch: a branch that has been worked on for too long.
//
// The clock starts with the first push of the name. It goes on when the branch is deleted and made
// again within `limit` of the deletion, whatever the new one holds. A branch that is older than the
// gate, or that came by another way, counts from the oldest commit it has beside its base.
#include <algorithm>

#include "base/text.h"
#include "push/landing.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"
#include "rules/ref/branch_claim.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

constexpr Option<std::chrono::seconds> kLimit{"limit", "72h",
                                              "a branch that is older takes no more pushes"};
constexpr Option<std::chrono::seconds> kWarnAfter{"warn-after", "48h",
                                                  "from this age on each push gets a warning"};
constexpr Option<std::string> kBase{
    "base", "", "the branch it lands on, without refs/heads/; left out: the one that HEAD names"};
constexpr Option<std::string> kLanding{
    "landing", "allow",
    "allow: a branch that is too old can still merge its base, which it may need to land; refuse: "
    "not even that"};
constexpr const OptionInfo* kOptions[] = {&kLimit.info, &kWarnAfter.info, &kBase.info,
                                          &kLanding.info};
constexpr std::string_view kLandingWords[] = {"allow", "refuse"};

class OverdueBranch final : public Rule {
 public:
  explicit OverdueBranch(const RuleSetup& setup)
      : limit_(setup.options.get(kLimit).count()),
        warn_after_(setup.options.get(kWarnAfter).count()),
        base_(setup.options.get(kBase)) {
    if (const Node* landing = setup.options.find(kLanding.info.name); landing != nullptr) {
      landing_ = read_word(*landing, kLandingWords, 0, setup.options.diagnostics()) == 0;
    }
  }

  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    const std::string base = base_.empty() ? push.repository.head() : "refs/heads/" + base_;
    if (ref.kind != RefKind::branch || ref.name == base || ref.new_id == ref.old_id) return;
    const ObjectId base_tip = tip_of(push.repository, base);
    const std::int64_t age = push.now - first_push(push, ref, base_tip);
    if (ref.deletes() || age < std::min(limit_, warn_after_)) return;
    Finding finding;
    finding.advice = age < limit_ || (landing_ && takes_in_base(push, ref, base_tip));
    finding.message =
        "'" + shown_name(ref) + "' is " + hours(age) + " old; the limit is " + hours(limit_);
    if (finding.advice) {
      finding.hint = "land it soon, and go on with the rest on a new branch";
    } else {
      finding.hint = "land what is there, and go on with the rest on a branch of another name";
      finding.commands = {"git switch -c NEW-NAME", "git push origin NEW-NAME"};
    }
    out.add(std::move(finding));
  }

 private:
  static ObjectId tip_of(const Repository& repository, const std::string& name) {
    if (name.empty()) return {};
    const RefValue value = repository.ref(name);
    return value.kind == RefValue::Kind::direct ? value.id : ObjectId();
  }

  // When the branch was first pushed; keeps what it finds out.
  std::int64_t first_push(const Push& push, const PushedRef& ref, const ObjectId& base_tip) const {
    const BranchClaims claims(push);
    std::optional<BranchClaim> claim = claims.find(ref.name);
    if (ref.creates()) {
      // It was there before and came away not long ago: the clock goes on.
      if (claim && claim->seen != 0 && push.now - claim->seen < limit_) return claim->first;
      claims.write(ref.name, {push.now, 0, ref.new_id});
      return push.now;
    }
    // Of a claim that a refused push left, the branch need not know anything.
    if (!claim || (claim->seen == 0 && !holds(push.repository, ref.old_commit, claim->tip))) {
      claim = {oldest_own_commit(push, ref, base_tip), 0, ref.old_id};
    }
    claim->seen = push.now;
    claims.write(ref.name, *claim);
    return claim->first;
  }

  static bool holds(const Repository& repository, const ObjectId& tip, const ObjectId& commit) {
    return repository.header(commit).type == ObjectType::commit && reaches(repository, tip, commit);
  }

  // Dates in commits are what their authors want them to be; here they decide only where the gate
  // has seen nothing, once, and never reach into the future.
  static std::int64_t oldest_own_commit(const Push& push, const PushedRef& ref,
                                        const ObjectId& base_tip) {
    NewCommitsQuery query;
    query.tips = {ref.old_commit};
    if (!base_tip.is_zero()) query.hidden = {base_tip};
    std::int64_t oldest = push.now;
    for (const ObjectId& id : find_new_commits(push.repository, query).ids) {
      oldest = std::min(oldest, push.repository.links(id).time);
    }
    return std::max<std::int64_t>(oldest, 0);
  }

  // Every commit on the line from what the branch held is a merge that brings in commits of the
  // base, or the base already holds everything.
  static bool takes_in_base(const Push& push, const PushedRef& ref, const ObjectId& base_tip) {
    if (base_tip.is_zero() || !ref.updates()) return false;
    const FirstParentChain chain = first_parent_chain(push, ref);
    if (chain.too_long || !chain.reaches_old) return false;
    const std::vector<ObjectId> brought = brought_in(chain, ref);
    return std::all_of(brought.begin(), brought.end(),
                       [&](const ObjectId& id) { return reaches(push.repository, base_tip, id); });
  }

  static std::string hours(std::int64_t seconds) {
    if (seconds >= 14 * 86'400) return std::to_string(seconds / 86'400) + " days";
    return count_of(static_cast<std::size_t>(seconds / 3600), "hour", "hours");
  }

  std::int64_t limit_;  // seconds
  std::int64_t warn_after_;
  std::string base_;
  bool landing_ = true;
};

constexpr Example kExamples[] = {
    {"{warn-after: 48h, limit: 72h}", "after 1h update refs/heads/feature/x", true},
    {"{warn-after: 48h, limit: 72h}", "after 50h update refs/heads/feature/x", true},
    {"{warn-after: 48h, limit: 72h}", "after 73h update refs/heads/feature/x", false},
    {"{warn-after: 48h, limit: 72h}", "after 73h delete refs/heads/feature/x", true},
    {"{warn-after: 48h, limit: 72h}", "after 73h create refs/heads/feature/x", true},
    {"{warn-after: 48h, limit: 72h}", "after 73h update refs/tags/v1", true},
    {"{warn-after: 48h, limit: 72h}", "after 73h merge main into refs/heads/feature/x", true},
    {"{limit: 72h, landing: refuse}", "after 73h merge main into refs/heads/feature/x", false},
};

}  // namespace

constinit const RuleInfo overdue_branch{
    .id = "overdue-branch",
    .subject = Subject::ref,
    .summary = "the branch is older than the policy allows",
    .rationale = "The longer a branch lives, the further it drifts and the harder it lands.",
    .remedy = "Land the branch and go on with a new one.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<OverdueBranch>,
    .refs = JudgedRefs::branches,
};

}  // namespace trunkgate
