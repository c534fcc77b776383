// colliding-path: two names that some file systems take for one.
#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/fold.h"
#include "base/text.h"
#include "git/tree.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<bool> kCase{"case", "true", "names that differ in letter case only collide"};
constexpr Option<bool> kUnicode{"unicode", "true",
                                "names that differ in Unicode normal form only collide"};
constexpr const OptionInfo* kOptions[] = {&kCase.info, &kUnicode.info};

// Names of one folder that are the same when folded, by name: the other one.
using Collisions = std::map<std::string, std::string, std::less<>>;

class CollidingPath final : public Rule {
 public:
  explicit CollidingPath(const RuleSetup& setup)
      : folding_{setup.options.get(kCase), setup.options.get(kUnicode)},
        folds_all_(folding_.letter_case && folding_.unicode) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.added() && !file.deleted() && !(file.names_apart && folds_all_);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    Memory& memory = memory_of(file.reader());
    ObjectId tree = memory.root(file.commit());
    std::string_view rest = file.path();
    std::string_view folder;
    while (true) {
      const auto slash = rest.find('/');
      const std::string_view name = rest.substr(0, slash);
      // Copied: the next look() may forget this folder.
      const auto [other, below] = memory.around(tree, name, *this);
      const bool new_name = slash == std::string_view::npos;
      if (!other.empty() && (new_name || !memory.collided_before(folder, name, *this))) {
        out.add({.message = "collides with '" + printable(std::string(folder) + other) +
                            "' on systems that take the two names for one",
                 .hint = "rename one of them: git mv -f OLD NEW"});
        return;
      }
      if (new_name || below.is_zero()) return;
      tree = below;
      folder = file.path().substr(0, folder.size() + slash + 1);
      rest.remove_prefix(slash + 1);
    }
  }

 private:
  struct Folder {
    std::map<std::string, ObjectId, std::less<>> folders;
    Collisions collisions;
  };

  // What was read last, by one thread.
  class Memory {
   public:
    explicit Memory(ObjectReader& reader) : reader_(reader) {}

    ObjectId root(const ObjectId& commit) {
      if (commit != commit_) {
        Commit read = reader_.commit(commit);
        root_ = read.tree;
        parents_ = std::move(read.parents);
        commit_ = commit;
      }
      return root_;
    }

    // What `name` collides with in a folder, and the folder it names there; nothing of either.
    std::pair<std::string, ObjectId> around(const ObjectId& tree, std::string_view name,
                                            const CollidingPath& rule) {
      // Most folders are asked about one name, and then need not be sorted.
      if (last_asked_ != tree && !folders_.contains(tree)) {
        last_asked_ = tree;
        return rule.look_once(reader_.tree(tree), name);
      }
      const Folder& here = look(tree, rule);
      const auto other = here.collisions.find(name);
      const auto below = here.folders.find(name);
      return {other == here.collisions.end() ? std::string() : other->second,
              below == here.folders.end() ? ObjectId() : below->second};
    }

    // Whether the folder had the collision in a parent already: who adds one more file below it has
    // not made it. History is never judged.
    bool collided_before(std::string_view folder, std::string_view name,
                         const CollidingPath& rule) {
      return std::any_of(parents_.begin(), parents_.end(), [&](const ObjectId& parent) {
        ObjectId tree = reader_.commit(parent).tree;
        std::string_view rest = folder;  // ends with a slash, or is empty
        while (!rest.empty()) {
          const auto slash = rest.find('/');
          tree = around(tree, rest.substr(0, slash), rule).second;
          if (tree.is_zero()) return false;
          rest.remove_prefix(slash + 1);
        }
        return !around(tree, name, rule).first.empty();
      });
    }

   private:
    // Files come in the order of their paths, so the folders looked at last are needed next.
    const Folder& look(const ObjectId& tree, const CollidingPath& rule) {
      if (const auto known = folders_.find(tree); known != folders_.end()) return known->second;
      if (folders_.size() > kMaxFolders) folders_.clear();
      return folders_.emplace(tree, rule.look(reader_.tree(tree))).first->second;
    }

    ObjectReader& reader_;
    ObjectId commit_;
    ObjectId root_;
    std::vector<ObjectId> parents_;
    std::unordered_map<ObjectId, Folder, ObjectIdHash> folders_;
    ObjectId last_asked_;
  };

  // One for each thread, which has a reader of its own. What it remembers goes by ids, so it does
  // no harm when a later reader stands in the same place.
  Memory& memory_of(ObjectReader& reader) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return memories_.try_emplace(&reader, reader).first->second;
  }

  // What is around `name` in a folder, by going through it.
  std::pair<std::string, ObjectId> look_once(const Bytes& raw, std::string_view name) const {
    const std::uint64_t hash = folded_hash(name, folding_);
    std::pair<std::string, ObjectId> found;
    bool here = false;
    TreeReader reader(raw.view());
    TreeEntry entry;
    while (reader.next(entry)) {
      if (entry.name == name) {
        here = true;
        if (entry.folder()) found.second = entry.id;
      } else if (found.first.empty() && folded_hash(entry.name, folding_) == hash &&
                 fold(entry.name) == fold(name)) {
        found.first = entry.name;
      }
    }
    if (!here) found.first.clear();
    return found;
  }

  Folder look(const Bytes& raw) const {
    Folder folder;
    // Hashes first: hardly any folder has a collision, and folded names cost an allocation each.
    std::vector<std::pair<std::uint64_t, std::string_view>> names;
    TreeReader reader(raw.view());
    TreeEntry entry;
    while (reader.next(entry)) {
      names.emplace_back(folded_hash(entry.name, folding_), entry.name);
      if (entry.folder()) folder.folders.emplace(entry.name, entry.id);
    }
    std::sort(names.begin(), names.end());
    for (auto at = names.begin(); at != names.end();) {
      const auto end =
          std::find_if(at, names.end(), [&](const auto& n) { return n.first != at->first; });
      if (end - at > 1) collect({at, end}, folder.collisions);
      at = end;
    }
    return folder;
  }

  // Names with one hash, most likely with one folded form.
  void collect(std::span<const std::pair<std::uint64_t, std::string_view>> names,
               Collisions& collisions) const {
    std::map<std::string, std::string> folded;
    for (const auto& [hash, name] : names) {
      const auto [other, first] = folded.emplace(fold(name), name);
      if (first) continue;
      collisions.emplace(name, other->second);
      collisions.emplace(other->second, name);
    }
  }

  std::string fold(std::string_view name) const { return fold_name(name, folding_); }

  static constexpr std::size_t kMaxFolders = 200;
  Folding folding_;
  bool folds_all_;
  mutable std::mutex mutex_;  // guards what follows
  mutable std::map<const ObjectReader*, Memory> memories_;
};

constexpr Example kExamples[] = {
    {"", "folder README src/a.cc src/b.cc", true},
    {"", "folder README readme", false},
    {"", "folder src/a Src/b", false},
    {"",
     "folder stra\xc3\x9f"
     "e STRASSE",
     false},
    {"", "folder caf\xc3\xa9 cafe\xcc\x81", false},
    {"{case: false}", "folder README readme", true},
    {"{unicode: false}", "folder caf\xc3\xa9 cafe\xcc\x81", true},
};

}  // namespace

constinit const RuleInfo colliding_path{
    .id = "colliding-path",
    .subject = Subject::file,
    .summary = "two names differ only in letter case or Unicode form",
    .rationale = "On Windows and macOS only one of the two files can be checked out.",
    .remedy = "Rename one of them in the commit that brought it.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<CollidingPath>,
    .concurrent = true,
    .folds_names = true,
};

}  // namespace trunkgate
