// The types of events that there are, as people write them: without prefix and version.
#pragma once

#include <span>
#include <string_view>

namespace trunkgate {

// "push.received" and all others, those about pushes first.
std::span<const std::string_view> event_types();

// "dev.trunkgate.ref.updated.v1" without what stands around "ref.updated", whatever the version;
// a text of another form as it is. A part of `type`.
std::string_view plain_event_type(std::string_view type);

}  // namespace trunkgate
