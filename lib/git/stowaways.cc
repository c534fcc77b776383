#include "git/stowaways.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "git/internals.h"
#include "git/tree.h"

namespace trunkgate {
namespace {

// Told what an object leads to, and as what: `missing` for an object of any type.
using Visitor = std::function<void(const ObjectId&, ObjectType)>;

// Larger commits and tags are refused wherever a reference leads to them.
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20U;

// The id behind `key` at the front of `raw`, which is then taken off.
std::optional<ObjectId> take_id(std::string_view& raw, std::string_view key) {
  const std::size_t size = key.size() + ObjectId::kHexSize;
  if (!raw.starts_with(key) || raw.size() <= size || raw[size] != '\n') return std::nullopt;
  const auto id = ObjectId::parse(raw.substr(key.size(), ObjectId::kHexSize));
  if (id) raw.remove_prefix(size + 1);
  return id;
}

// What Git follows from an object. Not a submodule: its commit belongs to another repository, and
// one that hides behind such an entry is reached by nothing.
void visit_links(ObjectType type, std::string_view raw, const Visitor& visit) {
  if (type == ObjectType::tree) {
    TreeReader reader(raw);
    TreeEntry entry;
    while (reader.next(entry)) {
      if ((entry.mode & 0170000U) == kSubmoduleMode) continue;
      visit(entry.id, entry.folder() ? ObjectType::tree : ObjectType::blob);
    }
  } else if (type == ObjectType::commit) {
    if (const auto tree = take_id(raw, "tree ")) visit(*tree, ObjectType::tree);
    while (const auto parent = take_id(raw, "parent ")) visit(*parent, ObjectType::commit);
  } else if (type == ObjectType::tag) {
    if (const auto object = take_id(raw, "object ")) visit(*object, ObjectType::missing);
  }
}

// Objects are numbered: those of the first pack by their offsets, then those of the next one, then
// the loose ones by their ids.
//
// Nothing is walked. Objects cannot lead to each other in a circle, so when some are not reached,
// one of them is led to by no object at all: it is found by counting, in one pass over the packs
// from front to back, which is several times cheaper than reading them in the order of a walk.
class Search {
 public:
  Search(const Repository& repository, const std::vector<ObjectId>& tips)
      : repository_(repository), in_(repository.internals()), reader_(*in_.pushed) {
    number_objects();
    for (std::size_t number = 0; number < types_.size(); ++number) types_[number] = type_of(number);
    for (std::size_t number = 0; number < links_to_.size(); ++number) {
      if (is_copy(number)) continue;
      visit_links_of(number, [&](std::size_t other) { ++links_to_[other]; });
    }
    for (const ObjectId& tip : tips) {
      if (const auto number = number_of(tip)) ++links_to_[*number];
    }
  }

  // Takes away what nothing leads to, and so on with what that alone has led to.
  Stowaways run() {
    for (std::size_t number = 0; number < links_to_.size(); ++number) {
      if (links_to_[number] == 0 && !is_copy(number)) waiting_.push_back({number, true});
    }
    Stowaways found;
    while (!waiting_.empty()) {
      const auto [number, top] = waiting_.back();
      waiting_.pop_back();
      const ObjectId id = id_of(number);
      const bool old = repository_.existed_before(id);
      if (!old) {
        ++found.objects;
        if (top && found.tops.size() < kMaxStowawayTops) {
          found.tops.push_back({id, types_[number]});
        }
      }
      visit_links_of(number, [&](std::size_t other) {
        if (--links_to_[other] == 0) waiting_.push_back({other, old});
      });
    }
    return found;
  }

 private:
  struct Waiting {
    std::size_t number = 0;
    bool top = false;  // no stowaway leads to it
  };

  void number_objects() {
    std::size_t count = 0;
    for (const auto& pack : in_.pushed->packs()) {
      orders_.push_back(PushedPacks::in_order(*pack));
      first_.push_back(count);
      count += pack->count();
    }
    for (const std::string& folder : list_folder(in_.quarantine)) {
      if (folder.size() != 2) continue;
      for (const std::string& rest : list_folder(in_.quarantine + "/" + folder)) {
        if (const auto id = ObjectId::parse(folder + rest)) loose_.push_back(*id);
      }
    }
    std::sort(loose_.begin(), loose_.end());
    first_loose_ = count;
    links_to_.resize(count + loose_.size());
    types_.resize(links_to_.size());
  }

