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
  EventsArguments events;
  DeliveriesArguments deliveries;
  SinkTestArguments sink;
  InstallArguments install;
  ExplainArguments explain;
  PresetsArguments presets;
  DoctorArguments doctor;
  StatusArguments status;
  SweepArguments sweep;
  TraceArguments trace;
};

struct Command {
  const char* name;
  const char* summary;
  void (*options)(CLI::App& app, Arguments& arguments);
  int (*run)(const Arguments& arguments);
};

// A word below a subcommand; which one was said goes into `action`.
CLI::App* action_of(CLI::App& app, std::string& action, const char* name, const char* summary) {
  CLI::App* sub = app.add_subcommand(name, summary);
  sub->callback([&action, name] { action = name; });
  app.require_subcommand(1);
  return sub;
}

void add_repository(CLI::App& app, std::string& repository) {
  app.add_option("--repo", repository, "the bare repository; this folder when left out");
}

void add_format(CLI::App& app, std::string& format) {
  app.add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}));
}

void add_event_choice(CLI::App& app, EventsArguments& a) {
  app.add_option("--ref", a.refs, "globs: of these refs only; main stands for refs/heads/main");
  app.add_option("--type", a.types, "globs: of these types only, such as ref.*");
  app.add_option("--push", a.push, "of the push with this id, or what its id begins with");
  app.add_option("--by", a.by, "of this user only");
}

void events_options(CLI::App& app, EventsArguments& a) {
  CLI::App* list = action_of(app, a.action, "list", "one line for each event");
  list->add_option("--since", a.since, "36h or 7d (ago), 2026-01-31T09:30 (UTC), or a sequence");
  list->add_option("--until", a.until, "the same, for the end");
  list->add_option("--limit", a.limit, "the newest so many");
  CLI::App* show = action_of(app, a.action, "show", "all of one event, and where it went");
  show->add_option("EVENT", a.event,
                   "its id, or what its id begins with, or its sequence, or its dataref")
      ->required();
  show->add_flag("--full", a.full, "with what was cut from it, told again from the repository");
  CLI::App* tail = action_of(app, a.action, "tail", "the newest events");
  tail->add_option("-n", a.tail, "so many (10)");
  tail->add_flag("--follow,-f", a.follow, "and those to come, until stopped");
  CLI::App* verify =
      action_of(app, a.action, "verify", "whether anybody has changed what was recorded");
  for (CLI::App* sub : {list, tail}) add_event_choice(*sub, a);
  for (CLI::App* sub : {list, show, tail}) add_format(*sub, a.format);
  for (CLI::App* sub : {list, show, tail, verify}) add_repository(*sub, a.repository);
}

void deliveries_options(CLI::App& app, DeliveriesArguments& a) {
  CLI::App* list = action_of(app, a.action, "list", "how each sink is doing, and what it lacks");
  list->add_flag("--open", a.open, "what is to be sent yet");
  list->add_flag("--failed", a.failed, "what was tried and is to be sent again");
  list->add_flag("--dead", a.dead, "what was given up");
  list->add_option("--limit", a.limit, "rows for each sink (20); 0 for all");
  add_format(*list, a.format);
  CLI::App* again = action_of(app, a.action, "redeliver", "send events again, with their ids");
  again->add_option("EVENT", a.events, "an id, a sequence, or SEQUENCE..SEQUENCE");
  again->add_option("--since", a.since, "all since then: 36h, 2026-01-31T09:30, or a sequence");
  again->add_flag("--dead", a.dead, "only what was given up; of those events, or all of it");
  for (CLI::App* sub : {list, again}) sub->add_option("--sink", a.sink, "of this sink only");
  CLI::App* enable = action_of(app, a.action, "enable", "let a sink get events again, at once");
  CLI::App* disable = action_of(app, a.action, "disable", "keep a sink's events until enabled");
  for (CLI::App* sub : {enable, disable}) {
    sub->add_option("SINK", a.sink, "its name in the policy")->required();
  }
  for (CLI::App* sub : {list, again, enable, disable}) add_repository(*sub, a.repository);
}

void sink_options(CLI::App& app, SinkTestArguments& a) {
  CLI::App* test = app.add_subcommand("test", "send an event that tells nothing through a sink");
  app.require_subcommand(1);
  test->add_option("SINK", a.sink, "its name in the policy")->required();
  add_repository(*test, a.repository);
}

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
       app.add_option("REPOSITORY,--repo", a.deliver.repositories, "bare repositories")->required();
       app.add_flag("--watch", a.deliver.watch, "go on until stopped, as a service does");
       app.add_flag("--woken", a.deliver.woken,
                    "started by a hook: leave what others do, say nothing");
     },
     [](const Arguments& a) { return deliver_command(a.deliver); }},
    {"doctor", "tell what killed pushes have left behind, and how to mend it",
     [](CLI::App& app, Arguments& a) { add_repository(app, a.doctor.repository); },
     [](const Arguments& a) { return doctor_command(a.doctor); }},
    {"status", "tell whether events get where they are to go",
     [](CLI::App& app, Arguments& a) {
       add_repository(app, a.status.repository);
       add_format(app, a.status.format);
     },
     [](const Arguments& a) { return status_command(a.status); }},
    {"sweep", "give notice of branches that nobody works on, then put them into the archive",
     [](CLI::App& app, Arguments& a) {
       add_repository(app, a.sweep.repository);
       CLI::Option* dry =
           app.add_flag("--dry-run", a.sweep.dry_run, "say what would be done and do nothing");
       app.add_option("--restore", a.sweep.restore, "put this branch back, out of the archive")
           ->excludes(dry);
     },
     [](const Arguments& a) { return sweep_command(a.sweep); }},
    {"trace", "tell what something was made from, what from it, and who let it in",
     [](CLI::App& app, Arguments& a) {
       app.add_option(
           "THING", a.trace.thing,
           "ENVIRONMENT/SERVICE@REVISION, MODEL@VERSION, sha256:DIGEST, an image, a file "
           "of weights, a tag, a branch or a commit; when left out, all that is in service");
       app.add_option("--repo", a.trace.repository, "the bare repository (.)");
       app.add_flag("--up", a.trace.up, "only what it was made from");
       app.add_flag("--down", a.trace.down, "only what was made from it");
       app.add_option("--format", a.trace.format, "text or json")
           ->check(CLI::IsMember({"text", "json"}));
     },
     [](const Arguments& a) { return trace_command(a.trace); }},
    {"events", "list, show, follow or verify what was recorded",
     [](CLI::App& app, Arguments& a) { events_options(app, a.events); },
     [](const Arguments& a) { return events_command(a.events); }},
    {"deliveries", "see where events went, send them again, stop and start sinks",
     [](CLI::App& app, Arguments& a) { deliveries_options(app, a.deliveries); },
     [](const Arguments& a) { return deliveries_command(a.deliveries); }},
    {"sink", "try a sink of the policy",
     [](CLI::App& app, Arguments& a) { sink_options(app, a.sink); },
     [](const Arguments& a) { return sink_test_command(a.sink); }},
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
