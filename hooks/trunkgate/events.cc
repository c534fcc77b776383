// trunkgate events: what was recorded, for people and their scripts.
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/match.h"
#include "base/text.h"
#include "commands.h"
#include "events/delivery_rows.h"
#include "events/event_line.h"
#include "events/full_event.h"
#include "events/journal_check.h"
#include "events/journal_reader.h"
#include "git/repository.h"
#include "hook/gate_paths.h"

namespace trunkgate {
namespace {

constexpr int kPollMilliseconds = 300;

std::string folder_of(const std::string& repository) {
  return GatePaths{
      Repository({.git_dir = repository, .quarantine = {}, .git_namespace = {}}).path()}
      .folder();
}

Glob glob_of(const std::string& text, const char* option) {
  if (const auto mistake = Glob::mistake(text)) {
    throw Error(ErrorKind::usage, std::string(option) + " '" + printable(text) + "': " + *mistake);
  }
  return Glob(text);
}

EventQuery query_of(const EventsArguments& arguments) {
  EventQuery query;
  query.range = event_range(arguments.since, arguments.until, microseconds_now());
  std::vector<Glob> refs;
  for (const std::string& ref : arguments.refs) refs.push_back(glob_of(ref, "--ref"));
  query.filter.refs = RefPatterns(GlobSet(std::move(refs)));
  for (const std::string& type : arguments.types) {
    query.filter.types.push_back(glob_of(type, "--type"));
  }
  query.push = arguments.push;
  if (!query.push.empty() && !query.push.starts_with("push_")) query.push.insert(0, "push_");
  query.by = arguments.by;
  query.newest = arguments.action == "tail" ? arguments.tail : arguments.limit;
  return query;
}

// False when nobody reads it any more.
bool print(const std::string& line) {
  return std::fputs(line.c_str(), stdout) >= 0 && std::fputc('\n', stdout) != EOF;
}

class Listing {
 public:
  Listing(const EventsArguments& arguments, std::string folder)
      : json_(arguments.format == "json"), folder_(std::move(folder)), query_(query_of(arguments)) {
    open();
  }

  int list() {
    show_all();
    journal_->finish();
    return std::fflush(stdout) == 0 ? 0 : 2;
  }

  int tail(std::size_t count, bool follow) {
    last_ = journal_->last();
    if (count > 0) show_all();
    query_.newest = 0;
    // A signal ends it, or the end of who reads it.
    while (follow && std::fflush(stdout) == 0 && open_) {
      ::poll(nullptr, 0, kPollMilliseconds);
      if (journal_->replaced()) reopen();
      query_.range.first = last_ + 1;
      show_all();
    }
    return std::fflush(stdout) == 0 ? 0 : 2;
  }

 private:
  void open() { journal_ = std::make_unique<JournalReader>(folder_); }

  // A journal that was lost is followed by another one, which counts from one again.
  void reopen() {
    try {
      open();
    } catch (const Error&) {
      return;  // it is being made
    }
    std::fprintf(stderr, "warning: the journal was replaced by another one\n");
    last_ = 0;
  }

  void show_all() {
    journal_->each(query_, [&](const RecordedEvent& event) {
      last_ = std::max(last_, event.sequence);
      try {
        open_ = print(json_ ? event_json(event) : event_line(event));
      } catch (const Error& error) {
        std::fprintf(stderr, "warning: %s\n", error.what());
      }
      return open_;
    });
  }

  bool json_;
  bool open_ = true;
  std::string folder_;
  EventQuery query_;
  std::unique_ptr<JournalReader> journal_;
  std::uint64_t last_ = 0;
};

// True when all of the event is there now.
bool make_full(const EventsArguments& arguments, const std::string& folder,
               const JournalReader& journal, RecordedEvent& event) {
  const Repository repository(
      {.git_dir = arguments.repository, .quarantine = {}, .git_namespace = {}});
  FullEvent full = full_event(journal, repository, folder + "/state", event);
  event.json = std::move(full.json);
  if (full.lacking.empty()) return true;
  std::fprintf(stderr, "warning: nothing keeps more of: %s\n",
               printable(join(full.lacking, ", ")).c_str());
  return false;
}

int show(const EventsArguments& arguments, const std::string& folder) {
  const JournalReader journal(folder);
  const auto fragment = arguments.event.rfind('#');
  auto event = journal.find(fragment == std::string::npos ? arguments.event
                                                          : arguments.event.substr(fragment + 1));
  if (!event) {
    std::fprintf(stderr, "error: there is no event %s in the journal\n",
                 printable(arguments.event).c_str());
    std::fprintf(stderr, "hint: see which there are with: trunkgate events list\n");
    return 1;
  }
  const bool all = !arguments.full || make_full(arguments, folder, journal, *event);
  const std::vector<DeliveryRow> deliveries = deliveries_of(journal, event->sequence);
  journal.finish();
  if (arguments.format == "json") {
    print(event_page_json(*event, deliveries));
  } else {
    std::fputs(event_page(*event, deliveries).c_str(), stdout);
  }
  return all ? 0 : 1;
}

int verify(const std::string& folder) {
  const JournalCheck check = check_journal(folder);
  for (const std::string& problem : check.problems) print("error: " + problem);
  if (check.problems_total > check.problems.size()) {
    print("and " + std::to_string(check.problems_total - check.problems.size()) + " more");
  }
  std::string what = "no events";
  if (check.events > 0) {
    what = count_of(check.events, "event", "events") + ", " + std::to_string(check.first) + " to " +
           std::to_string(check.last);
  }
  if (check.pruned > 0) what += ", older ones pruned up to " + std::to_string(check.pruned);
  if (check.problems_total > 0) {
    print(count_of(check.problems_total, "problem", "problems") + " (" + what + ")");
    return 1;
  }
  print("nothing is wrong (" + what + ")");
  return 0;
}

}  // namespace

int events_command(const EventsArguments& arguments) {
  const std::string folder = folder_of(arguments.repository);
  if (arguments.action == "show") return show(arguments, folder);
  if (arguments.action == "verify") return verify(folder);
  Listing listing(arguments, folder);
  if (arguments.action == "tail") return listing.tail(arguments.tail, arguments.follow);
  return listing.list();
}

}  // namespace trunkgate
