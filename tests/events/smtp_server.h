// Runs smtp_server.py, and makes the certificates that it shows.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/pipe.h"

namespace trunkgate {

// Ends with this object, or with the process that made it.
class SmtpServer {
 public:
  SmtpServer(std::string folder, std::vector<std::string> arguments) : folder_(std::move(folder)) {
    Pipe input;
    Pipe output;
    if (!input.open() || !output.open()) throw std::runtime_error("no pipe");
    arguments.insert(arguments.begin(), {"/usr/bin/python3", "-B",
                                         TRUNKGATE_TESTS_DIR "/events/smtp_server.py", folder_});
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(input.read_end.get(), STDIN_FILENO);
      ::dup2(output.write_end.get(), STDOUT_FILENO);
      const std::string log = folder_ + "/server.log";
      ::dup2(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    input_ = std::move(input.write_end);
    output.write_end.close();
    std::array<char, 16> text{};
    const ssize_t size = ::read(output.read_end.get(), text.data(), text.size() - 1);
    if (size > 0) port_ = std::atoi(text.data());
  }
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;
  ~SmtpServer() {
    input_.close();
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  bool runs() const { return port_ != 0; }
  std::string port() const { return std::to_string(port_); }
  // Mail number `n`, as it came; empty when there is none.
  std::string mail(int n) const { return text(fmt::format("{}.eml", n)); }
  // Who sent it to whom, and how, without the client's port.
  std::string connection(int n) const {
    const std::string all = text(fmt::format("{}.txt", n));
    return all.substr(all.find(' ') + 1);
  }
  std::string client_port(int n) const {
    const std::string all = text(fmt::format("{}.txt", n));
    return all.substr(0, all.find(' '));
  }

 private:
  std::string text(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(folder_ + "/" + name, std::ios::binary).rdbuf();
    return out.str();
  }

  std::string folder_;
  Descriptor input_;
  pid_t pid_ = -1;
  int port_ = 0;
};

// FOLDER/ca.pem, and FOLDER/server.pem with key and certificate for 127.0.0.1.
inline bool make_certificates(const std::string& folder) {
  const std::string script = fmt::format(
      "cd '{}' && exec >/dev/null 2>&1 &&"
      " openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca"
      " -keyout ca.key -out ca.pem -addext basicConstraints=critical,CA:TRUE &&"
      " openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server"
      " -keyout server.key -out server.csr &&"
      " printf 'subjectAltName=IP:127.0.0.1\\n' >server.ext &&"
      " openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
      " -extfile server.ext -out server.crt && cat server.key server.crt >server.pem",
      folder);
  return std::system(script.c_str()) == 0;
}

}  // namespace trunkgate
