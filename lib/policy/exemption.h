// What a policy lets people waive, explicitly and with a trail: `exemptions:`.
//
// An exemption is used by `git push -o exempt=LABEL -o reason=...` and by nothing else: no text
// inside of a commit, a tag or a note ever waives anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ref_patterns.h"

namespace trunkgate {

// Who has to grant each use, with an attestation of the kind `exemption`.
struct ExemptionApproval {
  std::vector<std::string> by;  // users, sorted
  std::string by_words;         // as the policy names them, printable: "release-managers"
  std::size_t count = 1;        // different people
};

struct Exemption {
  // [A-Za-z0-9._-], no dot first: it stands in names of references and of files.
  std::string label;
  std::vector<std::string> waives;  // ids of rules, and of parts of them; empty when break_glass
  // It waives every finding of every rule, those about failures of the gate too; never what is
  // refused whatever the policy says (always_on.h).
  bool break_glass = false;
  std::vector<std::string> by;      // users, sorted
  std::string by_words;             // as the policy names them, printable
  std::optional<RefPatterns> refs;  // nothing: all
  bool needs_reason = true;
  std::optional<std::size_t> uses;    // for each commit, or for each grant where one is needed
  std::int64_t expires = 0;           // seconds; 0 for never
  std::optional<std::size_t> budget;  // uses in seven days, whatever they are for
  std::optional<ExemptionApproval> approval;

  bool may_be_used_by(std::string_view user) const;
  bool is_for(std::string_view ref) const { return !refs || refs->matches(ref); }
  // `rule` as in Finding: an id, maybe with a part ("missing-check.mini-val"). With `whole`, only
  // what waives every part of the rule counts.
  bool waives_rule(std::string_view rule, bool whole = false) const;
};

inline constexpr std::size_t kMaxLabel = 40;

// A label that is safe in names of references and files.
bool is_exemption_label(std::string_view label);

// The exemption with this label, or nullptr.
const Exemption* find_exemption(const std::vector<Exemption>& exemptions, std::string_view label);

}  // namespace trunkgate
