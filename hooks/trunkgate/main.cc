// trunkgate, the operator's tool: one row of a table for each subcommand.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <functional>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "commands.h"

namespace trunkgate {
namespace {

struct Arguments {
  CheckArguments check;
  TestArguments test;
  MessageArguments message;
  DeliverArguments deliver;
  InstallArguments install;
  ExplainArguments explain;
  PresetsArguments presets;
  TraceArguments trace;
};

struct Command {
  const char* name;
  const char* summary;
  void (*options)(CLI::App& app, Arguments& arguments);
  int (*run)(const Arguments& arguments);
};

constexpr Command kCommands[] = {
    {"check", "find every mistake in a policy file",
     [](CLI::App& app, Arguments& a) {
       app.add_option("FILE", a.check.files, "policy files")->required();
     },
     [](const Arguments& a) { return check_command(a.check); }},
    {"test", "run the tests of a policy",
     [](CLI::App& app, Arguments& a) {
       app.add_option("FILE", a.test.files, "test files; policy.test.yaml when left out");
       app.add_option("--policy", a.test.policy,
                      "the policy, or preset:NAME; beside the test file");
       app.add_option("--format", a.test.format, "text or json")
           ->check(CLI::IsMember({"text", "json"}));
       app.add_flag("--coverage", a.test.coverage, "name the rules that no test has tried");
     },
     [](const Arguments& a) { return test_command(a.test); }},
    {"message", "judge one commit message; also a commit-msg hook",
     [](CLI::App& app, Arguments& a) {
       app.add_option("FILE", a.message.file, "the message; standard input when left out");
       app.add_option("--format", a.message.format, "text or json")
           ->check(CLI::IsMember({"text", "json"}));
       app.add_option("--parents", a.message.parents, "how many parents the commit has (1)");
       app.add_option("--encoding", a.message.encoding, "the commit's encoding header (UTF-8)");
       app.add_option("--policy", a.message.policy, "judge by this policy's unconventional-commit");
     },
     [](const Arguments& a) { return message_command(a.message); }},
    {"explain", "tell what rules there are, or all about some of them",
     [](CLI::App& app, Arguments& a) {
       app.add_option("RULE", a.explain.rules, "ids of rules; all of them when left out");
       app.add_flag("--markdown", a.explain.markdown, "everything, as in RULES.md");
     },
     [](const Arguments& a) { return explain_command(a.explain); }},
    {"presets", "list the presets, or show the text of one",
     [](CLI::App& app, Arguments& a) {
       CLI::App* show = app.add_subcommand("show", "print the text of one");
       show->add_option("NAME", a.presets.show, "of a preset")->required();
     },
     [](const Arguments& a) { return presets_command(a.presets); }},
    {"schema", "print the JSON Schema of policies, for editors", [](CLI::App&, Arguments&) {},
     [](const Arguments&) { return schema_command(); }},
    {"deliver", "turn what the hooks left into events and send them",
     [](CLI::App& app, Arguments& a) {
       app.add_option("REPOSITORY", a.deliver.repositories, "bare repositories")->required();
       app.add_flag("--watch", a.deliver.watch, "go on until stopped, as a service does");
       app.add_flag("--woken", a.deliver.woken,
                    "started by a hook: leave what others do, say nothing");
     },
     [](const Arguments& a) { return deliver_command(a.deliver); }},
    {"trace", "tell what something was made from, what from it, and who let it in",
     [](CLI::App& app, Arguments& a) {
       app.add_option(
              "THING", a.trace.thing,
              "ENVIRONMENT/SERVICE@REVISION, MODEL@VERSION, sha256:DIGEST, an image, a file "
              "of weights, a tag, a branch or a commit")
           ->required();
       app.add_option("--repo", a.trace.repository, "the bare repository (.)");
       app.add_flag("--up", a.trace.up, "only what it was made from");
       app.add_flag("--down", a.trace.down, "only what was made from it");
       app.add_option("--format", a.trace.format, "text or json")
           ->check(CLI::IsMember({"text", "json"}));
     },
     [](const Arguments& a) { return trace_command(a.trace); }},
    {"install", "put the gate on bare repositories",
     [](CLI::App& app, Arguments& a) {
       app.add_option("REPOSITORY", a.install.repositories, "bare repositories")->required();
       app.add_flag("--init", a.install.init, "create those that do not exist");
       app.add_flag("--replace", a.install.replace,
                    "set foreign hooks aside instead of running them after the gate");
       app.add_flag("--dry-run", a.install.dry_run, "say what would be done and do nothing");
     },
     [](const Arguments& a) { return install_command(a.install); }},
    {"uninstall", "take the gate off; policy, state and events stay",
     [](CLI::App& app, Arguments& a) {
       app.add_option("REPOSITORY", a.install.repositories, "bare repositories")->required();
       app.add_flag("--dry-run", a.install.dry_run, "say what would be done and do nothing");
     },
     [](const Arguments& a) { return uninstall_command(a.install); }},
};

int run(int argc, char** argv) {
  CLI::App app{"trunkgate: a gate for self-hosted Git", "trunkgate"};
  app.set_version_flag("--version", "trunkgate " TRUNKGATE_VERSION);
  app.require_subcommand(1);
  Arguments arguments;
  std::function<int()> chosen;
  for (const Command& command : kCommands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    command.options(*sub, arguments);
    sub->callback([&chosen, &command, &arguments] {
      chosen = [&command, &arguments] { return command.run(arguments); };
    });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return chosen();
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a full quota is an error like others
  try {
    return trunkgate::run(argc, argv);
  } catch (const trunkgate::Error& error) {
    std::fprintf(stderr, "error: %s\n", trunkgate::printable(error.what(), 4000).c_str());
    if (!error.hint().empty()) std::fprintf(stderr, "hint: %s\n", error.hint().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", trunkgate::printable(error.what(), 4000).c_str());
  }
  return 2;
}
