// Trees of documents that were parsed before, in a form that is read at once. yaml-cpp takes some
// 0.3 ms for a policy of 60 lines and 1.2 ms for 300; every push would pay that.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/document.h"

namespace trunkgate {

class DocumentCache {
 public:
  DocumentCache() = default;
  // Reads what bytes() gave. Bytes that are anything else are an empty cache: nothing is ever taken
  // from one that does not hold exactly the same text.
  explicit DocumentCache(std::string_view bytes);

  // The tree of `source`, its places pointing into it; nothing when its text is not known.
  std::optional<Node> find(const std::shared_ptr<const Source>& source) const;
  // Keeps the tree of a document without mistakes.
  void add(const std::string& text, const Node& root);

  // Whether something was added.
  bool changed() const { return changed_; }
  // What was found or added; the rest belongs to texts of the past.
  std::string bytes() const;

 private:
  struct Tree {
    std::string bytes;
    mutable bool used = false;
  };
  std::map<std::string, Tree, std::less<>> trees_;  // by text
  bool changed_ = false;
};

}  // namespace trunkgate
