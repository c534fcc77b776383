// Git's bytes in JSON, without loss: a string when they are UTF-8, else {"lossy", "b64"}. Included
// by lib/events/*.cc only.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace trunkgate {

nlohmann::ordered_json bytes_to_json(std::string_view bytes);
// The reverse; nothing when `value` is neither form.
std::optional<std::string> bytes_from_json(const nlohmann::ordered_json& value);

// One line of UTF-8; never throws for what a string holds.
std::string dump(const nlohmann::ordered_json& value);

// At most `limit` bytes of it, never ending within a character.
std::string_view cut_bytes(std::string_view bytes, std::size_t limit);

}  // namespace trunkgate
