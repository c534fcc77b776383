#include "rules/evidence/requirements/check_requirement.h"

#include <algorithm>

#include "base/text.h"
#include "base/utc.h"

namespace trunkgate {
namespace {

using namespace check_options;

constexpr std::string_view kResults[] = {"success", "neutral"};

// "3d", "5h": the largest unit in which it is at least two, rounded down.
std::string age_text(std::int64_t seconds) {
  if (seconds >= 2 * 86'400) return std::to_string(seconds / 86'400) + "d";
  if (seconds >= 2 * 3600) return std::to_string(seconds / 3600) + "h";
  if (seconds >= 2 * 60) return std::to_string(seconds / 60) + "m";
  return std::to_string(seconds) + "s";
}

std::string limit_text(std::int64_t seconds) {
  if (seconds % 86'400 == 0) return std::to_string(seconds / 86'400) + "d";
  if (seconds % 3600 == 0) return std::to_string(seconds / 3600) + "h";
  if (seconds % 60 == 0) return std::to_string(seconds / 60) + "m";
  return std::to_string(seconds) + "s";
}

}  // namespace

bool is_check_name(const std::string& name, const Location& where, Diagnostics& diagnostics) {
  std::string mistake;
  if (parse_attestation_name(AttestationName{{}, AttestationKind::check, name}.ref(), &mistake)) {
    return true;
  }
  diagnostics.error(
      where, mistake.starts_with("'")
                 ? mistake
                 : "'" + printable(name, 40) + "' is no name of letters, digits and . _ @ + -");
  return false;
}

std::vector<const Attestation*> checks_of(const LandedWork& work, const std::string& name) {
  std::vector<const Attestation*> found;
  for (const ObjectId& commit : work.commits()) {
    for (const Attestation& attestation : evidence_about(work.view.push, commit)) {
      if (attestation.name.kind == AttestationKind::check && attestation.name.name == name) {
        found.push_back(&attestation);
      }
    }
  }
  return found;
}

std::vector<CheckRequirement> CheckRequirement::read(const RuleSetup& setup) {
  Diagnostics& diagnostics = setup.options.diagnostics();
  CheckRequirement check;
  check.pinned_ = setup.options.has(kBy.info.name);
  check.by_ = users_of(setup, kBy);
  check.ages_ = setup.options.has(kMaxAge.info.name);
  check.max_age_ = setup.options.get(kMaxAge);
  check.paths_ = setup.options.get(kPaths);
  if (const Node* accept = setup.options.find(kAccept.info.name); accept != nullptr) {
    const bool list = accept->kind == Node::Kind::sequence;
    for (const Node& item : list ? accept->items : std::vector<Node>{*accept}) {
      if (read_word(item, kResults, 0, diagnostics) == 1) check.neutral_ = true;
    }
  }
  std::vector<CheckRequirement> checks;
  const Node* require = setup.options.find(kRequire.info.name);
  for (const std::string& name : setup.options.get(kRequire)) {
    const Location& where = item_location(*require, name);
    if (!is_check_name(name, where, diagnostics)) continue;
    if (std::any_of(checks.begin(), checks.end(),
                    [&](const CheckRequirement& known) { return known.name_ == name; })) {
      diagnostics.error(where, "'" + name + "' stands here twice");
      continue;
    }
    check.name_ = name;
    checks.push_back(check);
  }
  const bool none =
      require == nullptr || (require->kind == Node::Kind::sequence && require->items.empty());
  if (none) {
    diagnostics.error(setup.options.where(), "there is no check to ask for",
                      "require: [unit-tests]");
  }
  return checks;
}

std::string CheckRequirement::fault_of(const LandedWork& work, const Attestation& check,
                                       Standing& standing) const {
  const std::string it = "check '" + name_ + "' by '" + printable(check.issuer, 64) + "' ";
  if (!check.counts()) {
    standing.details.push_back("check '" + name_ + "' does not count: it " + check.problem);
    return "does not count";
  }
  if (!check.is_for(work.view.ref.name)) {
    standing.details.push_back(it + "is for " + printable(check.body.target, 100) + " only");
    return "is for another reference";
  }
  if (pinned_ && !std::binary_search(by_.begin(), by_.end(), check.issuer)) {
    standing.details.push_back(it + "does not count: the rule wants it by " + some_of(by_));
    return "is by '" + printable(check.issuer, 64) + "'";
  }
  if (ages_) {
    const std::int64_t now = work.view.push.now;
    const std::int64_t age = std::max<std::int64_t>(now - check.received, 0);
    if (check.received == 0) {
      standing.details.push_back(it + "came before the gate, so its age is unknown");
      return "is of unknown age";
    }
    if (check.received > now + kClockSlack) {
      standing.details.push_back(it + "came while the server's clock was wrong: leave it again");
      return "is of " + utc_text(check.received) + ", which is yet to come";
    }
    if (age > max_age_.count()) {
      return "is " + age_text(age) + " old; " + limit_text(max_age_.count()) + " is allowed";
    }
  }
  const CheckStatus status = check.body.status;
  if (status == CheckStatus::success || (status == CheckStatus::neutral && neutral_)) return {};
  if (!check.body.text.empty()) {
    standing.details.push_back("it says: " + printable(trim(check.body.text), 200));
  }
  if (!check.body.url.empty()) standing.details.push_back("see " + printable(check.body.url, 300));
  return "says " + std::string(to_string(status));
}

Standing CheckRequirement::judge(const LandedWork& work) const {
  if (!paths_.empty()) {
    const std::vector<std::string>& paths = work.view.paths();
    if (std::none_of(paths.begin(), paths.end(),
                     [&](const std::string& path) { return paths_.matches(path); })) {
      return not_applicable("no file of " + some_of(paths_.texts(), 3) + " changes");
    }
  }
  Standing standing;
  std::string fault = "is missing";
  bool first = true;
  for (const Attestation* check : checks_of(work, name_)) {
    std::string why = fault_of(work, *check, standing);
    if (why.empty()) {
      standing.details.clear();
      standing.why =
          std::string(to_string(check->body.status)) + ", by " + printable(check->issuer, 64);
      standing.relied = {{check->ref, check->object}};
      return standing;
    }
    if (first) fault = std::move(why);
    first = false;
  }
  standing.state = RequirementState::unsatisfied;
  standing.message = "check '" + name_ + "' of " + work.name() + " " + fault;
  standing.why = fault.starts_with("is ") ? fault.substr(3) : fault;
  const std::vector<std::string>* by = &by_;
  if (!pinned_ && work.view.push.attestations != nullptr) {
    by = &work.view.push.attestations->of(AttestationKind::check).by;
  }
  standing.hint = "results come from " + (by->empty() ? "nobody: ask an admin" : some_of(*by));
  standing.commands =
      work.commands(AttestationKind::check, "$(git hash-object -w result.json)", name_);
  return standing;
}

}  // namespace trunkgate
