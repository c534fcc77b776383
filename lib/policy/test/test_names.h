// The names by which a case calls commits, as far as it has been read.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace trunkgate {

// "refs/heads/main" for "main"; full names, and "HEAD", stay as they are.
std::string full_ref_name(std::string_view name);

class TestNames {
 public:
  void add_ref(std::string full_name) { refs_.insert(std::move(full_name)); }
  // False when there is a commit of that name already.
  bool add_commit(std::string id) { return commits_.insert(std::move(id)).second; }

  // A commit's id, a branch, a tag or a full reference name.
  bool knows(std::string_view name) const;
  // The known name that was probably meant.
  std::optional<std::string> nearest_to(std::string_view name) const;
  // A reference that cannot exist beside `full_name`: one is a folder of the other.
  std::optional<std::string> in_the_way_of(const std::string& full_name) const;

 private:
  std::set<std::string, std::less<>> refs_;
  std::set<std::string, std::less<>> commits_;
};

}  // namespace trunkgate
