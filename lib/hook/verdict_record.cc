#include "hook/verdict_record.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "evidence/attestation_name.h"
#include "push/landing.h"
#include "push/landing_request.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxRecordedFindings = 200;
constexpr std::size_t kMaxRecordedRequirements = 200;
constexpr std::size_t kMaxRecordedEvidence = 200;

SpooledFinding spooled(const Finding& finding, const std::string& ref) {
  SpooledFinding out;
  out.rule = finding.rule;
  out.warning = !refuses(finding);
  out.message = finding.message;
  out.ref = ref;
  out.commit = finding.commit;
  out.path = finding.path;
  out.line = finding.line;
  out.hint = finding.hint;
  out.waived_by = finding.waived_by;
  return out;
}

SpooledUpdate spooled(const RefVerdict& ref, const std::string& name,
                      const Repository& repository) {
  SpooledUpdate update{
      .ref = name, .before = ref.old_id, .after = ref.new_id, .protected_ref = ref.protected_ref};
  // Attestations that are not there had to stay away; they are no evidence.
  std::map<std::string, ObjectId> evidence;
  for (const auto& [relied, id] : ref.relied) {
    if (relied.starts_with(kAttestationPrefix) && !id.is_zero()) evidence.emplace(relied, id);
  }
  for (const auto& [relied, id] : evidence) {
    if (update.evidence.size() == kMaxRecordedEvidence) break;
    update.evidence.push_back({repository.full_name(relied), id});
  }
  if (ref.landing == nullptr) return update;
  update.landing = to_string(ref.landing->kind);
  for (const LandedSource& source : ref.landing->sources) {
    SpooledSource& out = update.sources.emplace_back(SpooledSource{source.commit, source.by});
    for (const SourceBranch& branch : source.branches) {
      out.branches.push_back(repository.full_name(branch.name));
    }
  }
  return update;
}

SpooledExemption spooled(const ExemptionUse& use, std::string ref) {
  return {.label = use.label,
          .reason = use.reason,
          .ref = std::move(ref),
          .rules = use.rules,
          .findings = use.findings,
          .granted_by = use.granted_by,
          .expires = use.expires,
          .uses_left = use.uses_left ? static_cast<std::int64_t>(*use.uses_left) : -1,
          .break_glass = use.break_glass};
}

void add_finding(const Finding& finding, const std::string& ref, SpoolRecord& record) {
  ++record.findings_total;
  if (record.findings.size() == kMaxRecordedFindings) return;
  record.findings.push_back(spooled(finding, ref));
}

void add_ref(const RefVerdict& ref, const Repository& repository, SpoolRecord& record) {
  const std::string name = repository.full_name(ref.name);
  record.updates.push_back(spooled(ref, name, repository));
  for (const Finding& finding : ref.findings) add_finding(finding, name, record);
  for (const Requirement& requirement : ref.requirements) {
    if (record.requirements.size() == kMaxRecordedRequirements) break;
    record.requirements.push_back({requirement.rule, name,
                                   std::string(to_string(requirement.state)), requirement.what,
                                   requirement.why});
  }
}

// Those that were used to let something in.
void add_exemptions(const Verdict& verdict, const Repository& repository, SpoolRecord& record) {
  for (const ExemptionUse& use : verdict.exemptions) {
    const bool let_in = std::any_of(
        verdict.refs.begin(), verdict.refs.end(),
        [&](const RefVerdict& ref) { return ref.name == use.ref && verdict.lets_in(ref); });
    if (let_in) record.exemptions.push_back(spooled(use, repository.full_name(use.ref)));
  }
}

}  // namespace

void record_verdict(const Verdict& verdict, const Repository& repository, SpoolRecord& record) {
  const bool intent = record.kind == SpoolRecord::Kind::intent;
  for (const Finding& finding : verdict.findings) add_finding(finding, {}, record);
  if (intent) add_exemptions(verdict, repository, record);
  for (const RefVerdict& ref : verdict.refs) {
    if (intent != verdict.lets_in(ref)) continue;
    // Nothing happens to the name that a request to land has; proc-receive says what lands.
    if (intent && requested_branch(ref.name)) continue;
    add_ref(ref, repository, record);
  }
  record.findings_total += verdict.findings_dropped;
}

SpoolRecord joined(SpoolRecord first, const SpoolRecord& more) {
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(first.updates, more.updates);
  append(first.findings, more.findings);
  append(first.requirements, more.requirements);
  append(first.exemptions, more.exemptions);
  first.findings_total += more.findings_total;
  return first;
}

}  // namespace trunkgate
