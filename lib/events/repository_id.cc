#include "events/repository_id.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

std::string random_uuid() {
  std::array<char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw Error(ErrorKind::delivery, std::string("no random numbers: ") + std::strerror(errno));
  }
  // RFC 9562: version 4, variant 10.
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string text = hex({bytes.data(), bytes.size()});
  for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, "-");
  return text;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-'
             : std::string_view("0123456789abcdef").find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string repository_id(const std::string& path, const Sharing& sharing) {
  if (!exists(path)) create_file(path, random_uuid() + "\n", sharing, Durability::synced);
  const FileText file = read_file(path, 4096);
  if (file.state != FileState::present) {
    throw Error(ErrorKind::delivery, "cannot read " + path + ": " + file.reason);
  }
  std::string id(trim(file.text));
  if (!is_uuid(id)) {
    throw Error(ErrorKind::delivery, path + " holds no UUID", "restore it from a backup");
  }
  return id;
}

}  // namespace trunkgate
