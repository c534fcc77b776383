// update: looks up what pre-receive of the same push decided about one ref. It starts once for each
// ref, so it is a small program; without a decision (a host that runs only this hook) it becomes
// update-judge, which judges by itself.
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/push_key.h"
#include "base/text.h"
#include "git/ref_name.h"
#include "hook/chained_hooks.h"
#include "hook/handover.h"
#include "hook/invocation.h"
#include "hook/wake.h"

namespace trunkgate {
namespace {

[[noreturn]] void become_judge(const Invocation& call) {
  const std::string program = program_beside("update-judge");
  ::execl(program.c_str(), program.c_str(), call.hook_file.c_str(), call.arguments[0].c_str(),
          call.arguments[1].c_str(), call.arguments[2].c_str(), nullptr);
  throw Error(ErrorKind::internal, "cannot start " + program);
}

ExitCode decide(const Invocation& call, const PushKey& push) {
  const std::string git_dir = call.environment.get("GIT_DIR").value_or(".");
  const Handover handover(git_dir + "/trunkgate/state/verdicts", push);
  std::string moved;
  const std::string prefix = namespace_prefix(call.environment.get("GIT_NAMESPACE").value_or(""));
  switch (handover.look_up(call.arguments[1], call.arguments[2], call.arguments[0], git_dir, moved,
                           prefix)) {
    case Handover::Answer::let_in:
      return ExitCode::accepted;
    case Handover::Answer::refused:
      tell_pusher("error: " + printable(call.arguments[0]) + " is refused, as said above\n");
      return ExitCode::rejected;
    case Handover::Answer::moved:
      tell_pusher(moved_while_landing(call.arguments[0], moved));
      return ExitCode::rejected;
    case Handover::Answer::none:
      become_judge(call);
  }
  return ExitCode::undecided;
}

ExitCode update(const Invocation& call) {
  if (call.arguments.size() != 3) {
    throw Error(ErrorKind::usage, "update takes a reference, its old and its new value");
  }
  const PushKey push = current_push();
  const ExitCode decision = decide(call, push);
  if (decision != ExitCode::accepted || !exists(call.hook_file + ".d")) return decision;
  const ExitCode chained = run_update_chain(call);
  // Those hooks take as long as they like, and meanwhile evidence may be withdrawn.
  return chained == ExitCode::accepted ? decide(call, push) : chained;
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv, char** envp) {
  return trunkgate::run_hook("update", 3, argc, argv, envp, trunkgate::update);
}
