// Objects visited in the order of their deltas, against what is read one by one.
#include "git/delta_forest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "git/pack_reader.h"
#include "git/pushed_packs.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

// A pack of files that are versions of a few others, as deltas of each other. Its stem.
std::string pack_of_versions(const TemporaryRepository& repository, int files, int versions,
                             int lines, const std::string& window = "50") {
  std::mt19937 random(5);
  const auto number = [&](std::size_t below) { return random() % below; };
  const auto line = [&] { return std::to_string(random()) + (number(9) == 0 ? "" : "\n"); };
  std::string stream;
  for (int file = 0; file < files; ++file) {
    std::vector<std::string> text;
    for (int i = 0; i < lines; ++i) text.push_back(line());
    for (int version = 0; version < versions; ++version) {
      for (std::size_t edits = 1 + number(4); edits > 0; --edits) {
        const auto at = text.begin() + static_cast<long>(number(text.size()));
        switch (number(4)) {
          case 0:
            text.insert(at, line());
            break;
          case 1:
            if (text.size() > 2) text.erase(at);
            break;
          case 2:
            *at = line();
            break;
          default:
            std::rotate(text.begin(), at, text.end());
        }
      }
      std::string bytes;
      for (const std::string& part : text) bytes += part;
      stream += "blob\ndata " + std::to_string(bytes.size()) + "\n" + bytes + "\n";
    }
  }
  repository.git({"-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"}, stream);
  repository.git({"repack", "-adfq", "--depth=50", "--window=" + window, "--keep-unreachable"});
  for (const auto& entry : fs::directory_iterator(repository.path() + "/objects/pack")) {
    if (entry.path().extension() == ".pack") {
      return entry.path().parent_path().string() + "/" + entry.path().stem().string();
    }
  }
  return {};
}

TEST(DeltaWalk, GivesEveryObjectOnceAndItsBaseBeforeIt) {
  const TemporaryRepository repository;
  const PackFile pack(pack_of_versions(repository, 5, 40, 300));
  const DeltaForest forest(pack);
  DeltaWalk walk(forest);
  PackReader reader(pack);
  std::set<std::size_t> seen;
  std::size_t deltas = 0;
  for (const std::uint32_t root : forest.roots()) {
    walk.visit(root, [&](const PackedObject& object, const PackedObject* base,
                         const std::vector<FreshPart>& fresh) {
      EXPECT_TRUE(seen.insert(object.number).second);
      EXPECT_EQ(object.offset, pack.offset(object.number));
      EXPECT_EQ(object.type, ObjectType::blob);
      const auto known = reader.read(object.offset, SIZE_MAX);
      ASSERT_TRUE(object.bytes.has_value());
      EXPECT_TRUE(*object.bytes == known.bytes.view());
      const auto base_offset = pack.entry(object.offset).base;
      ASSERT_EQ(base != nullptr, base_offset.has_value());
      if (base == nullptr) {
        EXPECT_TRUE(fresh.empty());
        return;
      }
      ++deltas;
      EXPECT_EQ(base->offset, *base_offset);
      EXPECT_TRUE(seen.contains(base->number));
      EXPECT_TRUE(*base->bytes == reader.read(base->offset, SIZE_MAX).bytes.view());
      // What lies between fresh parts stands in the base like that: at its beginning before the
      // first of them, at its end behind the last one.
      std::size_t at = 0;
      for (const FreshPart& part : fresh) {
        const bool first = &part == &fresh.front();
        ASSERT_LE(at, part.begin);
        ASSERT_LE(part.begin, part.end);
        const std::string_view old = object.bytes->substr(at, part.begin - at);
        EXPECT_EQ(base->bytes->substr(first ? 0 : (&part - 1)->follows, old.size()), old);
        at = part.end;
      }
      ASSERT_LE(at, object.bytes->size());
      const std::string_view rest = object.bytes->substr(at);
      EXPECT_TRUE(base->bytes->ends_with(rest));
      if (!fresh.empty()) {
        EXPECT_EQ(fresh.back().follows, base->bytes->size() - rest.size());
      }
    });
  }
  EXPECT_EQ(seen.size(), pack.count());
  EXPECT_GT(deltas, 150U);
}

