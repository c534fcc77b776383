#include "git/pushed_packs.h"

#include <algorithm>
#include <string_view>

#include "base/file.h"

namespace trunkgate {

PushedPacks::PushedPacks(const std::string& objects) {
  static constexpr std::string_view kIndex = ".idx";
  const std::string folder = objects + "/pack/";
  for (const std::string& name : list_folder(folder)) {
    if (!name.ends_with(kIndex)) continue;
    packs_.push_back(
        std::make_unique<PackFile>(folder + name.substr(0, name.size() - kIndex.size())));
  }
}

std::optional<PushedPlace> PushedPacks::find(const ObjectId& id) const {
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    const PackFile& pack = *packs_[i];
    if (const auto number = pack.number(id)) return PushedPlace{i, *number, pack.offset(*number)};
  }
  return std::nullopt;
}

std::vector<std::pair<std::uint64_t, std::size_t>> PushedPacks::in_order(const PackFile& pack) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  order.reserve(pack.count());
  for (std::size_t i = 0; i < pack.count(); ++i) order.emplace_back(pack.offset(i), i);
  std::sort(order.begin(), order.end());
  return order;
}

PushedReader::PushedReader(const PushedPacks& packs) {
  readers_.reserve(packs.packs().size());
  for (const auto& pack : packs.packs()) readers_.emplace_back(*pack);
}

}  // namespace trunkgate
