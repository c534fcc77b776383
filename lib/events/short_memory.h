// What a sink remembers where nothing is to be kept: in the end it is gone.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "events/sink.h"

namespace trunkgate {

class ShortMemory final : public SinkMemory {
 public:
  std::string get(std::string_view key) override {
    const auto found = kept_.find(key);
    return found == kept_.end() ? std::string() : found->second;
  }
  void set(std::string_view key, std::string_view value) override {
    kept_.insert_or_assign(std::string(key), std::string(value));
  }

 private:
  std::map<std::string, std::string, std::less<>> kept_;
};

}  // namespace trunkgate