TEST(DeltaWalk, KeepsNoMoreThanItMay) {
  const TemporaryRepository repository;
  // One version takes 17 MiB, and beside what it is based on more than 32.
  const PackFile pack(pack_of_versions(repository, 1, 4, 1'700'000, "2"));
  const DeltaForest forest(pack);
  DeltaWalk walk(forest);
  PackReader reader(pack);
  std::size_t whole = 0;
  std::size_t left_out = 0;
  for (const std::uint32_t root : forest.roots()) {
    walk.visit(root, [&](const PackedObject& object, const PackedObject* base,
                         const std::vector<FreshPart>& fresh) {
      if (object.bytes) {
        ++whole;
        EXPECT_TRUE(*object.bytes == reader.read(object.offset, SIZE_MAX).bytes.view());
        return;
      }
      ++left_out;
      EXPECT_EQ(base, nullptr);
      EXPECT_TRUE(fresh.empty());
    });
  }
  EXPECT_EQ(whole + left_out, pack.count());
  EXPECT_GE(whole, 1U);
  EXPECT_GE(left_out, 2U);
}

std::string applied(const std::string& delta, const std::string& base,
                    std::vector<std::pair<std::size_t, std::size_t>>& fresh) {
  const auto sizes = delta_sizes(delta);
  if (!sizes) return "no sizes";
  std::string out(sizes->object, '?');
  std::vector<FreshPart> parts;
  if (!apply_delta(delta, base, out.data(), &parts)) return "does not fit";
  fresh.clear();
  for (const FreshPart& part : parts) fresh.emplace_back(part.begin, part.end);
  return out;
}

// A delta of pieces of the base, most of them at their places, and of bytes of its own.
std::string random_delta(std::mt19937& random, const std::string& base) {
  const auto byte = [](std::size_t value) { return static_cast<char>(value & 255U); };
  const auto varint = [&](std::size_t value) {
    return std::string{byte(value | 128U), byte(value >> 7U)};
  };
  std::string ops;
  std::size_t at = 0;
  for (std::size_t pieces = random() % 6; pieces > 0; --pieces) {
    if (random() % 3 == 0) {
      const std::size_t size = 1 + random() % 5;
      ops += byte(size);
      for (std::size_t i = 0; i < size; ++i) ops += byte('a' + random() % 3);
      at += size;
      continue;
    }
    const std::size_t from = random() % 3 == 0 ? random() % (base.size() + 1) : at;
    if (from >= base.size()) continue;
    const std::size_t size = 1 + random() % (base.size() - from);
    ops += std::string{byte(0xb3), byte(from), byte(from >> 8U), byte(size), byte(size >> 8U)};
    at += size;
  }
  return varint(base.size()) + varint(at) + ops;
}

