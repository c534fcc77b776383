#include "rules/requirement.h"

namespace trunkgate {

std::string_view to_string(RequirementState state) {
  switch (state) {
    case RequirementState::satisfied:
      return "satisfied";
    case RequirementState::unsatisfied:
      return "unsatisfied";
    case RequirementState::not_applicable:
      return "not applicable";
    case RequirementState::overridden:
      return "overridden";
    case RequirementState::error:
      return "error";
  }
  return "error";
}

}  // namespace trunkgate
