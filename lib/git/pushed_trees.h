// Looks at every tree that a push has brought, reachable or not, for what no honest Git makes.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "git/delta_forest.h"
#include "git/object_id.h"
#include "git/repository.h"
#include "git/tree.h"
#include "git/tree_changes.h"
#include "git/tree_index.h"

namespace trunkgate {

class OldObjects;

struct TreeFault {
  ObjectId object;   // the tree, or the file in it that Git reads
  std::string what;  // printable: "'a' stands in it twice"
};

inline constexpr std::size_t kMaxTreeFaults = 20;
inline constexpr std::size_t kMaxGitmodulesBytes = std::size_t{1} << 20U;
// Git LFS keeps a line for each of many files there.
inline constexpr std::size_t kMaxGitattributesBytes = std::size_t{16} << 20U;

class PushedTrees {
 public:
  // Of a repository with a quarantine, which must outlive this object. Differences between trees
  // go to `changes`, with TreeFacts::names_apart if `folds_names`.
  PushedTrees(const Repository& repository, TreeChanges& changes, bool folds_names);
  ~PushedTrees();
  PushedTrees(const PushedTrees&) = delete;
  PushedTrees& operator=(const PushedTrees&) = delete;

  // The trees that one thread looks at. Uses nothing of the repository that another thread may not
  // use meanwhile.
  class Look {
   public:
    explicit Look(PushedTrees& trees);
    ~Look();
    Look(const Look&) = delete;
    Look& operator=(const Look&) = delete;

    // A tree of a pack, as by DeltaWalk. Throws Error(repository) when the tree cannot be read.
    void at(std::size_t pack, const PackedObject& tree, const PackedObject* base,
            const std::vector<FreshPart>& fresh);

   private:
    friend class PushedTrees;
    // A tree that others may be based on.
    struct Known {
      explicit Known(bool folds_names) : index(folds_names) {}
      std::size_t pack = 0;
      std::size_t number = 0;
      bool fault = false;  // the index is then of no use
      bool sound = false;  // has no fault and no .gitmodules
      TreeIndex index;
    };
    struct State {
      bool sound = false;  // has no fault and no .gitmodules
      bool fault = false;
    };

    // A tree that was stored whole.
    struct Whole {
      std::size_t pack = 0;
      std::size_t number = 0;
      std::string bytes;
    };

    void read_alone(std::size_t pack, const PackedObject& tree);
    void record_whole(std::size_t pack, const PackedObject& tree, const TreeFacts& facts);
    const Known* known(std::size_t pack, const PackedObject* base);
    void forget();
    bool nothing_wrong() const;
    State check(std::size_t pack, const PackedObject& tree, std::string_view bytes);
    State check(const ObjectId& id, std::string_view bytes, std::size_t pack, std::uint64_t offset);

    PushedTrees& trees_;
    PushedReader reader_;
    TreeChanges::Recorder recorder_;
    std::deque<Known> known_;  // the tree looked at last and all that it is based on
    std::size_t count_ = 0;    // of known_; the others keep their memory
    std::size_t held_ = 0;     // bytes of all their indexes
    TreeDelta delta_;
    std::vector<Whole> wholes_;   // those looked at last, kMaxWholes at most
    std::size_t next_whole_ = 0;  // number of them so far
    FilesForGit files_;
  };

  // At most kMaxTreeFaults: those of packs by their offsets, of loose trees, of files that Git
  // reads. To be called once, when all trees of the packs have been looked at. Throws
  // Error(repository) when an object cannot be read.
  std::vector<TreeFault> faults();

 private:
  struct FileKind {
    std::string name;
    std::size_t limit;
    const char* limit_text;
    std::string (*fault)(std::string_view content);
  };

  bool existed_before(const ObjectId& id);
  void add(std::size_t pack, std::uint64_t offset, TreeFault fault);
  void add_last(TreeFault fault);
  bool full() const { return found_ >= kMaxTreeFaults; }
  void add_files(const FilesForGit& files);
  void search_loose();
  void check_files(std::vector<ObjectId>& ids, const FileKind& kind);
  void check_file(const ObjectId& id, const FileKind& kind);

  const Repository& repository_;
  const Repository::Internals& in_;
  TreeChanges& changes_;
  bool folds_names_;
  std::atomic<std::size_t> found_ = 0;
  std::mutex mutex_;  // guards what follows
  std::vector<std::tuple<std::size_t, std::uint64_t, TreeFault>> faults_;
  FilesForGit files_;
  std::unique_ptr<OldObjects> old_;
};

}  // namespace trunkgate
