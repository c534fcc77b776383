// A push and the verdict that is being made of it.
#pragma once

#include <cstddef>
#include <vector>

#include "policy/verdict_builder.h"
#include "push/push.h"

namespace trunkgate {

struct JudgedPush {
  Push push;
  VerdictBuilder builder = {};
  std::vector<std::size_t> verdict_index = {};  // of each of push.refs, into Verdict::refs

  RefVerdict& verdict_of(std::size_t pushed) {
    return builder.verdict().refs[verdict_index[pushed]];
  }
};

}  // namespace trunkgate
