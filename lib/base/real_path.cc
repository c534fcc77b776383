#include "base/real_path.h"

#include <cstdlib>
#include <memory>

namespace trunkgate {

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real == nullptr ? std::string() : std::string(real.get());
}

}  // namespace trunkgate
