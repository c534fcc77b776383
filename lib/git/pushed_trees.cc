#include "git/pushed_trees.h"

#include <algorithm>
#include <memory>

#include "base/file.h"
#include "git/internals.h"
#include "git/tree.h"

namespace trunkgate {
namespace {

class Search {
 public:
  explicit Search(const Repository& repository)
      : repository_(repository), in_(repository.internals()), reader_(*in_.pushed) {}

  std::vector<TreeFault> run() {
    for (std::size_t i = 0; i < in_.pushed->packs().size(); ++i) search_pack(i);
    search_loose();
    std::sort(gitmodules_.begin(), gitmodules_.end());
    gitmodules_.erase(std::unique(gitmodules_.begin(), gitmodules_.end()), gitmodules_.end());
    for (const ObjectId& id : gitmodules_) check_gitmodules(id);
    return std::move(faults_);
  }

 private:
  bool full() const { return faults_.size() == kMaxTreeFaults; }

  void search_pack(std::size_t number) {
    const PackFile& pack = *in_.pushed->packs()[number];
    PackReader& reader = reader_.of(number);
    // By offset, so a delta's base has mostly just been read, and its type is known.
    const auto order = PushedPacks::in_order(pack);
    std::vector<ObjectType> types(order.size());
    for (std::size_t i = 0; i < order.size() && !full(); ++i) {
      const std::uint64_t offset = order[i].first;
      const PackFile::Entry entry = pack.entry(offset);
      types[i] = entry.type;
      if (entry.base && *entry.base < offset) {
        const auto base = std::lower_bound(order.begin(), order.begin() + static_cast<long>(i),
                                           std::pair<std::uint64_t, std::size_t>(*entry.base, 0));
        if (base->first != *entry.base) pack.damaged("a delta's base is no object");
        types[i] = types[static_cast<std::size_t>(base - order.begin())];
      } else if (entry.base) {
        types[i] = reader.type(offset);
      }
      if (types[i] != ObjectType::tree) continue;
      check_tree(pack.id(order[i].second), reader.read(offset, kMaxTreeBytes).bytes);
    }
  }

  void search_loose() {
    for (const std::string& folder : list_folder(in_.quarantine)) {
      if (folder.size() != 2) continue;
      for (const std::string& rest : list_folder(in_.quarantine + "/" + folder)) {
        const auto id = ObjectId::parse(folder + rest);
        if (!id || full()) continue;
        const ObjectHeader header = repository_.header(*id);
        if (header.type != ObjectType::tree) continue;
        if (header.size > kMaxTreeBytes) {
          faults_.push_back({*id, "it is larger than 64 MiB"});
          continue;
        }
        const git_oid oid = git::to_oid(*id);
        const auto object = git::acquire<git_odb_object>("cannot read a pushed tree", git_odb_read,
                                                         in_.all.get(), &oid);
        check_tree(*id, {static_cast<const char*>(git_odb_object_data(object.get())),
                         git_odb_object_size(object.get())});
      }
    }
  }

  void check_tree(const ObjectId& id, std::string_view raw) {
    std::vector<ObjectId> gitmodules;
    std::string fault = tree_fault(raw, gitmodules);
    if (fault.empty() && gitmodules.empty()) return;
    // A pack brings old trees, too, where a delta is based on one; what was there before stays.
    if (existed_before(id)) return;
    if (!fault.empty()) faults_.push_back({id, std::move(fault)});
    gitmodules_.insert(gitmodules_.end(), gitmodules.begin(), gitmodules.end());
  }

  void check_gitmodules(const ObjectId& id) {
    if (full()) return;
    const auto place = in_.pushed->find(id);
    const auto [type, size] = place ? reader_.header(*place) : header_of(id);
    if (type == ObjectType::missing) return;  // Git refuses the push for it
    if (type != ObjectType::blob) {
      faults_.push_back({id, ".gitmodules is no file"});
      return;
    }
    if (size > kMaxGitmodulesBytes) {
      faults_.push_back({id, ".gitmodules is larger than 1 MiB"});
      return;
    }
    const std::string content = place ? std::string(reader_.read(*place, size).bytes)
                                      : repository_.blob(id, kMaxGitmodulesBytes);
    if (std::string fault = gitmodules_fault(content); !fault.empty()) {
      faults_.push_back({id, ".gitmodules: " + fault});
    }
  }

  // Not the repository's own answer: that may be giving another one at this moment.
  bool existed_before(const ObjectId& id) {
    if (old_ == nullptr) old_ = std::make_unique<OldObjects>(in_.path + "/objects");
    return old_->contain(id);
  }

  std::pair<ObjectType, std::uint64_t> header_of(const ObjectId& id) const {
    const ObjectHeader header = repository_.header(id);
    return {header.type, header.size};
  }

  const Repository& repository_;
  const Repository::Internals& in_;
  PushedReader reader_;
  std::vector<ObjectId> gitmodules_;
  std::vector<TreeFault> faults_;
  std::unique_ptr<OldObjects> old_;
};

}  // namespace

std::vector<TreeFault> pushed_tree_faults(const Repository& repository) {
  if (repository.internals().pushed == nullptr) return {};
  return Search(repository).run();
}

std::size_t pushed_packed_objects(const Repository& repository) {
  std::size_t count = 0;
  const Repository::Internals& in = repository.internals();
  if (in.pushed == nullptr) return 0;
  for (const auto& pack : in.pushed->packs()) count += pack->count();
  return count;
}

}  // namespace trunkgate
