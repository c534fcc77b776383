// Installing the gate on real repositories and taking it off again. The hook programs are
// stand-ins: what they judge is tested elsewhere.
#include "hook/installer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/child_process.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "hook/hook_file.h"
#include "hook/hook_names.h"
#include "hook/uninstaller.h"
#include "policy/baselines.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

constexpr const char* kForeign = "#!/bin/sh\necho theirs \"$@\"\n";
constexpr const char* kPolicy =
    "version: 1\nrulesets:\n  - name: trunk\n    refs: [main]\n    rules: {deleted-ref: {}}\n";

void write(const std::string& path, const std::string& text, unsigned mode = 0644) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path) << text;
  ::chmod(path.c_str(), mode);
}

std::string text_of(const std::string& path) { return read_file(path, 1 << 20).text; }

unsigned mode_of(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

// Everything below a folder: name to size, time of change and mode.
std::map<std::string, std::string> everything(const std::string& folder) {
  std::map<std::string, std::string> result;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    struct stat status {};
    ::lstat(entry.path().c_str(), &status);
    result[entry.path().string()] =
        std::to_string(status.st_size) + " " + std::to_string(status.st_ctim.tv_sec) + "." +
        std::to_string(status.st_ctim.tv_nsec) + " " + std::to_string(status.st_mode);
  }
  return result;
}

class InstallerTest : public testing::Test {
 protected:
  InstallerTest() {
    settings_.programs = repository_.beside("libexec/trunkgate");
    settings_.default_policy = repository_.beside("share/policy.yaml");
    settings_.git_environment = {"HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1",
                                 "GIT_CONFIG_GLOBAL=" + repository_.beside("gitconfig")};
    std::vector<std::string> names(kHookNames.begin(), kHookNames.end());
    names.emplace_back(kQueueHook);
    for (const std::string& name : names) {
      write(settings_.programs + "/" + name,
            "#!/bin/sh\n[ \"$2\" = --self-test ] && echo 'trunkgate " + name + ": ok' >&2\n", 0755);
    }
    write(settings_.default_policy, kPolicy);
    write(repository_.beside("gitconfig"), "");
  }

  InstallReport install() { return install_gate(repository_.path(), settings_); }
  std::string hook(const std::string& name) const { return repository_.path() + "/hooks/" + name; }
  std::string ours(const std::string& name) const {
    return hook_text(settings_.programs + "/" + name);
  }

  // The words of the refusal; the repository has no hook of ours then.
  std::string refusal(const std::string& path) {
    try {
      install_gate(path, settings_);
    } catch (const Error& error) {
      EXPECT_FALSE(is_our_hook(path + "/hooks/pre-receive"));
      return error.what();
    }
    return "installed";
  }

  TemporaryRepository repository_;
  InstallSettings settings_;
};

TEST_F(InstallerTest, InstallsHooksPolicyBaselineAndConfiguration) {
  const ObjectId tip = repository_.commit("feat: begin", {});
  repository_.set_ref("refs/heads/main", tip);
  const InstallReport report = install();
  for (const std::string name : kHookNames) {
    EXPECT_EQ(text_of(hook(name)), ours(name));
    EXPECT_EQ(mode_of(hook(name)), 0755U);
  }
  EXPECT_TRUE(report.newly_installed());
  EXPECT_TRUE(report.policy_mistakes.empty());
  EXPECT_EQ(text_of(repository_.path() + "/trunkgate/policy.yaml"), kPolicy);
  EXPECT_EQ(report.configured, std::vector<std::string>{"receive.advertisePushOptions=true"});
  EXPECT_EQ(repository_.git({"config", "receive.advertisePushOptions"}), "true");
  const Baselines baselines(repository_.path() + "/trunkgate/state/baselines", {});
  EXPECT_TRUE(baselines.recorded());
  // Nothing is left for the first pusher to wait for.
  for (const std::string name :
       {"spool", "tmp", "state/verdicts", "state/last-good-policy.json", "state/parsed-policy"}) {
    EXPECT_TRUE(exists(repository_.path() + "/trunkgate/" + name)) << name;
  }
  EXPECT_EQ(baselines.tips(*repository_.open(), 0), std::vector<ObjectId>{tip});
}

