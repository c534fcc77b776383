// The answer of `trunkgate trace`, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "events/lineage/commit_story.h"
#include "events/lineage/lineage_graph.h"

namespace trunkgate {

struct Trace {
  std::string asked;        // raw bytes
  std::string remark = {};  // printable; may be empty
  bool up = true;           // which directions are shown
  bool down = true;
  // Both begin with what was asked for; without nodes for a commit of which nothing was made.
  LineageGraph origin = {};               // up
  LineageGraph fate = {};                 // down
  std::vector<CommitStory> commits = {};  // that it comes from, or it is; the first few
  bool more_commits = false;
};

// A tree for each direction and what is known of the commits, in lines of printable text.
std::string trace_text(const Trace& trace);
// One line of JSON, valid UTF-8.
std::string trace_json(const Trace& trace);

}  // namespace trunkgate
