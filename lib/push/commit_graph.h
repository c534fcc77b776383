// Commits and their parents by the ten thousand: in flat tables, as a map would ask for memory
// several times for each commit and take as long to go as it took to come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "git/object_id.h"

namespace trunkgate {

// Gives ids numbers from 0 on, in the order in which they come. Memory: about 30 bytes for each.
class IdTable {
 public:
  // Its number, and whether it is new here.
  std::pair<std::uint32_t, bool> add(const ObjectId& id);
  // Nothing when it is not there.
  std::optional<std::uint32_t> find(const ObjectId& id) const;
  bool contains(const ObjectId& id) const { return find(id).has_value(); }

  std::size_t size() const { return ids_.size(); }
  const ObjectId& id(std::size_t number) const { return ids_[number]; }

 private:
  static constexpr std::uint32_t kFree = UINT32_MAX;

  // Where the id stands or would stand.
  std::size_t slot(const ObjectId& id) const;
  void grow();

  std::vector<ObjectId> ids_;
  std::vector<std::uint32_t> slots_;  // a power of two, at least twice as many as ids
};

class CommitGraph {
 public:
  // Knows an id, not yet its parents. Its number, and whether it is new here.
  std::pair<std::uint32_t, bool> add(const ObjectId& id);
  // From now on the commit belongs to the graph; its parents need not. What is said first counts.
  void set_parents(std::uint32_t number, const std::vector<ObjectId>& parents);

  const ObjectId& id(std::uint32_t number) const { return ids_.id(number); }
  // Of those that belong to it.
  std::size_t commits() const { return commits_; }

  // Its commits with children before their parents, from the first tip on. Dates cannot order them:
  // several commits of one rebase share a second, and clocks are wrong.
  std::vector<ObjectId> children_first(const std::vector<ObjectId>& tips) const;

 private:
  struct Node {
    std::uint32_t first = 0;  // index into parents_
    std::uint32_t count = 0;
    bool belongs = false;
  };

  IdTable ids_;
  std::vector<Node> nodes_;             // by number
  std::vector<std::uint32_t> parents_;  // numbers
  std::size_t commits_ = 0;
};

}  // namespace trunkgate
