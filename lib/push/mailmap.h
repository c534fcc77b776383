// A mailmap: what name and address a person really has, as gitmailmap(5) says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace trunkgate {

struct MappedPerson {
  std::string name;
  std::string address;

  bool operator==(const MappedPerson&) const = default;
};

class Mailmap {
 public:
  Mailmap() = default;
  // Lines that are no mappings are passed over, as Git does.
  explicit Mailmap(std::string_view text);

  // What `git check-mailmap` gives.
  MappedPerson map(std::string_view name, std::string_view address) const;
  bool empty() const { return people_.empty(); }

 private:
  struct Target {
    std::optional<std::string> name;
    std::optional<std::string> address;
  };
  struct Entry {
    Target simple;                          // whatever the name
    std::map<std::string, Target> by_name;  // names in lower case
  };

  void add_line(std::string_view line);

  std::map<std::string, Entry> people_;  // addresses in lower case
};

}  // namespace trunkgate
