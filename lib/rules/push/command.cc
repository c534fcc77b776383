// command: a program of the admin's judges the whole push: it reads the push as JSON and answers
// findings as JSON (config/command-input.schema.json, config/command-answer.schema.json), or it is
// a linter as it comes, which is given files and ends with an exit code.
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <optional>

#include "base/child_process.h"
#include "base/scratch_folder.h"
#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/push/command_answer.h"
#include "rules/push/command_environment.h"
#include "rules/push/command_failure.h"
#include "rules/push/command_files.h"
#include "rules/push/command_input.h"
#include "rules/push/command_text.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kRun{
    "run", "",
    "the program and its arguments; its path starts at the policy's folder and is never looked for "
    "elsewhere"};
constexpr Option<std::string> kName{"name", "",
                                    "stands behind the rule's id: command.NAME; lower case"};
constexpr Option<PathSet> kFiles{
    "files", "", "the changed files to tell about; when none changed, the program is not run"};
constexpr Option<std::string> kInput{
    "input", "push",
    "what the program is given: push (JSON on standard input), or files (the changed files, "
    "written "
    "out into a folder where it starts, with their names as its last arguments)"};
constexpr Option<std::string> kExitCode{"exit-code", "failure",
                                        "what an exit code other than 0 says: failure, or finding "
                                        "(of those in 'codes'; what the program "
                                        "writes is then text for the pusher and no JSON)"};
constexpr Option<std::vector<std::string>> kCodes{"codes", "['1']", "exit codes that are findings"};
constexpr Option<std::chrono::seconds> kTimeout{"timeout", "10s", "how long it may take"};
constexpr Option<ByteSize> kMemory{"memory", "512 MiB",
                                   "address space of each of its processes; 0 for any"};
constexpr Option<std::string> kNetwork{
    "network", "deny-if-possible",
    "deny, deny-if-possible (with a warning where the system cannot) or allow"};
constexpr Option<std::string> kOnFailure{
    "on-failure", "refuse", "refuse, warn or accept (event only) what the program failed to judge"};
constexpr Option<std::vector<std::string>> kEnvironment{
    "environment", "", "more variables: NAME=value, or NAME to pass on the hook's own"};
constexpr const OptionInfo* kOptions[] = {&kRun.info,       &kName.info,       &kFiles.info,
                                          &kInput.info,     &kExitCode.info,   &kCodes.info,
                                          &kTimeout.info,   &kMemory.info,     &kNetwork.info,
                                          &kOnFailure.info, &kEnvironment.info};

enum class Network { deny, deny_if_possible, allow };
constexpr std::string_view kNetworkWords[] = {"deny", "deny-if-possible", "allow"};
constexpr Mode kFailureModes[] = {Mode::enforce, Mode::warn, Mode::audit};
constexpr std::string_view kFailureWords[] = {"refuse", "warn", "accept"};
constexpr std::string_view kInputWords[] = {"push", "files"};
constexpr std::string_view kExitCodeWords[] = {"failure", "finding"};

constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20U;
constexpr std::size_t kKeptErrorBytes = 8192;
constexpr auto kLongestTimeout = std::chrono::hours(1);

