#include "policy/exemption_waiver.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "base/nearest.h"
#include "base/text.h"
#include "policy/exemption_terms.h"
#include "push/landing_request.h"

namespace trunkgate {
namespace {

constexpr std::string_view kExempt = "exempt=";
constexpr std::string_view kReason = "reason=";
constexpr std::size_t kMaxReasonBytes = 2000;
constexpr std::size_t kMaxLabels = 10;

struct Asked {
  std::vector<std::string> labels;  // each once, raw bytes
  std::string reason;               // raw bytes
};

Asked asked_by(const std::vector<std::string>& options) {
  Asked asked;
  for (const std::string_view option : options) {
    if (option.starts_with(kExempt)) {
      std::string label(trim(option.substr(kExempt.size())));
      if (std::find(asked.labels.begin(), asked.labels.end(), label) == asked.labels.end()) {
        asked.labels.push_back(std::move(label));
      }
    } else if (option == "exempt") {
      asked.labels.emplace_back();
    } else if (option.starts_with(kReason)) {
      const std::string_view reason = trim(option.substr(kReason.size()));
      if (reason.empty()) continue;
      asked.reason += (asked.reason.empty() ? "" : "; ") + std::string(reason);
    }
  }
  asked.reason.resize(std::min(asked.reason.size(), kMaxReasonBytes));
  return asked;
}

std::string quoted(std::string_view text) { return "'" + printable(text, 60) + "'"; }

// A finding of a rule of the policy, not one that is always refused.
bool is_waived_by(const Exemption& exemption, const Finding& finding, bool whole) {
  if (finding.ruleset.empty()) return false;
  if (finding.undecided && !exemption.break_glass) return false;
  return exemption.waives_rule(finding.rule, whole);
}

bool options_advertised(const Push& push) {
  if (!push.options.empty()) return true;
  const std::string word =
      ascii_lower(push.repository.config("receive.advertisePushOptions").value_or(""));
  return word == "true" || word == "yes" || word == "on" || word == "1";
}

class Waiver {
 public:
  Waiver(const Push& push, const Policy& policy, const std::vector<std::size_t>& verdict_index,
         VerdictBuilder& builder)
      : push_(push),
        policy_(policy),
        verdict_index_(verdict_index),
        builder_(builder),
        asked_(asked_by(push.options)),
        judge_(push) {}

  void run() {
    if (asked_.labels.size() > kMaxLabels) {
      refuse(exemption_refusal("more than " + std::to_string(kMaxLabels) +
                               " exemptions are asked for at once"));
      return;
    }
    for (const std::string& label : asked_.labels) {
      const Exemption* exemption = find_exemption(policy_.exemptions, label);
      if (exemption == nullptr) {
        refuse(unknown(label));
      } else if (auto refusal = not_for_this_push(*exemption)) {
        refuse(std::move(*refusal));
      } else {
        use(*exemption);
      }
    }
  }

 private:
  void refuse(Finding finding) { builder_.verdict().findings.push_back(std::move(finding)); }

  Finding unknown(const std::string& label) const {
    if (label.empty()) {
      return exemption_refusal("no exemption is named", "name one: git push -o exempt=LABEL");
    }
    std::vector<std::string_view> known;
    for (const Exemption& exemption : policy_.exemptions) known.push_back(exemption.label);
    const auto best = nearest(label, known);
    Finding finding = exemption_refusal("there is no exemption " + quoted(label) +
                                        (best ? "; did you mean '" + *best + "'?" : ""));
    if (known.empty()) {
      finding.hint = "the policy has none; push without it";
    } else {
      finding.details = {"there is: " + printable(join({known.begin(), known.end()}, ", "), 200)};
    }
    return finding;
  }

  std::optional<Finding> not_for_this_push(const Exemption& exemption) const {
    const std::string name = "the exemption '" + exemption.label + "'";
    if (!push_.pusher.known()) {
      return exemption_refusal("the server does not know who is pushing, so nobody may use " + name,
                               push_.pusher.problem);
    }
    if (!exemption.may_be_used_by(push_.pusher.name)) {
      Finding finding =
          exemption_refusal(push_.pusher.words() + " may not use " + name, "ask one of them");
      finding.details = {"may: " + exemption.by_words};
      return finding;
    }
    if (std::none_of(push_.refs.begin(), push_.refs.end(), [&](const PushedRef& ref) {
          return exemption.is_for(ref.name) || may_land_by(exemption, ref);
        })) {
      // Nothing at all is left of a push that is refused anyway.
      if (push_.refs.empty()) return std::nullopt;
      return exemption_refusal(name + " is not for " + printable(push_.refs[0].name),
                               "push without it");
    }
    if (exemption.needs_reason && asked_.reason.empty()) {
      Finding finding = exemption_refusal(name + " needs a reason, which is kept");
      finding.commands = {"git push -o exempt=" + exemption.label + " -o reason='WHY' origin ..."};
      return finding;
    }
    return std::nullopt;
  }

  // A request to land is granted by another verdict, on the branch, which has more to waive.
  static bool may_land_by(const Exemption& exemption, const PushedRef& ref) {
    const auto branch = requested_branch(ref.name);
    return branch && exemption.is_for(*branch);
  }

