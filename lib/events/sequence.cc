#include "events/sequence.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "events/bytes_json.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;  // kept on disk
constexpr std::size_t kMaxBytes = std::size_t{1} << 30U;

std::optional<Sequence> parse(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    if (json.at("format").get<int>() != kFormat) return std::nullopt;
    Sequence sequence;
    sequence.last = json.at("last").get<std::uint64_t>();
    sequence.done = json.at("done").get<std::vector<std::string>>();
    // [name, count, last event, value]: lists, because a name need not be UTF-8.
    for (const Json& row : json.at("refs")) {
      auto name = bytes_from_json(row.at(0));
      const auto value = ObjectId::parse(row.at(3).get_ref<const std::string&>());
      if (!name || !value) return std::nullopt;
      sequence.refs[std::move(*name)] = {.count = row.at(1).get<std::uint64_t>(),
                                         .last_event = row.at(2).get<std::string>(),
                                         .value = *value};
    }
    // Files of before there were such have none.
    for (const Json& row : json.value("hotfixes", Json::array())) {
      const auto commit = ObjectId::parse(row.at(0).get_ref<const std::string&>());
      const auto by = ObjectId::parse(row.at(1).get_ref<const std::string&>());
      auto branch = bytes_from_json(row.at(2));
      auto on = bytes_from_json(row.at(3));
      auto into = bytes_from_json(row.at(4));
      if (!commit || !by || !branch || !on || !into) return std::nullopt;
      sequence.hotfixes.push_back({.commit = *commit,
                                   .by = *by,
                                   .branch = std::move(*branch),
                                   .on = std::move(*on),
                                   .into = std::move(*into),
                                   .since = row.at(5).get<std::int64_t>()});
    }
    return sequence;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

const RefHistory* Sequence::find(std::string_view ref) const {
  const auto found = refs.find(ref);
  return found == refs.end() ? nullptr : &found->second;
}

Sequence read_sequence(const std::string& path) {
  const FileText file = read_file(path, kMaxBytes);
  if (file.state == FileState::missing) return {};
  if (file.state != FileState::present) {
    throw Error(ErrorKind::delivery, "cannot read " + path + ": " + file.reason);
  }
  auto sequence = parse(file.text);
  if (!sequence) {
    throw Error(ErrorKind::delivery, path + " is damaged",
                "restore it, or remove it: events are then counted from 1 again");
  }
  return std::move(*sequence);
}

}  // namespace trunkgate
