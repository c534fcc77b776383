// Gives events to a program of the admin's.
#pragma once

#include <memory>

#include "events/sink.h"
#include "events/sink_place.h"
#include "policy/sink_settings.h"

namespace trunkgate {

// The program gets events on standard input, one line of JSON each, and says with exit code 0 that
// it has all of them for good. It may see an event again, with the same id.
//
// Events that were not tried before go to one process together: starting a program for each would
// make ten thousand events take minutes, and a program that wants one at a time reads line by line
// anyway. When that fails nobody knows which event was at fault; so at the next attempts each gets
// a process of its own, and an event that the program cannot digest holds up its own partition
// only.
//
// Its environment is PATH, LC_ALL and TRUNKGATE_SINK, the sink's name; its standard output is
// /dev/null; the first line that it writes to standard error becomes the reason of the failure. At
// the time limit, which holds for a whole call of deliver(), its process group is killed. It has
// ended when nobody holds its standard error any more.
std::unique_ptr<Sink> make_command_sink(const SinkSettings& settings, const SinkPlace& place);

}  // namespace trunkgate
