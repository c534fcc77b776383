// trunkgate sink test: whether a receiver takes events.
#include "commands.h"
#include "hook/wake.h"
#include "try_sink.h"

namespace trunkgate {

int sink_test_command(const SinkTestArguments& arguments) {
  return try_sink({.sink = arguments.sink, .repository = arguments.repository}, make_local_sink,
                  network_program());
}

}  // namespace trunkgate
