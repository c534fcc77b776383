#include "push/landing_request.h"

namespace trunkgate {

std::optional<std::string> requested_branch(std::string_view ref) {
  if (!ref.starts_with(kLandingRequests) || ref.size() == kLandingRequests.size()) {
    return std::nullopt;
  }
  return "refs/heads/" + std::string(ref.substr(kLandingRequests.size()));
}

std::string with_landings(std::string_view updates) {
  std::string text;
  while (!updates.empty()) {
    const std::string_view line = updates.substr(0, updates.find('\n'));
    const auto first = line.find(' ');
    const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    const std::size_t ids = second == std::string_view::npos ? 0 : second + 1;
    const auto branch = ids == 0 ? std::nullopt : requested_branch(line.substr(ids));
    text.append(line.substr(0, ids)).append(branch ? *branch : line.substr(ids));
    updates.remove_prefix(line.size());
    if (updates.empty()) break;  // a last line without its end
    text += '\n';
    updates.remove_prefix(1);
  }
  return text;
}

}  // namespace trunkgate
