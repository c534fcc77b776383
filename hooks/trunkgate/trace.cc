// trunkgate trace: what something was made from, what was made from it, and who let it in.
#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/text.h"
#include "commands.h"
#include "events/journal.h"
#include "events/journal_schema.h"
#include "events/lineage/in_service.h"
#include "events/lineage/lineage_index.h"
#include "events/lineage/thing.h"
#include "events/lineage/trace_report.h"
#include "git/repository.h"
#include "hook/gate_paths.h"

namespace trunkgate {
namespace {

constexpr std::size_t kToldCommits = 5;

// The journal, which the deliverer writes; nothing where there is none yet.
std::optional<OpenedToRead> open_journal_of(const GatePaths& paths) {
  const std::string file = Journal::path_in(paths.folder());
  if (!exists(file)) return std::nullopt;
  return open_journal_to_read(file);
}

// The commit that was asked for, then those that it comes from, the nearest first.
void tell_commits(Trace& trace, const Database* journal, const Repository& repository,
                  const std::optional<ObjectId>& asked) {
  std::vector<ObjectId> commits;
  if (asked) commits.push_back(*asked);
  for (const TracedNode& node : trace.origin.nodes) {
    if (node.kind != ArtifactKind::commit) continue;
    const auto id = ObjectId::parse(node.identity.substr(node.identity.find(':') + 1));
    if (id && std::find(commits.begin(), commits.end(), *id) == commits.end()) {
      commits.push_back(*id);
    }
  }
  trace.more_commits = commits.size() > kToldCommits;
  if (trace.more_commits) commits.resize(kToldCommits);
  for (const ObjectId& commit : commits) {
    trace.commits.push_back(tell_commit(journal, repository, commit));
  }
}

int tell_in_service(const Database* lineage, const Repository& repository, bool json) {
  std::vector<InService> services;
  if (lineage != nullptr) services = in_service(*lineage, repository);
  if (json) {
    std::puts(in_service_json(services).c_str());
  } else if (services.empty()) {
    std::fprintf(stderr, "error: no deployment is recorded here\n");
  } else {
    std::fputs(in_service_text(services).c_str(), stdout);
  }
  return services.empty() ? 1 : 0;
}

}  // namespace

int trace_command(const TraceArguments& arguments) {
  const Repository repository(
      {.git_dir = arguments.repository, .quarantine = {}, .git_namespace = {}});
  const auto opened = open_journal_of(GatePaths{repository.path()});
  const Database* journal = opened ? &opened->database : nullptr;
  const Database* lineage = journal != nullptr && has_lineage_tables(*journal) ? journal : nullptr;
  if (arguments.thing.empty()) {
    return tell_in_service(lineage, repository, arguments.format == "json");
  }
  const Thing thing = find_thing(lineage, repository, arguments.thing);
  if (!thing.problem.empty()) {
    std::fprintf(stderr, "error: %s\n", thing.problem.c_str());
    if (!thing.hint.empty()) std::fprintf(stderr, "hint: %s\n", thing.hint.c_str());
    if (lineage == nullptr) {
      std::fprintf(stderr, "hint: no lineage is recorded here yet; trunkgate deliver %s\n",
                   shell_quote(printable(arguments.repository)).c_str());
    }
    return 1;
  }
  Trace trace{.asked = arguments.thing, .remark = thing.remark};
  trace.up = arguments.up || !arguments.down;
  trace.down = arguments.down || !arguments.up;
  if (lineage != nullptr && !thing.nodes.empty()) {
    // Whatever is shown, the commits are told that it comes from.
    trace.origin = trace_lineage(*lineage, thing.nodes, LineageDirection::up);
    if (trace.down) trace.fate = trace_lineage(*lineage, thing.nodes, LineageDirection::down);
  }
  tell_commits(trace, journal, repository, thing.commit);
  const std::string report =
      arguments.format == "json" ? trace_json(trace) + "\n" : trace_text(trace);
  std::fputs(report.c_str(), stdout);
  return 0;
}

}  // namespace trunkgate