TEST(ApplyDelta, PutsAnObjectTogetherWhereAnOlderVersionStands) {
  std::mt19937 random(17);
  std::size_t spared = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string room(10'000, '?');
    std::string base(random() % 60, '?');
    for (char& c : base) c = static_cast<char>('a' + random() % 3);
    std::copy(base.begin(), base.end(), room.begin());
    std::string other_room(10'000, '?');
    std::vector<Extent> stale;
    for (int version = 0; version < 5; ++version) {
      const std::string delta = random_delta(random, base);
      std::vector<std::pair<std::size_t, std::size_t>> fresh;
      const std::string expected = applied(delta, base, fresh);
      std::vector<Extent> moved;
      ASSERT_TRUE(apply_delta(delta, base, other_room.data(), nullptr,
                              {.stale = version == 0 ? nullptr : &stale, .moved = &moved}));
      ASSERT_EQ(other_room.substr(0, expected.size()), expected);
      // What is not told to have moved is the base's.
      std::size_t at = 0;
      for (const Extent& extent : moved) {
        ASSERT_LE(at, extent.begin);
        ASSERT_LT(extent.begin, extent.end);
        ASSERT_EQ(expected.substr(at, extent.begin - at), base.substr(at, extent.begin - at));
        spared += extent.begin - at;
        at = extent.end;
      }
      ASSERT_LE(at, expected.size());
      ASSERT_EQ(expected.substr(at), base.substr(std::min(at, base.size()), expected.size() - at));
      base = expected;
      stale = moved;
      std::swap(room, other_room);
    }
  }
  EXPECT_GT(spared, 100'000U);
}

TEST(ApplyDelta, KeepsAFewOfVeryManyFreshParts) {
  constexpr std::size_t kPieces = 200'000;
  std::string delta("\x0a\xc0\x9a\x0c", 4);  // of 10 bytes come 200,000
  for (std::size_t i = 0; i < kPieces; ++i) delta += i % 2 == 0 ? "\x90\x01" : "\x91\x05\x01";
  std::string out(kPieces, '?');
  std::vector<FreshPart> parts;
  ASSERT_TRUE(apply_delta(delta, "0123456789", out.data(), &parts));
  EXPECT_EQ(out.substr(0, 6), "050505");
  ASSERT_EQ(parts.size(), kMaxFreshParts);
  for (std::size_t i = 1; i < parts.size(); ++i) ASSERT_EQ(parts[i].begin, parts[i - 1].begin + 1);
  EXPECT_EQ(parts.back().end, kPieces);
  EXPECT_EQ(parts.back().follows, 10U);
}

TEST(ApplyDelta, TellsWhereTheBaseIsNotFollowed) {
  using Parts = std::vector<std::pair<std::size_t, std::size_t>>;
  const std::string base = "0123456789";
  Parts fresh;
  // Copies: 0x90 size, 0x91 offset and size. Insertions: their length.
  EXPECT_EQ(applied("\x0a\x0a\x90\x0a", base, fresh), base);
  EXPECT_EQ(fresh, Parts());
  EXPECT_EQ(applied(std::string("\x0a\x0a\x90\x04\x91\x04\x06", 7), base, fresh), base);
  EXPECT_EQ(fresh, Parts());  // cut in two, and the pieces follow each other
  EXPECT_EQ(applied("\x0a\x0c\x90\x04\x02xy\x91\x04\x06", base, fresh), "0123xy456789");
  EXPECT_EQ(fresh, (Parts{{4, 6}}));
  EXPECT_EQ(applied("\x0a\x08\x90\x04\x91\x06\x04", base, fresh), "01236789");
  EXPECT_EQ(fresh, (Parts{{4, 4}}));  // something is gone in between
  EXPECT_EQ(applied("\x0a\x04\x90\x04", base, fresh), "0123");
  EXPECT_EQ(fresh, (Parts{{4, 4}}));  // and here at the end
  EXPECT_EQ(applied("\x0a\x04\x91\x06\x04", base, fresh), "6789");
  EXPECT_EQ(fresh, (Parts{{0, 0}}));
  EXPECT_EQ(applied("\x0a\x02\x02xy", base, fresh), "xy");
  EXPECT_EQ(fresh, (Parts{{0, 2}}));
  EXPECT_EQ(applied(std::string("\x0a\x00", 2), base, fresh), "");
  EXPECT_EQ(fresh, (Parts{{0, 0}}));
  EXPECT_EQ(applied("\x0a\x04\x01x\x01y\x02zz", base, fresh), "xyzz");
  EXPECT_EQ(fresh, (Parts{{0, 4}}));
  EXPECT_EQ(applied("\x09\x04\x90\x04", base, fresh), "does not fit");
  EXPECT_EQ(applied("\x0a\x05\x90\x04", base, fresh), "does not fit");
  EXPECT_EQ(applied("\x0a\x03\x90\x04", base, fresh), "does not fit");
  EXPECT_EQ(applied("\x0a\x04\x91\x08\x04", base, fresh), "does not fit");
  EXPECT_EQ(applied(std::string("\x0a\x01\x00", 3), base, fresh), "does not fit");
}

}  // namespace
}  // namespace trunkgate
