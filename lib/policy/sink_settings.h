// Where events go: one item of `events: sinks:` in the policy. Files that are named here are
// absolute paths; what secrets they hold is read by the sink, when it sends.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/match.h"
#include "base/path_set.h"
#include "base/ref_patterns.h"

namespace trunkgate {

// Which events a sink takes: those that every part which says something takes.
struct SinkFilter {
  // Names without prefix and version, such as "branch.stale"; globs of one segment, "ref.*".
  std::vector<Glob> types;
  RefPatterns refs;  // events about no ref pass when one of the push's refs does
  PathSet paths;     // some new commit changed one of them; an event that lists no paths passes
  std::vector<std::string> labels;  // of exemptions that the push used
  bool drafts = true;               // false: no event of a push with the option `draft`
};

struct FileSinkSettings {
  std::string path;
  std::uint64_t max_size = 0;  // bytes, then the file is moved away; 0 for never
  std::uint64_t keep = 10;     // how many files that were moved away stay
};

// HTTP POST of each event.
struct WebhookSettings {
  // The body and the headers that say what it is.
  enum class Style { cloudevents, cloudevents_binary, github, gitlab, gitea };

  std::string url;          // http or https, without a user
  std::string secret_file;  // what signs; empty for no signature
  std::string token_file;   // `Authorization: Bearer`; empty for none
  std::string ca_file;      // trusted besides the system's certificates; empty for none
  Style style = Style::cloudevents;
  std::chrono::seconds timeout{15};
  // Addresses inside of the own network that may be called: "10.1.2.0/24", "::1", names of hosts.
  std::vector<std::string> allow;
};

struct NatsSettings {
  std::vector<std::string> servers;  // "nats://host:4222", "tls://host:4222"
  std::string stream;
  std::string subject = "git";   // what subjects start with
  std::string credentials_file;  // as `nsc` writes them; empty for none
  std::string ca_file;
};

struct SmtpSettings {
  std::string server;  // "smtp://host:25", "smtps://host:465"
  std::string from;    // empty: trunkgate@<host>
  std::vector<std::string> to;
  std::string user;
  std::string secret_file;  // the password
  std::string ca_file;
  std::chrono::seconds digest{0};  // gathers events for so long and sends one mail
};

// A program that gets each event as one line of JSON on standard input.
struct CommandSinkSettings {
  std::vector<std::string> run;  // the first is an absolute path
  std::chrono::seconds timeout{30};
};

struct SinkSettings {
  std::string name;  // letters, digits, '.', '_', '-'; of at most 64 bytes
  SinkFilter filter;
  // false: an event does not wait for those of its ref that could not be delivered.
  bool ordered = true;
  std::variant<FileSinkSettings, WebhookSettings, NatsSettings, SmtpSettings, CommandSinkSettings>
      receiver;
};

}  // namespace trunkgate
