// trunkgate sweep: branches that nobody works on get notice, then go into the archive; and back.
#include "events/sweep/sweep.h"

#include <algorithm>
#include <cstdio>
#include <exception>

#include "base/clock.h"
#include "base/error.h"
#include "base/microseconds.h"
#include "base/push_key.h"
#include "base/text.h"
#include "commands.h"
#include "events/event_line.h"
#include "git/ref_name.h"
#include "git/repository.h"
#include "hook/gate_paths.h"
#include "hook/policy_source.h"
#include "hook/repository_owner.h"
#include "hook/wake.h"
#include "policy/policy_files.h"
#include "push/pusher.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMostShown = 400;  // of a name

PolicyInForce policy_of(const Repository& repository, const GatePaths& paths) {
  const auto roots = policy_roots(
      paths.repository, repository.config("trunkgate.policy").value_or(""), kSystemPolicy);
  PolicyInForce in_force =
      read_policy_in_force(roots, policy_files(repository), paths.last_good_policy());
  in_force.policy->settle({.repository = paths.repository, .default_branch = repository.head()});
  in_force.policy->apply_dates(microseconds_now() / kSecond);
  for (const std::string& notice : in_force.notices) {
    std::fprintf(stderr, "warning: %s\n", notice.c_str());
  }
  return in_force;
}

std::string what(const SweepRow& row, bool dry_run) {
  const std::string time = second_text(row.step.archive_after * kSecond);
  const std::string goes = row.step.entry->archive ? "archived" : "deleted";
  switch (row.outcome) {
    case SweepRow::Outcome::noticed:
      return (dry_run ? "would be given notice; " : "was given notice; ") + goes + " after " + time;
    case SweepRow::Outcome::waiting:
      return goes + " after " + time;
    case SweepRow::Outcome::archived:
      return (dry_run ? "would be archived as " : "archived as ") +
             printable(row.archive, kMostShown);
    case SweepRow::Outcome::deleted:
      return dry_run ? "would be deleted" : "deleted";
    case SweepRow::Outcome::in_use:
      return "stays: " + row.words + " was made of it";
    case SweepRow::Outcome::moved:
      return "stays: it has just moved";
    case SweepRow::Outcome::failed:
      return "failed: " + row.words;
  }
  return {};
}

std::string padded(const std::string& text, std::size_t to) {
  const std::size_t is = columns(text);
  return is < to ? text + std::string(to - is, ' ') : text;
}

void print(const std::vector<SweepRow>& rows, bool dry_run, std::int64_t now) {
  std::size_t width = 6;
  for (const SweepRow& row : rows) {
    width = std::max(width, columns(printable(short_name(row.branch.ref), kMostShown)));
  }
  std::printf("%s  TIP       IDLE      WHAT\n", padded("BRANCH", width).c_str());
  for (const SweepRow& row : rows) {
    const auto days = static_cast<std::size_t>(std::max<std::int64_t>(now - row.step.since, 0) /
                                               (kDay / kSecond));
    const std::string& entry = row.step.entry->name;
    std::printf("%s  %s  %s  %s%s\n",
                padded(printable(short_name(row.branch.ref), kMostShown), width).c_str(),
                row.branch.tip.brief().c_str(), padded(count_of(days, "day", "days"), 8).c_str(),
                what(row, dry_run).c_str(), entry.empty() ? "" : (" (" + entry + ")").c_str());
  }
}

SweepSettings settings_of(const GatePaths& paths) {
  return {.folder = paths.folder(), .key = own_key(), .now = microseconds_now};
}

int sweep_now(const Repository& repository, bool dry_run) {
  const GatePaths paths{repository.path()};
  const PolicyInForce in_force = policy_of(repository, paths);
  if (in_force.policy->sweep.empty()) {
    std::printf("nothing to sweep: the policy has no 'sweep'\n");
    return 0;
  }
  const std::vector<SweepRow> rows =
      sweep(repository, *in_force.policy, settings_of(paths), dry_run);
  if (rows.empty()) {
    std::printf("nothing to sweep\n");
    return 0;
  }
  print(rows, dry_run, microseconds_now() / kSecond);
  std::fflush(stdout);
  if (!dry_run) wake_deliverer(paths.repository, program_beside("trunkgate"));
  return std::any_of(rows.begin(), rows.end(),
                     [](const SweepRow& row) { return row.outcome == SweepRow::Outcome::failed; })
             ? 2
             : 0;
}

int restore_now(const Repository& repository, const std::string& branch, const std::string& by) {
  const GatePaths paths{repository.path()};
  const std::string archive = restore(repository, settings_of(paths), branch, by);
  std::printf("%s is back, with what %s has\n", printable(branch, kMostShown).c_str(),
              printable(archive, kMostShown).c_str());
  std::fflush(stdout);
  wake_deliverer(paths.repository, program_beside("trunkgate"));
  return 0;
}

// As main() has it, for the process that has become the owner.
int guarded(const SweepArguments& arguments, const std::string& by) {
  try {
    const Repository repository(
        {.git_dir = arguments.repository, .quarantine = {}, .git_namespace = {}});
    return arguments.restore.empty() ? sweep_now(repository, arguments.dry_run)
                                     : restore_now(repository, arguments.restore, by);
  } catch (const Error& error) {
    std::fprintf(stderr, "error: %s\n", printable(error.what(), 4000).c_str());
    if (!error.hint().empty()) std::fprintf(stderr, "hint: %s\n", error.hint().c_str());
    return error.kind() == ErrorKind::usage ? 1 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", printable(error.what(), 4000).c_str());
    return 2;
  }
}

}  // namespace

int sweep_command(const SweepArguments& arguments) {
  const std::string by = os_user_name();
  const int code =
      run_as_owner(owner_of(arguments.repository), [&] { return guarded(arguments, by); });
  if (code < 126) return code;
  std::fprintf(
      stderr, "error: %s\n",
      code == 126 ? "cannot become the account that owns the repository" : "the sweep was killed");
  return 2;
}

}  // namespace trunkgate