TEST_F(InstallerTest, ASecondRunChangesNothing) {
  write(hook("update"), kForeign, 0755);
  install();
  const auto before = everything(repository_.path());
  const InstallReport report = install();
  EXPECT_FALSE(report.changed());
  EXPECT_EQ(everything(repository_.path()), before);
}

TEST_F(InstallerTest, ADryRunChangesNothing) {
  write(hook("update"), kForeign, 0755);
  settings_.dry_run = true;
  const auto before = everything(repository_.path());
  const InstallReport report = install();
  EXPECT_TRUE(report.newly_installed());
  EXPECT_EQ(report.hooks[1].kept, "hooks/update.d/50-previous");
  EXPECT_TRUE(report.baseline_recorded);
  EXPECT_EQ(everything(repository_.path()), before);
}

TEST_F(InstallerTest, CreatesARepository) {
  settings_.init = true;
  const std::string path = repository_.beside("new folder/it's\nü:x.git");
  EXPECT_TRUE(install_gate(path, settings_).created);
  EXPECT_TRUE(is_our_hook(path + "/hooks/pre-receive"));
  EXPECT_EQ(text_of(path + "/HEAD"), "ref: refs/heads/main\n");
  EXPECT_FALSE(install_gate(path, settings_).changed());
}

TEST_F(InstallerTest, ADryRunCreatesNoRepository) {
  settings_.init = settings_.dry_run = true;
  EXPECT_TRUE(install_gate(repository_.beside("new.git"), settings_).created);
  EXPECT_FALSE(exists(repository_.beside("new.git")));
}

TEST_F(InstallerTest, UpdatesAHookOfAnotherVersion) {
  install();
  write(hook("update"), "#!/opt/old/update\n# trunkgate-managed v0\nexit 1\n", 0755);
  const InstallReport report = install();
  EXPECT_EQ(report.hooks[1].change, HookChange::updated);
  EXPECT_EQ(report.hooks[1].kept, "");
  EXPECT_FALSE(report.newly_installed());
  EXPECT_EQ(text_of(hook("update")), ours("update"));
}

TEST_F(InstallerTest, LeavesDecisionsOfAnAdminAlone) {
  repository_.git({"config", "receive.fsckObjects", "true"});
  repository_.git({"config", "receive.advertisePushOptions", "0"});
  EXPECT_EQ(install().configured, std::vector<std::string>{"receive.advertisePushOptions=true"});
  EXPECT_EQ(repository_.git({"config", "receive.fsckObjects"}), "true");
}

TEST_F(InstallerTest, B_037_GivesASeedWhereThePolicyWantsSignedPushes) {
  install();
  EXPECT_FALSE(repository_.open()->config("receive.certNonceSeed"));
  write(repository_.path() + "/trunkgate/policy.yaml",
        "version: 1\nrulesets:\n  - name: x\n    refs: [main]\n"
        "    rules: {unsigned-push: {gpg-home: /nonexistent}}\n");
  settings_.dry_run = true;
  EXPECT_EQ(install().configured, std::vector<std::string>{"receive.certNonceSeed=(a new secret)"});
  EXPECT_FALSE(repository_.open()->config("receive.certNonceSeed"));
  settings_.dry_run = false;
  EXPECT_EQ(install().configured, std::vector<std::string>{"receive.certNonceSeed=(a new secret)"});
  const std::string seed = repository_.open()->config("receive.certNonceSeed").value_or("");
  EXPECT_EQ(seed.size(), 64U);
  EXPECT_EQ(install().configured, std::vector<std::string>{});
  EXPECT_EQ(repository_.open()->config("receive.certNonceSeed"), seed);
}

TEST_F(InstallerTest, KeepsThePolicyThatIsThere) {
  const std::string own = "version: 1\n";
  write(repository_.path() + "/trunkgate/policy.yaml", own);
  EXPECT_FALSE(install().policy_copied);
  EXPECT_EQ(text_of(repository_.path() + "/trunkgate/policy.yaml"), own);
}

TEST_F(InstallerTest, UsesThePolicyThatTheConfigurationNames) {
  write(repository_.beside("shared.yaml"), kPolicy);
  repository_.git({"config", "trunkgate.policy", repository_.beside("shared.yaml")});
  const InstallReport report = install();
  EXPECT_FALSE(report.policy_copied);
  EXPECT_EQ(report.policy_mistakes, "");
  EXPECT_FALSE(exists(repository_.path() + "/trunkgate/policy.yaml"));
}

