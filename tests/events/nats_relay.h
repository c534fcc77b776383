// Stands between a sink and its servers, so that a server can be killed at an exact point of what
// the two say to each other.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "nats_server.h"

namespace trunkgate {

class NatsRelay {
 public:
  // What one connection carries before the servers' death.
  struct Cut {
    std::size_t messages = 0;  // that reach the server, which answers them all
    std::size_t answers = 0;   // that reach the sink; the others never do
    std::size_t sent = 0;      // by the sink, whether they reach the server or not
    std::function<void()> kill;
  };

  explicit NatsRelay(std::vector<int> server_ports)
      : server_ports_(std::move(server_ports)), ports_(free_ports(server_ports_.size())) {
    start();
  }
  NatsRelay(const NatsRelay&) = delete;
  NatsRelay& operator=(const NatsRelay&) = delete;
  ~NatsRelay() { stop(); }

  std::vector<std::string> urls() const {
    std::vector<std::string> urls;
    for (const int port : ports_) urls.push_back("nats://127.0.0.1:" + std::to_string(port));
    return urls;
  }

  // Until stop() the same ports listen, whether the servers do or not.
  void start() {
    for (const int port : ports_) listeners_.push_back(listen_at(port));
    stopping_ = false;
    thread_ = std::thread([this] { run(); });
  }
  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    for (const int listener : listeners_) ::close(listener);
    listeners_.clear();
  }

  // Counts from now on. Once it has come to it the relay only passes on what it gets.
  void cut_at(Cut cut) {
    const std::lock_guard lock(mutex_);
    cut_ = std::move(cut);
    for (Connection& each : connections_) each.start_counting();
  }
  bool was_cut() {
    const std::lock_guard lock(mutex_);
    return !cut_;
  }

 private:
  // What goes one way: whole lines of the protocol, each with its payload.
  struct Way {
    int from;
    int to;
    std::string rest = {};
    std::deque<std::string> held = {};
    std::size_t seen = 0;  // of those that count
    std::size_t passed = 0;
  };
  struct Connection {
    Way asking;     // from the sink
    Way answering;  // from the server
    void start_counting() { asking.seen = asking.passed = answering.seen = answering.passed = 0; }
  };

  static sockaddr_in address_of(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
  }
  static int listen_at(int port) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    const sockaddr_in address = address_of(port);
    if (::bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(made, 16) != 0) {
      throw std::runtime_error("cannot listen");
    }
    return made;
  }
  static void send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return;  // its end is read from it
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  // Of the first line and its payload; 0 while something of them is missing.
  static std::size_t line_size(std::string_view bytes) {
    const auto end = bytes.find("\r\n");
    if (end == std::string_view::npos) return 0;
    std::size_t size = end + 2;
    const std::string_view line = bytes.substr(0, end);
    const std::string_view verb = line.substr(0, line.find(' '));
    if (verb == "PUB" || verb == "HPUB" || verb == "MSG" || verb == "HMSG") {
      size += std::strtoul(std::string(line.substr(line.rfind(' ') + 1)).c_str(), nullptr, 10) + 2;
    }
    return size <= bytes.size() ? size : 0;
  }
  static bool is_message(std::string_view line) { return line.starts_with("HPUB git."); }
  static bool is_answer(std::string_view line) {
    return line.starts_with("MSG ") && line.find(R"({"stream":"GIT", "seq":)") != line.npos;
  }

  void run() {
    while (!stopping_) {
      std::vector<pollfd> waits;
      for (const int listener : listeners_) waits.push_back({listener, POLLIN, 0});
      for (const Connection& each : connections_) {
        waits.push_back({each.asking.from, POLLIN, 0});
        waits.push_back({each.answering.from, POLLIN, 0});
      }
      ::poll(waits.data(), waits.size(), 20);
      const std::lock_guard lock(mutex_);
      auto wait = waits.begin() + static_cast<std::ptrdiff_t>(listeners_.size());
      for (auto each = connections_.begin(); each != connections_.end(); wait += 2) {
        const bool open = (wait[0].revents == 0 || take(each->asking, is_message)) &&
                          (wait[1].revents == 0 || take(each->answering, is_answer));
        if (open) pass_on(*each);
        if (open) {
          ++each;
        } else {
          close(*each);
          each = connections_.erase(each);
        }
      }
      for (std::size_t i = 0; i < listeners_.size(); ++i) {
        if (waits[i].revents != 0) accept_one(i);
      }
    }
    for (const Connection& each : connections_) close(each);
    connections_.clear();
  }

  void accept_one(std::size_t index) {
    const int client = ::accept4(listeners_[index], nullptr, nullptr, SOCK_CLOEXEC);
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = address_of(server_ports_[index]);
    Connection made{.asking = {.from = client, .to = server},
                    .answering = {.from = server, .to = client}};
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      connections_.push_back(std::move(made));
    } else {
      close(made);
    }
  }
  static void close(const Connection& connection) {
    ::close(connection.asking.from);
    ::close(connection.answering.from);
  }

  // False at its end.
  static bool take(Way& way, bool (*counts)(std::string_view)) {
    std::array<char, 65536> bytes{};
    const ssize_t n = ::recv(way.from, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return true;
    if (n <= 0) return false;
    way.rest.append(bytes.data(), static_cast<std::size_t>(n));
    std::string_view left = way.rest;
    while (const std::size_t size = line_size(left)) {
      way.held.emplace_back(left.substr(0, size));
      if (counts(way.held.back())) ++way.seen;
      left.remove_prefix(size);
    }
    way.rest.erase(0, way.rest.size() - left.size());
    return true;
  }

  void pass_on(Connection& each) {
    pass_on(each.asking, is_message, cut_ ? cut_->messages : SIZE_MAX);
    pass_on(each.answering, is_answer, cut_ ? cut_->answers : SIZE_MAX);
    if (!cut_ || each.asking.seen < cut_->sent || each.answering.seen < cut_->messages) return;
    cut_->kill();
    cut_.reset();
    each.answering.held.clear();
    pass_on(each.asking, is_message, SIZE_MAX);
  }
  // Up to the first line that is too much.
  static void pass_on(Way& way, bool (*counts)(std::string_view), std::size_t limit) {
    for (; !way.held.empty(); way.held.pop_front()) {
      const bool counted = counts(way.held.front());
      if (counted && way.passed == limit) return;
      if (counted) ++way.passed;
      send_all(way.to, way.held.front());
    }
  }

  std::vector<int> server_ports_;
  std::vector<int> ports_;
  std::vector<int> listeners_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
  std::mutex mutex_;  // of what follows
  std::optional<Cut> cut_;
  std::list<Connection> connections_;
};

}  // namespace trunkgate
