#include "push/push_certificate.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace trunkgate {
namespace {

// As many refs as a push may have, with long names.
constexpr std::size_t kMaxBytes = std::size_t{32} << 20U;
constexpr std::size_t kMaxOptions = 1000;  // as Environment::push_options() reads
constexpr std::size_t kMaxTimeDigits = 12;
constexpr std::string_view kVersion = "certificate version 0.1";

// The next line without its end; nothing when there is no whole one.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// Reads "NAME VALUE" lines up to the empty one; the mistake, or "".
std::string read_headers(std::string_view& rest, PushCertificate& out) {
  std::string pusher;
  while (true) {
    const auto line = take_line(rest);
    if (!line) return "is cut short";
    if (line->empty()) break;
    const auto space = line->find(' ');
    const std::string_view name = line->substr(0, space);
    const std::string_view value =
        space == std::string_view::npos ? std::string_view() : line->substr(space + 1);
    if (name == "push-option") {
      if (out.options.size() == kMaxOptions) return "has too many push options";
      out.options.emplace_back(value);
      continue;
    }
    std::string* field = name == "pusher"   ? &pusher
                         : name == "pushee" ? &out.pushee
                         : name == "nonce"  ? &out.nonce
                                            : nullptr;
    if (field == nullptr || value.empty()) return "has a line that means nothing";
    if (!field->empty()) return "has two lines '" + std::string(name) + "'";
    *field = value;
  }
  return pusher.empty() ? "names no pusher" : "";
}

std::string value_of(const Environment& environment, std::string_view name) {
  return environment.get(name).value_or("");
}

void read_object(const Push& push, const std::string& name, ReceivedCertificate& out) {
  const auto id = ObjectId::parse(name);
  if (!id) {
    out.problem = "is named by something that is no object id";
    return;
  }
  const ObjectHeader found = push.repository.header(*id);
  if (found.type != ObjectType::blob) {
    out.problem = "is not in the repository";
  } else if (found.size > kMaxBytes) {
    out.problem = "is too large: " + size_above(found.size, kMaxBytes);
  } else {
    out.certificate = parse_push_certificate(push.repository.blob(*id, kMaxBytes));
  }
}

}  // namespace

PushCertificate parse_push_certificate(std::string_view raw) {
  PushCertificate out;
  out.text = split_signed_certificate(raw);
  std::string_view rest = out.text.payload;
  if (take_line(rest) != kVersion) {
    out.mistake = "is not of version 0.1";
    return out;
  }
  out.mistake = read_headers(rest, out);
  if (!out.mistake.empty()) return out;
  out.updates = parse_ref_updates(rest);
  if (out.updates.malformed != 0) out.mistake = "has a line that is no update of a reference";
  if (out.updates.updates.empty()) out.mistake = "has no update of a reference";
  return out;
}

std::shared_ptr<const ReceivedCertificate> received_certificate(const Push& push) {
  if (push.certificate != nullptr) return push.certificate;
  auto received = std::make_shared<ReceivedCertificate>();
  // `update` gets none; a variable of that name is not receive-pack's there.
  if (push.environment != nullptr && !push.update_alone) {
    const std::string name = value_of(*push.environment, "GIT_PUSH_CERT");
    received->sent = !name.empty();
    received->nonce = value_of(*push.environment, "GIT_PUSH_CERT_NONCE");
    received->nonce_status = value_of(*push.environment, "GIT_PUSH_CERT_NONCE_STATUS");
    if (received->sent) read_object(push, name, *received);
  }
  push.certificate = std::move(received);
  return push.certificate;
}

std::optional<std::int64_t> time_of_nonce(std::string_view nonce) {
  const auto end = nonce.find('-');
  if (end == std::string_view::npos || end == 0 || end > kMaxTimeDigits) return std::nullopt;
  std::int64_t time = 0;
  const auto [after, error] = std::from_chars(nonce.data(), nonce.data() + end, time);
  if (error != std::errc() || after != nonce.data() + end || time < 0) return std::nullopt;
  return time;
}

}  // namespace trunkgate
