#include "git/pushed_scan.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "base/together.h"
#include "git/internals.h"

namespace trunkgate {
namespace {

// Below this, starting a thread costs more than it saves.
constexpr std::size_t kManyObjects = 500;
constexpr std::size_t kRootsOfPiece = 16;

}  // namespace

PushedScan::PushedScan(const Repository& repository, BlobVisitor blobs)
    : in_(repository.internals()), blobs_(std::move(blobs)) {
  if (in_.pushed == nullptr) return;
  changes_ = std::make_unique<TreeChanges>(*in_.pushed);
  trees_ = std::make_unique<PushedTrees>(repository, *changes_);
  std::size_t objects = 0;
  for (const auto& pack : in_.pushed->packs()) objects += pack->count();
  if (objects < kManyObjects) return;
  const std::size_t threads =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, kMaxThreads) - 1;
  while (threads_.size() < threads) {
    try {
      threads_.push_back(std::async(std::launch::async, [this] { work(); }));
    } catch (const std::system_error&) {
      break;  // no thread to be had: it takes longer, that is all
    }
  }
}

PushedScan::~PushedScan() {
  next_ = SIZE_MAX / 2;
  for (std::future<void>& thread : threads_) thread.wait();
}

void PushedScan::prepare() {
  const std::lock_guard<std::mutex> lock(preparing_);
  if (prepared_) return;
  prepared_ = true;  // who comes after a failure finds no pieces
  for (const auto& pack : in_.pushed->packs()) {
    const std::size_t number = forests_.size();
    forests_.push_back(std::make_unique<DeltaForest>(*pack));
    const std::size_t roots = forests_.back()->roots().size();
    for (std::size_t first = 0; first < roots; first += kRootsOfPiece) {
      pieces_.push_back({number, first, std::min(roots, first + kRootsOfPiece)});
    }
  }
}

void PushedScan::work() noexcept {
  try {
    prepare();
    PushedTrees::Look trees(*trees_);
    std::vector<std::unique_ptr<DeltaWalk>> walks(forests_.size());
    for (std::size_t i = next_++; i < pieces_.size(); i = next_++) {
      const Piece& piece = pieces_[i];
      const DeltaForest& forest = *forests_[piece.pack];
      if (walks[piece.pack] == nullptr) walks[piece.pack] = std::make_unique<DeltaWalk>(forest);
      const auto visit = [&](const PackedObject& object, const PackedObject* base,
                             const std::vector<FreshPart>& fresh) {
        if (object.type == ObjectType::tree) {
          trees.at(piece.pack, object, base);
        } else {
          blobs_(piece.pack, object, base, fresh);
        }
      };
      for (std::size_t root = piece.first; root < piece.last; ++root) {
        const ObjectType type = forest.type_of_root(forest.roots()[root]);
        if (type != ObjectType::tree && (type != ObjectType::blob || !blobs_)) continue;
        walks[piece.pack]->visit(forest.roots()[root], visit);
      }
    }
  } catch (...) {
    next_ = SIZE_MAX / 2;  // whoever asks next stops
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

bool PushedScan::wait() {
  if (trees_ == nullptr) return true;
  if (!done_) {
    work();
    for (std::future<void>& thread : threads_) thread.wait();
    done_ = true;
  }
  return failure_ == nullptr;
}

const TreeChanges* PushedScan::changes() { return wait() ? changes_.get() : nullptr; }

std::vector<TreeFault> PushedScan::faults() {
  if (trees_ == nullptr) return {};
  if (!wait()) std::rethrow_exception(failure_);
  return trees_->faults();
}

}  // namespace trunkgate
