// Counts and claims uses of exemptions, so that two pushes never share one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/push_key.h"
#include "git/repository.h"
#include "policy/exemption.h"
#include "policy/exemption_claim_files.h"
#include "policy/verdict.h"

namespace trunkgate {

inline constexpr std::int64_t kBudgetSeconds = std::int64_t{7} * 24 * 3600;

// What is left of an exemption before a further use for `subjects`.
struct ExemptionRoom {
  std::optional<std::size_t> uses;    // nothing: not counted
  std::optional<std::size_t> budget;  // likewise
  // What stands in the way: uses of a subject that has none left, or those of the last seven days.
  std::vector<ExemptionClaim> taken_by;

  bool any() const { return uses.value_or(1) > 0 && budget.value_or(1) > 0; }
};
ExemptionRoom room_for(const Exemption& exemption, const std::vector<ExemptionSubject>& subjects,
                       const std::vector<ExemptionClaim>& claims, std::int64_t now);

class ExemptionClaims {
 public:
  // `repository` outlives it. `state` may be empty: then nothing is kept, and nothing counts.
  ExemptionClaims(const Repository& repository, std::string state,
                  std::function<Liveness(const PushKey&)> liveness = trunkgate::liveness);
  // Releases what was claimed and not kept.
  ~ExemptionClaims();
  ExemptionClaims(const ExemptionClaims&) = delete;
  ExemptionClaims& operator=(const ExemptionClaims&) = delete;

  // The claims on a label that count. Changes nothing.
  std::vector<ExemptionClaim> counted(const std::string& label, std::int64_t now) const;

  // Claims a use for `push`; durable when it returns. False, with nothing claimed, when another
  // push was faster and there is no room left. Throws Error(delivery).
  bool claim(const Exemption& exemption, const ExemptionUse& use, const ObjectId& new_id,
             const PushKey& push, std::int64_t now);
  void release() noexcept;
  // The push counts now: from here on its fate tells whether the claims do.
  void keep() { claimed_.clear(); }

 private:
  bool landed(const ExemptionClaim& claim) const;
  bool counts(const ExemptionClaim& claim, std::int64_t now) const;

  const Repository& repository_;
  std::string state_;
  std::function<Liveness(const PushKey&)> liveness_;
  std::vector<std::string> claimed_;  // paths
};

}  // namespace trunkgate
