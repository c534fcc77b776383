// command: a program of the admin's judges the whole push: it reads the push as JSON and answers
// findings as JSON (config/command-input.schema.json, config/command-answer.schema.json).
#include <algorithm>
#include <filesystem>
#include <iterator>

#include "base/child_process.h"
#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/push/command_answer.h"
#include "rules/push/command_environment.h"
#include "rules/push/command_failure.h"
#include "rules/push/command_input.h"

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
                                          &kTimeout.info,   &kMemory.info,     &kNetwork.info,
                                          &kOnFailure.info, &kEnvironment.info};

enum class Network { deny, deny_if_possible, allow };
constexpr std::string_view kNetworkWords[] = {"deny", "deny-if-possible", "allow"};
constexpr Mode kFailureModes[] = {Mode::enforce, Mode::warn, Mode::audit};
constexpr std::string_view kFailureWords[] = {"refuse", "warn", "accept"};

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
        environment_(setup.options.get(kEnvironment)) {
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
    const CommandInput input = command_input(push, parts, id_, groups_, files_);
    if (!files_.empty() && input.files == 0 && !input.too_large) return;
    if (input.too_large) {
      fail(push, "was not asked: the push is too large to be told about", {}, out);
      return;
    }
    bool with_network = network_ == Network::allow;
    ChildResult result = ask(push, input.text, with_network);
    if (result.kept_network && network_ == Network::deny_if_possible) {
      with_network = true;
      result = ask(push, input.text, with_network);
      out.whole.add({.message = program() + " had the network: this server cannot take it away",
                     .hint = "an admin can say so in the policy: network: allow",
                     .advice = true,
                     .rule = id_});
    }
    std::string failure = failure_of(result, run_[0], limits_);
    if (failure.empty()) {
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

 private:
  std::string program() const {
    return "the program '" + printable(run_[0].substr(run_[0].rfind('/') + 1), 60) + "'";
  }

  ChildResult ask(const Push& push, const std::string& input, bool with_network) const {
    ChildRequest request;
    request.argv = run_;
    request.environment = command_environment(push, environment_);
    request.working_directory = push.repository.path();
    request.input = input;
    request.output_limit = kMaxAnswerBytes;
    request.errors_kept = kKeptErrorBytes;
    request.timeout = limits_.timeout;
    request.confinement = {.memory = limits_.memory, .network = with_network};
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
};

constexpr Example kExamples[] = {
    {"{run: /bin/true}", "1 refs", true},
    {"{run: /bin/false}", "1 refs", false},
    {"{run: /bin/false, on-failure: warn}", "1 refs", true},
    {"{run: [/bin/echo, '{\"findings\": []}']}", "1 refs", true},
    {"{run: [/bin/echo, '{\"findings\": [{\"message\": \"not on a Friday\"}]}']}", "1 refs", false},
    {"{run: [/bin/echo, 'all is well']}", "1 refs", false},
    {"{run: /bin/false, files: '*.py'}", "1 refs", true},
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