  // On every ref that it is for and where it has anything to waive.
  void use(const Exemption& exemption) {
    bool needed = std::any_of(push_.refs.begin(), push_.refs.end(),
                              [&](const PushedRef& ref) { return may_land_by(exemption, ref); });
    for (std::size_t i = 0; i < push_.refs.size(); ++i) {
      const PushedRef& pushed = push_.refs[i];
      RefVerdict& ref = builder_.verdict().refs[verdict_index_[i]];
      if (!exemption.is_for(pushed.name)) continue;
      std::vector<Finding*> waived;
      builder_.visit_refusing(ref, [&](Finding& finding, bool) {
        if (is_waived_by(exemption, finding, too_many())) waived.push_back(&finding);
      });
      if (waived.empty()) continue;
      needed = true;
      std::optional<Finding> refusal;
      builder_.guarded(ref, "exemption", [&] {
        auto terms = judge_.terms(exemption, pushed, ref);
        if (auto* none = std::get_if<Finding>(&terms)) {
          refusal = std::move(*none);
        } else {
          waive(exemption, ref, waived, std::get<ExemptionTerms>(std::move(terms)));
        }
      });
      if (refusal) refuse(std::move(*refusal));
    }
    if (!needed) {
      builder_.verdict().notices.push_back("the exemption '" + exemption.label +
                                           "' has nothing to waive here, and nothing of it is "
                                           "used up");
    }
  }

  bool too_many() const { return builder_.verdict().findings_dropped > 0; }

  void waive(const Exemption& exemption, RefVerdict& ref, const std::vector<Finding*>& waived,
             ExemptionTerms terms) {
    std::set<std::string> rules;
    for (Finding* finding : waived) {
      finding->waived_by = exemption.label;
      rules.insert(finding->rule);
    }
    for (Requirement& requirement : ref.requirements) {
      const bool open = requirement.state == RequirementState::unsatisfied ||
                        (requirement.state == RequirementState::error && exemption.break_glass);
      if (!open || requirement.mode != Mode::enforce) continue;
      if (!exemption.waives_rule(requirement.rule)) continue;
      requirement.state = RequirementState::overridden;
      requirement.why =
          exemption.label + (asked_.reason.empty() ? "" : ": " + printable(asked_.reason, 200));
    }
    for (auto& relied : terms.relied) ref.relied.push_back(std::move(relied));
    ExemptionUse use{.label = exemption.label,
                     .pusher = push_.pusher.name,
                     .reason = asked_.reason,
                     .ref = ref.name,
                     .rules = {rules.begin(), rules.end()},
                     .findings = waived.size(),
                     .granted_by = std::move(terms.granted_by),
                     .expires = terms.expires,
                     .uses_left = terms.uses_left,
                     .break_glass = exemption.break_glass,
                     .subjects = std::move(terms.subjects)};
    judge_.plan(exemption, use);
    builder_.verdict().exemptions.push_back(std::move(use));
  }

  const Push& push_;
  const Policy& policy_;
  const std::vector<std::size_t>& verdict_index_;
  VerdictBuilder& builder_;
  const Asked asked_;
  ExemptionJudge judge_;
};

}  // namespace

void apply_exemptions(const Push& push, const Policy& policy,
                      const std::vector<std::size_t>& verdict_index, VerdictBuilder& builder) {
  Waiver(push, policy, verdict_index, builder).run();
}

void offer_exemptions(const Push& push, const Policy& policy,
                      const std::vector<std::size_t>& verdict_index, Verdict& verdict) {
  // `update` gets no push options, and what an exemption asked for was refused is said already.
  if (push.update_alone || policy.exemptions.empty()) return;
  const Asked asked = asked_by(push.options);
  std::size_t refusing = static_cast<std::size_t>(
      std::count_if(verdict.findings.begin(), verdict.findings.end(), refuses));
  for (const RefVerdict& ref : verdict.refs) {
    refusing +=
        static_cast<std::size_t>(std::count_if(ref.findings.begin(), ref.findings.end(), refuses));
  }
  if (refusing == 0) return;
  ExemptionJudge judge(push);
  for (const Exemption& exemption : policy.exemptions) {
    // One for nobody is no way out: a preset has them until the team names people.
    if (exemption.by.empty() || exemption.break_glass ||
        std::find(asked.labels.begin(), asked.labels.end(), exemption.label) !=
            asked.labels.end()) {
      continue;
    }
    ExemptionOffer offer{.label = exemption.label,
                         .mine = exemption.may_be_used_by(push.pusher.name),
                         .by = exemption.by_words,
                         .needs_reason = exemption.needs_reason};
    bool usable = true;
    for (std::size_t i = 0; i < push.refs.size(); ++i) {
      const RefVerdict& ref = verdict.refs[verdict_index[i]];
      if (!exemption.is_for(push.refs[i].name)) continue;
      const auto waived =
          std::count_if(ref.findings.begin(), ref.findings.end(), [&](const Finding& finding) {
            return refuses(finding) &&
                   is_waived_by(exemption, finding, verdict.findings_dropped > 0);
          });
      if (waived == 0) continue;
      offer.waives += static_cast<std::size_t>(waived);
      // Where a grant is asked for, the refusal says how to get one.
      if (exemption.approval) continue;
      try {
        usable = usable &&
                 std::holds_alternative<ExemptionTerms>(judge.terms(exemption, push.refs[i], ref));
      } catch (const std::exception&) {
        usable = false;  // a hint is not worth a failure
      }
    }
    if (offer.waives == 0 || !usable) continue;
    offer.all = offer.waives == refusing && verdict.findings_dropped == 0;
    if (exemption.approval) offer.approval = exemption.approval->by_words;
    offer.options_advertised = options_advertised(push);
    verdict.offers.push_back(std::move(offer));
  }
}

}  // namespace trunkgate
