#include "rules/evidence/requirements/standing.h"

#include "base/text.h"

namespace trunkgate {

Standing not_applicable(std::string why) {
  Standing standing;
  standing.state = RequirementState::not_applicable;
  standing.why = std::move(why);
  return standing;
}

std::string some_of(const std::vector<std::string>& names, std::size_t limit) {
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    if (shown.size() == limit) break;
    shown.push_back(printable(name, 64));
  }
  std::string text = join(shown, ", ");
  if (names.size() > limit) text += " and " + count_of(names.size() - limit, "other", "others");
  return text;
}

}  // namespace trunkgate
