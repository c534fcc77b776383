// pre-receive: judges the whole push while its objects are still in quarantine.
#include <algorithm>

#include "base/text.h"
#include "hook/chained_hooks.h"
#include "hook/gate.h"
#include "hook/invocation.h"
#include "hook/merge_queue.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{256} << 20U;

void refuse_for_chained_hook(const std::string& name, Verdict& verdict) {
  Finding finding;
  finding.rule = "chained-hook";
  finding.message = "the server's own hook '" + printable(name) + "' refused the push";
  finding.hint = "what it printed stands above";
  verdict.findings.push_back(std::move(finding));
}

ExitCode pre_receive(const Invocation& call) {
  const std::string input = read_standard_input(kMaxInputBytes);
  const RefUpdates received = parse_ref_updates(input);
  Gate gate(call, Stage::pre_receive);
  Verdict verdict = gate.judge(received);

  const bool goes_on = std::any_of(verdict.refs.begin(), verdict.refs.end(),
                                   [&](const RefVerdict& ref) { return verdict.lets_in(ref); });
  if (goes_on && !gate.check_only()) {
    const auto failed = run_chained_hooks(call, input, ChainMode::stop_at_failure);
    if (!failed.empty()) refuse_for_chained_hook(failed[0], verdict);
  }
  const bool accepted = std::any_of(verdict.refs.begin(), verdict.refs.end(),
                                    [&](const RefVerdict& ref) { return verdict.lets_in(ref); });
  std::string would_happen;
  if (gate.check_only()) would_happen = rehearse_landings(gate, received, verdict);
  const std::string report = gate.report(verdict);
  tell_pusher(report.starts_with('{') ? report : report + would_happen);
  if (gate.check_only()) return ExitCode::rejected;
  if (accepted) {
    gate.accept(verdict);
    return ExitCode::accepted;
  }
  gate.reject(verdict);
  return verdict.outcome() == Outcome::undecided ? ExitCode::undecided : ExitCode::rejected;
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv, char** envp) {
  return trunkgate::run_hook("pre-receive", 0, argc, argv, envp, trunkgate::pre_receive);
}
