// trunkgate doctor: what is wrong in a repository that no push says, and how to mend it.
#include <cstdio>
#include <ctime>

#include "base/text.h"
#include "commands.h"
#include "events/journal.h"
#include "events/journal_check.h"
#include "git/repository.h"
#include "hook/remains.h"

namespace trunkgate {
namespace {

void print(const std::string& line) { std::printf("%s\n", line.c_str()); }

// What anybody has changed in the journal; nothing when there is none yet.
std::size_t tell_journal(const GatePaths& paths) {
  if (!exists(Journal::path_in(paths.folder()))) return 0;
  const JournalCheck check = check_journal(paths.folder());
  if (check.problems_total == 0) return 0;
  print("the journal: " + check.problems.front() +
        (check.problems_total == 1 ? std::string()
                                   : " and " + std::to_string(check.problems_total - 1) + " more"));
  print("  fix    trunkgate events verify --repo " + shell_quote(paths.repository));
  return 1;
}

}  // namespace

int doctor_command(const DoctorArguments& arguments) {
  const Repository repository(
      {.git_dir = arguments.repository, .quarantine = {}, .git_namespace = {}});
  const GatePaths paths{repository.path()};
  std::size_t found = 0;
  for (const Remain& remain : find_remains(paths, std::time(nullptr))) {
    print(remain.what);
    if (!remain.fix.empty()) print("  fix    " + remain.fix);
    ++found;
  }
  found += tell_journal(paths);
  print(found == 0 ? std::string("nothing is wrong")
                   : count_of(found, "thing is wrong", "things are wrong"));
  return found == 0 ? 0 : 1;
}

}  // namespace trunkgate
