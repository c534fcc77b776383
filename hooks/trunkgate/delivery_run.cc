#include "delivery_run.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "events/deliverer.h"
#include "events/sink_filter.h"
#include "git/repository.h"
#include "hook/gate_paths.h"
#include "hook/leftovers.h"
#include "hook/policy_source.h"
#include "policy/policy_files.h"
#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
// How long a process stays that a hook has started.
constexpr std::int64_t kLinger = 600 * kSecond;
// How often a service looks at the refs without being told that something happened.
constexpr std::int64_t kReconcile = 60 * kSecond;

std::atomic<bool> stopped = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // it is set by a signal
void stop_soon(int /*signal*/) { stopped = true; }

double random_chance() {
  thread_local std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

// What the policy says about events. One that cannot be loaded says nothing, and the default file
// takes them: events do not wait for an admin.
struct EventSettings {
  std::vector<SinkSettings> sinks;
  EventsPolicy events;
  PolicySource policy;
};

PolicySource policy_source(const Repository& repository, const std::vector<PolicyRoot>& roots,
                           const Policy& policy) {
  PolicySource source{.now = summary_of(policy), .ref = {}};
  if (!policy.policy_ref) return source;
  source.ref = policy.policy_ref->ref;
  source.with = [&repository, roots,
                 ref = source.ref](const ObjectId& commit) -> std::optional<PolicySummary> {
    try {
      return summary_of(*load_policy(roots, policy_files(repository, PushedPolicy{ref, commit})));
    } catch (const Error&) {
      // The one before stays in force.
      return std::nullopt;
    }
  };
  return source;
}

EventSettings settings_of(const Repository& repository, const GatePaths& paths) {
  EventSettings settings;
  try {
    const auto roots = policy_roots(
        paths.repository, repository.config("trunkgate.policy").value_or(""), kSystemPolicy);
    const auto in_force = load_policy_in_force(roots, policy_files(repository),
                                               paths.last_good_policy(), repository.sharing());
    settings.policy = policy_source(repository, roots, *in_force.policy);
    settings.sinks = std::move(in_force.policy->sinks);
    settings.events = in_force.policy->events;
  } catch (const Error& error) {
    std::fprintf(stderr, "warning: %s\n", printable(error.what(), 1000).c_str());
  }
  if (settings.sinks.empty()) {
    settings.sinks.push_back(
        {.name = "events", .filter = {}, .receiver = FileSinkSettings{.path = paths.events()}});
  }
  return settings;
}

Receiver receiver_of(const SinkSettings& sink, const SinkMaker& make, const GatePaths& paths,
                     Sharing sharing) {
  return {.name = sink.name,
          .ordered = sink.ordered,
          .takes = [sink](const FilteredEvent& event) { return takes(sink, event); },
          .make =
              [=](SinkMemory& memory) {
                auto made = make(sink, {.sharing = sharing,
                                        .memory = memory,
                                        .host = host_name(),
                                        .scratch = paths.folder() + "/state",
                                        .now = microseconds_now});
                if (made == nullptr) {
                  throw Error(ErrorKind::delivery,
                              "this program knows no such sink; the one that does, "
                              "libexec/trunkgate/deliver, is not there");
                }
                return made;
              }};
}

struct Pass {
  bool failed = false;
  std::optional<std::int64_t> next;  // when there is something to send again
};

class Run {
 public:
  Run(const DeliveryRun& run, const SinkMaker& make, std::string network)
      : run_(run), make_(make), network_(std::move(network)) {}

  int go() {
    if (!run_.woken && !run_.watch) return pass_over_all().failed ? 2 : 0;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) std::signal(signal, stop_soon);
    return run_.watch ? watch() : linger();
  }

 private:
  Pass pass_over_all() {
    Pass all;
    for (const std::string& repository : run_.repositories) {
      try {
        const Pass pass = pass_over(repository);
        all.failed = all.failed || pass.failed;
        if (pass.next) all.next = std::min(all.next.value_or(*pass.next), *pass.next);
      } catch (const Error& error) {
        // One repository that is broken must not stop the others, nor a service for good.
        if (run_.repositories.size() == 1 && !run_.watch) throw;
        all.failed = true;
        std::fprintf(stderr, "error: %s: %s\n", printable(repository, 1000).c_str(), error.what());
      }
    }
    return all;
  }

  Pass pass_over(const std::string& path) {
    const Repository repository({.git_dir = path, .quarantine = {}, .git_namespace = {}});
    const GatePaths paths{repository.path()};
    const EventSettings events = settings_of(repository, paths);
    if (std::any_of(events.sinks.begin(), events.sinks.end(), needs_network)) turn_into_network();
    DeliverySettings settings;
    settings.folder = paths.folder();
    settings.event_source = repository.config("trunkgate.source").value_or("");
    settings.events = events.events;
    settings.policy = events.policy;
    for (const SinkSettings& sink : events.sinks) {
      settings.receivers.push_back(receiver_of(sink, make_, paths, repository.sharing()));
    }
    settings.now = microseconds_now;
    settings.chance = random_chance;
    settings.stop = [] { return stopped.load(); };
    settings.wait = !run_.woken;
    const DeliveryReport report = Deliverer(repository, std::move(settings)).run();
    sweep_leftovers(paths, microseconds_now() / kSecond);
    show(path, report);
    return {.failed = !report.problems.empty(), .next = report.next};
  }

  void show(const std::string& path, const DeliveryReport& report) const {
    const std::string name = printable(path, 1000);
    // A service says what it did, not that there was nothing to do.
    const bool idle = report.events_written == 0 && report.delivered == 0;
    if (report.left_to_another) {
      std::printf("%s: another deliverer is at work\n", name.c_str());
    } else if (!run_.watch || !idle) {
      std::printf("%s: %s written, %s left\n", name.c_str(),
                  count_of(report.events_written, "event", "events").c_str(),
                  count_of(report.records_left, "record", "records").c_str());
    }
    std::fflush(stdout);
    for (const std::string& problem : report.problems) {
      std::fprintf(stderr, "error: %s\n", problem.c_str());
    }
  }

  // Does not return where it succeeds: the other program begins anew.
  void turn_into_network() const {
    if (network_.empty() || ::access(network_.c_str(), X_OK) != 0) return;
    std::vector<std::string> words{network_};
    if (run_.woken) words.emplace_back("--woken");
    if (run_.watch) words.emplace_back("--watch");
    words.emplace_back("--");
    words.insert(words.end(), run_.repositories.begin(), run_.repositories.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(network_.c_str(), argv.data());
  }

  int linger() {
    const GatePaths paths{
        Repository({.git_dir = run_.repositories.front(), .quarantine = {}, .git_namespace = {}})
            .path()};
    make_folder(paths.folder() + "/state", {});
    // A service sees the record by itself.
    if (!FileLock::try_now(paths.folder() + "/state/watch.lock", {})) return 0;
    const std::int64_t end = microseconds_now() + kLinger;
    Pass pass = pass_over_all();
    if (!pass.next || *pass.next > end) return 0;
    const auto lock = FileLock::try_now(paths.folder() + "/state/linger.lock", {});
    while (lock && pass.next && *pass.next <= end && !stopped) {
      sleep_until(*pass.next);
      if (!stopped) pass = pass_over_all();
    }
    return 0;
  }

  static void sleep_until(std::int64_t time) {
    while (!stopped) {
      const std::int64_t rest = time - microseconds_now();
      if (rest <= 0) return;
      ::poll(nullptr, 0, static_cast<int>(std::min(rest / 1000 + 1, std::int64_t{1000})));
    }
  }

  int watch() {
    const int notify = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    std::vector<FileLock> locks;
    for (const std::string& path : run_.repositories) {
      const Repository repository({.git_dir = path, .quarantine = {}, .git_namespace = {}});
      const GatePaths paths{repository.path()};
      const std::string spool = paths.folder() + "/spool";
      make_folder(spool, repository.sharing());
      make_folder(paths.folder() + "/state", repository.sharing());
      auto lock = FileLock::try_now(paths.folder() + "/state/watch.lock", repository.sharing());
      if (!lock) {
        throw Error(ErrorKind::usage,
                    "another 'trunkgate deliver --watch' is at " + printable(path, 1000));
      }
      locks.push_back(std::move(*lock));
      if (notify < 0 || ::inotify_add_watch(notify, spool.c_str(), IN_MOVED_TO | IN_CREATE) < 0) {
        throw Error(ErrorKind::delivery, "cannot watch " + printable(spool, 1000));
      }
    }
    while (!stopped) {
      const Pass pass = pass_over_all();
      const std::int64_t now = microseconds_now();
      const std::int64_t until = std::min(pass.next.value_or(now + kReconcile), now + kReconcile);
      pollfd wait{.fd = notify, .events = POLLIN, .revents = 0};
      const auto rest = static_cast<int>(std::max<std::int64_t>((until - now) / 1000, 100));
      if (::poll(&wait, 1, rest) > 0) {
        std::array<char, 65536> events{};
        while (::read(notify, events.data(), events.size()) > 0) {
        }
        // The hooks of a push leave several records within a moment.
        ::poll(nullptr, 0, 20);
      }
    }
    ::close(notify);
    return 0;
  }

  const DeliveryRun& run_;
  const SinkMaker& make_;
  std::string network_;
};

}  // namespace

int run_delivery(const DeliveryRun& run, const SinkMaker& make, const std::string& network) {
  return Run(run, make, network).go();
}

}  // namespace trunkgate
