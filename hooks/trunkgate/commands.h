// The subcommands of `trunkgate`: one file each, called from the table in main.cc.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace trunkgate {

struct CheckArguments {
  std::vector<std::string> files;
};

struct MessageArguments {
  std::string format = "text";  // "text" or "json"
  std::size_t parents = 1;
  std::string encoding;  // empty: UTF-8
  std::string policy;    // a policy file whose rule judges; empty: the rule's own defaults
  std::string file;      // empty: standard input
};

struct DeliverArguments {
  std::vector<std::string> repositories;
  bool watch = false;  // go on until stopped
  bool woken = false;  // started by a hook
};

struct EventsArguments {
  std::string action;  // "list", "show", "tail" or "verify"
  std::string repository = ".";
  std::string since;  // as parse_moment() takes them; empty for no bound
  std::string until;
  std::vector<std::string> refs;  // globs; empty: all
  std::vector<std::string> types;
  std::string push;
  std::string by;
  std::size_t limit = 0;        // the newest so many; 0: all
  std::size_t tail = 10;        // the same of `tail`
  std::string format = "text";  // "text" or "json"
  bool follow = false;
  std::string event;  // id, sequence or `dataref`, to be shown
  bool full = false;  // with what was cut from it
};

struct DeliveriesArguments {
  std::string action;  // "list", "redeliver", "enable" or "disable"
  std::string repository = ".";
  std::string sink;  // empty: all
  bool failed = false;
  bool open = false;
  bool dead = false;
  std::size_t limit = 20;  // rows of each sink; 0: all
  std::string format = "text";
  std::string events;  // id, SEQUENCE or SEQUENCE..SEQUENCE
  std::string since;
};

struct SinkTestArguments {
  std::string repository = ".";
  std::string sink;
};

struct InstallArguments {
  std::vector<std::string> repositories;
  bool init = false;     // create repositories that do not exist
  bool dry_run = false;  // say what would be done
  bool replace = false;  // set foreign hooks aside instead of chaining them
};

struct ExplainArguments {
  std::vector<std::string> rules;
  bool markdown = false;  // all of them, as config/RULES.md
};

struct TestArguments {
  std::string policy;              // a file or "preset:NAME"; empty: what the test files' names say
  std::vector<std::string> files;  // test files; empty: the one beside the policy
  std::string format = "text";     // "text" or "json"
  bool coverage = false;           // name the rules that no test has tried
};

struct DoctorArguments {
  std::string repository = ".";
};

struct StatusArguments {
  std::string repository = ".";
  std::string format = "text";  // "text" or "json"
};

struct SweepArguments {
  std::string repository = ".";
  bool dry_run = false;
  std::string restore;  // a branch that is to come back; empty: a sweep
};

struct TraceArguments {
  std::string thing;  // empty: tell what is in service
  std::string repository = ".";
  bool up = false;              // what it was made from; with neither of both, both
  bool down = false;            // what was made from it
  std::string format = "text";  // "text" or "json"
};

struct PresetsArguments {
  std::string show;  // the name of one; all names when empty
};

// Each returns the exit code: 0 fine, 1 the answer is no, 2 it could not be done.
int check_command(const CheckArguments& arguments);
int test_command(const TestArguments& arguments);
int message_command(const MessageArguments& arguments);
int deliver_command(const DeliverArguments& arguments);
int events_command(const EventsArguments& arguments);
int deliveries_command(const DeliveriesArguments& arguments);
int sink_test_command(const SinkTestArguments& arguments);
int install_command(const InstallArguments& arguments);
int explain_command(const ExplainArguments& arguments);
int schema_command();
int presets_command(const PresetsArguments& arguments);
int doctor_command(const DoctorArguments& arguments);
int status_command(const StatusArguments& arguments);
int sweep_command(const SweepArguments& arguments);
int trace_command(const TraceArguments& arguments);
int uninstall_command(const InstallArguments& arguments);

}  // namespace trunkgate
