// Which rules look at a file. A history changes the same files again and again, and rules look at
// nothing but a file's path and the kind of the change, so they are asked once for each of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "git/change_walk.h"

namespace trunkgate {

struct FileChoice {
  struct Chosen {
    std::size_t rule = 0;
    // As ContentSieve::bit(); 0 for a rule that has to be asked whatever the sieve says.
    std::uint32_t sieved = 0;
  };
  std::vector<Chosen> rules;
};

// For one thread. Memory: a few hundred bytes for each of kMost paths, and no path of more than
// kLongestPath bytes: folders in folders can have paths of megabytes.
class FileChoices {
 public:
  static constexpr std::size_t kMost = 20'000;
  static constexpr std::size_t kLongestPath = 4096;

  // Null when nothing is known. Valid until the next keep().
  const FileChoice* find(const ChangedFile& file) const;
  // Gives it back, whether it is kept or not; valid until the next keep().
  const FileChoice& keep(const ChangedFile& file, FileChoice choice);

 private:
  // All that Rule::looks_at() and Rule::judges_passages() ask of a change but its path.
  struct Kind {
    unsigned mode = 0;
    unsigned before_mode = 0;
    bool added = false;
    bool deleted = false;
    bool names_apart = false;
    bool operator==(const Kind&) const = default;
  };
  struct Known {
    Kind kind;  // of the last change; the next one is mostly of the same
    FileChoice choice;
  };

  static Kind kind_of(const ChangedFile& file);

  std::unordered_map<std::string, Known> known_;  // by path
  FileChoice unkept_;
};

}  // namespace trunkgate
