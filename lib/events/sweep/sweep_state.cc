#include "events/sweep/sweep_state.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "events/bytes_json.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;  // kept on disk
constexpr std::size_t kMaxBytes = std::size_t{64} << 20U;

std::optional<SweepState> parse(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    if (json.at("format").get<int>() != kFormat) return std::nullopt;
    SweepState state;
    // [name, tip, given, archive after]: lists, because a name need not be UTF-8.
    for (const Json& row : json.at("notices")) {
      auto name = bytes_from_json(row.at(0));
      const auto tip = ObjectId::parse(row.at(1).get_ref<const std::string&>());
      if (!name || !tip) return std::nullopt;
      state.notices[std::move(*name)] = {.tip = *tip,
                                         .given = row.at(2).get<std::int64_t>(),
                                         .archive_after = row.at(3).get<std::int64_t>()};
    }
    if (json.contains("teller")) {
      state.teller = PushKey::parse(json["teller"].get_ref<const std::string&>());
      if (!state.teller) return std::nullopt;
      for (const Json& row : json.at("telling")) {
        auto name = bytes_from_json(row);
        if (!name) return std::nullopt;
        state.telling.push_back(std::move(*name));
      }
    }
    return state;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

SweepState read_sweep_state(const std::string& path) {
  const FileText file = read_file(path, kMaxBytes);
  if (file.state == FileState::missing) return {};
  if (file.state != FileState::present) {
    throw Error(ErrorKind::delivery, "cannot read " + path + ": " + file.reason);
  }
  auto state = parse(file.text);
  if (!state) {
    throw Error(ErrorKind::delivery, path + " is damaged",
                "remove it: branches are then given notice again");
  }
  return std::move(*state);
}

void write_sweep_state(const std::string& path, const SweepState& state, const Sharing& sharing) {
  Json json{{"format", kFormat}, {"notices", Json::array()}};
  for (const auto& [name, notice] : state.notices) {
    json["notices"].push_back(
        {bytes_to_json(name), notice.tip.hex(), notice.given, notice.archive_after});
  }
  if (state.teller) {
    json["teller"] = state.teller->text();
    json["telling"] = Json::array();
    for (const std::string& name : state.telling) json["telling"].push_back(bytes_to_json(name));
  }
  write_file(path, dump(json) + "\n", sharing, Durability::synced);
}

}  // namespace trunkgate
