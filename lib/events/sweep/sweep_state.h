// Which branches have been given notice, kept between sweeps.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/push_key.h"
#include "events/sweep/sweep_plan.h"

namespace trunkgate {

struct SweepState {
  std::map<std::string, GivenNotice, std::less<>> notices;  // by full name
  // The newest of them, while the record that tells of them is being written: it may be in the
  // spool or not.
  std::vector<std::string> telling = {};  // full names
  std::optional<PushKey> teller = {};     // whose record it is
};

// <repo>/trunkgate/state/sweep.json; an empty state when there is no file. Throws Error(delivery)
// when it is damaged.
SweepState read_sweep_state(const std::string& path);
// In one step, and on disk when it returns.
void write_sweep_state(const std::string& path, const SweepState& state, const Sharing& sharing);

}  // namespace trunkgate
