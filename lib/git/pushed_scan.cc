#include "git/pushed_scan.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/together.h"
#include "git/internals.h"

namespace trunkgate {
namespace {

// Below this, starting a thread costs more than it saves.
constexpr std::size_t kManyObjects = 500;
constexpr std::size_t kRootsOfPiece = 16;

}  // namespace

// Looks at pieces for one thread.
class PushedScan::Looker {
 public:
  explicit Looker(PushedScan& scan)
      : scan_(scan), trees_(*scan.trees_), walks_(scan.forests_.size()) {}

  void look(const Piece& piece) {
    const DeltaForest& forest = *scan_.forests_[piece.pack];
    auto& walk = walks_[piece.pack];
    if (walk == nullptr) walk = std::make_unique<DeltaWalk>(forest);
    const auto visit = [&](const PackedObject& object, const PackedObject* base,
                           const std::vector<FreshPart>& fresh) {
      if (object.type == ObjectType::tree) {
        trees_.at(piece.pack, object, base, fresh);
      } else {
        scan_.blobs_(piece.pack, object, base, fresh);
      }
    };
    for (std::size_t root = piece.first; root < piece.last; ++root) {
      const ObjectType type = forest.type_of_root(forest.roots()[root]);
      if (type != ObjectType::tree && (type != ObjectType::blob || !scan_.blobs_)) continue;
      walk->visit(forest.roots()[root], visit);
    }
  }

 private:
  PushedScan& scan_;
  PushedTrees::Look trees_;
  std::vector<std::unique_ptr<DeltaWalk>> walks_;  // by pack
};

PushedScan::PushedScan(const Repository& repository, BlobVisitor blobs, bool folds_names)
    : in_(repository.internals()), blobs_(std::move(blobs)) {
  if (in_.pushed == nullptr) return;
  changes_ = std::make_unique<TreeChanges>(*in_.pushed);
  trees_ = std::make_unique<PushedTrees>(repository, *changes_, folds_names);
  std::size_t objects = 0;
  for (const auto& pack : in_.pushed->packs()) objects += pack->count();
  if (objects >= kManyObjects) {
    try {
      pieces_known_ = prepared_.get_future();
      work_ = std::async(std::launch::async, [this] { look_at_all(); });
      return;
    } catch (const std::system_error&) {
      // No thread to be had: it takes longer, that is all.
      pieces_known_ = {};
    }
  }
  work_ = std::async(std::launch::deferred, [this] {
    prepare();
    look_at_pieces();
    finish();
  });
}

PushedScan::~PushedScan() { stopped_ = true; }

void PushedScan::prepare() {
  for (const auto& pack : in_.pushed->packs()) {
    const std::size_t number = forests_.size();
    forests_.push_back(std::make_unique<DeltaForest>(*pack));
    const std::size_t roots = forests_.back()->roots().size();
    for (std::size_t first = 0; first < roots; first += kRootsOfPiece) {
      pieces_.push_back({number, first, std::min(roots, first + kRootsOfPiece)});
    }
  }
  failures_.resize(pieces_.size());
}

// The caller's processor is left to the caller: with a thread for that one, too, the caller's own
// work would be what everything waits for in the end.
void PushedScan::look_at_all() {
  try {
    prepare();
    prepared_.set_value();
  } catch (...) {
    prepared_.set_exception(std::current_exception());
    throw;
  }
  const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<void>> others;
  for (std::size_t thread = 2; thread < std::min(processors, kMaxThreads); ++thread) {
    try {
      others.push_back(std::async(std::launch::async, [this] { look_at_pieces(); }));
    } catch (const std::system_error&) {
      break;
    }
  }
  look_at_pieces();
  for (std::future<void>& other : others) other.get();
}

void PushedScan::look_at_pieces() {
  Looker looker(*this);
  for (std::size_t piece = next_++; piece < pieces_.size() && !stopped_; piece = next_++) {
    try {
      looker.look(pieces_[piece]);
    } catch (...) {
      failures_[piece] = std::current_exception();
      stopped_ = true;  // the others need not go on
    }
  }
}

// Everybody has stopped looking.
void PushedScan::finish() {
  for (const std::exception_ptr& failure : failures_) {
    if (failure) std::rethrow_exception(failure);
  }
}

bool PushedScan::wait() {
  if (!work_.valid()) return true;
  try {
    if (pieces_known_.valid()) {
      pieces_known_.get();
      look_at_pieces();
    }
    work_.get();
    finish();
    return true;
  } catch (...) {
    return false;  // faults() says why
  }
}

const TreeChanges* PushedScan::changes() { return wait() ? changes_.get() : nullptr; }

std::vector<TreeFault> PushedScan::faults() {
  if (!work_.valid()) return {};
  wait();
  work_.get();
  finish();
  return trees_->faults();
}

}  // namespace trunkgate
