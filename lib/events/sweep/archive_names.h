// Under which name the archive takes a branch in, and under which it has one.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

struct ArchiveName {
  std::string name;       // full
  bool is_there = false;  // and holds the tip
};

class ArchiveNames {
 public:
  explicit ArchiveNames(const Repository& repository);

  // A name that is free, or that holds the tip already: that of the branch, with a number where it
  // is taken ("refs/archive/heads/x.2"). It is taken from then on.
  ArchiveName take(std::string_view branch, const ObjectId& tip);

  // Full names that keep this branch, the last one first. `branch` is a full name.
  std::vector<std::string> of(std::string_view branch) const;
  const ObjectId& tip(const std::string& name) const { return names_.at(name); }

 private:
  bool holds(const std::string& name, const ObjectId& tip) const;
  // Something is kept below it, as in a folder.
  bool is_folder(const std::string& name) const;

  std::map<std::string, ObjectId, std::less<>> names_;
};

}  // namespace trunkgate
