// trunkgate install and uninstall: the gate on and off bare repositories, and a short report.
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "base/text.h"
#include "commands.h"
#include "hook/hook_file.h"
#include "hook/installer.h"
#include "hook/repository_owner.h"
#include "hook/uninstaller.h"
#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

// Exit codes of the work on one repository; the summary counts them.
enum Outcome : int { kUnchanged, kInstalled, kUpdated, kFailed, kMistaken };

constexpr std::size_t kMaxPathShown = 1000;

void row(const char* name, const std::string& text) {
  std::printf("  %-12s  %s\n", name, text.c_str());
}

const char* word(HookChange change) {
  switch (change) {
    case HookChange::unchanged:
      return "unchanged";
    case HookChange::installed:
      return "installed";
    case HookChange::updated:
      return "updated";
  }
  return "";
}

std::string chained_words(const HookReport& hook) {
  std::string text;
  if (!hook.kept.empty()) {
    text = hook.chained ? "; the hook that was there runs after it, as " + hook.kept
                        : "; the hook that was there is set aside as " + hook.kept;
  } else if (!hook.runs_after.empty()) {
    text = "; runs " + printable(join(hook.runs_after, ", ")) + " after it";
  }
  return text;
}

void print(const InstallReport& report) {
  std::printf("%s\n", printable(report.repository, kMaxPathShown).c_str());
  if (report.created) row("repository", "created");
  for (const HookReport& hook : report.hooks) {
    row(hook.name.c_str(), word(hook.change) + chained_words(hook));
  }
  if (!report.configured.empty()) row("configured", join(report.configured, ", "));
  if (report.evidence_hidden) {
    row("evidence",
        "not listed to fetches; on the server git for-each-ref refs/attest shows it, and "
        "git config --add uploadpack.hideRefs '!refs/attest' shows it to all");
  }
  if (report.policy_copied) row("policy", "trunkgate/policy.yaml (the default policy)");
  if (report.baseline_recorded) row("baseline", "recorded: what is there now is never judged");
  if (!report.queue_obstacle.empty()) {
    row("queue", "does not work: " + report.queue_obstacle);
  } else if (!report.queue && report.newly_installed()) {
    row("queue", "off; 'land: {queue: true}' in the policy, then another install, switch it on");
  }
  if (report.policy_mistakes.empty()) return;
  std::fflush(stdout);
  std::fprintf(stderr,
               "error: the policy of %s cannot be used; until it is mended EVERY PUSH IS REFUSED "
               "or judged by the last good policy:\n%s",
               printable(report.repository, kMaxPathShown).c_str(), report.policy_mistakes.c_str());
}

void print_failure(const std::string& path, const std::string& what, const std::string& hint) {
  std::fflush(stdout);
  std::fprintf(stderr, "error: %s: %s\n", printable(path, kMaxPathShown).c_str(),
               printable(what, 4000).c_str());
  if (!hint.empty()) std::fprintf(stderr, "hint: %s\n", printable(hint, 4000).c_str());
}

int guarded(const std::string& path, const std::function<int()>& work) {
  try {
    return work();
  } catch (const Error& error) {
    print_failure(path, error.what(), error.hint());
  } catch (const std::exception& error) {
    print_failure(path, error.what(), {});
  }
  return kFailed;
}

std::string prefix_folder() {
  std::array<char, PATH_MAX> program{};
  const ssize_t n = ::readlink("/proc/self/exe", program.data(), program.size() - 1);
  if (n <= 0) throw Error(ErrorKind::internal, "cannot find out where this program is");
  return folder_of(folder_of(std::string(program.data(), static_cast<std::size_t>(n))));
}

// Configuration as it holds for the account that owns the repository.
std::vector<std::string> git_environment(const Owner& owner) {
  std::vector<std::string> variables;
  const bool other = ::geteuid() == 0 && owner.user != 0;
  if (other) {
    variables.push_back("HOME=" + (owner.home.empty() ? "/nonexistent" : owner.home));
    return variables;
  }
  for (const char* name : {"HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM",
                           "GIT_CONFIG_NOSYSTEM"}) {
    if (const char* value = std::getenv(name)) variables.push_back(std::string(name) + "=" + value);
  }
  return variables;
}

