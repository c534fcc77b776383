// direct-push: commits reach a protected branch in another way than by landing a reviewed branch.
#include "rules/ref/direct_push.h"

#include <algorithm>
#include <array>

#include "base/nearest.h"
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/recorded_pushers.h"
#include "git/ref_name.h"
#include "push/landing.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"
#include "rules/ref/landing_advice.h"
#include "rules/ref/landing_terms.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kLand{
    "land", "[merge, fast-forward]",
    "ways to land: merge, fast-forward, squash (one commit, with a conventional message), rebase; "
    "[] for none; the first is the one that is recommended"};
constexpr Option<GlobSet> kFrom{
    "from", "['**']", "branches that may land, without refs/heads/; they must be on the server"};
constexpr Option<std::vector<std::string>> kBy{
    "by", "", "groups and users who may land; everybody when left out"};
constexpr const OptionInfo* kOptions[] = {&kLand.info, &kFrom.info, &kBy.info};

constexpr std::array kWays{LandingKind::merge, LandingKind::fast_forward, LandingKind::squash,
                           LandingKind::rebase};

class DirectPush final : public Rule {
 public:
  explicit DirectPush(const RuleSetup& setup)
      : from_(setup.options.get(kFrom)),
        by_(users_of(setup, kBy)),
        anybody_(!setup.options.has(kBy.info.name)) {
    for (const std::string& word : setup.options.get(kLand)) {
      const auto* way = std::find_if(kWays.begin(), kWays.end(),
                                     [&](LandingKind kind) { return word == to_string(kind); });
      if (way == kWays.end()) {
        std::vector<std::string_view> words;
        for (const LandingKind kind : kWays) words.push_back(to_string(kind));
        const auto near = nearest(word, words);
        setup.options.diagnostics().error(
            item_location(*setup.options.find(kLand.info.name), word),
            "'" + printable(word) +
                "' is no way to land; there are merge, fast-forward, squash and rebase",
            near ? "did you mean '" + *near + "'?" : "");
      } else if (!may(*way)) {
        ways_.push_back(*way);
      }
    }
  }

  RewrittenWays rewritten_ways() const {
    return {.squash = may(LandingKind::squash), .rebase = may(LandingKind::rebase)};
  }

  LandingTerms terms() const {
    return {.merge = may(LandingKind::merge),
            .fast_forward = may(LandingKind::fast_forward),
            .from = from_,
            .anybody = anybody_,
            .by = by_};
  }