bool is_part_name(std::string_view name) {
  return name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

template <std::size_t N>
std::size_t word_of(const RuleSetup& setup, const OptionInfo& option,
                    const std::string_view (&words)[N]) {
  const auto fallback = static_cast<std::size_t>(
      std::find(std::begin(words), std::end(words), option.fallback) - std::begin(words));
  const Node* node = setup.options.find(option.name);
  if (node == nullptr) return fallback;
  return read_word(*node, words, fallback, setup.options.diagnostics());
}

class Command final : public Rule {
 public:
  explicit Command(const RuleSetup& setup)
      : run_(setup.options.get(kRun)),
        id_("command"),
        groups_(setup.groups),
        files_(setup.options.get(kFiles)),
        limits_{setup.options.get(kTimeout), setup.options.get(kMemory).bytes, kMaxAnswerBytes},
        network_(static_cast<Network>(word_of(setup, kNetwork.info, kNetworkWords))),
        failure_mode_(kFailureModes[word_of(setup, kOnFailure.info, kFailureWords)]),
        environment_(setup.options.get(kEnvironment)),
        gives_files_(word_of(setup, kInput.info, kInputWords) == 1) {
    read_codes(setup);
    const auto mistake = [&](const OptionInfo& option, const std::string& text) {
      const Node* node = setup.options.find(option.name);
      setup.options.diagnostics().error(node == nullptr ? setup.options.where() : node->where,
                                        text);
    };
    if (run_.empty() || run_[0].empty()) {
      mistake(kRun.info, "the rule needs 'run': the program and its arguments");
    } else if (!setup.folder) {
      mistake(kRun.info, "a policy in Git cannot run programs on the server");
    } else {
      if (!run_[0].starts_with("/")) run_[0] = *setup.folder + run_[0];
      // The program's own folder is the repository, so the path must not start where the hook is.
      run_[0] = std::filesystem::absolute(run_[0]).lexically_normal().string();
      warn_if_missing(setup.options);
    }
    if (gives_files_ && files_.empty()) {
      mistake(kInput.info, "'input: files' needs 'files': which of the changed files");
    }
    const std::string name = setup.options.get(kName);
    if (!is_part_name(name)) {
      mistake(kName.info, "a name has small letters, digits, '-' and '_', 64 at most");
    } else if (!name.empty()) {
      id_ += "." + name;
    }
    if (limits_.timeout.count() == 0 || limits_.timeout > kLongestTimeout) {
      mistake(kTimeout.info, "the time limit must be from 1s to 1h");
    }
    for (const std::string& entry : environment_) {
      if (const std::string text = variable_mistake(entry); !text.empty()) {
        mistake(kEnvironment.info, text);
      }
    }
  }

  void check_push(const Push& push, const std::vector<PushPart>& parts,
                  PushAnswer& out) const override {
    if (gives_files_) {
      check_files(push, parts, out);
      return;
    }
    const CommandInput input = command_input(push, parts, id_, groups_, files_);
    if (!files_.empty() && input.files == 0 && !input.too_large) return;
    if (input.too_large) {
      fail(push, "was not asked: the push is too large to be told about", {}, out);
      return;
    }
    ChildRequest request = request_for(push);
    request.input = input.text;
    judge(push, parts, ask(request, out), {}, out);
  }

 private:
  // What becomes of a finding that is text: which part of the push it is about.
  struct Place {
    std::optional<std::size_t> part;
    std::string folder;  // where the files stand
    std::string path;    // when only one was handed out
  };

  void read_codes(const RuleSetup& setup) {
    if (word_of(setup, kExitCode.info, kExitCodeWords) == 0) return;
    for (const std::string& text : setup.options.get(kCodes)) {
      int code = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
      if (error == std::errc() && end == text.data() + text.size() && code >= 1 && code <= 125) {
        finding_codes_.push_back(code);
      } else {  // shells end with 126 and more when a program could not run or was killed
        const Node* node = setup.options.find(kCodes.info.name);
        setup.options.diagnostics().error(item_location(*node, text),
                                          "an exit code is a number from 1 to 125");
      }
    }
  }

  // Ref by ref: one path may hold different things in each of them.
  void check_files(const Push& push, const std::vector<PushPart>& parts, PushAnswer& out) const {
    ChangeWalk walk(push.repository.objects(), false);
    const auto deadline = std::chrono::steady_clock::now() + limits_.timeout;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].commits.empty()) continue;
      const ScratchFolder folder(push.scratch, "files");
      const WrittenFiles files = write_changed_files(push, parts[i], files_, walk, folder.path());
      if (!files.failure.empty()) return fail(push, files.failure, {}, out);
      const Place place{i, folder.path(),
                        files.names.size() == 1 ? files.names[0].substr(2) : std::string()};
      for (const std::vector<std::string>& names : command_lines(files.names)) {
        ChildRequest request = request_for(push);
        request.argv.insert(request.argv.end(), names.begin(), names.end());
        request.working_directory = folder.path();
        // All runs together may take as long as one.
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        request.timeout = std::max(left, std::chrono::milliseconds(1));
        judge(push, parts, ask(request, out), place, out);
      }
    }
  }

  // What a run says: findings as text or as JSON, or that it has failed.
  void judge(const Push& push, const std::vector<PushPart>& parts, const ChildResult& result,
             const Place& place, PushAnswer& out) const {
    const bool text = !finding_codes_.empty();
    if (text && is_finding(result, finding_codes_, limits_.memory)) {
      Finding finding = text_finding(result, name(), place.folder);
      finding.rule = id_;
      if (!place.part) return out.whole.add(std::move(finding));
      const ObjectId& tip = parts[*place.part].ref->new_commit;
      finding.commit = tip;
      finding.title = std::string(title_of(push.repository.commit(tip).message));
      finding.path = place.path;
      return out.parts[*place.part].add(std::move(finding));
    }
    std::string failure = failure_of(result, run_[0], limits_);
    if (failure.empty() && !text) {
      PushAnswer answer = out;
      const std::string mistake = read_command_answer(result.output, push, parts, id_, answer);
      if (mistake.empty()) {
        out = std::move(answer);
      } else {
        failure = "gave an answer that cannot be used: " + mistake;
      }
    }
    if (!failure.empty()) {
      fail(push, failure, result.errors, out);
    } else if (!result.errors.empty()) {
      log_command(push, id_, "judged the push", result.errors);
    }
  }

  // No mistake: the policy may be checked on another machine, and a push says it in its own way.
  void warn_if_missing(const OptionReader& options) const {
    if (::access(run_[0].c_str(), X_OK) == 0) return;
    options.diagnostics().warning(
        options.find(kRun.info.name)->where,
        "there is no program " + printable(run_[0]) + " here that could be run",
        failure_mode_ == Mode::enforce ? "without it every push is refused" : "");
  }

  std::string name() const { return printable(run_[0].substr(run_[0].rfind('/') + 1), 60); }
  std::string program() const { return "the program '" + name() + "'"; }

  ChildRequest request_for(const Push& push) const {
    ChildRequest request;
    request.argv = run_;
    request.environment = command_environment(push, environment_);
    request.working_directory = push.repository.path();
    request.output_limit = kMaxAnswerBytes;
    request.errors_kept = kKeptErrorBytes;
    request.timeout = limits_.timeout;
    return request;
  }

  ChildResult ask(ChildRequest& request, PushAnswer& out) const {
    request.confinement = {.memory = limits_.memory, .network = network_ == Network::allow};
    ChildResult result = run_child(request);
    if (!result.kept_network || network_ != Network::deny_if_possible) return result;
    request.confinement->network = true;
    Finding warning{.message = program() + " had the network: this server cannot take it away",
                    .hint = "an admin can say so in the policy: network: allow",
                    .advice = true,
                    .rule = id_};
    const std::vector<Finding>& said = out.whole.findings;
    if (std::find(said.begin(), said.end(), warning) == said.end()) {
      out.whole.add(std::move(warning));
    }
    return run_child(request);
  }

  void fail(const Push& push, const std::string& what, const std::string& errors,
            PushAnswer& out) const {
    const bool logged = log_command(push, id_, what, errors);
    const std::string label =
        failure_mode_ == Mode::enforce ? "could not decide: " : "not judged: ";
    out.whole.add({.message = label + program() + " " + what,
                   .hint = logged ? "an admin finds more in trunkgate/state/command.log" : "",
                   .undecided = true,
                   .rule = id_,
                   .mode = failure_mode_});
  }

  std::vector<std::string> run_;
  std::string id_;
  Groups groups_;
  PathSet files_;
  CommandLimits limits_;
  Network network_;
  Mode failure_mode_;
  std::vector<std::string> environment_;
  bool gives_files_;
  std::vector<int> finding_codes_;  // empty: an exit code is no finding
};