TEST_F(InstallerTest, InstallsAndTellsTheMistakesOfThePolicy) {
  write(repository_.path() + "/trunkgate/policy.yaml", "version: 1\nrulesetz: []\n");
  const InstallReport report = install();
  EXPECT_NE(report.policy_mistakes.find("policy.yaml:2:1: error: "), std::string::npos)
      << report.policy_mistakes;
  EXPECT_EQ(text_of(hook("pre-receive")), ours("pre-receive"));
  EXPECT_TRUE(report.baseline_recorded);
}

TEST_F(InstallerTest, KeepsTheFirstBaseline) {
  install();
  repository_.set_ref("refs/heads/main", repository_.commit("feat: later", {}));
  EXPECT_FALSE(install().baseline_recorded);
  const Baselines baselines(repository_.path() + "/trunkgate/state/baselines", {});
  EXPECT_TRUE(baselines.tips(*repository_.open(), 0).empty());
}

TEST_F(InstallerTest, ChainsAForeignHook) {
  write(hook("update"), kForeign, 0750);
  write(hook("update.sample"), "sample", 0755);
  const InstallReport report = install();
  EXPECT_EQ(report.hooks[1].kept, "hooks/update.d/50-previous");
  EXPECT_TRUE(report.hooks[1].chained);
  EXPECT_EQ(report.hooks[1].runs_after, std::vector<std::string>{"50-previous"});
  EXPECT_EQ(text_of(hook("update")), ours("update"));
  EXPECT_EQ(text_of(hook("update.d/50-previous")), kForeign);
  EXPECT_EQ(mode_of(hook("update.d/50-previous")), 0750U);
  EXPECT_EQ(text_of(hook("update.sample")), "sample");
}

TEST_F(InstallerTest, ChainsASecondForeignHook) {
  write(hook("update"), kForeign, 0755);
  install();
  fs::remove(hook("update"));
  write(hook("update"), "#!/bin/sh\n# another\n", 0755);
  EXPECT_EQ(install().hooks[1].kept, "hooks/update.d/51-previous");
  EXPECT_EQ(text_of(hook("update.d/50-previous")), kForeign);
  EXPECT_EQ(text_of(hook("update.d/51-previous")), "#!/bin/sh\n# another\n");
}

TEST_F(InstallerTest, GoesOnWhereAnInterruptionLeftTheForeignHookTwice) {
  write(hook("update"), kForeign, 0755);
  fs::create_directory(hook("update.d"));
  fs::create_hard_link(hook("update"), hook("update.d/50-previous"));
  EXPECT_EQ(install().hooks[1].kept, "hooks/update.d/50-previous");
  EXPECT_EQ(list_folder(hook("update.d")), std::vector<std::string>{"50-previous"});
}

TEST_F(InstallerTest, ChainsASymbolicLinkThatStillLeadsToTheSameFile) {
  write(repository_.beside("shared/hook"), kForeign, 0755);
  fs::create_symlink("../../shared/hook", hook("update"));
  fs::create_symlink(repository_.beside("shared/hook"), hook("post-receive"));
  install();
  EXPECT_EQ(text_of(hook("update")), ours("update"));
  EXPECT_EQ(fs::read_symlink(hook("update.d/50-previous")), "../../../shared/hook");
  EXPECT_EQ(text_of(hook("update.d/50-previous")), kForeign);
  EXPECT_EQ(text_of(hook("post-receive.d/50-previous")), kForeign);
  uninstall_gate(repository_.path(), false);
  EXPECT_EQ(fs::read_symlink(hook("update")), "../../shared/hook");
  EXPECT_EQ(fs::read_symlink(hook("post-receive")), repository_.beside("shared/hook"));
  EXPECT_FALSE(exists(hook("update.d")));
}

TEST_F(InstallerTest, ReplacesALinkToItsOwnHook) {
  install();
  fs::rename(hook("update"), repository_.beside("elsewhere"));
  fs::create_symlink(repository_.beside("elsewhere"), hook("update"));
  const InstallReport report = install();
  EXPECT_EQ(report.hooks[1].change, HookChange::updated);
  EXPECT_FALSE(fs::is_symlink(hook("update")));
  EXPECT_FALSE(exists(hook("update.d")));
}

