#include "events/derived_events.h"

#include <exception>
#include <string>
#include <utility>

#include "events/lineage/lineage_body.h"
#include "evidence/evidence.h"

namespace trunkgate {
namespace {

// Attestations that have an event of their own.
std::optional<AttestationName> told_attestation(std::string_view ref) {
  const std::string_view name = parts_of(ref).name;
  if (!name.starts_with(kAttestationPrefix)) return std::nullopt;
  auto parsed = parse_attestation_name(name);
  if (!parsed || parsed->kind == AttestationKind::exemption) return std::nullopt;
  return parsed;
}

std::string_view event_of(AttestationKind kind) {
  if (kind == AttestationKind::approval) return "approval.recorded";
  return kind == AttestationKind::check ? "check.recorded" : "lineage.recorded";
}

}  // namespace

ToldAttestation DerivedEvents::told(const AttestationName& name, const std::string& ref,
                                    const ObjectId& object) const {
  ToldAttestation told{.name = name, .ref = ref};
  try {
    AttestationObject read = read_attestation_object(repository_, name, object);
    told.readable = read.mistakes.empty();
    if (told.readable) told.body = std::move(read.body);
  } catch (const std::exception&) {
    // Gone, or no attestation that the gate has seen: the event must not wait for an admin.
  }
  return told;
}

Derived DerivedEvents::landed(const PushOutcome& outcome, const SpooledUpdate& update) const {
  LandedChange change;
  for (const SpooledEvidence& evidence : update.evidence) {
    if (const auto name = told_attestation(evidence.ref)) {
      change.evidence.push_back(told(*name, evidence.ref, evidence.object));
    }
  }
  for (const SpooledRequirement& requirement : outcome.requirements) {
    if (requirement.ref == update.ref) change.requirements.push_back(requirement);
  }
  return {.type = "change.landed", .about = {}, .subject = {}, .part = std::move(change)};
}

std::vector<Derived> DerivedEvents::after(const PushOutcome& outcome, const SpooledUpdate& update) {
  std::vector<Derived> all;
  if (update.protected_ref && !update.landing.empty() && !update.after.is_zero()) {
    all.push_back(landed(outcome, update));
  }
  if (const auto name = told_attestation(update.ref)) {
    const bool withdrawn = update.after.is_zero();
    // Of a check that is gone nothing is known but that; the reference's own event says it.
    if (name->kind != AttestationKind::check || !withdrawn) {
      ToldAttestation attestation = withdrawn ? ToldAttestation{.name = *name, .ref = update.ref}
                                              : told(*name, update.ref, update.after);
      attestation.withdrawn = withdrawn;
      const bool lineage = name->kind == AttestationKind::lineage;
      all.push_back({.type = event_of(name->kind),
                     .about = {},
                     .subject = lineage ? lineage_subject(attestation) : name->commit.hex(),
                     .part = std::move(attestation)});
    }
  }
  if (parts_of(update.ref).kind == "tag") {
    const bool moved = !update.before.is_zero() && !update.after.is_zero();
    const char* type = update.before.is_zero() ? "tag.created" : "tag.deleted";
    all.push_back({.type = moved ? "tag.moved" : type,
                   .about = {},
                   .subject = {},
                   .part = ToldTag{.tag = facts_.tag(update),
                                   .previous = moved ? update.before : ObjectId()}});
  }
  if (update.before.is_zero() && !update.after.is_zero() && facts_.is_release(update.ref)) {
    all.push_back(
        {.type = "release.created", .about = {}, .subject = {}, .part = facts_.release(update)});
  }
  for (ToldHotfix& hotfix : hotfixes_.after(update, outcome.time)) {
    std::string about = hotfix.hotfix.commit.hex() + " " + hotfix.hotfix.into;
    std::string subject = hotfix.hotfix.branch;
    all.push_back({.type = "hotfix.unmerged",
                   .about = std::move(about),
                   .subject = std::move(subject),
                   .part = std::move(hotfix)});
  }
  if (auto archive = archives_.after(outcome, update)) {
    all.push_back({.type = archive->restored ? "branch.restored" : "branch.archived",
                   .about = {},
                   .subject = {},
                   .part = std::move(*archive)});
  }
  for (const SpooledExemption& exemption : outcome.exemptions) {
    if (exemption.ref != update.ref) continue;
    UsedExemption used{exemption, {}};
    for (const SpooledFinding& finding : outcome.findings) {
      if (finding.ref == update.ref && finding.waived_by == exemption.label) {
        used.waived.push_back(finding);
      }
    }
    all.push_back({.type = "exemption.used",
                   .about = exemption.label,
                   .subject = {},
                   .part = std::move(used)});
  }
  if (auto changed = policies_.after(update, outcome.time)) {
    all.push_back(
        {.type = "policy.changed", .about = {}, .subject = "policy", .part = std::move(*changed)});
  }
  return all;
}

}  // namespace trunkgate