constexpr Example kExamples[] = {
    {"{run: /bin/true}", "1 refs", true},
    {"{run: /bin/false}", "1 refs", false},
    {"{run: /bin/false, on-failure: warn}", "1 refs", true},
    {"{run: [/bin/echo, '{\"findings\": []}']}", "1 refs", true},
    {"{run: [/bin/echo, '{\"findings\": [{\"message\": \"not on a Friday\"}]}']}", "1 refs", false},
    {"{run: [/bin/echo, 'all is well']}", "1 refs", false},
    {"{run: /bin/false, files: '*.py'}", "1 refs", true},
    {"{run: [/bin/sh, -c, 'echo no tabs, please; exit 1'], exit-code: finding}", "1 refs", false},
    {"{run: [/bin/echo, 'all is well'], exit-code: finding}", "1 refs", true},
    {"{run: [/bin/grep, -L, x], files: f0, input: files}", "1 refs, 1 commits", false},
    {"{run: [/bin/sh, -n], files: '*', input: files, exit-code: finding}", "1 refs, 2 commits",
     true},
};

}  // namespace

constinit const RuleInfo command{
    .id = "command",
    .subject = Subject::push,
    .summary = "a program of the admin's has something against the push",
    .rationale =
        "What no rule knows about, a program can judge: it reads the push as JSON on "
        "standard input and answers findings as JSON on standard output.",
    .remedy = "Do what the finding says; when the program itself failed, ask an admin.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<Command>,
};

}  // namespace trunkgate
