// Real NATS servers on loopback, with stores that are thrown away.
#pragma once

#include <gtest/gtest.h>
#include <nats/nats.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace trunkgate {

// Nobody listens there; two calls at the same time give two ports.
inline std::vector<int> free_ports(std::size_t count) {
  std::vector<int> sockets;
  std::vector<int> ports;
  for (std::size_t i = 0; i < count; ++i) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(made, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(made, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no free port");
    }
    sockets.push_back(made);
    ports.push_back(ntohs(address.sin_port));
  }
  for (const int each : sockets) ::close(each);
  return ports;
}

// One server, which ends with the test.
class NatsServer {
 public:
  // `more`: lines of its configuration.
  NatsServer(const std::string& folder, int port, const std::string& more = "")
      : folder_(folder), port_(port) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ + "/server.conf")
        << "listen: \"127.0.0.1:" << port << "\"\njetstream { store_dir: \"" << folder_
        << "/store\" }\n"
        << more;
  }
  NatsServer(const NatsServer&) = delete;
  NatsServer& operator=(const NatsServer&) = delete;
  ~NatsServer() { kill(); }

  void start() {
    const std::string configuration = folder_ + "/server.conf";
    const std::string log = folder_ + "/server.log";
    process_ = ::fork();
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::execl("/usr/sbin/nats-server", "nats-server", "-c", configuration.c_str(), "-l",
              log.c_str(), static_cast<char*>(nullptr));
      ::_exit(127);
    }
  }
  // kill -9.
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }
  // It is there and says nothing.
  void pause() const {
    ::kill(process_, SIGSTOP);
    ::waitpid(process_, nullptr, WUNTRACED);
  }
  void go_on() const { ::kill(process_, SIGCONT); }
  void wipe() const { std::filesystem::remove_all(folder_ + "/store"); }
  int port() const { return port_; }
  std::string url(const std::string& scheme = "nats") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_);
  }
  std::string log() const {
    std::ifstream file(folder_ + "/server.log");
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string folder_;
  int port_;
  pid_t process_ = -1;
};

// What a consumer sees; also does what an administrator does.
class NatsReader {
 public:
  struct Message {
    std::string subject;
    std::map<std::string, std::string> headers;
    std::string body;
  };

  // Waits until the servers answer; for 60 s at most.
  explicit NatsReader(const std::vector<std::string>& urls) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!connect(urls)) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error("no NATS server");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  NatsReader(const NatsReader&) = delete;
  NatsReader& operator=(const NatsReader&) = delete;
  ~NatsReader() { close(); }

  jsCtx* context() const { return context_; }
  natsConnection* connection() const { return connection_; }

  // All of the stream; asks for 60 s at most, as a cluster may need to find a leader.
  std::vector<Message> messages(const std::string& stream) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (true) {
      std::vector<Message> result;
      if (read(stream, result) || std::chrono::steady_clock::now() > end) return result;
    }
  }
  std::vector<std::string> bodies(const std::string& stream) const {
    std::vector<std::string> result;
    for (Message& message : messages(stream)) result.push_back(std::move(message.body));
    return result;
  }

 private:
  bool read(const std::string& stream, std::vector<Message>& result) const {
    jsStreamInfo* info = nullptr;
    if (js_GetStreamInfo(&info, context_, stream.c_str(), nullptr, nullptr) != NATS_OK)
      return false;
    const std::uint64_t count = info->State.Msgs;
    jsSubOptions options;
    jsSubOptions_Init(&options);
    options.Stream = stream.c_str();
    options.Ordered = true;
    natsSubscription* subscription = nullptr;
    js_SubscribeSync(&subscription, context_, info->Config->Subjects[0], nullptr, &options,
                     nullptr);
    jsStreamInfo_Destroy(info);
    natsMsg* found = nullptr;
    while (result.size() < count && subscription != nullptr &&
           natsSubscription_NextMsg(&found, subscription, 2000) == NATS_OK) {
      result.push_back(message(found));
      natsMsg_Destroy(found);
    }
    natsSubscription_Destroy(subscription);
    return result.size() == count;
  }
  static Message message(natsMsg* found) {
    Message message{.subject = natsMsg_GetSubject(found),
                    .headers = {},
                    .body = std::string(natsMsg_GetData(found),
                                        static_cast<std::size_t>(natsMsg_GetDataLength(found)))};
    const char** keys = nullptr;
    int count = 0;
    if (natsMsgHeader_Keys(found, &keys, &count) != NATS_OK) return message;
    for (int i = 0; i < count; ++i) {
      const char* value = nullptr;
      natsMsgHeader_Get(found, keys[i], &value);
      message.headers[keys[i]] = value;
    }
    std::free(static_cast<void*>(keys));
    return message;
  }
  bool connect(const std::vector<std::string>& urls) {
    natsOptions* options = nullptr;
    natsOptions_Create(&options);
    std::vector<const char*> servers;
    for (const std::string& url : urls) servers.push_back(url.c_str());
    natsOptions_SetServers(options, servers.data(), static_cast<int>(servers.size()));
    natsOptions_SetTimeout(options, 2000);
    jsAccountInfo* account = nullptr;
    const bool connected = natsConnection_Connect(&connection_, options) == NATS_OK &&
                           natsConnection_JetStream(&context_, connection_, nullptr) == NATS_OK &&
                           js_GetAccountInfo(&account, context_, nullptr, nullptr) == NATS_OK;
    jsAccountInfo_Destroy(account);
    natsOptions_Destroy(options);
    if (!connected) close();
    return connected;
  }
  void close() {
    jsCtx_Destroy(context_);
    natsConnection_Destroy(connection_);
    context_ = nullptr;
    connection_ = nullptr;
  }

  natsConnection* connection_ = nullptr;
  jsCtx* context_ = nullptr;
};

}  // namespace trunkgate
