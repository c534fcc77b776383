#include "hook/git_program.h"

#include "base/child_process.h"
#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr int kNotSet = 1;  // git config's exit code

[[noreturn]] void fail(const std::string& what, const ChildResult& result) {
  if (!result.started) {
    throw Error(ErrorKind::repository, what + ": git cannot be started: " + result.start_error);
  }
  throw Error(ErrorKind::repository, what + ": git says: " + std::string(trim(result.errors)));
}

ChildResult run_git(std::vector<std::string> arguments, std::vector<std::string> environment) {
  ChildRequest request;
  request.argv = std::move(arguments);
  request.argv.insert(request.argv.begin(), "git");
  request.environment = std::move(environment);
  request.environment.emplace_back("PATH=/usr/local/bin:/usr/bin:/bin");
  request.environment.emplace_back("LC_ALL=C");
  request.timeout = std::chrono::seconds(60);
  return run_child(request);
}

}  // namespace

void GitProgram::make_repository(const std::string& path) const {
  const ChildResult result =
      run_git({"init", "--quiet", "--bare", "--object-format=sha1", "-b", "main", "--", path},
              environment_);
  if (!result.succeeded()) fail("cannot create " + path, result);
}

std::optional<GitSetting> GitProgram::setting(const std::string& repository, const std::string& key,
                                              const std::string& type) const {
  std::vector<std::string> arguments{"--git-dir=" + repository, "config", "-z",
                                     "--show-origin",           "--get",  key};
  if (!type.empty()) arguments.insert(arguments.begin() + 2, "--type=" + type);
  const ChildResult result = run_git(std::move(arguments), environment_);
  if (result.exit_status == kNotSet && result.output.empty()) return std::nullopt;
  if (!result.succeeded()) fail("cannot read " + key, result);
  // origin NUL value NUL
  const std::string& text = result.output;
  const auto middle = text.find('\0');
  const auto end = text.rfind('\0');
  if (middle == std::string::npos || end == middle) fail("cannot understand " + key, result);
  return GitSetting{.value = text.substr(middle + 1, end - middle - 1),
                    .origin = text.substr(0, middle)};
}

void GitProgram::set(const std::string& repository, const std::string& key,
                     const std::string& value) const {
  const ChildResult result = run_git(
      {"--git-dir=" + repository, "config", "--local", "--replace-all", key, value}, environment_);
  if (!result.succeeded()) fail("cannot set " + key, result);
}

void GitProgram::add(const std::string& repository, const std::string& key,
                     const std::string& value) const {
  const ChildResult result =
      run_git({"--git-dir=" + repository, "config", "--local", "--add", key, value}, environment_);
  if (!result.succeeded()) fail("cannot set " + key, result);
}

void GitProgram::unset(const std::string& repository, const std::string& key,
                       const std::string& value) const {
  const ChildResult result = run_git(
      {"--git-dir=" + repository, "config", "--local", "--fixed-value", "--unset-all", key, value},
      environment_);
  constexpr int kNoSuchValue = 5;
  if (!result.succeeded() && result.exit_status != kNoSuchValue)
    fail("cannot unset " + key, result);
}

}  // namespace trunkgate
