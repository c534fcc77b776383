// post-receive: leaves the record of what Git really applied and wakes the deliverer. It never
// fails a push and never makes the pusher wait.
#include "hook/after_push.h"
#include "hook/chained_hooks.h"
#include "hook/invocation.h"
#include "push/landing_request.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{256} << 20U;

ExitCode post_receive(const Invocation& call) {
  const std::string input = with_landings(read_standard_input(kMaxInputBytes));
  tell_pusher(record_result(call, input));
  run_chained_hooks(call, input, ChainMode::run_all);
  return ExitCode::accepted;
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv, char** envp) {
  trunkgate::run_hook("post-receive", 0, argc, argv, envp, trunkgate::post_receive);
  return 0;
}