TEST_F(InstallerTest, KeepsAFolderThatStoodInThePlaceOfAHook) {
  write(hook("update/notes"), "x");
  EXPECT_EQ(install().hooks[1].kept, "hooks/update.d/50-previous");
  EXPECT_EQ(text_of(hook("update")), ours("update"));
  EXPECT_EQ(text_of(hook("update.d/50-previous/notes")), "x");
  uninstall_gate(repository_.path(), false);
  EXPECT_EQ(text_of(hook("update/notes")), "x");
}

TEST_F(InstallerTest, SetsAForeignHookAsideOnRequest) {
  settings_.replace = true;
  write(hook("update"), kForeign, 0755);
  const InstallReport report = install();
  EXPECT_EQ(report.hooks[1].kept, "hooks/update.d/50-previous.disabled");
  EXPECT_FALSE(report.hooks[1].chained);
  EXPECT_TRUE(report.hooks[1].runs_after.empty());
  EXPECT_EQ(text_of(hook("update.d/50-previous.disabled")), kForeign);
  EXPECT_EQ(mode_of(hook("update.d/50-previous.disabled")), 0644U);
}

TEST_F(InstallerTest, SetsAHookAsideWithoutHarmToItsOtherNames) {
  settings_.replace = true;
  write(repository_.beside("other"), kForeign, 0755);
  fs::create_hard_link(repository_.beside("other"), hook("update"));
  install();
  EXPECT_EQ(mode_of(repository_.beside("other")), 0755U);
  EXPECT_EQ(mode_of(hook("update.d/50-previous.disabled")), 0644U);
  EXPECT_EQ(text_of(hook("update.d/50-previous.disabled")), kForeign);
}

TEST_F(InstallerTest, RefusesWhatIsNoBareRepository) {
  EXPECT_EQ(refusal(repository_.beside("nowhere")),
            "there is no repository at " + repository_.beside("nowhere"));
  fs::create_directory(repository_.beside("folder"));
  EXPECT_NE(refusal(repository_.beside("folder")).find("cannot open the repository"),
            std::string::npos);
  repository_.git({"init", "-q", repository_.beside("work")});
  EXPECT_EQ(refusal(repository_.beside("work")),
            repository_.beside("work") + " is not a bare repository");
}

TEST_F(InstallerTest, CreatesNothingWhereSomethingIs) {
  settings_.init = true;
  write(repository_.beside("folder/file"), "x");
  EXPECT_NE(refusal(repository_.beside("folder")), "installed");
  EXPECT_EQ(list_folder(repository_.beside("folder")), std::vector<std::string>{"file"});
}

TEST_F(InstallerTest, RefusesFormatsItCannotRead) {
  repository_.git(
      {"init", "-q", "--bare", "--object-format=sha256", repository_.beside("256.git")});
  EXPECT_EQ(refusal(repository_.beside("256.git")),
            "the repository uses SHA-256 object ids, which this build cannot read "
            "(libgit2 1.5 knows SHA-1 only)");
  repository_.git({"init", "-q", "--bare", repository_.beside("odd.git")});
  repository_.git(
      {"-C", repository_.beside("odd.git"), "config", "core.repositoryFormatVersion", "1"});
  repository_.git({"-C", repository_.beside("odd.git"), "config", "extensions.refStorage", "odd"});
  EXPECT_NE(refusal(repository_.beside("odd.git")).find("is not supported by this build"),
            std::string::npos);
}

TEST_F(InstallerTest, RefusesAShallowRepository) {
  const ObjectId tip = repository_.commit("feat: begin", {});
  write(repository_.path() + "/shallow", tip.hex() + "\n");
  EXPECT_NE(refusal(repository_.path()).find("is a shallow repository"), std::string::npos);
}

TEST_F(InstallerTest, RefusesWhenGitLooksForHooksElsewhere) {
  repository_.git({"config", "core.hooksPath", "/etc/hooks"});
  EXPECT_EQ(refusal(repository_.path()),
            "core.hooksPath is '/etc/hooks' (file:" + repository_.path() +
                "/config): Git would never run the hooks of this repository");
  repository_.git({"config", "--unset", "core.hooksPath"});
  write(repository_.beside("gitconfig"), "[core]\n\thooksPath = elsewhere\n");
  EXPECT_EQ(refusal(repository_.path()),
            "core.hooksPath is 'elsewhere' (file:" + repository_.beside("gitconfig") +
                "): Git would never run the hooks of this repository");
}

