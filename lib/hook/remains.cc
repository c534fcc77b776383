#include "hook/remains.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/file.h"
#include "base/real_path.h"
#include "base/text.h"
#include "events/spool.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kDay = 24 * 60 * kMinute;
// No Git holds a lock for as long, not even git gc that of packed-refs.
constexpr std::int64_t kLockPatience = 10 * kMinute;
// gc.pruneExpire
constexpr std::int64_t kQuarantinePatience = 14 * kDay;
// A deliverer comes at once, and the timer every five minutes.
constexpr std::int64_t kSpoolPatience = 15 * kMinute;
// Of a process' command line or environment.
constexpr std::size_t kMaxWords = std::size_t{4} << 20U;

std::string age_text(std::int64_t seconds) {
  const auto count = [&](std::int64_t unit) { return static_cast<std::size_t>(seconds / unit); };
  if (seconds < 120 * kMinute) return count_of(count(kMinute), "minute", "minutes");
  if (seconds < 2 * kDay) return count_of(count(60 * kMinute), "hour", "hours");
  return count_of(count(kDay), "day", "days");
}

// Seconds since it was changed last; nothing when it is gone.
std::optional<std::int64_t> age_of(const std::string& path, std::int64_t now) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return now - status.st_mtime;
}

// Where a process of Git may be at work, as it sees that: it goes to the repository, unless it was
// told where that is.
std::vector<std::string> places_of(const std::string& process) {
  static constexpr std::string_view kOption = "--git-dir=";
  static constexpr std::string_view kVariable = "GIT_DIR=";
  std::vector<std::string> places{"."};
  const FileText line = read_file(process + "/cmdline", kMaxWords);
  const std::vector<std::string_view> words = split(line.text, '\0');
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with(kOption)) places.emplace_back(words[i].substr(kOption.size()));
    if (words[i] == "--git-dir" && i + 1 < words.size()) places.emplace_back(words[i + 1]);
  }
  const FileText variables = read_file(process + "/environ", kMaxWords);
  for (const std::string_view entry : split(variables.text, '\0')) {
    if (entry.starts_with(kVariable)) places.emplace_back(entry.substr(kVariable.size()));
  }
  return places;
}

// Whether a Git that this account can see works in the repository.
bool is_worked_in(const std::string& repository) {
  for (const std::string& name : list_folder("/proc")) {
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string process = "/proc/" + name;
    if (!read_file(process + "/comm", 64).text.starts_with("git")) continue;
    std::error_code failed;
    const fs::path folder = fs::read_symlink(process + "/cwd", failed);
    if (failed) continue;
    for (const std::string& place : places_of(process)) {
      if ((real_path((folder / place).string()) + "/").starts_with(repository + "/")) return true;
    }
  }
  return false;
}

class Finder {
 public:
  Finder(const GatePaths& paths, std::int64_t now) : paths_(paths), now_(now) {}

  std::vector<Remain> run() {
    find_locks();
    find_quarantines();
    find_waiting_records();
    find_set_aside();
    return std::move(remains_);
  }

 private:
  std::string in_repository(const std::string& name) const {
    return paths_.repository + "/" + name;
  }

  void add_lock(const std::string& name) {
    const auto age = age_of(in_repository(name), now_);
    if (!age || *age < kLockPatience) return;
    const std::string held = printable(name.substr(0, name.size() - 5), 400);
    // A pusher chose the name: what cannot be printed must not reach the terminal in a command.
    const std::string lock = in_repository(name);
    remains_.push_back({.what = printable(name, 400) + " is a lock " + age_text(*age) +
                                " old that no process holds; until it is gone, nobody changes " +
                                held,
                        .fix = is_printable(lock) ? "rm " + shell_quote(lock) : ""});
  }

  void find_locks() {
    const std::size_t before = remains_.size();
    for (const std::string& name : list_folder(paths_.repository)) {
      if (name.ends_with(".lock")) add_lock(name);
    }
    std::error_code failed;
    fs::recursive_directory_iterator at(in_repository("refs"),
                                        fs::directory_options::skip_permission_denied, failed);
    std::vector<std::string> names;
    while (!failed && at != fs::recursive_directory_iterator()) {
      const std::string path = at->path().string();
      if (path.ends_with(".lock")) names.push_back(path.substr(paths_.repository.size() + 1));
      at.increment(failed);
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) add_lock(name);
    // Somebody may hold them after all.
    if (remains_.size() > before && is_worked_in(paths_.repository)) remains_.resize(before);
  }

  void find_quarantines() {
    std::size_t count = 0;
    std::int64_t oldest = 0;
    for (const std::string& name : list_folder(in_repository("objects"))) {
      if (!name.starts_with("tmp_objdir-") && !name.starts_with("incoming-")) continue;
      const auto age = age_of(in_repository("objects/" + name), now_);
      if (!age || *age < kQuarantinePatience) continue;
      ++count;
      oldest = std::max(oldest, *age);
    }
    if (count == 0) return;
    remains_.push_back(
        {.what = count_of(count, "quarantine", "quarantines") +
                 " of killed pushes in objects/, up to " + age_text(oldest) + " old",
         // Without a date it would take what pushes are using.
         .fix = "git -C " + shell_quote(paths_.repository) + " prune --expire=2.weeks.ago"});
  }

  void find_waiting_records() {
    std::size_t count = 0;
    std::int64_t oldest = 0;
    for (const std::string& name : Spool(paths_.spool(), {}).names()) {
      const auto age = age_of(paths_.spool() + "/" + name, now_);
      if (!age || *age < kSpoolPatience) continue;
      ++count;
      oldest = std::max(oldest, *age);
    }
    if (count == 0) return;
    remains_.push_back({.what = count_of(count, "record", "records") +
                                " of pushes in the spool, up to " + age_text(oldest) +
                                " old; no event tells of them yet",
                        .fix = "trunkgate deliver " + shell_quote(paths_.repository)});
  }

  // Nothing reads those any more.
  void find_set_aside() {
    for (const std::string& folder : {paths_.spool(), paths_.folder()}) {
      for (const std::string& name : list_folder(folder)) {
        if (name.find(".damaged") == std::string::npos || name.ends_with("-wal") ||
            name.ends_with("-shm")) {
          continue;
        }
        const std::string path = folder + "/" + name;
        remains_.push_back({.what = printable(path.substr(paths_.repository.size() + 1), 400) +
                                    " was set aside because it was damaged; keep it or remove it",
                            .fix = {}});
      }
    }
  }

  const GatePaths& paths_;
  std::int64_t now_;
  std::vector<Remain> remains_;
};

}  // namespace

std::vector<Remain> find_remains(const GatePaths& paths, std::int64_t now) {
  return Finder(paths, now).run();
}

}  // namespace trunkgate
