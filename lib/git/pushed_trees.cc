#include "git/pushed_trees.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "git/few_differences.h"
#include "git/internals.h"

namespace trunkgate {
namespace {

// So many are gathered, for the first of them to be the same each time.
constexpr std::size_t kManyFaults = 1000;

// Trees stored whole that a new one is compared with, the larger ones left out.
constexpr std::size_t kMaxWholes = 8;
constexpr std::size_t kLargestWhole = std::size_t{256} << 10U;

void append(std::vector<ObjectId>& to, const std::vector<ObjectId>& ids) {
  to.insert(to.end(), ids.begin(), ids.end());
}

}  // namespace

PushedTrees::PushedTrees(const Repository& repository, TreeChanges& changes, bool folds_names)
    : repository_(repository),
      in_(repository.internals()),
      changes_(changes),
      folds_names_(folds_names) {}

PushedTrees::~PushedTrees() = default;

PushedTrees::Look::Look(PushedTrees& trees)
    : trees_(trees), reader_(*trees.in_.pushed), recorder_(trees.changes_) {}

PushedTrees::Look::~Look() { trees_.add_files(files_); }

void PushedTrees::Look::at(std::size_t pack, const PackedObject& tree, const PackedObject* base,
                           const std::vector<FreshPart>& fresh) {
  if (trees_.found_ >= kManyFaults) return;
  if (!tree.bytes) return read_alone(pack, tree);
  const Known* const before = known(pack, base);
  if (known_.size() == count_) known_.emplace_back(trees_.folds_names_);
  Known& own = known_[count_++];
  own.pack = pack;
  own.number = tree.number;
  held_ -= own.index.held();
  const bool compared = before != nullptr &&
                        own.index.derive(before->index, *base->bytes, *tree.bytes, fresh, delta_);
  if (compared && before->sound && nothing_wrong()) {
    own.sound = true;
    own.fault = false;
  } else {
    const State state = check(pack, tree, *tree.bytes);
    own.sound = state.sound;
    own.fault = state.fault || (!compared && !own.index.read(*tree.bytes));
  }
  held_ += own.index.held();
  if (own.fault) return;
  const TreeFacts facts{.size = tree.bytes->size(), .names_apart = own.index.names_apart()};
  if (compared) {
    recorder_.record(pack, tree.number, facts, base->number, delta_.found);
  } else if (base == nullptr) {
    record_whole(pack, tree, facts);
  } else {
    recorder_.record(pack, tree.number, facts);
  }
}

// Git bases at most 50 versions of a folder on each other, so a folder that changes often is stored
// whole again and again; most such trees are near each other in the pack, and differ in little.
void PushedTrees::Look::record_whole(std::size_t pack, const PackedObject& tree,
                                     const TreeFacts& facts) {
  if (tree.bytes->size() > kLargestWhole) return recorder_.record(pack, tree.number, facts);
  const auto near = [&](const Whole& whole) {
    // Ids are for messages about what is no list of entries; both are one.
    return whole.pack == pack &&
           find_few_differences({{}, *tree.bytes}, {{}, whole.bytes}, delta_.found);
  };
  const Whole* base = nullptr;
  for (std::size_t back = 1; base == nullptr && back <= wholes_.size(); ++back) {
    const Whole& whole = wholes_[(next_whole_ - back) % kMaxWholes];
    if (near(whole)) base = &whole;
  }
  if (base != nullptr) {
    recorder_.record(pack, tree.number, facts, base->number, delta_.found);
  } else {
    recorder_.record(pack, tree.number, facts);
  }
  if (wholes_.size() < kMaxWholes) wholes_.emplace_back();
  Whole& own = wholes_[next_whole_++ % kMaxWholes];
  own.pack = pack;
  own.number = tree.number;
  own.bytes = *tree.bytes;
}

// A tree that is too large to be kept while others are looked at.
void PushedTrees::Look::read_alone(std::size_t pack, const PackedObject& tree) {
  const PackReader::Object object = reader_.of(pack).read(tree.offset, kMaxTreeBytes);
  if (check(pack, tree, object.bytes.view()).fault) return;
  recorder_.record(pack, tree.number, {.size = object.bytes.size()});
}

// What is known of the base; null without one and when it is no list of entries in order.
const PushedTrees::Look::Known* PushedTrees::Look::known(std::size_t pack,
                                                         const PackedObject* base) {
  if (base == nullptr) forget();
  for (; count_ > 0; --count_) {
    const Known& last = known_[count_ - 1];
    if (last.number == base->number && last.pack == pack) return last.fault ? nullptr : &last;
  }
  return nullptr;
}

// A new family of trees begins. What large ones have needed is given back.
void PushedTrees::Look::forget() {
  constexpr std::size_t kMaxHeld = std::size_t{4} << 20U;
  constexpr std::size_t kMaxEntries = kMaxHeld / sizeof(TreeEntry);
  count_ = 0;
  if (held_ > kMaxHeld) {
    known_.clear();
    held_ = 0;
  }
  if (delta_.found.capacity() > kMaxEntries || delta_.own.capacity() > kMaxEntries ||
      delta_.gone.capacity() > kMaxEntries) {
    delta_ = {};
  }
}

// Whether a tree differs from a sound one in nothing that can be wrong. Most trees of a pack are
// stored as what they differ in from another one, and have its names.
bool PushedTrees::Look::nothing_wrong() const {
  for (std::size_t i = 0; i < delta_.found.size(); i += 2) {
    const TreeEntry& own = delta_.found[i];
    const bool gone = own.name.empty();
    const bool added = delta_.found[i + 1].name.empty();
    if (!gone && (added || may_be_wrong(own))) return false;
  }
  return true;
}

PushedTrees::Look::State PushedTrees::Look::check(std::size_t pack, const PackedObject& tree,
                                                  std::string_view bytes) {
  return check(trees_.in_.pushed->packs()[pack]->id(tree.number), bytes, pack, tree.offset);
}

PushedTrees::Look::State PushedTrees::Look::check(const ObjectId& id, std::string_view bytes,
                                                  std::size_t pack, std::uint64_t offset) {
  FilesForGit found;
  std::string fault = tree_fault(bytes, found);
  const State state{.sound = fault.empty() && found.gitmodules.empty(), .fault = !fault.empty()};
  if (state.sound && found.gitattributes.empty()) return state;
  // A pack brings old trees, too, where a delta is based on one; what was there before stays.
  if (trees_.existed_before(id)) return state;
  if (!fault.empty()) trees_.add(pack, offset, {id, std::move(fault)});
  append(files_.gitmodules, found.gitmodules);
  append(files_.gitattributes, found.gitattributes);
  return state;
}

// Not the repository's own answer: that may be giving another one at this moment.
bool PushedTrees::existed_before(const ObjectId& id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (old_ == nullptr) old_ = std::make_unique<OldObjects>(in_.path + "/objects");
  return old_->contain(id);
}

void PushedTrees::add(std::size_t pack, std::uint64_t offset, TreeFault fault) {
  ++found_;
  const std::lock_guard<std::mutex> lock(mutex_);
  faults_.emplace_back(pack, offset, std::move(fault));
}

// What is found when the packs have been looked through.
void PushedTrees::add_last(TreeFault fault) { add(SIZE_MAX, 0, std::move(fault)); }

void PushedTrees::add_files(const FilesForGit& files) {
  const std::lock_guard<std::mutex> lock(mutex_);
  append(files_.gitmodules, files.gitmodules);
  append(files_.gitattributes, files.gitattributes);
}

std::vector<TreeFault> PushedTrees::faults() {
  std::stable_sort(faults_.begin(), faults_.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  search_loose();
  check_files(files_.gitmodules, {".gitmodules", kMaxGitmodulesBytes, "1 MiB", gitmodules_fault});
  check_files(files_.gitattributes,
              {".gitattributes", kMaxGitattributesBytes, "16 MiB", gitattributes_fault});
  std::vector<TreeFault> faults;
  for (auto& [pack, offset, fault] : faults_) {
    if (faults.size() < kMaxTreeFaults) faults.push_back(std::move(fault));
  }
  return faults;
}

void PushedTrees::search_loose() {
  Look look(*this);
  for (const std::string& folder : list_folder(in_.quarantine)) {
    if (folder.size() != 2) continue;
    for (const std::string& rest : list_folder(in_.quarantine + "/" + folder)) {
      const auto id = ObjectId::parse(folder + rest);
      if (!id || full()) continue;
      const ObjectHeader header = repository_.header(*id);
      if (header.type != ObjectType::tree) continue;
      if (header.size > kMaxTreeBytes) {
        add_last({*id, "it is larger than 64 MiB"});
        continue;
      }
      const git_oid oid = git::to_oid(*id);
      const auto object = git::acquire<git_odb_object>("cannot read a pushed tree", git_odb_read,
                                                       in_.all.get(), &oid);
      look.check(*id,
                 {static_cast<const char*>(git_odb_object_data(object.get())),
                  git_odb_object_size(object.get())},
                 SIZE_MAX, 0);
    }
  }
}

void PushedTrees::check_files(std::vector<ObjectId>& ids, const FileKind& kind) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  for (const ObjectId& id : ids) check_file(id, kind);
}

void PushedTrees::check_file(const ObjectId& id, const FileKind& kind) {
  if (full()) return;
  const ObjectHeader header = repository_.objects().header(id);
  if (header.type == ObjectType::missing) return;  // Git refuses the push for it
  if (header.type != ObjectType::blob) return add_last({id, kind.name + " is no file"});
  if (header.size > kind.limit) {
    return add_last({id, kind.name + " is larger than " + kind.limit_text});
  }
  const Bytes content = repository_.objects().blob(id, kind.limit);
  if (std::string fault = kind.fault(content.view()); !fault.empty()) {
    add_last({id, kind.name + ": " + fault});
  }
}

}  // namespace trunkgate
