#include "delivery_passes.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace trunkgate {
namespace {

constexpr std::ptrdiff_t kMostPasses = 16;  // over one repository

// Signals go to the thread that waits for them.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;
  ~NoSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

Passes::Passes(std::function<Pass(const std::string&)> pass, std::function<void()> over)
    : pass_(std::move(pass)), over_(std::move(over)) {}

Passes::~Passes() {
  for (Running& each : running_) each.thread.join();
}

bool Passes::begin(const std::string& repository) {
  if (std::count_if(running_.begin(), running_.end(), [&](const Running& each) {
        return each.repository == repository;
      }) >= kMostPasses) {
    return false;
  }
  Running& made = running_.emplace_back();
  made.repository = repository;
  const NoSignals mask;  // threads have that of their maker
  made.thread = std::thread([this, &made] {
    made.result = pass_(made.repository);
    made.over = true;
    over_();
  });
  return true;
}

std::optional<std::int64_t> Passes::next() {
  std::optional<std::int64_t> next;
  for (auto each = running_.begin(); each != running_.end();) {
    if (!each->over) {
      ++each;
      continue;
    }
    each->thread.join();
    if (each->result.next) next = std::min(next.value_or(*each->result.next), *each->result.next);
    each = running_.erase(each);
  }
  return next;
}

}  // namespace trunkgate
