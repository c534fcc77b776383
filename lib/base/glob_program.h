// A compiled glob: the steps of a small nondeterministic automaton. Private to base/glob*.cc.
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

using ByteSet = std::bitset<256>;

struct GlobStep {
  enum class Kind {
    byte,     // exactly `byte`
    one,      // any byte but a slash
    any,      // any byte
    set,      // a byte of sets[index]
    star,     // any number of bytes but slashes
    deep,     // any number of bytes
    folders,  // nothing, or go through `inside`, which always follows
    inside,   // bytes up to and with a slash, as often as wanted
  };
  Kind kind = Kind::byte;
  unsigned char byte = 0;
  std::size_t index = 0;
};

struct GlobProgram {
  std::vector<GlobStep> steps;
  std::vector<ByteSet> sets;
  // The bytes that every match begins and ends with: most names have others.
  std::string head;
  std::string tail;
};

// Fills an empty program, or returns the first mistake in `text`.
std::optional<std::string> compile_glob(std::string_view text, GlobProgram& program);

}  // namespace trunkgate