TEST_F(InstallerTest, AcceptsAHooksPathThatNamesTheUsualPlace) {
  repository_.git({"config", "core.hooksPath", "hooks"});
  EXPECT_TRUE(install().newly_installed());
}

TEST_F(InstallerTest, RefusesWhenAProgramDoesNotWork) {
  ::chmod((settings_.programs + "/update").c_str(), 0644);
  EXPECT_EQ(refusal(repository_.path()),
            settings_.programs + "/update does not work for this account: Permission denied");
  write(settings_.programs + "/update", "#!/bin/sh\necho 'no such library' >&2\nexit 127\n", 0755);
  EXPECT_EQ(refusal(repository_.path()),
            settings_.programs +
                "/update does not work for this account: exit code 127: no such library");
  EXPECT_FALSE(exists(repository_.path() + "/trunkgate"));
}

TEST_F(InstallerTest, MakesAMissingFolderOfHooks) {
  fs::remove_all(repository_.path() + "/hooks");
  ::chmod(repository_.path().c_str(), 0755);
  install();
  EXPECT_EQ(mode_of(repository_.path() + "/hooks"), 0755U);
}

TEST_F(InstallerTest, SharesWhatTheRepositoryShares) {
  settings_.init = true;
  repository_.git({"init", "-q", "--bare", "--shared=group", repository_.beside("shared.git")});
  install_gate(repository_.beside("shared.git"), settings_);
  EXPECT_EQ(mode_of(repository_.beside("shared.git/trunkgate")), 02770U);
  EXPECT_EQ(mode_of(repository_.beside("shared.git/trunkgate/policy.yaml")), 0660U);
}

TEST_F(InstallerTest, UninstallTakesOnlyItsOwnAway) {
  install();
  fs::remove(hook("update"));
  write(hook("update"), kForeign, 0755);
  const auto removed = uninstall_gate(repository_.path(), false);
  EXPECT_TRUE(removed[0].removed);
  EXPECT_FALSE(removed[1].removed);
  EXPECT_FALSE(exists(hook("pre-receive")));
  EXPECT_EQ(text_of(hook("update")), kForeign);
  EXPECT_TRUE(exists(repository_.path() + "/trunkgate/policy.yaml"));
  EXPECT_TRUE(exists(repository_.path() + "/trunkgate/state/baselines/0"));
}

TEST_F(InstallerTest, UninstallRestoresTheOnlyChainedHook) {
  write(hook("update"), kForeign, 0750);
  install();
  const auto removed = uninstall_gate(repository_.path(), false);
  EXPECT_EQ(removed[1].restored, "hooks/update.d/50-previous");
  EXPECT_EQ(removed[1].left, "");
  EXPECT_EQ(text_of(hook("update")), kForeign);
  EXPECT_EQ(mode_of(hook("update")), 0750U);
  EXPECT_FALSE(exists(hook("update.d")));
}

TEST_F(InstallerTest, UninstallLeavesSeveralChainedHooksAlone) {
  write(hook("update"), kForeign, 0755);
  install();
  write(hook("update.d/60-more"), kForeign, 0755);
  const auto removed = uninstall_gate(repository_.path(), false);
  EXPECT_EQ(removed[1].restored, "");
  EXPECT_EQ(removed[1].left, "hooks/update.d");
  EXPECT_FALSE(exists(hook("update")));
  EXPECT_EQ(list_folder(hook("update.d")), (std::vector<std::string>{"50-previous", "60-more"}));
}

TEST_F(InstallerTest, ADryRunUninstallsNothing) {
  write(hook("update"), kForeign, 0755);
  install();
  const auto before = everything(repository_.path());
  EXPECT_EQ(uninstall_gate(repository_.path(), true)[1].restored, "hooks/update.d/50-previous");
  EXPECT_EQ(everything(repository_.path()), before);
}

// What the setting that hands landings over to proc-receive holds.
class QueueInstallerTest : public InstallerTest {
 protected:
  QueueInstallerTest() { policy("land: {queue: true}\n"); }

