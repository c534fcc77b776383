#include "hook/installer.h"

#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "base/child_process.h"
#include "base/error.h"
#include "base/file.h"
#include "base/real_path.h"
#include "base/text.h"
#include "git/repository.h"
#include "hook/foreign_hook.h"
#include "hook/gate_paths.h"
#include "hook/hook_file.h"
#include "hook/hook_names.h"
#include "hook/policy_source.h"
#include "policy/baselines.h"
#include "policy/landing_check.h"
#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxPolicyBytes = std::size_t{1} << 20U;

struct Wanted {
  const char* key;
  const char* value;
  const char* type;
  bool always;  // otherwise only when nobody has decided
};

constexpr Wanted kWanted[] = {
    // The only way for a pusher to ask for something: -o policy=check, -o exempt=...
    {"receive.advertisePushOptions", "true", "bool", true},
    // core.fsync stays the admin's: "committed" makes Git sync each loose object and each ref,
    // which on a busy disk costs a small push about as much as the whole gate.
};

// Without it Git takes no signed push, and tells clients so. A secret: whoever knows it can make a
// nonce that Git takes for its own.
constexpr const char* kNonceSeed = "receive.certNonceSeed";
constexpr const char* kHideRefs = "uploadpack.hideRefs";
constexpr const char* kHiddenEvidence = "refs/attest";

std::string new_secret() {
  std::array<char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw Error(ErrorKind::internal, "the system gives no random bytes");
  }
  return hex({bytes.data(), bytes.size()});
}

bool is_empty_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && list_folder(path).empty();
}

// What a hook program or file says when it is asked whether it works; throws when it does not, or
// is not one of ours.
void self_test(std::vector<std::string> argv, const std::string& name, const std::string& remedy) {
  const std::string path = argv.front();
  ChildRequest request;
  request.argv = std::move(argv);
  request.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"};
  request.timeout = std::chrono::seconds(30);
  const ChildResult result = run_child(request);
  if (result.succeeded() && result.errors == "trunkgate " + name + ": ok\n") return;
  std::string why =
      result.started ? "exit code " + std::to_string(result.exit_status) : result.start_error;
  const std::string_view words = trim(result.errors);
  if (!words.empty()) why += ": " + std::string(words.substr(0, words.find('\n')));
  throw Error(ErrorKind::repository, path + " does not work for this account: " + why, remedy);
}

void refuse_hooks_elsewhere(const std::string& repository, const GitProgram& git) {
  const auto setting = git.setting(repository, "core.hooksPath", "path");
  if (!setting) return;
  const std::string& value = setting->value;
  const std::string path = value.starts_with("/") ? value : repository + "/" + value;
  const std::string hooks = repository + "/hooks";
  if (path == hooks || (!real_path(path).empty() && real_path(path) == real_path(hooks))) return;
  throw Error(ErrorKind::repository,
              "core.hooksPath is '" + value + "' (" + setting->origin +
                  "): Git would never run the hooks of this repository",
              "unset core.hooksPath there, then install again");
}

std::unique_ptr<Repository> open_repository(const std::string& path) {
  auto repository = std::make_unique<Repository>(
      RepositoryPlace{.git_dir = path, .quarantine = {}, .git_namespace = {}});
  if (!repository->bare()) {
    throw Error(ErrorKind::repository, path + " is not a bare repository",
                "the gate stands on the server's side: git clone --bare makes such a repository");
  }
  if (repository->shallow()) {
    throw Error(ErrorKind::repository,
                path + " is a shallow repository: history that is missing cannot be judged",
                "git fetch --unshallow brings the rest");
  }
  return repository;
}

class Installation {
 public:
  Installation(const std::string& path, const InstallSettings& settings)
      : settings_(settings), git_(settings.git_environment), path_(path) {}

  InstallReport run() {
    for (const char* name : kHookNames) {
      // The kernel puts the hook file first; one that the account cannot run refuses every push.
      self_test({settings_.programs + "/" + name, std::string("hooks/") + name, "--self-test"},
                name, "install trunkgate where the account that owns the repository can run it");
    }
    if (!make_or_open()) return std::move(report_);
    report_.repository = repository_->path();
    paths_.repository = repository_->path();
    refuse_hooks_elsewhere(repository_->path(), git_);
    std::optional<FileLock> lock;
    if (!settings_.dry_run) {
      // All of them, so that no pusher waits for it.
      for (const std::string& folder :
           {paths_.state(), paths_.verdicts(), paths_.spool(), paths_.scratch()}) {
        make_folder(folder, repository_->sharing());
      }
      lock.emplace(FileLock::wait(paths_.state() + "/install.lock", repository_->sharing()));
    }
    give_policy();
    record_baseline(check_policy());
    configure();
    place_hooks();
    if (report_.queue) place_queue();
    return std::move(report_);
  }

