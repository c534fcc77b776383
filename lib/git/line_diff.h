// Two texts compared line by line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// What a change takes away and puts in its place, with their line feeds and without line numbers.
struct Hunk {
  std::string removed;
  std::string added;
};

std::vector<Hunk> hunks_between(std::string_view before, std::string_view after);

// The lines of `after` that are new, in order, as views into it without their line feeds. Texts
// that differ over more than 1 MiB are compared as sets of lines: a line counts as new when there
// are more of it than before, wherever it stands.
std::vector<std::string_view> added_lines(std::string_view before, std::string_view after);

// How many lines are added and how many are removed, together.
std::size_t count_changed_lines(std::string_view before, std::string_view after);

// The lines of a text, as views into it without their line feeds.
std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace trunkgate
