// trunkgate status: whether events get where they are to go, on one screen; for a monitor, too.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/microseconds.h"
#include "base/text.h"
#include "commands.h"
#include "events/delivery_rows.h"
#include "events/event.h"
#include "events/event_line.h"
#include "events/journal.h"
#include "events/journal_reader.h"
#include "events/spool.h"
#include "hook/gate_paths.h"
#include "hook/policy_source.h"
#include "policy/policy_files.h"
#include "policy/policy_loader.h"
#include "receivers.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

// A push wakes a deliverer, and the timer starts one every five minutes.
constexpr std::int64_t kPatience = 15 * kMinute;

// When it was changed last, in microseconds since 1970; 0 when it is not there.
std::int64_t changed(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return 0;
  return std::int64_t{status.st_mtim.tv_sec} * kSecond + status.st_mtim.tv_nsec / 1000;
}

class Status {
 public:
  explicit Status(const StatusArguments& arguments)
      : repository_({.git_dir = arguments.repository, .quarantine = {}, .git_namespace = {}}),
        paths_{repository_.path()} {
    read_policy();
    read_spool();
    read_journal();
    last_pass_ = changed(paths_.state() + "/deliver.lock");
  }

  bool well() const { return attention_ == 0; }

  void print() const {
    std::string policy = policy_sha256_.substr(0, 12);
    if (!policy_problem_.empty()) policy += (policy.empty() ? "" : ": ") + policy_problem_;
    line("policy", policy);
    line("spool", count_of(records_, "record", "records") + " to be told" +
                      (records_ == 0 ? "" : ", the oldest of " + second_text(oldest_record_)));
    line("journal", journal_text());
    line("last pass", last_pass_ == 0 ? "none yet" : second_text(last_pass_));
    for (const SinkStatus& sink : sinks_) line("sink", status_text(sink));
    std::puts(well() ? "all is well"
                     : (count_of(attention_, "thing needs", "things need") + " attention").c_str());
  }

  void print_json() const {
    const auto time_or_null = [](std::int64_t time) {
      return time == 0 ? Json() : Json(rfc3339(time));
    };
    Json sinks = Json::array();
    for (const SinkStatus& sink : sinks_) sinks.push_back(Json::parse(status_json(sink)));
    const Json json{{"well", well()},
                    {"policy", {{"sha256", policy_sha256_}, {"problem", policy_problem_}}},
                    {"spool", {{"records", records_}, {"oldest", time_or_null(oldest_record_)}}},
                    {"journal",
                     {{"epoch", epoch_},
                      {"events", events_},
                      {"last", last_},
                      {"newest", time_or_null(newest_)}}},
                    {"last_pass", time_or_null(last_pass_)},
                    {"sinks", std::move(sinks)}};
    std::puts(json.dump(-1, ' ', true, Json::error_handler_t::replace).c_str());
  }

 private:
  static void line(const char* name, const std::string& text) {
    std::puts(fmt::format("{:<11}{}", name, text).c_str());
  }

  std::string journal_text() const {
    if (epoch_.empty()) return "none yet";
    std::string text = count_of(events_, "event", "events");
    if (events_ > 0) text += fmt::format(", the last is {} of {}", last_, second_text(newest_));
    return epoch_ == "1" ? text : text + ", epoch " + epoch_;
  }

  void read_policy() {
    try {
      const auto roots = policy_roots(
          paths_.repository, repository_.config("trunkgate.policy").value_or(""), kSystemPolicy);
      const PolicyInForce found =
          read_policy_in_force(roots, policy_files(repository_), paths_.last_good_policy());
      policy_sha256_ = found.policy->sha256;
      for (const SinkSettings& sink : found.policy->sinks) named_.push_back(sink.name);
      if (named_.empty()) named_.emplace_back(kDefaultSink);
      policy_problem_ = printable(join(found.notices, " "), 1000);
    } catch (const Error& error) {
      policy_problem_ = printable(error.what(), 1000);
    }
    if (!policy_problem_.empty()) ++attention_;
  }

  void read_spool() {
    for (const std::string& name : Spool(paths_.spool(), {}).names()) {
      const std::int64_t time = changed(paths_.spool() + "/" + name);
      if (time == 0) continue;
      oldest_record_ = records_ == 0 ? time : std::min(oldest_record_, time);
      ++records_;
    }
    if (records_ > 0 && microseconds_now() - oldest_record_ > kPatience) ++attention_;
  }

  void read_journal() {
    if (!exists(Journal::path_in(paths_.folder()))) return;
    const JournalReader journal(paths_.folder());
    epoch_ = journal.meta("epoch");
    events_ = static_cast<std::size_t>(
        journal.database().number("SELECT count(*) FROM events").value_or(0));
    last_ = journal.last();
    newest_ = journal.database()
                  .number("SELECT recorded FROM events ORDER BY sequence DESC LIMIT 1")
                  .value_or(0);
    for (SinkStatus& sink : sink_statuses(journal)) {
      // What was taken out of the policy gets nothing any more, and nobody waits for it.
      if (!named_.empty() && std::find(named_.begin(), named_.end(), sink.name) == named_.end()) {
        continue;
      }
      const SinkHealth& health = sink.health;
      if (health.disabled != 0 || health.failing_since != 0 || sink.dead > 0) ++attention_;
      sinks_.push_back(std::move(sink));
    }
    journal.finish();
  }

  Repository repository_;
  GatePaths paths_;
  std::string policy_sha256_;
  std::string policy_problem_;      // printable; empty for none
  std::vector<std::string> named_;  // sinks of the policy
  std::size_t records_ = 0;
  std::int64_t oldest_record_ = 0;  // microseconds since 1970, like all times here; 0 for none
  std::string epoch_;               // empty without a journal
  std::size_t events_ = 0;
  std::uint64_t last_ = 0;
  std::int64_t newest_ = 0;
  std::int64_t last_pass_ = 0;
  std::vector<SinkStatus> sinks_;
  std::size_t attention_ = 0;
};

}  // namespace

int status_command(const StatusArguments& arguments) {
  const Status status(arguments);
  if (arguments.format == "json") {
    status.print_json();
  } else {
    status.print();
  }
  return status.well() ? 0 : 1;
}

}  // namespace trunkgate
