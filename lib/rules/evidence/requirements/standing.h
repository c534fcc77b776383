// How something that is asked of evidence stands about one piece of work that lands, as data.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "git/object_id.h"
#include "rules/requirement.h"

namespace trunkgate {

// All texts are printable.
struct Standing {
  RequirementState state = RequirementState::satisfied;
  std::string why;  // in a few words: "approved by bo", "none yet"
  // Unless it is satisfied or not applicable: what is missing, what is there and does not count,
  // and what to do, as in Finding.
  std::string message;
  std::vector<std::string> details;
  std::string hint;
  std::vector<std::string> commands;
  // Somebody says no: nothing else can make up for it.
  bool vetoed = false;
  // References that it counts on, when it is satisfied.
  std::vector<std::pair<std::string, ObjectId>> relied;

  bool holds() const {
    return state == RequirementState::satisfied || state == RequirementState::not_applicable;
  }
};

Standing not_applicable(std::string why);

// "bo, cy and 3 others": at most `limit` of the names, printable.
std::string some_of(const std::vector<std::string>& names, std::size_t limit = 6);

}  // namespace trunkgate
