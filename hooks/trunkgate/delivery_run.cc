#include "delivery_run.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/microseconds.h"
#include "base/pipe.h"
#include "base/text.h"
#include "delivery_passes.h"
#include "events/deliverer.h"
#include "events/journal.h"
#include "events/outbox.h"
#include "git/repository.h"
#include "hook/gate_paths.h"
#include "hook/leftovers.h"
#include "receivers.h"

namespace trunkgate {
namespace {

// How long a process stays that a hook has started.
constexpr std::int64_t kLinger = 600 * kSecond;
// How often it looks whether there is more to wait for.
constexpr std::int64_t kLook = 15 * kSecond;
// How often a service looks at the refs without being told that something happened.
constexpr std::int64_t kReconcile = 60 * kSecond;

std::atomic<bool> stopped = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // it is set by a signal
std::atomic<int> waker = -1;                            // what a service waits at

void wake_up() {
  const std::uint64_t one = 1;
  // It fails when there is no service, or when it is awake anyway.
  [[maybe_unused]] const ssize_t written = ::write(waker, &one, sizeof one);
}

void stop_soon(int /*signal*/) {
  const int error = errno;
  stopped = true;
  wake_up();
  errno = error;
}

double random_chance() {
  thread_local std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

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
  Pass pass_over_all() const {
    Pass all;
    for (const std::string& repository : run_.repositories) {
      // One that is broken must not stop the others.
      const Pass pass =
          run_.repositories.size() == 1 ? pass_over(repository) : pass_over_safely(repository);
      all.failed = all.failed || pass.failed;
      if (pass.next) all.next = std::min(all.next.value_or(*pass.next), *pass.next);
    }
    return all;
  }

  Pass pass_over_safely(const std::string& path) const {
    try {
      return pass_over(path);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "error: %s: %s\n", printable(path, 1000).c_str(),
                   printable(error.what(), 1000).c_str());
      return {.failed = true, .next = std::nullopt};
    }
  }

  Pass pass_over(const std::string& path) const {
    const Repository repository({.git_dir = path, .quarantine = {}, .git_namespace = {}});
    const GatePaths paths{repository.path()};
    const EventSettings events = event_settings(repository, paths);
    // The default file takes them where there never were other sinks: events do not wait for an
    // admin. Else they would never reach those, so they stay in the spool.
    if (!events.known && knows_sinks(paths)) {
      std::fprintf(stderr, "error: events wait until the policy can be loaded\n");
      return {.failed = true};
    }
    // The other program takes longer to begin than most passes; one that could not send does not
    // need it.
    const std::string journal = Journal::path_in(paths.folder());
    if (std::any_of(events.sinks.begin(), events.sinks.end(), [&](const SinkSettings& sink) {
          return needs_network(sink) && !sink_rests(journal, sink.name, microseconds_now());
        })) {
      turn_into_network();
    }
    DeliverySettings settings;
    settings.folder = paths.folder();
    settings.event_source = repository.config("trunkgate.source").value_or("");
    settings.events = events.events;
    settings.prunes = events.known;
    settings.policy = events.policy;
    for (const SinkSettings& sink : events.sinks) {
      settings.receivers.push_back(
          receiver_of(sink, make_, repository.sharing(), [this] { turn_into_network(); }));
    }
    settings.now = microseconds_now;
    settings.chance = random_chance;
    settings.stop = [] { return stopped.load(); };
    // A service looks again soon, and is at the sink itself most of the time.
    settings.wait = !run_.woken && !run_.watch;
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
      // To a pass of its own, as a rule.
      if (!run_.watch) std::printf("%s: another deliverer is at work\n", name.c_str());
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

  // At the start of a service: one that has passes under way had better go on.
  void turn_into_network_for(const std::string& path) const {
    if (network_.empty()) return;
    const Repository repository({.git_dir = path, .quarantine = {}, .git_namespace = {}});
    const auto sinks = event_settings(repository, GatePaths{repository.path()}).sinks;
    if (std::any_of(sinks.begin(), sinks.end(), needs_network)) turn_into_network();
  }

  // Does not return where it succeeds: the other program begins anew.
  void turn_into_network() const {
    std::vector<std::string> words;
    if (run_.woken) words.emplace_back("--woken");
    if (run_.watch) words.emplace_back("--watch");
    words.emplace_back("--");
    words.insert(words.end(), run_.repositories.begin(), run_.repositories.end());
    // A thread of a service takes no signals, and its mask would stay.
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    become(network_, std::move(words));
  }

  int linger() {
    const Repository repository(
        {.git_dir = run_.repositories.front(), .quarantine = {}, .git_namespace = {}});
    const std::string state = GatePaths{repository.path()}.state();
    // Other accounts use the same files.
    const Sharing sharing = repository.sharing();
    make_folder(state, sharing);
    // A service sees the record by itself.
    if (!FileLock::try_now(state + "/watch.lock", sharing)) return 0;
    const std::int64_t end = microseconds_now() + kLinger;
    Pass pass = pass_over_all();
    if (!pass.next || *pass.next > end) return 0;
    const auto lock = FileLock::try_now(state + "/linger.lock", sharing);
    while (lock && pass.next && *pass.next <= end && !stopped) {
      // Other processes that have found something to send again leave it to this one.
      sleep_until(std::min(*pass.next, microseconds_now() + kLook));
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
    for (const std::string& path : run_.repositories) turn_into_network_for(path);
    waker = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const Descriptor notify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    std::vector<FileLock> locks;
    for (const std::string& path : run_.repositories) locks.push_back(look_after(path, notify));
    Passes passes([this](const std::string& path) { return pass_over_safely(path); }, wake_up);
    std::int64_t due = 0;
    while (!stopped) {
      const std::int64_t now = microseconds_now();
      // A clock that was set back must not make it wait until then.
      due = std::min(due, now + kReconcile);
      if (due <= now) due = begin_all(passes, now);
      if (record_comes(notify, due - now)) due = 0;
      if (const auto next = passes.next()) due = std::min(due, std::max(*next, now + kSecond / 10));
    }
    return 0;
  }

  // Whoever has the lock is told of every record that comes into the spool.
  static FileLock look_after(const std::string& path, const Descriptor& notify) {
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
    if (::inotify_add_watch(notify.get(), spool.c_str(), IN_MOVED_TO | IN_CREATE) < 0) {
      throw Error(ErrorKind::delivery, "cannot watch " + printable(spool, 1000));
    }
    return std::move(*lock);
  }

  // Gives the time at which this is to be done again.
  std::int64_t begin_all(Passes& passes, std::int64_t now) const {
    std::int64_t due = now + kReconcile;
    for (const std::string& path : run_.repositories) {
      if (!passes.begin(path)) due = now + kSecond;
    }
    return due;
  }

  // Waits until a record comes, or in vain for as long as that or until wake_up().
  static bool record_comes(const Descriptor& notify, std::int64_t time) {
    std::array<pollfd, 2> waits{pollfd{.fd = notify.get(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = waker, .events = POLLIN, .revents = 0}};
    ::poll(waits.data(), waits.size(), static_cast<int>(time / 1000 + 1));
    std::array<char, 65536> events{};
    if ((waits[1].revents & POLLIN) != 0) {
      [[maybe_unused]] const ssize_t back_to_zero = ::read(waker, events.data(), events.size());
    }
    if ((waits[0].revents & POLLIN) == 0) return false;
    // The hooks of a push leave several records within a moment.
    ::poll(nullptr, 0, 20);
    while (::read(notify.get(), events.data(), events.size()) > 0) {
    }
    return true;
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