  std::optional<std::size_t> number_of(const ObjectId& id) const {
    if (const auto place = in_.pushed->find(id)) {
      return number_at(place->pack, place->offset);
    }
    const auto at = std::lower_bound(loose_.begin(), loose_.end(), id);
    if (at == loose_.end() || *at != id) return std::nullopt;
    return first_loose_ + static_cast<std::size_t>(at - loose_.begin());
  }

  std::size_t number_at(std::size_t pack, std::uint64_t offset) const {
    const auto& order = orders_[pack];
    const auto at = std::lower_bound(order.begin(), order.end(),
                                     std::pair<std::uint64_t, std::size_t>(offset, 0));
    if (at == order.end() || at->first != offset) {
      in_.pushed->packs()[pack]->damaged("a delta's base is no object");
    }
    return first_[pack] + static_cast<std::size_t>(at - order.begin());
  }

  std::size_t pack_of(std::size_t number) const {
    return static_cast<std::size_t>(std::upper_bound(first_.begin(), first_.end(), number) -
                                    first_.begin()) -
           1;
  }

  ObjectId id_of(std::size_t number) const {
    if (number >= first_loose_) return loose_[number - first_loose_];
    const std::size_t pack = pack_of(number);
    return in_.pushed->packs()[pack]->id(orders_[pack][number - first_[pack]].second);
  }

  // Of an object that stands in an earlier pack, too: that one stands for both.
  bool is_copy(std::size_t number) const {
    const bool one_source = orders_.size() + (loose_.empty() ? 0 : 1) == 1;
    return !one_source && number_of(id_of(number)) != number;
  }

  // Visits the numbers of pushed objects that an object leads to. One that is not what it is called
  // there (a commit in the place of a file, say) is not led to: nothing will look at it.
  void visit_links_of(std::size_t number, const std::function<void(std::size_t)>& visit) {
    const Visitor to_number = [&](const ObjectId& id, ObjectType as) {
      const auto other = number_of(id);
      if (other && (as == ObjectType::missing || types_[*other] == as)) visit(*other);
    };
    const ObjectType type = types_[number];
    if (type == ObjectType::blob) return;
    const std::size_t limit = type == ObjectType::tree ? kMaxTreeBytes : kMaxTextBytes;
    if (number >= first_loose_) return visit_loose(number, limit, to_number);
    const std::size_t pack = pack_of(number);
    const std::uint64_t offset = orders_[pack][number - first_[pack]].first;
    try {
      visit_links(type, reader_.of(pack).read(offset, limit).bytes.view(), to_number);
    } catch (const ObjectTooLarge&) {
      // It leads nowhere, then: what it holds is let in by nothing.
    }
  }

  // In the order of numbers, so that a delta's base has been looked at.
  ObjectType type_of(std::size_t number) {
    if (number >= first_loose_) return read_header(in_, loose_[number - first_loose_]).type;
    const std::size_t pack = pack_of(number);
    const std::uint64_t offset = orders_[pack][number - first_[pack]].first;
    const PackFile::Entry entry = in_.pushed->packs()[pack]->entry(offset);
    if (entry.type != ObjectType::missing) return entry.type;
    if (entry.base) {
      const ObjectType known = types_[number_at(pack, *entry.base)];
      if (known != ObjectType::missing) return known;
    }
    return reader_.of(pack).type(offset);
  }

  void visit_loose(std::size_t number, std::size_t limit, const Visitor& visit) const {
    const ObjectId& id = loose_[number - first_loose_];
    if (read_header(in_, id).size > limit) return;
    const git_oid oid = git::to_oid(id);
    const auto object = git::acquire<git_odb_object>("cannot read a pushed object", git_odb_read,
                                                     in_.all.get(), &oid);
    visit_links(types_[number],
                {static_cast<const char*>(git_odb_object_data(object.get())),
                 git_odb_object_size(object.get())},
                visit);
  }

  const Repository& repository_;
  const Repository::Internals& in_;
  PushedReader reader_;
  std::vector<std::vector<std::pair<std::uint64_t, std::size_t>>> orders_;  // of each pack
  std::vector<std::size_t> first_;                                          // number of each pack
  std::size_t first_loose_ = 0;
  std::vector<ObjectId> loose_;
  std::vector<std::uint32_t> links_to_;  // how often an object of the push leads to it
  std::vector<ObjectType> types_;
  std::vector<Waiting> waiting_;
};

}  // namespace

Stowaways find_stowaways(const Repository& repository, const std::vector<ObjectId>& tips) {
  if (repository.internals().pushed == nullptr) return {};
  return Search(repository, tips).run();
}

}  // namespace trunkgate
