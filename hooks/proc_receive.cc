// proc-receive: lands what is pushed to refs/for/<branch>, and says of each request what became of
// it. Git shows a reason as it stands here in its own summary.
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "hook/gate.h"
#include "hook/handover.h"
#include "hook/invocation.h"
#include "hook/merge_queue.h"
#include "hook/proc_receive_protocol.h"
#include "push/landing_request.h"

namespace trunkgate {
namespace {

// Why a request is not even tried; empty when it is.
std::string refuse_untried(const ProcReceiveRequest& asked, const RefUpdate& request,
                           const Handover& handover) {
  if (!requested_branch(request.name)) return "this is no request to land (refs/for/BRANCH)";
  std::string moved;
  switch (handover.look_up(request.old_id.hex(), request.new_id.hex(), request.name, ".", moved)) {
    case Handover::Answer::refused:
    case Handover::Answer::moved:
      return "refused, as said above";
    case Handover::Answer::let_in:
    case Handover::Answer::none:  // a host without pre-receive; the landing is judged all the same
      break;
  }
  // Git lets landings happen before it looks at the rest, and takes none of them back.
  if (asked.atomic && handover.size() != 1) {
    return "a landing cannot be part of an atomic push; push it by itself";
  }
  return {};
}

ExitCode proc_receive(const Invocation& call) {
  ProcReceiveSession session(STDIN_FILENO, STDOUT_FILENO);
  const ProcReceiveRequest asked = session.read_request();
  if (asked.received.malformed > 0 || asked.received.sha256) {
    throw Error(ErrorKind::usage, "git hands over what are no ref updates");
  }
  Gate gate(call, Stage::landing, asked.options);
  const Handover handover(gate.paths().verdicts(), gate.key());
  if (handover.size() != 1) gate.judge_partly();
  MergeQueue queue(gate);
  for (const RefUpdate& request : asked.received.updates) {
    const std::string reason = refuse_untried(asked, request, handover);
    if (!reason.empty()) {
      session.refuse(request.name, reason);
      continue;
    }
    const LandingAnswer answer = queue.land(request);
    tell_pusher(answer.report);
    if (answer.landed) {
      session.accept(request.name, answer.old_id, answer.new_id);
    } else {
      session.refuse(request.name, answer.reason);
    }
  }
  session.finish();
  return ExitCode::accepted;
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv, char** envp) {
  return trunkgate::run_hook("proc-receive", 0, argc, argv, envp, trunkgate::proc_receive);
}
