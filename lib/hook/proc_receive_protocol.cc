#include "hook/proc_receive_protocol.h"

#include <unistd.h>

#include <cerrno>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::string_view kFlush = "0000";
constexpr std::size_t kLengthDigits = 4;
constexpr std::size_t kMaxLine = 65516;       // gitprotocol-common(5)
constexpr std::size_t kMaxBytes = 256 << 20;  // of one conversation

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::usage, "git and proc-receive do not understand each other: " + what);
}

std::size_t length_of(std::string_view digits) {
  std::size_t length = 0;
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) fail("a line has no length");
    length = length * 16 + static_cast<std::size_t>(digit);
  }
  return length;
}

bool has_word(std::string_view list, std::string_view word) {
  for (const std::string_view each : split(list, ' ')) {
    if (each == word) return true;
  }
  return false;
}

std::string packet(std::string_view line) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t length = line.size() + kLengthDigits;
  std::string text;
  for (const unsigned shift : {12U, 8U, 4U, 0U}) text += kDigits[(length >> shift) & 15U];
  return text.append(line);
}

}  // namespace

std::string ProcReceiveSession::read_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t n = ::read(input_, bytes.data() + have, count - have);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("it ends in the middle");
    have += static_cast<std::size_t>(n);
  }
  return bytes;
}

std::optional<std::string> ProcReceiveSession::read_line() {
  const std::size_t length = length_of(read_bytes(kLengthDigits));
  if (length == 0) return std::nullopt;
  if (length < kLengthDigits || length - kLengthDigits > kMaxLine)
    fail("a line has no such length");
  std::string line = read_bytes(length - kLengthDigits);
  if (line.ends_with('\n')) line.pop_back();
  return line;
}

ProcReceiveRequest ProcReceiveSession::read_request() {
  ProcReceiveRequest request;
  bool with_options = false;
  const auto version = read_line();
  if (!version || !version->starts_with("version=")) fail("there is no version");
  if (const auto end = version->find('\0'); end != std::string::npos) {
    const std::string_view features = std::string_view(*version).substr(end + 1);
    with_options = has_word(features, "push-options");
    request.atomic = has_word(features, "atomic");
  }
  while (read_line()) {  // nothing that this version knows
  }
  std::string features;
  if (with_options) features.append(1, '\0').append("push-options");
  write(packet("version=1" + features) + std::string(kFlush));

  std::string lines;
  while (const auto line = read_line()) {
    lines += *line + "\n";
    if (lines.size() > kMaxBytes) fail("there is too much of it");
  }
  request.received = parse_ref_updates(lines);
  std::size_t bytes = 0;
  while (with_options) {
    auto option = read_line();
    if (!option) break;
    bytes += option->size();
    if (bytes > kMaxBytes) fail("there is too much of it");
    request.options.push_back(std::move(*option));
  }
  return request;
}

void ProcReceiveSession::accept(std::string_view ref, const ObjectId& old_id,
                                const ObjectId& new_id) {
  write(packet("ok " + std::string(ref)) + packet("option old-oid " + old_id.hex()) +
        packet("option new-oid " + new_id.hex()));
}

void ProcReceiveSession::refuse(std::string_view ref, std::string_view reason) {
  reason = trim(reason.substr(0, reason.find('\n')));
  if (reason.empty()) reason = "refused";
  write(packet("ng " + std::string(ref) + " " + printable(reason, kMaxReason)));
}

void ProcReceiveSession::finish() { write(kFlush); }

void ProcReceiveSession::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(output_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("git does not listen any more");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace trunkgate
