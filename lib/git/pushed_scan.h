// Looks at the trees and files of a push's packs once, in the order of their deltas, on all
// processors but the caller's, who does other things meanwhile and then lends a hand.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "git/delta_forest.h"
#include "git/pushed_trees.h"
#include "git/repository.h"
#include "git/tree_changes.h"

namespace trunkgate {

class PushedScan {
 public:
  // Told about every blob of the packs, as by DeltaWalk. Several threads call it at once, but never
  // for objects one of which is based on the other.
  using BlobVisitor =
      std::function<void(std::size_t pack, const PackedObject& blob, const PackedObject* base,
                         const std::vector<FreshPart>& fresh)>;

  // Starts. Without `blobs` only trees are read. With `folds_names` changes() have
  // TreeFacts::names_apart. `repository` must outlive this object. Outside of a quarantine there is
  // nothing to look at.
  explicit PushedScan(const Repository& repository, BlobVisitor blobs = nullptr,
                      bool folds_names = false);
  // Stops.
  ~PushedScan();
  PushedScan(const PushedScan&) = delete;
  PushedScan& operator=(const PushedScan&) = delete;

  // Looks at what is left, until everything has been looked at. False when that failed.
  bool wait();
  // Waits. Null when there is nothing to compare trees by; they must be read then. As long as this
  // object.
  const TreeChanges* changes();
  // Waits. At most kMaxTreeFaults, none outside of a quarantine. To be called once. Throws
  // Error(repository) when an object cannot be read.
  std::vector<TreeFault> faults();

 private:
  // Some of the objects that are stored whole, with all that is based on them.
  struct Piece {
    std::size_t pack = 0;
    std::size_t first = 0;  // indices into DeltaForest::roots()
    std::size_t last = 0;
  };

  class Looker;

  void prepare();
  void look_at_all();
  void look_at_pieces();
  void finish();

  const Repository::Internals& in_;
  BlobVisitor blobs_;
  std::unique_ptr<TreeChanges> changes_;
  std::unique_ptr<PushedTrees> trees_;
  std::vector<std::unique_ptr<DeltaForest>> forests_;  // by pack
  std::vector<Piece> pieces_;
  std::vector<std::exception_ptr> failures_;  // of each piece
  std::atomic<std::size_t> next_ = 0;         // piece that nobody has taken
  std::atomic<bool> stopped_ = false;
  std::promise<void> prepared_;
  std::future<void> pieces_known_;  // not valid when nobody else looks at them, or no more
  std::shared_future<void> work_;   // the last member: waits for the threads when it goes
};

}  // namespace trunkgate
