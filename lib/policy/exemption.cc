#include "policy/exemption.h"

#include <algorithm>

namespace trunkgate {

bool Exemption::may_be_used_by(std::string_view user) const {
  return !user.empty() && std::binary_search(by.begin(), by.end(), user);
}

bool Exemption::waives_rule(std::string_view rule, bool whole) const {
  if (break_glass) return true;
  const std::string_view id = rule.substr(0, rule.find('.'));
  return std::any_of(waives.begin(), waives.end(), [&](const std::string& waived) {
    return waived == id || (!whole && waived == rule);
  });
}

bool is_exemption_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel || label.front() == '.') return false;
  // Git refuses these in references.
  if (label.ends_with(".lock") || label.ends_with('.')) return false;
  if (label.find("..") != std::string_view::npos) return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

const Exemption* find_exemption(const std::vector<Exemption>& exemptions, std::string_view label) {
  const auto found =
      std::find_if(exemptions.begin(), exemptions.end(),
                   [&](const Exemption& exemption) { return exemption.label == label; });
  return found == exemptions.end() ? nullptr : &*found;
}

}  // namespace trunkgate
