// The passes of a service: each one is a thread, so that neither a receiver that does not answer
// nor a large repository makes others wait.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <thread>

namespace trunkgate {

struct Pass {
  bool failed = false;
  std::optional<std::int64_t> next = std::nullopt;  // when there is something to send again
};

class Passes {
 public:
  // `over` is called whenever a pass has ended, in its thread. `pass` must not throw.
  Passes(std::function<Pass(const std::string& repository)> pass, std::function<void()> over);
  Passes(const Passes&) = delete;
  Passes& operator=(const Passes&) = delete;
  // Waits for those that still run.
  ~Passes();

  // False when too many already run over this repository: each is held up by another sink.
  bool begin(const std::string& repository);
  // When passes that have ended since the last call want another one.
  std::optional<std::int64_t> next();

 private:
  struct Running {
    std::string repository;
    Pass result;
    std::atomic<bool> over = false;
    std::thread thread;
  };

  std::function<Pass(const std::string&)> pass_;
  std::function<void()> over_;
  std::list<Running> running_;
};

}  // namespace trunkgate
