// The keys of a policy outside of its rules: declared once, for the loader and for the schema.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/option.h"

namespace trunkgate::keys {

inline constexpr Option<std::int64_t> kVersion{"version", "", "of the policy language; 1"};
inline constexpr Option<std::string> kMode{"mode", "enforce", "enforce, warn, audit or off"};
inline constexpr Option<std::string> kOnViolation{"on-violation", "push",
                                                  "what a bad ref refuses: the push or the ref"};
inline constexpr Option<std::string> kLanding{"land", "", "how branches land, besides by push"};
inline constexpr Option<std::string> kContact{"contact", "", "whom a refused pusher may ask"};
inline constexpr Option<GlobSet> kNamespaces{"namespaces", "",
                                             "further refs that may be pushed to"};
inline constexpr Option<std::vector<std::string>> kExtends{
    "extends", "", "files and presets that are layers above"};
inline constexpr Option<std::vector<std::string>> kLock{
    "lock", "",
    "rulesets that layers below can only make stricter; '*' for those of this layer and of what it "
    "extends"};
inline constexpr Option<std::string> kModeUntil{
    "mode-until", "", "the last day of a mode, as in 2026-12-31; enforce from then on"};
inline constexpr Option<std::string> kIdentity{"identity", "", "who is pushing"};
inline constexpr Option<std::string> kGroups{"groups", "", "names for lists of users"};
inline constexpr Option<std::string> kUsers{"users", "", "names, addresses and keys of people"};
inline constexpr Option<std::string> kPolicyRef{"policy-ref", "",
                                                "a reference that holds a layer of the policy"};
inline constexpr Option<std::string> kAttestations{"attestations", "",
                                                   "who may leave which evidence about a commit"};
inline constexpr Option<std::string> kExemptions{
    "exemptions", "", "what may be waived with git push -o exempt=LABEL, and by whom"};
inline constexpr Option<std::string> kRulesets{"rulesets", "", "rules for references"};
inline constexpr Option<std::string> kEvents{"events", "", "where events go and what they tell"};
inline constexpr Option<std::string> kSweep{
    "sweep", "", "branches that go into the archive when nobody works on them any more"};
inline constexpr const OptionInfo* kPolicyKeys[] = {
    &kVersion.info,     &kExtends.info,  &kLock.info,      &kMode.info,         &kModeUntil.info,
    &kOnViolation.info, &kLanding.info,  &kContact.info,   &kNamespaces.info,   &kUsers.info,
    &kGroups.info,      &kIdentity.info, &kPolicyRef.info, &kAttestations.info, &kExemptions.info,
    &kRulesets.info,    &kEvents.info,   &kSweep.info};

inline constexpr Option<bool> kQueue{
    "queue", "false", "pushes to refs/for/BRANCH land a branch there, merged on the server"};
inline constexpr const OptionInfo* kLandingKeys[] = {&kQueue.info};

// Only presets have them, and only `extends` gives them values.
inline constexpr Option<std::string> kParameters{"parameters", "", "names with their defaults"};
inline constexpr Option<std::string> kPreset{"preset", "", "the name of a preset"};
inline constexpr Option<std::string> kWith{"with", "", "values for its parameters"};
inline constexpr const OptionInfo* kExtendsKeys[] = {&kPreset.info, &kWith.info};

inline constexpr Option<std::vector<std::string>> kServiceUsers{"service-users", "", "accounts"};
inline constexpr Option<std::string> kSources{"sources", "", "where the pusher's name comes from"};
inline constexpr Option<std::string> kUnknown{"unknown", "deny", "deny or allow"};
inline constexpr const OptionInfo* kIdentityKeys[] = {&kServiceUsers.info, &kSources.info,
                                                      &kUnknown.info};

inline constexpr Option<std::vector<std::string>> kEmail{"email", "", "addresses"};
inline constexpr Option<std::vector<std::string>> kKeys{"keys", "",
                                                        "public keys as in authorized_keys"};
inline constexpr Option<std::vector<std::string>> kPersonName{
    "name", "", "names of the person, as in user.name"};
inline constexpr const OptionInfo* kUserKeys[] = {&kPersonName.info, &kEmail.info, &kKeys.info};

inline constexpr Option<std::string> kEnv{"env", "", "an environment variable"};
inline constexpr Option<std::string> kSshKey{
    "ssh-key", "", "a file of allowed signers: whose SSH keys are whose, besides those in 'users'"};
inline constexpr const OptionInfo* kSourceKeys[] = {&kEnv.info, &kSshKey.info};

inline constexpr Option<std::string> kPolicyRefRef{"ref", "", "such as refs/meta/policy"};
inline constexpr Option<std::string> kPolicyRefFile{"file", "policy.yaml",
                                                    "path of the policy in its commit"};
inline constexpr Option<std::vector<std::string>> kPolicyRefBy{
    "by", "", "users and groups who may push to it"};
inline constexpr const OptionInfo* kPolicyRefKeys[] = {&kPolicyRefRef.info, &kPolicyRefFile.info,
                                                       &kPolicyRefBy.info};

inline constexpr Option<std::string> kApproval{"approval", "", "reviewers' word for a commit"};
inline constexpr Option<std::string> kCheck{"check", "", "results of CI"};
inline constexpr Option<std::string> kGrant{"exemption", "", "leave to use an exemption"};
inline constexpr Option<std::string> kLineage{"lineage", "",
                                              "in-toto statements of what was built"};
inline constexpr Option<std::string> kSignatures{
    "signatures", "", "whose signed tags count, besides the keys in 'users'"};
inline constexpr const OptionInfo* kAttestationsKeys[] = {
    &kApproval.info, &kCheck.info, &kGrant.info, &kLineage.info, &kSignatures.info};
inline constexpr Option<std::vector<std::string>> kAttestationBy{
    "by", "", "users and groups who may leave such attestations"};
inline constexpr Option<std::vector<std::string>> kAttestationNot{
    "not", "[author, committer, pusher]",
    "whose own commits they cannot speak for; [] for nobody's"};
inline constexpr const OptionInfo* kAttestationKeys[] = {&kAttestationBy.info};
inline constexpr const OptionInfo* kPersonalAttestationKeys[] = {&kAttestationBy.info,
                                                                 &kAttestationNot.info};

inline constexpr Option<std::vector<std::string>> kWaives{
    "waives", "",
    "rules by id, and parts of them such as missing-check.lint; '*' for all rules (break-glass)"};
inline constexpr Option<std::vector<std::string>> kExemptionBy{"by", "",
                                                               "users and groups who may use it"};
inline constexpr Option<RefPatterns> kExemptionRefs{"refs", "",
                                                    "references it is for; all when left out"};
inline constexpr Option<std::string> kReason{"reason", "required", "required or optional"};
inline constexpr Option<std::int64_t> kUses{
    "uses", "", "how often, for each commit; with 'approval' for each grant"};
inline constexpr Option<std::chrono::seconds> kExpires{
    "expires", "", "how long after the commit was first pushed; with 'approval' after the grant"};
inline constexpr Option<std::int64_t> kBudget{"budget", "", "how often in seven days, in all"};
inline constexpr Option<std::string> kExemptionApproval{"approval", "",
                                                        "who has to grant it beforehand"};
inline constexpr const OptionInfo* kExemptionKeys[] = {
    &kWaives.info, &kExemptionBy.info, &kExemptionRefs.info, &kReason.info,
    &kUses.info,   &kExpires.info,     &kBudget.info,        &kExemptionApproval.info};
inline constexpr Option<std::vector<std::string>> kGrantedBy{"by", "",
                                                             "users and groups, never the pusher"};
inline constexpr Option<std::int64_t> kGrantCount{"count", "1", "how many of them"};
inline constexpr const OptionInfo* kExemptionApprovalKeys[] = {&kGrantedBy.info, &kGrantCount.info};

inline constexpr Option<std::string> kName{"name", "", "of the ruleset"};
inline constexpr Option<RefPatterns> kRefs{
    "refs", "", "references; a bare name is a branch, HEAD the default one"};
inline constexpr Option<std::vector<std::string>> kRepositories{
    "repositories", "", "globs over the folders of repositories it is for: web-*, team/*"};
inline constexpr Option<std::string> kRules{"rules", "", "rules by id"};
inline constexpr const OptionInfo* kRulesetKeys[] = {
    &kName.info, &kRefs.info, &kRepositories.info, &kMode.info, &kModeUntil.info, &kRules.info};

inline constexpr Option<std::string> kSinks{"sinks", "", "where events go"};
inline constexpr Option<RefPatterns> kReleases{"releases", "['refs/tags/v*']",
                                               "tags that are releases"};
inline constexpr Option<std::string> kHotfixes{
    "hotfixes", "", "branches to be told about until other branches have got them, too"};
inline constexpr Option<bool> kReceived{
    "received", "false",
    "true: push.received tells every push before it is known what becomes of it"};
inline constexpr Option<std::string> kJournal{"journal", "", "how long events are kept"};
inline constexpr Option<std::string> kDurability{
    "durability", "required",
    "required: a push is refused whose record cannot be written; or best-effort"};
inline constexpr Option<std::string> kOverflow{
    "overflow", "degrade",
    "when 100,000 records wait: degrade (pushes leave no more) or block (pushes are refused)"};
inline constexpr const OptionInfo* kEventsKeys[] = {
    &kSinks.info,   &kReleases.info,   &kHotfixes.info, &kReceived.info,
    &kJournal.info, &kDurability.info, &kOverflow.info};
inline constexpr Option<std::chrono::seconds> kKeepFor{
    "keep-for", "400d", "events that are older go, once every sink has them; a day at least"};
inline constexpr Option<ByteSize> kJournalSize{
    "max-size", "1 GiB", "the oldest go when the journal is larger; 1 MiB at least"};
inline constexpr const OptionInfo* kJournalKeys[] = {&kKeepFor.info, &kJournalSize.info};
inline constexpr Option<RefPatterns> kHotfixBranches{"branches", "['hotfix/**']",
                                                     "branches that are hotfixes"};
inline constexpr Option<std::vector<std::string>> kHotfixInto{
    "into", "[develop]", "branches that must get every hotfix"};
inline constexpr const OptionInfo* kHotfixKeys[] = {&kHotfixBranches.info, &kHotfixInto.info};

inline constexpr Option<std::string> kSweepName{"name", "", "of the entry"};
inline constexpr Option<RefPatterns> kSweepRefs{"refs", "", "branches that go"};
inline constexpr Option<RefPatterns> kSweepExcept{"except", "", "and those among them that stay"};
inline constexpr Option<RefPatterns> kSweepMergedInto{
    "merged-into", "", "only branches of which one of these has everything"};
inline constexpr Option<std::chrono::seconds> kSweepAfter{
    "after", "", "how long nothing new has come, or since they were merged"};
inline constexpr Option<std::chrono::seconds> kSweepNotice{
    "notice", "2d", "how long before that there is an event branch.stale"};
inline constexpr Option<bool> kSweepArchive{
    "archive", "true", "false: deleted for good, not kept in refs/archive/heads"};
inline constexpr const OptionInfo* kSweepKeys[] = {
    &kSweepName.info,  &kSweepRefs.info,   &kSweepExcept.info, &kSweepMergedInto.info,
    &kSweepAfter.info, &kSweepNotice.info, &kSweepArchive.info};

inline constexpr Option<std::string> kOnly{"only", "", "where the rule applies"};
inline constexpr Option<std::string> kExcept{"except", "", "where it does not"};
inline constexpr Option<std::vector<std::string>> kValid{
    "valid", "", "examples that the rule must accept; the pusher sees them"};
inline constexpr Option<std::vector<std::string>> kInvalid{"invalid", "",
                                                           "examples that the rule must refuse"};
inline constexpr Option<std::string> kHint{
    "hint", "", "words of the admin's for whoever is refused, before the rule's own hint"};
inline constexpr const OptionInfo* kCommonKeys[] = {&kMode.info,   &kModeUntil.info, &kOnly.info,
                                                    &kExcept.info, &kValid.info,     &kInvalid.info,
                                                    &kHint.info};

}  // namespace trunkgate::keys
