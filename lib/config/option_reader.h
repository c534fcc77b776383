// Reads declared options from a map of the policy and reports every key nobody declared.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostics.h"
#include "config/document.h"
#include "config/option.h"

namespace trunkgate {

class OptionReader {
 public:
  // `map` may be a null node (all defaults); anything but a map is a mistake. `owner` names the map
  // in messages: "rule 'direct-push'". Reader, map and diagnostics must outlive the calls to get().
  // Unknown keys are reported by the constructor, with the nearest of `declared`.
  OptionReader(const Node& map, std::span<const OptionInfo* const> declared,
               Diagnostics& diagnostics, std::string_view owner);

  // The option's value; its default when the key is missing or has a mistake. The option must be
  // one of `declared` (checked by assert).
  template <typename T>
  T get(const Option<T>& option) const {
    assert(is_declared(option.info.name));
    T value{};
    if (const Node* node = find(option.info.name);
        node != nullptr && OptionType<T>::read(*node, *diagnostics_, value)) {
      return value;
    }
    value = T{};
    if (!option.info.fallback.empty()) {
      OptionType<T>::read(parse_default(option.info.fallback), *diagnostics_, value);
    }
    return value;
  }

  // The raw node of a key, or nullptr; for keys whose value has a shape of its own.
  const Node* find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }

  const Location& where() const { return map_->where; }
  Diagnostics& diagnostics() const { return *diagnostics_; }

 private:
  bool is_declared(std::string_view name) const;

  const Node* map_;
  Diagnostics* diagnostics_;
  std::vector<std::string_view> declared_;
};

// The list at a key, or nullptr when it is missing or (a mistake) something else.
const Node* list_at(const OptionReader& reader, std::string_view key);

// Where `text` stands in a list of texts, or the list itself when it is not there.
const Location& item_location(const Node& list, std::string_view text);

// One word out of a fixed list, such as a mode. Returns the index into `words`, or reports the
// mistake (naming the words and the nearest) and returns `fallback`.
std::size_t read_word(const Node& node, std::span<const std::string_view> words,
                      std::size_t fallback, Diagnostics& diagnostics);

}  // namespace trunkgate
