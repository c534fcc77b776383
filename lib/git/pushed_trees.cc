#include "git/pushed_trees.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/file.h"
#include "git/internals.h"
#include "git/tree.h"
#include "git/tree_compare.h"

namespace trunkgate {
namespace {

class Search {
 public:
  explicit Search(const Repository& repository)
      : repository_(repository), in_(repository.internals()), reader_(*in_.pushed) {}

  std::vector<TreeFault> run() {
    for (std::size_t i = 0; i < in_.pushed->packs().size(); ++i) search_pack(i);
    search_loose();
    check_files(found_.gitmodules, {".gitmodules", kMaxGitmodulesBytes, "1 MiB", gitmodules_fault});
    check_files(found_.gitattributes,
                {".gitattributes", kMaxGitattributesBytes, "16 MiB", gitattributes_fault});
    return std::move(faults_);
  }

 private:
  struct FileKind {
    std::string name;
    std::size_t limit;
    const char* limit_text;
    std::string (*fault)(std::string_view content);
  };

  bool full() const { return faults_.size() == kMaxTreeFaults; }

  void search_pack(std::size_t number) {
    const PackFile& pack = *in_.pushed->packs()[number];
    PackReader& reader = reader_.of(number);
    // By offset, so a delta's base has mostly just been read, and its type is known.
    const auto order = PushedPacks::in_order(pack);
    std::vector<ObjectType> types(order.size());
    std::vector<bool> sound(order.size());
    for (std::size_t i = 0; i < order.size() && !full(); ++i) {
      const std::uint64_t offset = order[i].first;
      const PackFile::Entry entry = pack.entry(offset);
      types[i] = entry.type;
      std::optional<std::size_t> known;  // what it is based on
      if (entry.base && *entry.base < offset) {
        const auto base = std::lower_bound(order.begin(), order.begin() + static_cast<long>(i),
                                           std::pair<std::uint64_t, std::size_t>(*entry.base, 0));
        if (base->first != *entry.base) pack.damaged("a delta's base is no object");
        known = static_cast<std::size_t>(base - order.begin());
        types[i] = types[*known];
      } else if (entry.base) {
        types[i] = reader.type(offset);
      }
      if (types[i] != ObjectType::tree) continue;
      const ObjectId id = pack.id(order[i].second);
      const Bytes tree = reader.read(offset, kMaxTreeBytes).bytes;
      if (known && sound[*known]) {
        const ObjectId base = pack.id(order[*known].second);
        const auto base_tree = reader.kept(order[*known].first);
        sound[i] = base_tree && as_sound_as({id, tree.view()}, {base, base_tree->view()});
      }
      sound[i] = sound[i] || check_tree(id, tree.view());
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

  // Whether a tree differs from a sound one in nothing that can be wrong. Most trees of a pack are
  // stored as what they differ from another one, and have its names.
  bool as_sound_as(const RawTree& tree, const RawTree& base) {
    try {
      return has_names_of(tree, base, changed_) &&
             std::none_of(changed_.begin(), changed_.end(), may_be_wrong);
    } catch (const Error&) {
      return false;  // no list of entries
    }
  }

  // Whether it is sound: no fault, and no .gitmodules to be looked at later.
  bool check_tree(const ObjectId& id, std::string_view raw) {
    FilesForGit found;
    std::string fault = tree_fault(raw, found);
    const bool sound = fault.empty() && found.gitmodules.empty();
    if (sound && found.gitattributes.empty()) return true;
    // A pack brings old trees, too, where a delta is based on one; what was there before stays.
    if (existed_before(id)) return sound;
    if (!fault.empty()) faults_.push_back({id, std::move(fault)});
    append(found_.gitmodules, found.gitmodules);
    append(found_.gitattributes, found.gitattributes);
    // Most trees at the top of a project have attributes, and the next one has the same.
    return sound;
  }

  static void append(std::vector<ObjectId>& to, const std::vector<ObjectId>& ids) {
    to.insert(to.end(), ids.begin(), ids.end());
  }

  void check_files(std::vector<ObjectId>& ids, const FileKind& kind) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (const ObjectId& id : ids) check_file(id, kind);
  }

  void check_file(const ObjectId& id, const FileKind& kind) {
    if (full()) return;
    const auto place = in_.pushed->find(id);
    const auto [type, size] = place ? reader_.header(*place) : header_of(id);
    if (type == ObjectType::missing) return;  // Git refuses the push for it
    if (type != ObjectType::blob) {
      faults_.push_back({id, kind.name + " is no file"});
      return;
    }
    if (size > kind.limit) {
      faults_.push_back({id, kind.name + " is larger than " + kind.limit_text});
      return;
    }
    const std::string content = place ? std::string(reader_.read(*place, size).bytes.view())
                                      : repository_.blob(id, kind.limit);
    if (std::string fault = kind.fault(content); !fault.empty()) {
      faults_.push_back({id, kind.name + ": " + fault});
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
  std::vector<TreeEntry> changed_;
  FilesForGit found_;
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
