// trunkgate deliver: what hooks left becomes events, and events go to the sinks.
#include "commands.h"
#include "delivery_run.h"
#include "hook/wake.h"

namespace trunkgate {

int deliver_command(const DeliverArguments& arguments) {
  return run_delivery(
      {.repositories = arguments.repositories, .woken = arguments.woken, .watch = arguments.watch},
      make_local_sink, network_program());
}

}  // namespace trunkgate
