// The keys of a test file, declared once.
#pragma once

#include <string>
#include <vector>

#include "config/option.h"

namespace trunkgate::test_keys {

inline constexpr Option<std::string> kTests{"tests", "", "list of cases"};
inline constexpr Option<std::string> kGiven{"given", "", "references of the server, in order"};
inline constexpr Option<std::string> kTime{"time", "", "of the push"};
inline constexpr Option<std::string> kHead{"head", "main", "the branch that HEAD names"};
inline constexpr Option<std::string> kRepository{
    "repository", "", "path of the repository, for rulesets that name some"};
inline constexpr Option<std::string> kEvidence{"evidence", "", "what people and CI have said"};
inline constexpr const OptionInfo* kFileKeys[] = {&kTests.info, &kGiven.info, &kEvidence.info,
                                                  &kTime.info,  &kHead.info,  &kRepository.info};

inline constexpr Option<std::string> kName{"name", "", "what the case shows"};
inline constexpr Option<std::string> kPush{"push", "", "what is pushed"};
inline constexpr Option<std::string> kExpect{"expect", "", "what the gate must answer"};
inline constexpr const OptionInfo* kCaseKeys[] = {&kName.info, &kGiven.info, &kEvidence.info,
                                                  &kTime.info, &kPush.info,  &kExpect.info};

inline constexpr Option<std::string> kOn{"on", "", "the commit it is about"};
inline constexpr Option<std::string> kApproval{"approval", "", "the reviewer"};
inline constexpr Option<std::string> kCheck{"check", "", "name of the check"};
inline constexpr Option<std::string> kExemption{"exemption", "", "label of the exemption"};
inline constexpr Option<std::string> kBy{"by", "", "who left it"};
inline constexpr Option<std::string> kStatement{"says", "", "its JSON"};
inline constexpr Option<std::string> kLeft{"left", "-10m", "when it was left"};
inline constexpr const OptionInfo* kEvidenceKeys[] = {
    &kOn.info, &kApproval.info,  &kCheck.info, &kExemption.info,
    &kBy.info, &kStatement.info, &kLeft.info};

inline constexpr Option<std::string> kFrom{"from", "", "the commit it starts from"};
inline constexpr Option<std::string> kCommits{"commits", "", "list of commits, oldest first"};
inline constexpr Option<std::string> kTag{"tag", "", "an annotated tag"};
inline constexpr Option<bool> kBeforeGate{"before-gate", "false",
                                          "it was there before the gate was installed"};
inline constexpr Option<std::string> kPushedBy{"pushed-by", "", "who brought it"};
inline constexpr const OptionInfo* kGivenKeys[] = {&kFrom.info, &kCommits.info, &kTag.info,
                                                   &kBeforeGate.info, &kPushedBy.info};

inline constexpr Option<std::string> kUser{"user", "somebody", "who pushes"};
inline constexpr Option<std::vector<std::string>> kOptions{"options", "", "push options"};
inline constexpr Option<std::string> kRef{"ref", "", "the reference"};
inline constexpr Option<bool> kDelete{"delete", "false", "the reference is deleted"};
inline constexpr Option<std::string> kOld{"old", "", "what the client takes it to hold"};
inline constexpr Option<std::string> kRefs{"refs", "", "list of references"};
inline constexpr const OptionInfo* kRefKeys[] = {&kRef.info, &kFrom.info,   &kCommits.info,
                                                 &kTag.info, &kDelete.info, &kOld.info};
inline constexpr const OptionInfo* kPushKeys[] = {&kUser.info, &kOptions.info, &kRef.info,
                                                  &kRefs.info, &kFrom.info,    &kCommits.info,
                                                  &kTag.info,  &kDelete.info,  &kOld.info};

inline constexpr Option<std::string> kId{"id", "", "a name for the commit"};
inline constexpr Option<std::string> kMessage{"message", "chore: change", "its message"};
inline constexpr Option<std::string> kEncoding{"encoding", "", "its encoding header"};
inline constexpr Option<std::string> kAuthor{"author", "", "NAME <ADDRESS>"};
inline constexpr Option<std::string> kCommitter{"committer", "", "NAME <ADDRESS>"};
inline constexpr Option<std::string> kAuthored{"authored", "", "author's date"};
inline constexpr Option<std::string> kCommitted{"committed", "", "committer's date"};
inline constexpr Option<std::string> kSigned{"signed", "", "the user who signs"};
inline constexpr Option<std::string> kFiles{"files", "", "paths and contents"};
inline constexpr Option<std::vector<std::string>> kParents{"parents", "", "names of commits"};
inline constexpr Option<std::vector<std::string>> kMerge{"merge", "", "names of commits"};
inline constexpr Option<std::int64_t> kRepeat{"repeat", "1", "how many of them"};
inline constexpr const OptionInfo* kCommitKeys[] = {
    &kId.info,        &kMessage.info,  &kEncoding.info,  &kAuthor.info,
    &kCommitter.info, &kAuthored.info, &kCommitted.info, &kSigned.info,
    &kFiles.info,     &kParents.info,  &kMerge.info,     &kRepeat.info};

inline constexpr Option<std::string> kTagger{"tagger", "", "NAME <ADDRESS>"};
inline constexpr Option<std::string> kTagged{"tagged", "", "tagger's date"};
inline constexpr const OptionInfo* kTagKeys[] = {&kMessage.info, &kTagger.info, &kTagged.info,
                                                 &kSigned.info};

inline constexpr Option<std::string> kContent{"content", "", "text"};
inline constexpr Option<std::string> kBase64{"base64", "", "bytes"};
inline constexpr Option<ByteSize> kSize{"size", "0", "repeated up to this"};
inline constexpr Option<bool> kExecutable{"executable", "false", "may be run"};
inline constexpr Option<std::string> kSymlink{"symlink", "", "a link to this path"};
inline constexpr Option<std::string> kSubmodule{"submodule", "", "a commit of another repository"};
inline constexpr Option<std::int64_t> kCopies{"copies", "1", "how many of them"};
inline constexpr const OptionInfo* kContentKeys[] = {
    &kContent.info, &kBase64.info,    &kSize.info,   &kExecutable.info,
    &kSymlink.info, &kSubmodule.info, &kDelete.info, &kCopies.info};
inline constexpr const OptionInfo* kMessageKeys[] = {&kContent.info, &kBase64.info, &kSize.info};

inline constexpr Option<std::vector<std::string>> kReject{"reject", "", "rules that refuse"};
inline constexpr Option<std::vector<std::string>> kWarn{"warn", "", "rules that warn"};
inline constexpr Option<std::vector<std::string>> kAudit{"audit", "", "rules in mode audit"};
inline constexpr Option<std::vector<std::string>> kLetsIn{"lets-in", "", "refs that are let in"};
inline constexpr Option<std::vector<std::string>> kSays{"message", "", "texts in findings"};
inline constexpr const OptionInfo* kExpectKeys[] = {&kReject.info, &kWarn.info, &kAudit.info,
                                                    &kLetsIn.info, &kSays.info};

}  // namespace trunkgate::test_keys
