// When a branch was first pushed, kept in the state folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "git/object_id.h"
#include "push/push.h"

namespace trunkgate {

// A claim is written before it is known whether the push goes through, so it is believed only once
// the branch is seen to exist with what the claim says; until then the next creation replaces it.
// No refused push leaves anything behind that counts.
struct BranchClaim {
  std::int64_t first = 0;  // seconds since 1970: the first push
  std::int64_t seen = 0;   // the last push that found the branch there; 0: never yet
  ObjectId tip;            // of the push that made the claim
};

// On disk, in <state>/branches/<sha256 of the full name> (kept: never change): "1 FIRST SEEN
// TIP\n".
class BranchClaims {
 public:
  explicit BranchClaims(const Push& push) : push_(push) {}

  // Nothing when there is none, when it cannot be read, or where no state is kept.
  std::optional<BranchClaim> find(const std::string& ref) const;
  // Does nothing where no state is kept. Throws Error(delivery) when it cannot write.
  void write(const std::string& ref, const BranchClaim& claim) const;

 private:
  std::string path(const std::string& ref) const;
  const Push& push_;
};

}  // namespace trunkgate