 private:
  // False when there is nothing to look at: a dry run of a repository yet to be made.
  bool make_or_open() {
    if (settings_.init && (!exists(path_) || is_empty_folder(path_))) {
      report_.created = true;
      if (settings_.dry_run) {
        report_.repository = path_;
        for (const char* name : kHookNames) {
          report_.hooks.push_back({name, HookChange::installed, {}, false, {}});
        }
        return false;
      }
      git_.make_repository(path_);
    }
    repository_ = open_repository(path_);
    return true;
  }

  void give_policy() {
    if (repository_->config("trunkgate.policy") || exists(paths_.policy())) return;
    const FileText policy = read_file(settings_.default_policy, kMaxPolicyBytes);
    if (policy.state != FileState::present) {
      throw Error(ErrorKind::config, "cannot read the default policy " + settings_.default_policy +
                                         ": " + policy.reason);
    }
    report_.policy_copied = true;
    if (settings_.dry_run) return;
    // Whoever puts a policy there at this very moment wins.
    report_.policy_copied =
        create_file(paths_.policy(), policy.text, repository_->sharing(), Durability::synced);
  }

  // The keys of the rules that will be in force; none when the policy has mistakes.
  std::vector<std::string> check_policy() {
    std::vector<std::string> keys;
    if (settings_.dry_run && report_.policy_copied) return keys;
    try {
      const auto roots =
          policy_roots(repository_->path(), repository_->config("trunkgate.policy").value_or(""),
                       settings_.system_policy);
      const auto policy =
          settings_.dry_run
              ? load_policy(roots, policy_files(*repository_))
              : load_policy_and_keep(roots, policy_files(*repository_), paths_.last_good_policy(),
                                     repository_->sharing());
      policy->settle({repository_->path(), repository_->head()});
      takes_evidence_ = policy->attestations != nullptr;
      report_.queue = policy->queue;
      for (const ActiveRule& rule : policy->rules) {
        keys.push_back(rule.key());
        wants_signed_pushes_ = wants_signed_pushes_ || rule.info->id == "unsigned-push";
      }
    } catch (const ConfigError& mistakes) {
      report_.policy_mistakes = mistakes.diagnostics().render();
    } catch (const Error& error) {  // it is missing, or the repository is not one for it
      report_.policy_mistakes = std::string(error.what()) + "\n";
    }
    return keys;
  }

  // Before the hooks are in force: from then on history is what was there now.
  void record_baseline(const std::vector<std::string>& keys) {
    Baselines baselines(paths_.baselines(), repository_->sharing());
    if (baselines.recorded()) return;
    report_.baseline_recorded = true;
    if (!settings_.dry_run) baselines.numbers(*repository_, keys);
  }

  void configure() {
    for (const Wanted& wanted : kWanted) {
      const auto now = git_.setting(repository_->path(), wanted.key, wanted.type);
      if (now && (!wanted.always || now->value == wanted.value)) continue;
      if (!settings_.dry_run) git_.set(repository_->path(), wanted.key, wanted.value);
      report_.configured.push_back(std::string(wanted.key) + "=" + wanted.value);
    }
    if (takes_evidence_) hide_evidence();
    // In the repository itself, where the rule looks for it. One that is there stays.
    if (!wants_signed_pushes_ || !repository_->config(kNonceSeed).value_or("").empty()) return;
    if (!settings_.dry_run) git_.set(repository_->path(), kNonceSeed, new_secret());
    report_.configured.push_back(std::string(kNonceSeed) + "=(a new secret)");
  }

  // Fetches would list every piece of evidence to everybody. Not so pushes: what receive-pack hides
  // it does not take either. Where anything is said about these references, that stays.
  void hide_evidence() {
    for (const std::string key : {"uploadpack.hiderefs", "transfer.hiderefs"}) {
      for (const std::string& value : repository_->config_all(key)) {
        if (value.find(kHiddenEvidence) != std::string::npos) return;
      }
    }
    if (!settings_.dry_run) git_.add(repository_->path(), kHideRefs, kHiddenEvidence);
    report_.configured.push_back(std::string(kHideRefs) + "=" + kHiddenEvidence);
    report_.evidence_hidden = true;
  }

