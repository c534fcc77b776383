// Work in many pieces, shared by several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <future>
#include <system_error>
#include <thread>
#include <vector>

namespace trunkgate {

inline constexpr std::size_t kMaxThreads = 8;

// Does the pieces 0 to `pieces` - 1 on as many threads as there are processors and work for, the
// caller's among them. Each thread calls `worker(number)` once, 0 for the caller's, for something
// that is then called with one piece after the other. Every piece is done, even when some throw;
// then the exception of the first of them is thrown.
template <typename Worker>
void run_together(std::size_t pieces, const Worker& worker) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::exception_ptr> failures(pieces);
  const auto work = [&](std::size_t number) {
    auto piece_worker = worker(number);
    for (std::size_t piece = next++; piece < pieces; piece = next++) {
      try {
        piece_worker(piece);
      } catch (...) {
        failures[piece] = std::current_exception();
      }
    }
  };
  std::vector<std::future<void>> others;
  const std::size_t threads = std::min<std::size_t>(std::thread::hardware_concurrency(), pieces);
  for (std::size_t number = 1; number < std::min(threads, kMaxThreads); ++number) {
    try {
      others.push_back(std::async(std::launch::async, [&work, number] { work(number); }));
    } catch (const std::system_error&) {
      break;  // no thread to be had: it takes longer, that is all
    }
  }
  if (pieces > 0) work(0);
  for (std::future<void>& other : others) other.get();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace trunkgate
