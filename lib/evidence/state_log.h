// Lines that the gate keeps about what went through it, in files of the state folder.
//
// <state>/<log>/<first two digits of a commit id>: one line each, after an empty line, so that a
// line that was cut short cannot swallow the next one, and that it was cut is seen for ever.
// Appended in one write, never changed. Kept on disk: never change the forms.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "git/object_id.h"

namespace trunkgate {

struct StateLine {
  std::string log;   // "pushers"
  ObjectId commit;   // whose bucket it goes to
  std::string text;  // without a line feed
};

// Durable when it returns. Throws Error(delivery).
void append_lines(const std::string& state, const std::vector<StateLine>& lines,
                  const Sharing& sharing);

// The lines of a commit's bucket that begin with `start`, split at their first `fields - 1` spaces
// into that many words. Empty where nothing is kept. Throws Error(delivery) when the file is there
// and cannot be read, or was cut short: nobody is to pass because of what is missing. A cut between
// two lines cannot be seen.
std::vector<std::vector<std::string>> read_lines(const std::string& state, std::string_view log,
                                                 const ObjectId& commit, std::string_view start,
                                                 std::size_t fields);

}  // namespace trunkgate