  // Deleting is another rule's business: deleted-ref.
  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.deletes() || ref.new_id == ref.old_id) return;
    const std::string name = printable(short_name(ref.name));
    if (ref.new_commit.is_zero()) {
      out.add({.message = "what is pushed to '" + name + "' is no commit"});
      return;
    }
    Finding finding = ref.creates() ? check_creation(push, ref, out) : check_update(push, ref, out);
    if (!finding.message.empty()) {
      out.add(std::move(finding));
    } else if (!anybody_ && !std::binary_search(by_.begin(), by_.end(), push.pusher.name)) {
      out.add({.message = "'" + push.pusher.name + "' may not land on '" + name + "'",
               .details = {"may land: " + join(by_, ", ")},
               .hint = "ask one of them to land it"});
    }
  }

 private:
  bool may(LandingKind way) const {
    return std::find(ways_.begin(), ways_.end(), way) != ways_.end();
  }

  // Whether a branch that may land holds `commit`. The verdict holds only while that one stays as
  // it is.
  bool on_a_branch(const Push& push, const PushedRef& ref, const ObjectId& commit,
                   Answer& out) const {
    std::vector<SourceBranch> branches = other_branches(push, ref);
    std::erase_if(branches, [&](const SourceBranch& branch) {
      return !from_.matches(short_name(branch.name));
    });
    const std::vector<SourceBranch> found = branches_with(push.repository, branches, commit);
    if (found.empty()) return was_a_branch(push, ref, commit, out);
    // A branch that this very push deletes or moves has been looked at with the push; `update`
    // would find it gone ("land it and delete the branch").
    const bool in_this_push =
        std::any_of(push.refs.begin(), push.refs.end(),
                    [&](const PushedRef& r) { return r.name == found[0].name; });
    if (!in_this_push) out.rely_on(found[0].name, found[0].tip);
    return true;
  }

  // Whether `commit` came to the server as a branch that may land, which is gone by now, while an
  // approval of it is still there. A branch that is there and has moved on has left it behind.
  bool was_a_branch(const Push& push, const PushedRef& ref, const ObjectId& commit,
                    Answer& out) const {
    if (push.attestations == nullptr || !push.repository.existed_before(commit)) return false;
    const std::vector<RecordedPush> pushes = recorded_pushes(push, commit);
    return std::any_of(pushes.begin(), pushes.end(),
                       [&](const RecordedPush& known) {
                         return kind_of(known.ref) == RefKind::branch && known.ref != ref.name &&
                                from_.matches(short_name(known.ref)) &&
                                push.repository.ref(known.ref).kind == RefValue::Kind::none;
                       }) &&
           is_approved(push, ref, commit, out);
  }

  bool may_land(const Push& push, const PushedRef& ref, const LandedSource& source,
                Answer& out) const {
    return on_a_branch(push, ref, source.commit, out) ||
           std::any_of(source.others.begin(), source.others.end(), [&](const LandedSource& other) {
             return on_a_branch(push, ref, other.commit, out);
           });
  }

  Finding check_creation(const Push& push, const PushedRef& ref, Answer& out) const {
    if (may(LandingKind::fast_forward) && on_a_branch(push, ref, ref.new_commit, out)) return {};
    return advice().creation(ref);
  }

  Finding check_update(const Push& push, const PushedRef& ref, Answer& out) const {
    const FirstParentChain chain = first_parent_chain(push, ref);
    if (chain.too_long) {
      return {.message = "the push adds more than " + std::to_string(kMaxLandingSteps) +
                         " commits to '" + printable(short_name(ref.name)) + "' at once",
              .hint = "land in smaller steps"};
    }
    if (!chain.reaches_old) {
      return advice().off_the_line(ref, reaches(push.repository, ref.new_commit, ref.old_commit));
    }
    const auto has_parents = [&](auto&& holds) {
      return std::all_of(chain.commits.begin(), chain.commits.end(),
                         [&](const Commit& commit) { return holds(commit.parents.size()); });
    };
    if (may(LandingKind::merge) && has_parents([](std::size_t n) { return n >= 2; })) {
      Finding finding = check_merges(push, ref, chain, out);
      // The same commits may still be a branch of the server whose own commits are merges.
      const bool lands = finding.message.empty() || (may(LandingKind::fast_forward) &&
                                                     on_a_branch(push, ref, ref.new_commit, out));
      return lands ? Finding() : finding;
    }
    if (may(LandingKind::fast_forward) && on_a_branch(push, ref, ref.new_commit, out)) return {};
    const bool straight = has_parents([](std::size_t n) { return n == 1; });
    if (straight && (may(LandingKind::squash) || may(LandingKind::rebase))) {
      return check_straight(push, ref, chain, out);
    }
    return advice().direct(ref, 0);
  }

  // Every commit on the line is a merge: each must bring in a branch of the server and nothing
  // else.
  Finding check_merges(const Push& push, const PushedRef& ref, const FirstParentChain& chain,
                       Answer& out) const {
    if (chain.commits.size() > kMaxLandedMerges) {
      return {.message = "the push lands more than " + std::to_string(kMaxLandedMerges) +
                         " merges at once",
              .hint = "land in smaller steps"};
    }
    const auto landing = landing_of(push, ref);
    for (const Commit& commit : chain.commits) {
      if (commit.parents.size() > 2) {
        if (is_approved(push, ref, commit.id, out)) continue;
        return advice().octopus(commit);
      }
      if (!on_a_branch(push, ref, commit.parents[1], out)) {
        return advice().unknown_source(ref, commit, commit.parents[1]);
      }
      const auto unproven =
          std::find_if(landing->unproven.begin(), landing->unproven.end(),
                       [&](const UnprovenMerge& merge) { return merge.merge == commit.id; });
      if (unproven != landing->unproven.end() && !is_approved(push, ref, commit.id, out)) {
        return advice().evil_merge(ref, commit, unproven->found, takes_approvals(push));
      }
    }
    return {};
  }

  // Whether somebody has looked at the commit itself, who has to stand by that until it has landed.
  static bool is_approved(const Push& push, const PushedRef& ref, const ObjectId& commit,
                          Answer& out) {
    const Attestation* approval = approval_of(push, commit, ref.name);
    if (approval == nullptr) return false;
    out.rely_on(approval->ref, approval->object);
    return true;
  }

  static bool takes_approvals(const Push& push) {
    return push.attestations != nullptr && push.attestations->of(AttestationKind::approval).taken;
  }

  // No commit on the line is a merge: the branch must have been squashed or rebased.
  Finding check_straight(const Push& push, const PushedRef& ref, const FirstParentChain& chain,
                         Answer& out) const {
    const auto landing = landing_of(push, ref);
    // A branch that stands on top of the old tip already is what rebasing it gives; one of a single
    // commit, what squashing it gives.
    const bool as_it_is = landing->kind == LandingKind::fast_forward;
    const bool rebased =
        may(LandingKind::rebase) && (as_it_is || landing->kind == LandingKind::rebase);
    const bool squashed = may(LandingKind::squash) && ((as_it_is && chain.commits.size() == 1) ||
                                                       landing->kind == LandingKind::squash);
    if (!rebased && !squashed) {
      if (landing->near) {
        return advice().near(ref, *landing->near, push.repository.commit(landing->near->by));
      }
      Finding finding = advice().direct(ref, landing->branches_passed_over);
      if (chain.commits.size() > kMaxRewrittenCommits) {
        finding.details.push_back("more than " + std::to_string(kMaxRewrittenCommits) +
                                  " commits are not compared with those of branches");
      }
      return finding;
    }
    for (const LandedSource& source : landing->sources) {
      if (!may_land(push, ref, source, out)) {
        return as_it_is ? advice().direct(ref, 0)
                        : advice().branch_may_not(ref, source, landing->kind);
      }
    }
    if (rebased) return {};
    for (std::size_t i = 0; i < chain.commits.size(); ++i) {
      Finding finding = advice().unconventional(ref, chain.commits[i]);
      finding.newer = i;
      if (!finding.message.empty()) return finding;
    }
    return {};
  }

  LandingAdvice advice() const { return {ways_, from_}; }

  GlobSet from_;
  std::vector<std::string> by_;
  bool anybody_;
  std::vector<LandingKind> ways_;  // in the order of the policy
};