std::string absolute(const std::string& path) {
  if (path.starts_with("/")) return path;
  std::array<char, PATH_MAX> folder{};
  if (::getcwd(folder.data(), folder.size()) == nullptr) return path;
  return std::string(folder.data()) + "/" + path;
}

int install_one(const std::string& path, const InstallSettings& settings) {
  return guarded(path, [&] {
    const InstallReport report = install_gate(path, settings);
    print(report);
    if (!report.policy_mistakes.empty()) return static_cast<int>(kMistaken);
    if (report.newly_installed()) return static_cast<int>(kInstalled);
    return static_cast<int>(report.changed() ? kUpdated : kUnchanged);
  });
}

// Who cannot become the owner has said nothing yet.
int settle(const std::string& path, int code) {
  if (code <= kMistaken) return code;
  print_failure(path, "the account that owns it cannot be used for the work", {});
  return kFailed;
}

int uninstall_one(const std::string& path, bool dry_run) {
  return guarded(path, [&] {
    bool changed = false;
    const std::vector<RemovedHook> hooks = uninstall_gate(path, dry_run);
    std::printf("%s\n", printable(path, kMaxPathShown).c_str());
    for (const RemovedHook& hook : hooks) {
      std::string text = hook.removed ? "removed" : "none of ours";
      if (!hook.restored.empty()) text += "; " + printable(hook.restored) + " is back in its place";
      if (!hook.left.empty()) text += "; " + hook.left + " is left as it is, nothing runs it now";
      row(hook.name.c_str(), text);
      changed = changed || hook.removed;
    }
    row("left", "trunkgate/ (policy, state, events) and the settings in config");
    return static_cast<int>(changed ? kInstalled : kUnchanged);
  });
}

}  // namespace

int install_command(const InstallArguments& arguments) {
  const std::string prefix = prefix_folder();
  InstallSettings settings;
  settings.programs = prefix + "/libexec/trunkgate";
  settings.default_policy = prefix + "/share/trunkgate/policy.yaml";
  settings.system_policy = kSystemPolicy;
  settings.init = arguments.init;
  settings.replace = arguments.replace;
  settings.dry_run = arguments.dry_run;
  std::array<std::size_t, kMistaken + 1> counts{};
  for (const std::string& name : arguments.repositories) {
    const std::string path = absolute(name);
    const Owner owner = owner_of(path);
    settings.git_environment = git_environment(owner);
    const int code = run_as_owner(owner, [&] { return install_one(path, settings); });
    ++counts[static_cast<std::size_t>(settle(path, code))];
  }
  std::printf("%s: %zu installed, ",
              count_of(arguments.repositories.size(), "repository", "repositories").c_str(),
              counts[kInstalled]);
  if (counts[kUpdated] > 0) std::printf("%zu updated, ", counts[kUpdated]);
  if (counts[kMistaken] > 0) std::printf("%zu with a policy to mend, ", counts[kMistaken]);
  std::printf("%zu unchanged, %zu failed%s\n", counts[kUnchanged], counts[kFailed],
              arguments.dry_run ? " (dry run: nothing was changed)" : "");
  if (counts[kFailed] > 0) return 2;
  return counts[kMistaken] > 0 ? 1 : 0;
}

int uninstall_command(const InstallArguments& arguments) {
  std::size_t removed = 0;
  std::size_t failed = 0;
  for (const std::string& name : arguments.repositories) {
    const std::string path = absolute(name);
    const int code = settle(
        path, run_as_owner(owner_of(path), [&] { return uninstall_one(path, arguments.dry_run); }));
    if (code == kInstalled) ++removed;
    if (code == kFailed) ++failed;
  }
  std::printf("%s: %zu removed, %zu unchanged, %zu failed%s\n",
              count_of(arguments.repositories.size(), "repository", "repositories").c_str(),
              removed, arguments.repositories.size() - removed - failed, failed,
              arguments.dry_run ? " (dry run: nothing was changed)" : "");
  return failed > 0 ? 2 : 0;
}

}  // namespace trunkgate
