// In which order pushes happened, told from the values they moved refs between: receive-pack
// updates a ref only from the value it expects, so the steps of one ref form a chain, whatever the
// clocks of the hooks say.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/sequence.h"
#include "events/spool.h"

namespace trunkgate {

struct ChainedPush {
  std::span<const SpooledUpdate> steps;  // applied; or asked for, when pending
  bool pending = false;                  // still going on: nobody knows which steps it made
};

// Indices of `pushes`, in the order they happened. `pushes` come in the order to prefer where no
// chain says otherwise (by time). Left out are pending pushes, pushes that may follow one (a step
// starts from a value nothing else explains), and whatever follows those. Two pushes that moved two
// refs in opposite orders stay in the preferred order.
// Cost: linear in the steps of refs that one push moved; more only for refs moved several times.
std::vector<std::size_t> order_by_chains(std::span<const ChainedPush> pushes,
                                         const Sequence& sequence);

}  // namespace trunkgate
