// The artifacts and edges of a lineage statement while it is read.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/lineage_statement.h"

namespace trunkgate {

// Of one statement, between all that it lists.
inline constexpr std::size_t kMaxLineageEdges = 10'000;
// Bytes of a resource's name or URI.
inline constexpr std::size_t kMaxResourceName = 1024;

// The text that stands there; empty for anything else.
std::string text_of(const ConfigValue* value);

// Places are indexes of lineage().artifacts. What is wrong goes to `mistakes`.
class LineageParts {
 public:
  // `mistakes` outlives this.
  explicit LineageParts(std::vector<std::string>& mistakes) : mistakes_(mistakes) {}

  // Lists of in-toto's ResourceDescriptor. Each subject needs a digest that can be asked for; a
  // dependency without one is left out.
  void read_subjects(const ConfigValue* list);
  void read_dependencies(const ConfigValue* list);
  bool has_subjects() const { return !subjects_.empty(); }

  // The subjects that were made, tested or deployed: all but commits.
  std::vector<std::size_t> made() const;
  void name_made(ArtifactKind kind);
  void note_made(const std::string& note);

  // Where it stands; what is there already under its identity learns what it did not know.
  std::size_t add(Artifact artifact);
  void link(std::size_t from, std::size_t to);
  // From the dependencies, and the commits among the subjects.
  void link_sources(std::size_t to);

  // Something is made, and the commit is one of its sources.
  void check(const ObjectId& commit);

  LineageStatement& lineage() { return lineage_; }

 private:
  void fault(std::string text) { mistakes_.push_back(std::move(text)); }
  void read(const ConfigValue* list, const std::string& path, bool is_subject);
  void read_one(const ConfigValue& resource, const std::string& path, bool is_subject);
  std::string name_at(const ConfigValue& resource, std::string_view key, const std::string& path);
  std::vector<std::size_t> sources() const;

  std::vector<std::string>& mistakes_;
  LineageStatement lineage_;
  std::map<std::string, std::size_t, std::less<>> places_;  // of identities
  std::size_t resources_ = 0;
  std::vector<std::size_t> subjects_;
  std::vector<std::size_t> dependencies_;
  std::vector<std::string> sha1_;  // digests of dependencies that call a commit so
};

}  // namespace trunkgate
