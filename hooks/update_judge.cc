// update-judge: what update becomes when pre-receive left no decision; judges one ref by itself.
#include "base/error.h"
#include "hook/chained_hooks.h"
#include "hook/gate.h"
#include "hook/invocation.h"

namespace trunkgate {
namespace {

ExitCode update_judge(const Invocation& call) {
  if (call.arguments.size() != 3) {
    throw Error(ErrorKind::usage, "update takes a reference, its old and its new value");
  }
  Gate gate(call, Stage::update);
  const Verdict verdict =
      gate.judge(parse_update_arguments(call.arguments[0], call.arguments[1], call.arguments[2]));
  tell_pusher(gate.report(verdict));
  if (verdict.outcome() != Outcome::accepted) {
    gate.reject(verdict);
    return verdict.outcome() == Outcome::undecided ? ExitCode::undecided : ExitCode::rejected;
  }
  gate.accept(verdict);
  return run_update_chain(call);
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv, char** envp) {
  return trunkgate::run_hook("update", 3, argc, argv, envp, trunkgate::update_judge);
}
