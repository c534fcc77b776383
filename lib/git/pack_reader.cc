#include "git/pack_reader.h"

#include <algorithm>
#include <memory>

#include "git/delta.h"

namespace trunkgate {
namespace {

// Git allows 4095 with pack.depth; a longer chain is no pack of its making.
constexpr std::size_t kMaxChain = 10'000;
constexpr std::size_t kSlots = 1021;  // prime: offsets have patterns
constexpr std::size_t kKeptBytes = std::size_t{8} << 20U;
constexpr std::size_t kLargestKept = std::size_t{1} << 20U;
// Largest object that another one may be based on, whatever the limit on that one is.
constexpr std::size_t kLargestBase = std::size_t{256} << 20U;

}  // namespace

Bytes PackReader::inflate(const PackFile::Entry& entry) {
  Inflater::check_stream(*pack_, entry);
  auto bytes = std::make_shared_for_overwrite<char[]>(entry.size);
  inflater_.inflate(*pack_, entry, bytes.get());
  return {std::move(bytes), entry.size};
}

std::string_view PackReader::inflate_delta(const PackFile::Entry& entry) {
  // Whoever asks for the size asks for the object next.
  if (delta_of_ != entry.deflated.data()) {
    Inflater::check_stream(*pack_, entry);
    if (delta_.size() < entry.size) delta_.resize(entry.size);
    delta_of_ = nullptr;
    inflater_.inflate(*pack_, entry, delta_.data());
    delta_of_ = entry.deflated.data();
  }
  return {delta_.data(), entry.size};
}

void PackReader::keep(std::uint64_t offset, const Object& object) {
  if (object.bytes.size() > kLargestKept) return;
  if (kept_bytes_ + object.bytes.size() > kKeptBytes) {
    kept_.clear();
    kept_bytes_ = 0;
  }
  Kept& kept = slot(offset);
  kept_bytes_ += object.bytes.size() - kept.object.bytes.size();
  kept = {offset, object};
}

PackReader::Kept& PackReader::slot(std::uint64_t offset) {
  if (kept_.empty()) kept_.resize(kSlots);
  return kept_[offset % kSlots];
}

ObjectType PackReader::type(std::uint64_t offset) {
  ObjectType type = ObjectType::missing;
  std::uint64_t at = offset;
  for (std::size_t steps = 0; type == ObjectType::missing; ++steps) {
    if (steps == kMaxChain) pack_->damaged("a chain of deltas does not end");
    const PackFile::Entry entry = pack_->entry(at);
    type = entry.type;
    if (entry.base) at = *entry.base;
  }
  return type;
}

std::pair<ObjectType, std::uint64_t> PackReader::header(std::uint64_t offset) {
  const PackFile::Entry entry = pack_->entry(offset);
  if (!entry.base) return {entry.type, entry.size};
  const auto sizes = delta_sizes(inflate_delta(entry));
  if (!sizes) pack_->damaged("a delta has no size");
  return {type(offset), sizes->object};
}

PackReader::Object PackReader::read(std::uint64_t offset, std::size_t limit) {
  const PackFile::Entry first = pack_->entry(offset);
  if (!first.base) {
    if (first.size > limit) throw ObjectTooLarge();
    if (const Kept& kept = slot(offset); kept.offset == offset) return kept.object;
    Object object{first.type, inflate(first)};
    // Deltas that are based on it stand behind it; commits are hardly ever stored as deltas.
    if (first.type != ObjectType::commit) keep(offset, object);
    return object;
  }
  chain_.clear();
  const std::size_t largest = std::max(limit, kLargestBase);
  Object object;
  std::uint64_t at = offset;
  while (true) {
    if (const Kept& kept = slot(at); kept.offset == at) {
      object = kept.object;
      break;
    }
    const PackFile::Entry entry = pack_->entry(at);
    if (entry.size > largest) throw BaseTooLarge();
    if (!entry.base) {
      object = {entry.type, inflate(entry)};
      keep(at, object);
      break;
    }
    if (chain_.size() == kMaxChain) pack_->damaged("a chain of deltas does not end");
    chain_.push_back({at, entry});
    at = *entry.base;
  }
  for (; !chain_.empty(); chain_.pop_back()) {
    const std::size_t most = chain_.size() == 1 ? limit : largest;
    const std::string_view delta = inflate_delta(chain_.back().entry);
    const std::size_t size = delta_sizes(delta).value_or(DeltaSizes()).object;
    if (size > most && chain_.size() > 1) throw BaseTooLarge();
    if (size > most) throw ObjectTooLarge();
    auto bytes = std::make_shared_for_overwrite<char[]>(size);
    if (!apply_delta(delta, object.bytes.view(), bytes.get())) {
      pack_->damaged("a delta does not fit its base");
    }
    object.bytes = Bytes(std::move(bytes), size);
    keep(chain_.back().offset, object);
  }
  if (object.bytes.size() > limit) throw ObjectTooLarge();
  return object;
}

}  // namespace trunkgate
