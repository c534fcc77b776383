// Passes on what the server's own hooks print, for as long as somebody takes it.
#pragma once

#include <chrono>

namespace trunkgate {

// Starts a process that copies to standard error what is written to the descriptor returned, until
// its last writer is gone. When for `patience` nobody takes any of it, or when nobody can any more,
// it goes on reading and drops it: a receive-pack whose client has left reads no more and yet keeps
// its end of the pipe open, so that whoever prints to it would wait for ever. -1 when no process
// can be started. The descriptor is closed on exec.
int start_output_relay(std::chrono::milliseconds patience);

}  // namespace trunkgate
