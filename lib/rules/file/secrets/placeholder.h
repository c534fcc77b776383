// Tells values that stand for a secret from secrets.
#pragma once

#include <string_view>

namespace trunkgate {

// Shannon entropy in bits for each byte; 0 for an empty text.
double entropy(std::string_view text);

// True for what people write where a secret belongs: "<your-token>", "${TOKEN}", "xxxx",
// "changeme", a sequence, a look-up in the environment, a documented example. Looks at the first
// 200 bytes.
bool is_placeholder(std::string_view value);

}  // namespace trunkgate