  void place_hooks() {
    const std::string folder = repository_->path() + "/hooks";
    if (!settings_.dry_run) {
      make_folder_alike(folder);
      remove_leftovers(folder);
    }
    for (const char* name : kHookNames) report_.hooks.push_back(place_hook(folder, name));
    if (settings_.dry_run) return;
    for (const char* name : kHookNames) {
      self_test({folder + "/" + name, "--self-test"}, name,
                "let nobody push to this repository before the hook works");
    }
  }

  // The hook first: with the setting alone Git refuses what it should hand over.
  void place_queue() {
    const std::string hook = repository_->path() + "/hooks/" + kQueueHook;
    const std::string program = settings_.programs + "/" + kQueueHook;
    self_test({program, std::string("hooks/") + kQueueHook, "--self-test"}, kQueueHook,
              "install trunkgate where the account that owns the repository can run it");
    const HookState state = look_at_hook(hook, hook_text(program));
    const bool foreign = state == HookState::foreign || state == HookState::foreign_link ||
                         state == HookState::foreign_folder;
    if (foreign && !settings_.replace) {
      report_.queue_obstacle = "hooks/" + std::string(kQueueHook) +
                               " is another hook, and of these there can be only one; "
                               "install with --replace to set it aside";
      return;
    }
    report_.hooks.push_back(place_hook(repository_->path() + "/hooks", kQueueHook));
    if (!settings_.dry_run) {
      self_test({hook, "--self-test"}, kQueueHook, "switch the queue off before anybody pushes");
    }
    if (hands_over_landing_requests(*repository_)) return;
    if (!settings_.dry_run) git_.add(repository_->path(), kProcReceiveRefs, kProcReceiveValue);
    report_.configured.push_back(std::string(kProcReceiveRefs) + "=" + kProcReceiveValue);
  }

  HookReport place_hook(const std::string& folder, const std::string& name) {
    HookReport report{.name = name, .change = {}, .kept = {}, .chained = false, .runs_after = {}};
    const std::string hook = folder + "/" + name;
    const std::string text = hook_text(settings_.programs + "/" + name);
    if (!settings_.dry_run && exists(hook + ".d")) tidy_hook_folder(hook);
    const HookState state = look_at_hook(hook, text);
    switch (state) {
      case HookState::current:
        report.change = HookChange::unchanged;
        break;
      case HookState::absent:
      case HookState::outdated:
      case HookState::linked:  // a link that dangles one day would let everything in
        report.change = state == HookState::absent ? HookChange::installed : HookChange::updated;
        if (!settings_.dry_run) put_executable(hook, text);
        break;
      case HookState::foreign:
      case HookState::foreign_link:
      case HookState::foreign_folder:
        report.change = HookChange::installed;
        report.chained = !settings_.replace;
        report.kept = "hooks/" + name + ".d/" + keep_foreign(hook, state, text);
        break;
    }
    report.runs_after = chained_entries(hook);
    return report;
  }

  std::string keep_foreign(const std::string& hook, HookState state,
                           const std::string& text) const {
    const ForeignMode mode = settings_.replace ? ForeignMode::set_aside : ForeignMode::chain;
    if (settings_.dry_run) return free_place(hook, mode);
    return replace_foreign_hook(hook, state, text, mode);
  }

  const InstallSettings& settings_;
  GitProgram git_;
  std::string path_;
  std::unique_ptr<Repository> repository_;
  GatePaths paths_;
  InstallReport report_;
  bool wants_signed_pushes_ = false;
  bool takes_evidence_ = false;
};

}  // namespace

bool InstallReport::changed() const {
  return created || policy_copied || baseline_recorded || !configured.empty() ||
         std::any_of(hooks.begin(), hooks.end(),
                     [](const HookReport& hook) { return hook.change != HookChange::unchanged; });
}

bool InstallReport::newly_installed() const {
  return std::any_of(hooks.begin(), hooks.end(),
                     [](const HookReport& hook) { return hook.change == HookChange::installed; });
}

InstallReport install_gate(const std::string& path, const InstallSettings& settings) {
  return Installation(path, settings).run();
}

}  // namespace trunkgate