  void policy(const std::string& text) {
    write(repository_.path() + "/trunkgate/policy.yaml", kPolicy + text);
  }
  std::string setting() {
    ChildRequest request;
    request.argv = {"git", "--git-dir=" + repository_.path(), "config", "--get-all",
                    "receive.procReceiveRefs"};
    return run_child(request).output;
  }
};

TEST_F(QueueInstallerTest, IsOffWithoutTheKey) {
  policy("");
  const InstallReport report = install();
  EXPECT_FALSE(report.queue);
  EXPECT_FALSE(exists(hook(kQueueHook)));
  EXPECT_EQ(setting(), "");
}

TEST_F(QueueInstallerTest, PutsDownTheHookAndTheSettingOnce) {
  const InstallReport report = install();
  EXPECT_TRUE(report.queue);
  EXPECT_EQ(report.queue_obstacle, "");
  EXPECT_EQ(text_of(hook(kQueueHook)), ours(kQueueHook));
  EXPECT_EQ(mode_of(hook(kQueueHook)), 0755U);
  EXPECT_EQ(report.hooks.back().name, kQueueHook);
  EXPECT_EQ(report.configured, (std::vector<std::string>{"receive.advertisePushOptions=true",
                                                         "receive.procReceiveRefs=refs/for"}));
  EXPECT_EQ(setting(), "refs/for\n");
  const auto before = everything(repository_.path() + "/hooks");
  EXPECT_FALSE(install().changed());
  EXPECT_EQ(everything(repository_.path() + "/hooks"), before);
  EXPECT_EQ(setting(), "refs/for\n");
}

TEST_F(QueueInstallerTest, LeavesOtherValuesOfTheSettingAlone) {
  repository_.git({"config", "receive.procReceiveRefs", "refs/drafts"});
  install();
  EXPECT_EQ(setting(), "refs/drafts\nrefs/for\n");
  const auto hooks = uninstall_gate(repository_.path(), false);
  ASSERT_EQ(hooks.size(), 4U);
  EXPECT_EQ(hooks.back().name, kQueueHook);
  EXPECT_TRUE(hooks.back().removed);
  EXPECT_FALSE(exists(hook(kQueueHook)));
  EXPECT_EQ(setting(), "refs/drafts\n");
  // Gone already: nothing more to say of it.
  EXPECT_EQ(uninstall_gate(repository_.path(), false).size(), 3U);
}

TEST_F(QueueInstallerTest, TakesASettingOfTheSameMeaning) {
  for (const std::string value : {"refs/for/", "am:refs/for", "a:refs/for"}) {
    repository_.git({"config", "--replace-all", "receive.procReceiveRefs", value});
    install();
    EXPECT_EQ(setting(), value + "\n");
  }
  for (const std::string value : {"d:refs/for", "!:refs/for", "refs/for/main", "refs/heads"}) {
    repository_.git({"config", "--replace-all", "receive.procReceiveRefs", value});
    install();
    EXPECT_EQ(setting(), value + "\nrefs/for\n");
  }
}

TEST_F(QueueInstallerTest, LeavesAnotherHookThereUnlessItIsToBeReplaced) {
  write(hook(kQueueHook), kForeign, 0755);
  InstallReport report = install();
  EXPECT_EQ(report.queue_obstacle,
            "hooks/proc-receive is another hook, and of these there can be only one; install with "
            "--replace to set it aside");
  EXPECT_EQ(text_of(hook(kQueueHook)), kForeign);
  EXPECT_EQ(setting(), "");
  settings_.replace = true;
  report = install();
  EXPECT_EQ(report.queue_obstacle, "");
  EXPECT_EQ(report.hooks.back().kept, "hooks/proc-receive.d/50-previous.disabled");
  EXPECT_EQ(text_of(hook(kQueueHook)), ours(kQueueHook));
  EXPECT_EQ(setting(), "refs/for\n");
}

TEST_F(QueueInstallerTest, ADryRunChangesNothing) {
  install();
  uninstall_gate(repository_.path(), false);
  settings_.dry_run = true;
  const auto before = everything(repository_.path());
  const InstallReport report = install();
  EXPECT_EQ(report.hooks.back().name, kQueueHook);
  EXPECT_EQ(report.configured, std::vector<std::string>{"receive.procReceiveRefs=refs/for"});
  EXPECT_EQ(everything(repository_.path()), before);
}

}  // namespace
}  // namespace trunkgate
