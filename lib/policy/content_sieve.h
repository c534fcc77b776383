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

  // Takes away those of `numbers`, indices into `rules`, that need not be asked about a file. All
  // stay when nothing is known of its content. To be called when all files have been looked at.
  void sift(const ChangedFile& file, const std::vector<const ActiveRule*>& rules,
            std::vector<std::size_t>& numbers) const;

 private:
  using Rules = std::uint32_t;  // a bit for each of rules_

  Rules asked(Rules rules, const Passage& passage) const;

  const Repository& repository_;
  std::vector<const ActiveRule*> rules_;
  // By pack and number of an object: the rules that might find something. All of them for what has
  // not been looked at.
  std::vector<std::vector<Rules>> may_find_;
};

}  // namespace trunkgate
