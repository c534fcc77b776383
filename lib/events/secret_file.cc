#include "events/secret_file.h"

#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} * 1024;

}  // namespace

std::string read_secret(const std::string& path) {
  const std::string shown = printable(path, 1000);
  const FileText file = read_file(path, kMaxBytes);
  if (file.state != FileState::present) {
    throw Error(ErrorKind::delivery, "cannot read the secret in " + shown + ": " + file.reason);
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || (status.st_mode & 0027U) != 0) {
    throw Error(ErrorKind::delivery, "the secret in " + shown + " is open to others",
                "chmod 600 " + shown);
  }
  std::string secret(trim(file.text));
  if (secret.empty()) throw Error(ErrorKind::delivery, "there is no secret in " + shown);
  return secret;
}

}  // namespace trunkgate
