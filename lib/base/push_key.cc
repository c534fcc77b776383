#include "base/push_key.h"

#include <unistd.h>

#include <array>
#include <cctype>
#include <charconv>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr int kMaxAncestors = 16;

struct ProcessStatus {
  std::string state;
  long parent = 0;
  std::string start;
};

// proc(5): field 2 of /proc/PID/stat is the name in parentheses and may hold anything, so fields
// are counted from the last ')'. Field 3 is the state, field 4 the parent, field 22 the start time
// in clock ticks.
std::optional<ProcessStatus> status_of(long pid) {
  const FileText stat = read_file("/proc/" + std::to_string(pid) + "/stat", 4096);
  const auto close = stat.text.rfind(')');
  if (close == std::string::npos) return std::nullopt;
  const auto fields = split(std::string_view(stat.text).substr(close + 2), ' ');
  if (fields.size() < 20) return std::nullopt;
  ProcessStatus status;
  status.state = fields[0];
  std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), status.parent);
  status.start = fields[19];
  return status;
}

// `git-receive-pack /path`, `git receive-pack …`, `git -c x=y receive-pack …`, `/usr/bin/git …`.
bool is_receive_pack(long pid) {
  const FileText line = read_file("/proc/" + std::to_string(pid) + "/cmdline", 65536);
  const auto words = split(line.text, '\0');
  std::string_view program = words[0];
  program.remove_prefix(program.rfind('/') + 1);
  if (program == "git-receive-pack") return true;
  if (program != "git") return false;
  for (const std::string_view word : words) {
    if (word == "receive-pack") return true;
  }
  return false;
}

std::optional<long> receive_pack_above(long parent) {
  long at = parent;
  for (int i = 0; i < kMaxAncestors && at > 1; ++i) {
    if (is_receive_pack(at)) return at;
    const auto status = status_of(at);
    if (!status) break;
    at = status->parent;
  }
  return std::nullopt;
}

std::string host_digest() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return sha256(name.data()).substr(0, 8);
}

std::string boot_digits() {
  return read_file("/proc/sys/kernel/random/boot_id", 64).text.substr(0, 8);
}

PushKey key_of(long process) {
  PushKey key;
  key.host = host_digest();
  key.boot = boot_digits();
  key.pid = process;
  const auto status = status_of(process);
  key.start = status ? status->start : "0";
  return key;
}

bool all_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

std::string PushKey::text() const {
  return host + "-" + boot + "-" + std::to_string(pid) + "-" + start;
}

std::optional<PushKey> PushKey::parse(std::string_view text) {
  const auto parts = split(text, '-');
  if (parts.size() != 4 || !all_of(parts[0], "0123456789abcdef") || parts[0].size() != 8 ||
      !all_of(parts[1], "0123456789abcdef") || !all_of(parts[2], "0123456789") ||
      parts[2].size() > 12 || !all_of(parts[3], "0123456789")) {
    return std::nullopt;
  }
  PushKey key;
  key.host = parts[0];
  key.boot = parts[1];
  std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), key.pid);
  key.start = parts[3];
  return key;
}

std::string PushKey::push_id() const { return "push_" + sha256(text()).substr(0, 32); }

PushKey current_push() { return key_of(receive_pack_above(::getppid()).value_or(::getpid())); }

PushKey own_key() { return key_of(::getpid()); }

bool is_orphan() {
  const pid_t parent = ::getppid();
  // A process that is being ended has lost its memory before its files are closed: who reads a pipe
  // from it to the end sees no command line any more.
  const FileText line = read_file("/proc/" + std::to_string(parent) + "/cmdline", 65536);
  if (line.state == FileState::present && line.text.empty()) return true;
  // Whoever starts a hook shares its session with it; init and the like have one of their own.
  return ::getsid(parent) != ::getsid(0) && !receive_pack_above(parent);
}

Liveness liveness(const PushKey& key) {
  if (key.host != host_digest()) return Liveness::foreign;
  if (key.boot != boot_digits()) return Liveness::dead;
  const auto status = status_of(key.pid);
  const bool runs = status && status->start == key.start && status->state != "Z";
  return runs ? Liveness::alive : Liveness::dead;
}

}  // namespace trunkgate
