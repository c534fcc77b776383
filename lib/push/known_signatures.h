// Good signatures that a rule has found, by the id of what was signed: small files in the state
// folder. Rules save a check with them, and events tell of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "git/object_id.h"

namespace trunkgate {

struct KnownSignature {
  std::string keys;                  // digest of the keys that made it count; "-": not to be told
  std::int64_t time = 0;             // of the check, seconds since 1970
  std::vector<std::string> signers;  // as the list of keys has them
};

class KnownSignatures {
 public:
  // In <repo>/trunkgate/state; with an empty name nothing is kept and nothing known.
  explicit KnownSignatures(const std::string& state)
      : folder_(state.empty() ? std::string() : state + "/signatures") {}

  // Nothing that is older than a day, or that cannot be read.
  std::optional<KnownSignature> find(const ObjectId& id, std::int64_t now) const;
  void keep(const ObjectId& id, const KnownSignature& signature, const Sharing& sharing) const;
  // What was good is so no more.
  void forget(const ObjectId& id) const;

 private:
  std::string path_of(const ObjectId& id) const { return folder_ + "/" + id.hex(); }

  std::string folder_;
};

}  // namespace trunkgate