constexpr Example kExamples[] = {
    {"", "update refs/heads/main", false},
    {"", "create refs/heads/main", false},
    {"", "delete refs/heads/main", true},
    {"", "merge feature/x into refs/heads/main", true},
    {"", "fast-forward refs/heads/main to feature/x", true},
    {"{land: [merge]}", "fast-forward refs/heads/main to feature/x", false},
    {"{land: [fast-forward]}", "merge feature/x into refs/heads/main", false},
    {"{land: [squash]}", "merge feature/x into refs/heads/main", false},
    {"{land: [squash]}", "update refs/heads/main", false},
    {"{land: [rebase]}", "fast-forward refs/heads/main to feature/x", true},
    {"{land: []}", "merge feature/x into refs/heads/main", false},
    {"{from: ['release/**']}", "merge feature/x into refs/heads/main", false},
    {"{from: ['release/**']}", "merge release/1 into refs/heads/main", true},
    {"{by: [nobody-in-particular]}", "merge feature/x into refs/heads/main", false},
};

}  // namespace

RewrittenWays rewritten_ways_of(const Rule& rule) {
  const auto* direct = dynamic_cast<const DirectPush*>(&rule);
  return direct == nullptr ? RewrittenWays() : direct->rewritten_ways();
}

LandingTerms landing_terms(const Rule& rule) {
  return dynamic_cast<const DirectPush&>(rule).terms();
}

constinit const RuleInfo direct_push{
    .id = "direct-push",
    .subject = Subject::ref,
    .summary = "commits reach a protected branch other than by landing a branch of the server",
    .rationale = "What is on the trunk has been seen by others and by CI first.",
    .remedy = "Push a branch, have it looked at, then merge it and push the merge.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<DirectPush>,
    .refs = JudgedRefs::branches,
};

}  // namespace trunkgate
