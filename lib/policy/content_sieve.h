// Tells which pushed files rules need not read: those none of whose lines could be a reason for a
// finding. Most files of a pack are stored as what they differ in from another one, and only lines
// around these places are new to be looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "git/delta_forest.h"
#include "git/repository.h"
#include "policy/policy.h"

namespace trunkgate {

class ContentSieve {
 public:
  // For those of `rules` that are RuleInfo::passages, the first 32 of them. All must outlive this
  // object. Memory: four bytes for each object of the packs.
  ContentSieve(const Repository& repository, const std::vector<const ActiveRule*>& rules);

  bool empty() const { return rules_.empty(); }
  // To be told about each pushed file, as a PushedScan does.
  void look(std::size_t pack, const PackedObject& blob, const PackedObject* base,
            const std::vector<FreshPart>& fresh);

  using Rules = std::uint32_t;  // a bit for each rule
  // The rule's; 0 when the sieve does not know it.
  Rules bit(const ActiveRule& rule) const;
  // The rules that might find something in a file. All of them when nothing is known of its
  // content. It speaks for a rule only where Rule::judges_passages() says so. To be called when all
  // files have been looked at.
  Rules may_find(const ObjectId& file) const;

 private:
  Rules asked(Rules rules, const Passage& passage) const;

  const Repository& repository_;
  std::vector<const ActiveRule*> rules_;
  // By pack and number of an object: the rules that might find something. All of them for what has
  // not been looked at.
  std::vector<std::vector<Rules>> may_find_;
};

}  // namespace trunkgate
