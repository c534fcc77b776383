// update-judge: what update becomes when pre-receive left no decision; judges one ref by itself.
#include <string>
#include <vector>

#include "base/error.h"
#include "git/ref_files.h"
#include "hook/chained_hooks.h"
#include "hook/gate.h"
#include "hook/handover.h"
#include "hook/invocation.h"

namespace trunkgate {
namespace {

// The first of the refs that the verdict relies on which is no longer where it was; empty: none.
std::string moved_since(const Repository& repository, const RefVerdict& verdict) {
  std::vector<std::string> names;
  for (const auto& [name, id] : verdict.relied) names.push_back(repository.full_name(name));
  const std::vector<std::string> now = read_ref_files(repository.path(), names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ObjectId& id = verdict.relied[i].second;
    if (now[i] != (id.is_zero() ? std::string() : id.hex())) return names[i];
  }
  return {};
}

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
  const ExitCode chained = run_update_chain(call);
  // Those hooks take as long as they like, and meanwhile evidence may be withdrawn.
  const std::string moved = moved_since(gate.repository(), verdict.refs.front());
  if (chained != ExitCode::accepted || moved.empty()) return chained;
  tell_pusher(moved_while_landing(call.arguments[0], moved));
  return ExitCode::rejected;
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv, char** envp) {
  return trunkgate::run_hook("update", 3, argc, argv, envp, trunkgate::update_judge);
}
