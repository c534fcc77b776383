// Starts the other programs of the installation: the deliverer, without making the pusher wait.
#pragma once

#include <string>

namespace trunkgate {

// Starts `trunkgate deliver --woken REPOSITORY`, detached: a session of its own, no inherited
// descriptor. One that another push is about to start is enough for both. Does nothing when the
// program is not where the hooks are installed; the next push, a timer or the service will deliver
// then.
void wake_deliverer(const std::string& repository);
// The same for the tool, which knows the path of the program.
void wake_deliverer(const std::string& repository, const std::string& program);

// The path of `trunkgate` that belongs to this hook program: ../../bin/trunkgate.
std::string trunkgate_program();

// The path of the deliverer that knows all sinks, for the tool in bin/:
// ../libexec/trunkgate/deliver.
std::string network_program();

// The path of another program in the folder of this one.
std::string program_beside(const std::string& name);

}  // namespace trunkgate
