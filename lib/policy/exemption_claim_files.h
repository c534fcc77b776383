// Files of the state folder that say which push uses which exemption.
//
// <state>/exemptions/LABEL/open/SUBJECT.TIME.PUSH.USE   claimed by a push that is going on
// <state>/exemptions/LABEL/used/...                     the same name: what it was for has landed
// with "NEW-ID PUSHER REF" in it (full name on disk). One file for each subject of a use; USE tells
// uses apart: 16 digits of the SHA-256 of push, ref and new id. Kept on disk: never change.
//
// pre-receive claims before the push counts, post-receive moves what has landed to used/. A claim
// counts while its push is alive, and for ever once it was used. That of a push that died counts
// when the ref holds or reaches the new value; otherwise it is released, by whoever asks next. A
// claim of another host is believed to be alive for a day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/push_key.h"
#include "git/object_id.h"

namespace trunkgate {

struct ExemptionClaim {
  ObjectId subject;
  std::int64_t time = 0;  // seconds since 1970
  PushKey push = {};
  std::string use = {};
  bool open = false;  // its push is going on, or nobody has looked since
  std::string path = {};

  std::string file_name() const;
};

// Who made a claim, as far as its file can be read.
struct ClaimText {
  ObjectId new_id;
  std::string pusher;
  std::string ref;  // full name on disk
};
std::optional<ClaimText> read_claim(const ExemptionClaim& claim);

// <state>/exemptions/LABEL
std::string claims_folder(const std::string& state, const std::string& label);
// All claims of a label, oldest first, whether they count or not.
std::vector<ExemptionClaim> all_claims(const std::string& folder);
// The word that stands for one use.
std::string use_id(const PushKey& push, const std::string& ref, const ObjectId& new_id);
// What an open claim was for has landed. Failing leaves it for the next who looks.
void move_to_used(const ExemptionClaim& claim, const std::string& folder);

// Of a push whose refs have been updated: (full name on disk, new id) each. Costs next to nothing
// where no exemption was ever used. Never throws: what it leaves undone is found by the next who
// looks.
void confirm_claims(const std::string& state, const PushKey& push,
                    const std::vector<std::pair<std::string, ObjectId>>& landed) noexcept;

}  // namespace trunkgate
