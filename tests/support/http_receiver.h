// A real HTTP server on loopback, on threads of the test, that answers with the bytes it is told.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace trunkgate {

struct ReceivedRequest {
  std::string line;                            // "POST /hook HTTP/1.1"
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  int connection = 0;  // 1 for the first
};

struct ReceiverAnswer {
  std::string bytes = "HTTP/1.1 204 No Content\r\n\r\n";  // empty: none at all
  std::chrono::milliseconds delay{0};                     // before it; ends with the receiver
  bool close = false;                                     // the connection, after it
};

class HttpReceiver {
 public:
  using Answer = std::function<ReceiverAnswer(const ReceivedRequest&)>;

  explicit HttpReceiver(Answer answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, any, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
      throw std::runtime_error("no receiver on loopback");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  HttpReceiver(const HttpReceiver&) = delete;
  HttpReceiver& operator=(const HttpReceiver&) = delete;
  ~HttpReceiver() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
      ::shutdown(listener_, SHUT_RDWR);
    }
    stop_.notify_all();
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    for (const int socket : sockets_) ::close(socket);
    ::close(listener_);
  }

  std::string port() const { return std::to_string(port_); }
  std::string url() const { return "http://127.0.0.1:" + port() + "/hook"; }
  std::vector<ReceivedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return sockets_.size();
  }
  int most_at_once() const { return most_; }
  std::size_t bytes_sent() const { return sent_; }

 private:
  void accept_all() {
    while (true) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const std::lock_guard lock(mutex_);
      if (stopping_ || socket < 0) {
        if (socket >= 0) ::close(socket);
        return;
      }
      sockets_.push_back(socket);
      const int number = static_cast<int>(sockets_.size());
      threads_.emplace_back([this, socket, number] { serve(socket, number); });
    }
  }

  void serve(int socket, int number) {
    std::string pending;
    ReceivedRequest request;
    request.connection = number;
    while (read(socket, pending, request)) {
      const int now = ++at_once_;
      for (int most = most_; most < now && !most_.compare_exchange_weak(most, now);) {
      }
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const ReceiverAnswer answer = answer_(request);
      {
        std::unique_lock lock(mutex_);
        stop_.wait_for(lock, answer.delay, [&] { return stopping_; });
      }
      --at_once_;
      if (!write(socket, answer.bytes) || answer.close) break;
    }
    ::shutdown(socket, SHUT_RDWR);
  }

  static bool read(int socket, std::string& pending, ReceivedRequest& request) {
    const auto more = [&] {
      char bytes[16384];
      const ssize_t size = ::recv(socket, bytes, sizeof bytes, 0);
      if (size > 0) pending.append(bytes, static_cast<std::size_t>(size));
      return size > 0;
    };
    std::size_t end = 0;
    while ((end = pending.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return false;
    }
    request.headers.clear();
    std::size_t at = pending.find("\r\n");
    request.line = pending.substr(0, at);
    while (at < end) {
      const std::size_t next = pending.find("\r\n", at + 2);
      const std::string header = pending.substr(at + 2, next - at - 2);
      std::string name = header.substr(0, header.find(':'));
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      request.headers[name] = header.substr(header.find(": ") + 2);
      at = next;
    }
    const std::size_t length = std::stoul("0" + request.headers["content-length"]);
    while (pending.size() < end + 4 + length) {
      if (!more()) return false;
    }
    request.body = pending.substr(end + 4, length);
    pending.erase(0, end + 4 + length);
    return true;
  }

  bool write(int socket, const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t size = ::send(socket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (size <= 0) return false;
      at += static_cast<std::size_t>(size);
      sent_ += static_cast<std::size_t>(size);
    }
    return !bytes.empty();
  }

  Answer answer_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::vector<int> sockets_;  // of every connection there was
  std::vector<std::thread> threads_;
  std::vector<ReceivedRequest> requests_;
  std::atomic<int> at_once_ = 0;
  std::atomic<int> most_ = 0;
  std::atomic<std::size_t> sent_ = 0;
  std::thread acceptor_;
};

}  // namespace trunkgate
