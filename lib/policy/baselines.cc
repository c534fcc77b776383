#include "policy/baselines.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "policy/policy.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxIndexBytes = std::size_t{16} << 20U;
constexpr std::size_t kMaxBaselineBytes = std::size_t{1} << 30U;

// The commits that all refs point to, sorted and unique, as bytes.
std::string snapshot(const Repository& repository) {
  std::vector<ObjectId> ids;
  for (const Ref& ref : repository.refs()) {
    if (in_own_namespace(ref.name)) continue;
    if (ref.peeled) {
      ids.push_back(*ref.peeled);
    } else if (kind_of(ref.name) == RefKind::branch) {
      ids.push_back(ref.id);  // Git lets branches hold commits only
    } else if (const Peeled peeled = repository.peel(ref.id); peeled.type == ObjectType::commit) {
      ids.push_back(peeled.id);
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  // The zero id first: so a baseline of an empty repository is not an empty file, which a power cut
  // can leave behind.
  ids.insert(ids.begin(), ObjectId());
  std::string bytes;
  bytes.reserve(ids.size() * ObjectId::kSize);
  for (const ObjectId& id : ids) {
    bytes.append(reinterpret_cast<const char*>(id.bytes()), ObjectId::kSize);
  }
  return bytes;
}

}  // namespace

Baselines::Baselines(std::string folder, Sharing sharing, Durability durability)
    : folder_(std::move(folder)), sharing_(sharing), durability_(durability) {}

bool Baselines::recorded() const {
  struct stat status {};
  return ::stat((folder_ + "/0").c_str(), &status) == 0 && status.st_size > 0;
}

std::map<std::string, std::size_t> Baselines::read_index() const {
  std::map<std::string, std::size_t> index;
  const FileText file = read_file(folder_ + "/index", kMaxIndexBytes);
  if (file.state == FileState::missing) return index;
  if (file.state != FileState::present) {
    throw Error(ErrorKind::delivery, "cannot read " + folder_ + "/index: " + file.reason);
  }
  for (const std::string_view line : split(file.text, '\n')) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos) continue;
    std::size_t number = 0;
    const std::string_view digits = line.substr(space + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    index.emplace(std::string(line.substr(0, space)), number);
  }
  return index;
}

std::map<std::string, std::size_t> Baselines::numbers(const Repository& repository,
                                                      const std::vector<std::string>& keys) {
  const auto known = [&](const std::map<std::string, std::size_t>& index) {
    return std::all_of(keys.begin(), keys.end(),
                       [&](const std::string& key) { return index.contains(key); });
  };
  std::map<std::string, std::size_t> index = read_index();
  if (known(index) && recorded()) return index;
  make_folder(folder_, sharing_);
  const FileLock lock = FileLock::wait(folder_ + "/lock", sharing_);
  index = read_index();  // somebody else may have been first
  if (known(index) && recorded()) return index;
  std::size_t number = 0;
  if (recorded()) {
    for (const auto& [key, n] : index) number = std::max(number, n);
    ++number;
  }
  write_file(folder_ + "/" + std::to_string(number), snapshot(repository), sharing_, durability_);
  for (const std::string& key : keys) index.try_emplace(key, number);
  std::string text;
  for (const auto& [key, n] : index) text += key + " " + std::to_string(n) + "\n";
  write_file(folder_ + "/index", text, sharing_, durability_);
  return index;
}

std::vector<ObjectId> Baselines::tips(const Repository& repository, std::size_t number) const {
  const FileText file = read_file(folder_ + "/" + std::to_string(number), kMaxBaselineBytes);
  if (file.state != FileState::present) {
    throw Error(ErrorKind::delivery, "cannot read baseline " + std::to_string(number) + " in " +
                                         folder_ + ": " + file.reason);
  }
  std::vector<ObjectId> ids;
  for (std::size_t at = 0; at + ObjectId::kSize <= file.text.size(); at += ObjectId::kSize) {
    const ObjectId id(reinterpret_cast<const std::uint8_t*>(file.text.data() + at));
    // A branch that was deleted since may have been pruned.
    if (!id.is_zero() && repository.header(id).type == ObjectType::commit) ids.push_back(id);
  }
  return ids;
}

}  // namespace trunkgate
