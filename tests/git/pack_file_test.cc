// Packs as Git writes them, as damage leaves them, and as no Git writes them.
#include "git/pack_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "git/pushed_packs.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNoLimit = std::size_t{64} << 20U;
constexpr std::size_t kTrailer = 20;
constexpr std::size_t kIds = 8 + 256 * 4;

struct Known {
  ObjectId id;
  ObjectType type = ObjectType::missing;
  std::string bytes;
};

ObjectType type_named(const std::string& word) {
  if (word == "commit") return ObjectType::commit;
  if (word == "tree") return ObjectType::tree;
  if (word == "blob") return ObjectType::blob;
  return word == "tag" ? ObjectType::tag : ObjectType::missing;
}

// What Git reads, by id.
std::vector<Known> as_git_reads(const TemporaryRepository& repository) {
  constexpr std::size_t kAtOnce = std::size_t{8} << 20U;
  std::vector<Known> objects;
  std::string listing = repository.git({"cat-file", "--batch-all-objects", "--batch-check"}) + "\n";
  std::string wanted;
  std::size_t size = 0;
  std::size_t first = 0;
  const auto fetch = [&] {
    std::string out = repository.git({"cat-file", "--batch"}, wanted);
    for (std::size_t at = 0; first < objects.size(); ++first) {
      std::string& bytes = objects[first].bytes;
      at = out.find('\n', at) + 1;
      out.resize(std::max(out.size(), at + bytes.size()), '\n');  // git() drops those at the end
      bytes = out.substr(at, bytes.size());
      at += bytes.size() + 1;
    }
    wanted.clear();
    size = 0;
  };
  for (std::size_t at = 0; at < listing.size(); at = listing.find('\n', at) + 1) {
    const std::string id = listing.substr(at, ObjectId::kHexSize);
    const std::size_t type = at + ObjectId::kHexSize + 1;
    const std::size_t type_end = listing.find(' ', type);
    const std::size_t bytes = std::stoul(listing.substr(type_end + 1));
    if (size + bytes > kAtOnce) fetch();
    wanted += id + "\n";
    size += bytes;
    objects.push_back({*ObjectId::parse(id), type_named(listing.substr(type, type_end - type)),
                       std::string(bytes, '\0')});
  }
  fetch();
  return objects;
}

// The same numbers on every machine.
class Numbers {
 public:
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>(state_ >> 33U);
  }
  std::string line() { return std::to_string(next()) + " " + std::to_string(next()) + "\n"; }

 private:
  std::uint64_t state_ = 7;
};

// Commits that change a line of one large file each, with a tag, an empty file and a folder.
void make_history(const TemporaryRepository& repository, std::size_t versions,
                  std::size_t lines_of_file) {
  Numbers numbers;
  std::vector<std::string> lines(lines_of_file);
  for (std::string& line : lines) line = numbers.line();
  std::string stream;
  const auto data = [&](const std::string& bytes) {
    stream += "data " + std::to_string(bytes.size()) + "\n" + bytes + "\n";
  };
  for (std::size_t version = 0; version < versions; ++version) {
    lines[numbers.next() % lines.size()] = numbers.line();
    std::string file;
    for (const std::string& line : lines) file += line;
    stream += "commit refs/heads/main\ncommitter Ada <ada@example.com> " +
              std::to_string(1'700'000'000 + version) + " +0000\n";
    data("feat: version " + std::to_string(version) + "\n");
    stream += "M 100644 inline large\n";
    data(file);
    stream += "M 100644 inline empty\n";
    data("");
    stream += "M 100644 inline folder/small\n";
    data(numbers.line());
  }
  stream += "tag v1\nfrom refs/heads/main\ntagger Ada <ada@example.com> 1700000000 +0000\n";
  data("v1\n");
  repository.git({"fast-import", "--quiet"}, stream);
}

// The only pack of a repository, without ".pack".
std::string only_pack(const TemporaryRepository& repository) {
  std::string stem;
  for (const auto& entry : fs::directory_iterator(repository.path() + "/objects/pack")) {
    if (entry.path().extension() != ".pack") continue;
    EXPECT_EQ(stem, "");
    stem = entry.path().parent_path().string() + "/" + entry.path().stem().string();
  }
  return stem;
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void store(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// Changes one byte and, when this goes, changes it back.
class ChangedByte {
 public:
  ChangedByte(const std::string& path, std::size_t position, char byte)
      : file_(path, std::ios::binary | std::ios::in | std::ios::out), position_(position) {
    file_.seekg(static_cast<std::streamoff>(position));
    before_ = static_cast<char>(file_.get());
    put(byte);
  }
  ChangedByte(const ChangedByte&) = delete;
  ChangedByte& operator=(const ChangedByte&) = delete;
  ~ChangedByte() { put(before_); }

 private:
  void put(char byte) {
    file_.seekp(static_cast<std::streamoff>(position_));
    file_.put(byte).flush();
  }

  std::fstream file_;
  std::size_t position_;
  char before_ = 0;
};

char changed(char byte, unsigned change) {
  return static_cast<char>(static_cast<unsigned char>(byte) ^ change);
}

// The kinds of the entries as they stand in the pack: 6 and 7 are deltas.
std::map<unsigned, std::size_t> kinds(const std::string& stem) {
  const PackFile pack(stem);
  const std::string bytes = content(stem + ".pack");
  std::map<unsigned, std::size_t> count;
  for (std::size_t i = 0; i < pack.count(); ++i) {
    ++count[static_cast<unsigned char>(bytes[pack.offset(i)]) >> 4U & 7U];
  }
  return count;
}

std::size_t longest_chain(const PackFile& pack) {
  std::size_t longest = 0;
  for (std::size_t i = 0; i < pack.count(); ++i) {
    std::size_t length = 0;
    for (auto base = pack.entry(pack.offset(i)).base; base; base = pack.entry(*base).base) ++length;
    longest = std::max(longest, length);
  }
  return longest;
}

void expect_read(PackReader& reader, std::uint64_t offset, const Known& known) {
  EXPECT_EQ(reader.type(offset), known.type) << known.id.hex();
  EXPECT_EQ(reader.header(offset), std::pair(known.type, std::uint64_t{known.bytes.size()}))
      << known.id.hex();
  const PackReader::Object object = reader.read(offset, known.bytes.size());
  EXPECT_EQ(object.type, known.type) << known.id.hex();
  EXPECT_TRUE(object.bytes.view() == known.bytes) << known.id.hex();
}

// In every order in which somebody may ask.
void expect_same(const std::string& stem, const std::vector<Known>& objects) {
  const PackFile pack(stem);
  ASSERT_EQ(pack.count(), objects.size());
  PackReader by_id(pack);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    EXPECT_EQ(pack.id(i), objects[i].id);
    EXPECT_EQ(pack.find(objects[i].id), pack.offset(i));
    expect_read(by_id, pack.offset(i), objects[i]);
  }
  const auto order = PushedPacks::in_order(pack);
  PackReader by_offset(pack);
  for (const auto& [offset, number] : order) expect_read(by_offset, offset, objects[number]);
  PackReader backwards(pack);
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    expect_read(backwards, at->first, objects[at->second]);
  }
}

// What is said about a pack, without its name; empty when nothing is.
template <typename Action>
std::string complaint(const std::string& stem, const Action& action) {
  try {
    action();
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::repository);
    const std::string start = "the pack " + stem + " is damaged: ";
    const std::string what = error.what();
    return what.starts_with(start) ? what.substr(start.size()) : what;
  }
}

TEST(PackFile, ReadsEveryObjectAsGitDoes) {
  const TemporaryRepository repository;
  make_history(repository, 60, 1000);
  repository.git({"repack", "-adfq", "--depth=50", "--window=50"});
  const std::string stem = only_pack(repository);
  EXPECT_GT(longest_chain(PackFile(stem)), 20U);
  EXPECT_GT(kinds(stem)[6], 40U);
  EXPECT_EQ(kinds(stem)[7], 0U);
  expect_same(stem, as_git_reads(repository));
}

TEST(PackFile, ReadsDeltasThatNameTheirBaseById) {
  const TemporaryRepository repository;
  make_history(repository, 60, 1000);
  const std::vector<Known> objects = as_git_reads(repository);
  std::string ids;
  for (const Known& known : objects) ids += known.id.hex() + "\n";
  const std::string stem =
      repository.beside("ids-") +
      repository.git({"pack-objects", "-q", "--no-reuse-delta", repository.beside("ids")}, ids);
  EXPECT_EQ(kinds(stem)[6], 0U);
  EXPECT_GT(kinds(stem)[7], 40U);
  expect_same(stem, objects);
}

TEST(PackFile, ReadsMoreThanAReaderKeeps) {
  const TemporaryRepository repository;
  make_history(repository, 50, 36'000);
  repository.git({"repack", "-adfq", "--depth=10", "--window=5"});
  const std::vector<Known> objects = as_git_reads(repository);
  std::size_t bytes = 0;
  for (const Known& known : objects) bytes += known.bytes.size();
  EXPECT_GT(bytes, std::size_t{34} << 20U);
  expect_same(only_pack(repository), objects);
}

TEST(PackFile, ReadsDeltasOfBasesThatAreTooLargeToKeep) {
  const TemporaryRepository repository;
  make_history(repository, 6, 60'000);
  repository.git({"repack", "-adfq", "--depth=50", "--window=10"});
  const std::vector<Known> objects = as_git_reads(repository);
  EXPECT_TRUE(std::any_of(objects.begin(), objects.end(), [](const Known& known) {
    return known.bytes.size() > std::size_t{1} << 20U;
  }));
  EXPECT_GT(longest_chain(PackFile(only_pack(repository))), 2U);
  expect_same(only_pack(repository), objects);
}

TEST(PackFile, ReadsOffsetsOfEightBytes) {
  const TemporaryRepository repository;
  make_history(repository, 10, 20);
  repository.git({"repack", "-adfq"});
  const std::string stem = repository.beside("long");
  fs::copy_file(only_pack(repository) + ".pack", stem + ".pack");
  repository.git({"index-pack", "--index-version=2,0", "-o", stem + ".idx", stem + ".pack"});
  EXPECT_GT(fs::file_size(stem + ".idx"), fs::file_size(only_pack(repository) + ".idx"));
  expect_same(stem, as_git_reads(repository));
}

// An index of more than 4 MiB is copied.
TEST(PackFile, FindsEveryIdOfALargeIndex) {
  constexpr std::uint32_t kObjects = 150'000;
  const auto number = [](std::uint32_t value) {
    std::string bytes;
    for (unsigned shift = 32; shift > 0; shift -= 8) {
      bytes += static_cast<char>(value >> (shift - 8) & 0xffU);
    }
    return bytes;
  };
  // Ids of the same distance from each other.
  const auto id = [&](std::uint32_t object) {
    return number(object * (UINT32_MAX / kObjects)) + std::string(16, 'x');
  };
  std::string ids;
  std::string offsets;
  std::array<std::uint32_t, 256> fanout{};
  for (std::uint32_t object = 0; object < kObjects; ++object) {
    ids += id(object);
    offsets += number(12 + object);
    fanout[static_cast<std::uint8_t>(id(object)[0])] = object + 1;
  }
  std::string index = std::string("\377tOc\0\0\0\2", 8);
  for (const std::uint32_t count : fanout) index += number(count);
  index += ids + std::string(std::size_t{kObjects} * 4, '\0') + offsets + std::string(40, '\0');
  const TemporaryRepository repository;
  const std::string stem = repository.beside("large");
  store(stem + ".idx", index);
  store(stem + ".pack", std::string("PACK\0\0\0\2", 8) + number(kObjects) + std::string(20, '\0'));
  const PackFile pack(stem);
  ASSERT_EQ(pack.count(), kObjects);
  for (std::uint32_t object = 0; object < kObjects; ++object) {
    const ObjectId wanted(reinterpret_cast<const std::uint8_t*>(id(object).data()));
    ASSERT_EQ(pack.number(wanted), object);
    ASSERT_EQ(pack.offset(object), 12 + object);
  }
  EXPECT_EQ(pack.number(ObjectId(
                reinterpret_cast<const std::uint8_t*>((number(1) + std::string(16, 'x')).data()))),
            std::nullopt);
}

TEST(PackFile, ReadsAnEmptyPack) {
  const TemporaryRepository repository;
  const std::string stem = repository.beside("none-") +
                           repository.git({"pack-objects", "-q", repository.beside("none")});
  const PackFile pack(stem);
  EXPECT_EQ(pack.count(), 0U);
  EXPECT_EQ(pack.find(ObjectId()), std::nullopt);
}

TEST(PackFile, FindsNothingForAnIdItDoesNotHave) {
  const TemporaryRepository repository;
  make_history(repository, 20, 20);
  repository.git({"repack", "-adfq"});
  const PackFile pack(only_pack(repository));
  EXPECT_EQ(pack.find(ObjectId()), std::nullopt);
  EXPECT_EQ(pack.find(*ObjectId::parse(std::string(40, 'f'))), std::nullopt);
  for (std::size_t i = 0; i < pack.count(); ++i) {
    for (const std::size_t byte : {std::size_t{0}, std::size_t{1}, ObjectId::kSize - 1}) {
      std::array<std::uint8_t, ObjectId::kSize> bytes{};
      std::copy_n(pack.id(i).bytes(), bytes.size(), bytes.begin());
      bytes[byte] = static_cast<std::uint8_t>(bytes[byte] + 1);
      EXPECT_EQ(pack.find(ObjectId(bytes.data())), std::nullopt) << pack.id(i).hex() << " " << byte;
    }
  }
}

TEST(PackFile, RefusesWhatIsNoPack) {
  const TemporaryRepository repository;
  make_history(repository, 3, 20);
  repository.git({"repack", "-adfq"});
  const std::string pack = content(only_pack(repository) + ".pack");
  const std::string index = content(only_pack(repository) + ".idx");
  const std::string stem = repository.beside("x");
  const auto refusal = [&](const std::string& pack_bytes, const std::string& index_bytes) {
    store(stem + ".pack", pack_bytes);
    store(stem + ".idx", index_bytes);
    return complaint(stem, [&] { const PackFile file(stem); });
  };
  const auto with = [](std::string bytes, std::size_t at, char byte) {
    bytes[at] = byte;
    return bytes;
  };
  EXPECT_EQ(refusal(pack, index), "");
  EXPECT_EQ(refusal("", index), "cannot read " + stem + ".pack: no such pack");
  EXPECT_EQ(refusal(pack, ""), "cannot read " + stem + ".idx: no such pack");
  EXPECT_EQ(refusal(with(pack, 0, 'p'), index), "the pack has another format");
  EXPECT_EQ(refusal(with(pack, 7, 3), index), "the pack has another format");
  EXPECT_EQ(refusal(pack.substr(0, 31), index), "the pack has another format");
  EXPECT_EQ(refusal(pack, with(index, 0, 'x')), "the index has another format");
  EXPECT_EQ(refusal(pack, with(index, 7, 1)), "the index has another format");
  EXPECT_EQ(refusal(pack, index.substr(8)), "the index has another format");
  EXPECT_EQ(refusal(pack, index.substr(0, kIds + 2 * kTrailer - 1)),
            "the index has another format");
  EXPECT_EQ(refusal(pack, index.substr(0, index.size() - 1)), "the index is too short");
  EXPECT_EQ(refusal(with(pack, 8, 1), index), "the index is too short");
  EXPECT_EQ(refusal(pack, with(index, kIds - 4, '\xff')), "the index is too short");
  EXPECT_EQ(refusal(index, pack), "the index has another format");
}

TEST(PackFile, RefusesMissingFiles) {
  const TemporaryRepository repository;
  make_history(repository, 3, 20);
  repository.git({"repack", "-adfq"});
  const std::string stem = repository.beside("x");
  const auto refusal = [&] { return complaint(stem, [&] { const PackFile file(stem); }); };
  EXPECT_EQ(refusal(), "cannot read " + stem + ".pack: no such pack");
  fs::copy_file(only_pack(repository) + ".pack", stem + ".pack");
  EXPECT_EQ(refusal(), "cannot read " + stem + ".idx: no such pack");
  fs::create_directory(stem + ".idx");
  EXPECT_NE(refusal(), "");
}

TEST(PackFile, RefusesOffsetsWhereNoObjectCanStand) {
  const TemporaryRepository repository;
  make_history(repository, 3, 20);
  repository.git({"repack", "-adfq"});
  const std::string stem = only_pack(repository);
  const PackFile pack(stem);
  const std::uint64_t size = fs::file_size(stem + ".pack");
  for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{11}, size - kTrailer, size - 1,
                                     size, std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(complaint(stem, [&] { pack.entry(offset); }), "an object lies outside of the pack");
  }
}

// Which entries an object is made of.
std::vector<bool> parts(const PackFile& pack, std::uint64_t offset) {
  const auto order = PushedPacks::in_order(pack);
  std::vector<bool> part(order.size());
  for (std::optional<std::uint64_t> at = offset; at; at = pack.entry(*at).base) {
    const auto found = std::lower_bound(order.begin(), order.end(), std::pair(*at, std::size_t{0}));
    part[static_cast<std::size_t>(found - order.begin())] = true;
  }
  return part;
}

enum class Outcome { right, refused, other };

// Reads an object of a pack that may be damaged.
Outcome outcome(PackReader& reader, std::uint64_t offset, const Known& known) {
  constexpr std::size_t kLimit = std::size_t{1} << 20U;
  try {
    const PackReader::Object object = reader.read(offset, kLimit);
    EXPECT_NE(object.type, ObjectType::missing);
    EXPECT_LE(object.bytes.size(), kLimit);
    return object.type == known.type && object.bytes.view() == known.bytes ? Outcome::right
                                                                           : Outcome::other;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::repository);
    return Outcome::refused;
  }
}

class DamagedPackTest : public testing::Test {
 protected:
  DamagedPackTest() {
    make_history(repository_, 12, 20);
    repository_.git({"repack", "-adfq"});
    take(only_pack(repository_));
  }

  void take(const std::string& stem) {
    objects_ = as_git_reads(repository_);
    pack_ = content(stem + ".pack");
    index_ = content(stem + ".idx");
    store(stem_ + ".pack", pack_);
    store(stem_ + ".idx", index_);
    const PackFile pack(stem);
    order_ = PushedPacks::in_order(pack);
    offsets_.clear();
    parts_.clear();
    for (std::size_t i = 0; i < pack.count(); ++i) {
      offsets_.push_back(pack.offset(i));
      parts_.push_back(parts(pack, pack.offset(i)));
    }
  }

  // The entry with this byte; none for what is not part of one.
  std::optional<std::size_t> entry_at(std::size_t position) const {
    if (position >= pack_.size() - kTrailer) return std::nullopt;
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < order_.size() && order_[i].first <= position; ++i) found = i;
    return found;
  }

  // Every byte of the pack is changed in turn. A byte within the deflated data may make other bytes
  // of it, but only of the objects that it is part of.
  void change_every_byte_of_the_pack() {
    std::size_t spoilt = 0;
    for (std::size_t position = 0; position < pack_.size(); ++position) {
      for (const unsigned change : {1U << position % 8, 0xffU}) {
        const ChangedByte damage(stem_ + ".pack", position, changed(pack_[position], change));
        if (position < 12) {
          EXPECT_THROW(PackFile{stem_}, Error) << position;
          continue;
        }
        const PackFile pack(stem_);
        PackReader reader(pack);
        const auto entry = entry_at(position);
        for (std::size_t i = 0; i < objects_.size(); ++i) {
          const Outcome got = outcome(reader, offsets_[i], objects_[i]);
          if (got != Outcome::right) ++spoilt;
          if (entry && parts_[i][*entry]) continue;
          ASSERT_EQ(got, Outcome::right) << "byte " << position << ", " << objects_[i].id.hex();
        }
      }
    }
    EXPECT_GT(spoilt, pack_.size());
  }

  TemporaryRepository repository_;
  std::string stem_ = repository_.beside("damaged");
  std::vector<Known> objects_;
  std::string pack_;
  std::string index_;
  std::vector<std::pair<std::uint64_t, std::size_t>> order_;
  std::vector<std::uint64_t> offsets_;    // by number of the object
  std::vector<std::vector<bool>> parts_;  // the same; by order of offset
};

TEST_F(DamagedPackTest, SpoilsOnlyTheObjectsThatTheDamageIsPartOf) {
  change_every_byte_of_the_pack();
}

TEST_F(DamagedPackTest, SpoilsOnlyThoseWithBasesByIdToo) {
  std::string ids;
  for (const Known& known : objects_) ids += known.id.hex() + "\n";
  const std::string stem =
      repository_.beside("ids-") +
      repository_.git({"pack-objects", "-q", "--no-reuse-delta", repository_.beside("ids")}, ids);
  EXPECT_GT(kinds(stem)[7], 10U);
  take(stem);
  change_every_byte_of_the_pack();
}

TEST_F(DamagedPackTest, TellsWhatIsCutOff) {
  for (std::size_t size = pack_.size(); size-- > 0;) {
    fs::resize_file(stem_ + ".pack", size);
    if (size < 32) {
      EXPECT_THROW(PackFile{stem_}, Error) << size;
      continue;
    }
    const PackFile pack(stem_);
    PackReader reader(pack);
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      const Outcome got = outcome(reader, offsets_[i], objects_[i]);
      ASSERT_NE(got, Outcome::other) << "cut to " << size << ", " << objects_[i].id.hex();
      if (offsets_[i] + kTrailer >= size) {
        ASSERT_EQ(got, Outcome::refused);
      }
    }
  }
}

TEST_F(DamagedPackTest, TellsThatTheIndexIsCutOff) {
  for (std::size_t size = index_.size(); size-- > 0;) {
    fs::resize_file(stem_ + ".idx", size);
    ASSERT_THROW(PackFile{stem_}, Error) << size;
  }
}

TEST_F(DamagedPackTest, NeverTakesAnObjectForAnotherWhenTheIndexIsChanged) {
  const std::size_t checks = kIds + objects_.size() * ObjectId::kSize;
  const std::size_t places = checks + objects_.size() * 4;
  const std::size_t places_end = places + objects_.size() * 4;
  for (std::size_t position = 0; position < index_.size(); ++position) {
    for (const unsigned change : {1U << position % 8, 0xffU}) {
      const ChangedByte damage(stem_ + ".idx", position, changed(index_[position], change));
      if (position < 8 || (position >= kIds - 4 && position < kIds)) {
        EXPECT_THROW(PackFile{stem_}, Error) << position;
        continue;
      }
      const PackFile pack(stem_);
      PackReader reader(pack);
      for (std::size_t i = 0; i < objects_.size(); ++i) {
        std::optional<std::uint64_t> offset;
        bool refused = false;
        try {
          offset = pack.find(objects_[i].id);
        } catch (const Error& error) {
          EXPECT_EQ(error.kind(), ErrorKind::repository);
          refused = true;
        }
        if (position >= places && position < places_end && (position - places) / 4 == i) {
          if (offset) outcome(reader, *offset, objects_[i]);
          continue;
        }
        // Another order of the ids hides some; what is found is where it was.
        const bool hidden = position < checks && !offset;
        ASSERT_TRUE(hidden || (!refused && offset == offsets_[i]))
            << "byte " << position << ", " << objects_[i].id.hex();
        if (offset) {
          ASSERT_EQ(outcome(reader, *offset, objects_[i]), Outcome::right);
        }
      }
    }
  }
}

// A pack made by hand, so it can be wrong where Git's are not.
constexpr unsigned kBlob = 3;
constexpr unsigned kOffsetDelta = 6;
constexpr unsigned kIdDelta = 7;

std::string big_endian(std::uint64_t number, unsigned size) {
  std::string bytes;
  while (size-- > 0) bytes += static_cast<char>(size < 8 ? number >> (8 * size) & 0xffU : 0);
  return bytes;
}

// A zlib stream of stored blocks.
std::string deflated(std::string bytes) {
  constexpr std::size_t kBlock = 65535;
  std::string out = "\x78\x01";
  do {
    const std::string block = bytes.substr(0, kBlock);
    bytes.erase(0, block.size());
    const auto size = static_cast<unsigned>(block.size());
    out += static_cast<char>(bytes.empty() ? 1 : 0);
    for (const unsigned number : {size, ~size}) {
      out += static_cast<char>(number & 0xffU);
      out += static_cast<char>(number >> 8U & 0xffU);
    }
    out += block;
  } while (!bytes.empty());
  return out + "sums";  // where the checksum stands
}

std::string size_bytes(std::uint64_t size) {
  std::string out;
  for (; size >= 0x80; size >>= 7U) out += static_cast<char>(size | 0x80U);
  return out + static_cast<char>(size);
}

// How far back a delta's base stands.
std::string back_bytes(std::uint64_t back) {
  std::string out(1, static_cast<char>(back & 0x7fU));
  while ((back >>= 7U) != 0) {
    --back;
    out.insert(out.begin(), static_cast<char>(0x80U | (back & 0x7fU)));
  }
  return out;
}

// The start of an entry: its kind and its size.
std::string head(unsigned kind, std::uint64_t size) {
  std::string out(1, static_cast<char>(kind << 4U | (size & 15U)));
  size >>= 4U;
  if (size != 0) {
    out[0] = static_cast<char>(static_cast<unsigned char>(out[0]) | 0x80U);
    out += size_bytes(size);
  }
  return out;
}

std::string delta(std::uint64_t base_size, std::uint64_t size, const std::string& steps) {
  return size_bytes(base_size) + size_bytes(size) + steps;
}

std::string insertion(const std::string& bytes) {
  return std::string(1, static_cast<char>(bytes.size())) + bytes;
}

// With one byte of offset and one of size.
std::string copy(unsigned from, unsigned size) {
  return std::string("\x91") + static_cast<char>(from) + static_cast<char>(size);
}

class HandMadePackTest : public testing::Test {
 protected:
  static ObjectId id_of(std::size_t number) {
    const std::string bytes = big_endian(number + 1, ObjectId::kSize);
    return ObjectId(reinterpret_cast<const std::uint8_t*>(bytes.data()));
  }

  // Adds an entry; its offset.
  std::uint64_t add(const std::string& entry) {
    offsets_.push_back(bytes_.size());
    bytes_ += entry;
    return offsets_.back();
  }
  std::uint64_t blob(const std::string& bytes) {
    return add(head(kBlob, bytes.size()) + deflated(bytes));
  }
  std::uint64_t offset_delta(std::uint64_t base, const std::string& bytes) {
    return add(head(kOffsetDelta, bytes.size()) + back_bytes(bytes_.size() - base) +
               deflated(bytes));
  }
  std::uint64_t id_delta(const ObjectId& base, const std::string& bytes) {
    return add(head(kIdDelta, bytes.size()) +
               std::string(reinterpret_cast<const char*>(base.bytes()), ObjectId::kSize) +
               deflated(bytes));
  }

  void drop_last() {
    bytes_.resize(offsets_.back());
    offsets_.pop_back();
  }
  std::uint64_t end() const { return bytes_.size(); }

  // The pack with what was added; the objects' ids are in the order of their offsets.
  const PackFile& pack() {
    std::string pack = bytes_;
    pack.replace(8, 4, big_endian(offsets_.size(), 4));
    std::string index = std::string("\377tOc\0\0\0\2", 8);
    for (int i = 0; i < 256; ++i) index += big_endian(offsets_.size(), 4);
    for (std::size_t i = 0; i < offsets_.size(); ++i) {
      index.append(reinterpret_cast<const char*>(id_of(i).bytes()), ObjectId::kSize);
    }
    index.append(offsets_.size() * 4, '\0');
    for (const std::uint64_t offset : offsets_) index += big_endian(offset, 4);
    pack_.reset();
    store(stem_ + ".pack", pack + std::string(kTrailer, '\0'));
    store(stem_ + ".idx", index + std::string(2 * kTrailer, '\0'));
    pack_ = std::make_unique<PackFile>(stem_);
    return *pack_;
  }

  // What a new reader makes of an entry.
  std::string read(std::uint64_t offset, std::size_t limit = kNoLimit) {
    PackReader reader(pack());
    return read(reader, offset, limit);
  }
  std::string read(PackReader& reader, std::uint64_t offset, std::size_t limit) const {
    std::string bytes;
    const std::string words = complaint(stem_, [&] {
      const PackReader::Object object = reader.read(offset, limit);
      bytes = std::string(to_string(object.type)) + ": " + std::string(object.bytes.view());
    });
    return words.empty() ? bytes : words;
  }
  std::string header(std::uint64_t offset) {
    PackReader reader(pack());
    std::string header;
    const std::string words = complaint(stem_, [&] {
      const auto [type, size] = reader.header(offset);
      header = std::string(to_string(type)) + " of " + std::to_string(size);
    });
    return words.empty() ? header : words;
  }

 private:
  TemporaryRepository folder_;
  std::string stem_ = folder_.beside("made");
  std::string bytes_ = std::string("PACK\0\0\0\2\0\0\0\0", 12);
  std::vector<std::uint64_t> offsets_;
  std::unique_ptr<PackFile> pack_;
};

TEST_F(HandMadePackTest, IsReadWhenItIsRight) {
  const std::uint64_t base = blob("0123456789");
  const std::uint64_t by_offset = offset_delta(base, delta(10, 6, copy(2, 3) + insertion("abc")));
  const std::uint64_t by_id = id_delta(id_of(1), delta(6, 4, copy(1, 4)));
  const std::uint64_t empty = blob("");
  const std::uint64_t of_empty = offset_delta(empty, delta(0, 1, insertion("x")));
  const std::uint64_t to_empty = offset_delta(base, delta(10, 0, ""));
  EXPECT_EQ(read(base), "a blob: 0123456789");
  EXPECT_EQ(read(by_offset), "a blob: 234abc");
  EXPECT_EQ(read(by_id), "a blob: 34ab");
  EXPECT_EQ(read(empty), "a blob: ");
  EXPECT_EQ(read(of_empty), "a blob: x");
  EXPECT_EQ(read(to_empty), "a blob: ");
  EXPECT_EQ(header(base), "a blob of 10");
  EXPECT_EQ(header(by_id), "a blob of 4");
  const PackFile::Entry entry = pack().entry(by_id);
  EXPECT_EQ(entry.type, ObjectType::missing);
  EXPECT_EQ(entry.size, 5U);
  EXPECT_EQ(entry.base, by_offset);
}

TEST_F(HandMadePackTest, IsReadWithEveryKindOfCopy) {
  std::string large(0x1020304, 'x');
  large.replace(0x10203, 3, "abc");
  large.replace(large.size() - 3, 3, "xyz");
  // Offset and size take a byte for each bit that is set; no size is 65536.
  const std::uint64_t base = blob(large);
  const std::uint64_t three = offset_delta(base, delta(large.size(), 3, "\x97\x03\x02\x01\x03"));
  const std::uint64_t four =
      offset_delta(base, delta(large.size(), 3, std::string("\x9f\x01\x03\x02\x01\x03")));
  const std::uint64_t all = offset_delta(base, delta(large.size(), 65536, "\x80"));
  const std::uint64_t longest =
      offset_delta(base, delta(large.size(), 0xffffff, "\xf0\xff\xff\xff"));
  EXPECT_EQ(read(three), "a blob: abc");
  EXPECT_EQ(read(four), "a blob: xyz");
  EXPECT_TRUE(read(all) == "a blob: " + large.substr(0, 65536));
  EXPECT_TRUE(read(longest) == "a blob: " + large.substr(0, 0xffffff));
}

TEST_F(HandMadePackTest, IsReadDownTheLongestChainThatGitMakes) {
  std::uint64_t last = blob("0123456789");
  for (int i = 0; i < 4095; ++i) {
    last = offset_delta(last, delta(10, 10, copy(1, 9) + insertion(std::to_string(i % 10))));
  }
  EXPECT_EQ(read(last), "a blob: 5678901234");
  EXPECT_EQ(header(last), "a blob of 10");
}

TEST_F(HandMadePackTest, IsRefusedWhenDeltasGoInCircles) {
  const std::uint64_t itself = id_delta(id_of(0), delta(1, 1, copy(0, 1)));
  const std::uint64_t one = id_delta(id_of(2), delta(1, 1, copy(0, 1)));
  id_delta(id_of(1), delta(1, 1, copy(0, 1)));
  for (const std::uint64_t offset : {itself, one}) {
    EXPECT_EQ(read(offset), "a chain of deltas does not end");
    EXPECT_EQ(header(offset), "a chain of deltas does not end");
  }
}

TEST_F(HandMadePackTest, IsRefusedWhenABaseIsNotInIt) {
  const std::string bytes = delta(0, 1, insertion("x"));
  const std::uint64_t by_id = id_delta(id_of(1000), bytes);
  const std::uint64_t itself = add(head(kOffsetDelta, bytes.size()) + '\0' + deflated(bytes));
  const std::uint64_t before =
      add(head(kOffsetDelta, bytes.size()) + back_bytes(itself + 100'000) + deflated(bytes));
  const std::uint64_t far =
      add(head(kOffsetDelta, bytes.size()) + std::string(30, '\xff') + "\x7f" + deflated(bytes));
  const std::uint64_t in_header = offset_delta(8, bytes);
  EXPECT_EQ(read(by_id), "a delta's base is not in the pack");
  EXPECT_EQ(read(itself), "a delta's base lies outside of the pack");
  EXPECT_EQ(read(before), "a delta's base lies outside of the pack");
  EXPECT_EQ(read(far), "a delta's base lies outside of the pack");
  EXPECT_EQ(read(in_header), "a delta's base lies outside of the pack");
}

// A reader's empty places must not be taken for an object at offset 0.
TEST_F(HandMadePackTest, IsRefusedWhenABaseIsItsOwnFirstByte) {
  const std::uint64_t delta_of_nothing = offset_delta(0, delta(0, 1, insertion("x")));
  EXPECT_NE(header(delta_of_nothing), "missing of 1");
  EXPECT_NE(read(delta_of_nothing), "missing: x");
}

TEST_F(HandMadePackTest, IsRefusedWhenADeltaDoesNotFit) {
  const std::uint64_t base = blob("0123456789");
  const std::vector<std::string> wrong{
      "",                                           // no sizes
      "\x8a",                                       // a size that does not end
      std::string("\x0a"),                          // one size only
      std::string(20, '\xff'),                      // a size of more than 64 bits
      delta(9, 3, insertion("abc")),                // of another base
      delta(10, 4, insertion("abc")),               // announces more than it makes
      delta(10, 2, insertion("abc")),               // announces less
      delta(10, 0, insertion("abc")),               // announces nothing
      delta(10, 3, copy(8, 3)),                     // copies from beyond the base
      delta(10, 3, copy(11, 3)),                    // starts beyond it
      delta(10, 65536, "\x80"),                     // 65536 bytes of ten
      delta(10, 3, "\x9f\xff\xff\xff\xff\x03"),     // starts 4 GiB beyond it
      delta(10, 3, std::string("\0abc", 4)),        // a step that is none
      delta(10, 3, "\x03" + std::string("ab")),     // inserts more than there is
      delta(10, 3, insertion("abc") + "\x91"),      // a copy without its numbers
      delta(10, 3, insertion("abc") + "\x91\x01"),  // with one of two
  };
  for (const std::string& bytes : wrong) {
    const std::uint64_t offset = offset_delta(base, bytes);
    EXPECT_EQ(read(offset), "a delta does not fit its base") << testing::PrintToString(bytes);
  }
}

TEST_F(HandMadePackTest, IsRefusedWhenAnEntryIsNone) {
  const std::string good = deflated("0123456789");
  const auto changed = [&](std::size_t at, char byte) {
    std::string bytes = good;
    bytes[at] = byte;
    return bytes;
  };
  const std::vector<std::pair<std::string, std::string>> wrong{
      {head(0, 10) + good, "an object has an unknown type"},
      {head(5, 10) + good, "an object has an unknown type"},
      {head(kBlob, 9) + good, "an object cannot be inflated"},
      {head(kBlob, 11) + good, "an object cannot be inflated"},
      {head(kBlob, 10) + changed(2, 7), "an object cannot be inflated"},  // no kind of block
      {head(kBlob, 10) + changed(0, 0x77), "an object is not deflated"},  // another method
      {head(kBlob, 10) + changed(1, 0x20), "an object is not deflated"},  // with a dictionary
      {head(kBlob, 10) + "0123456789", "an object is not deflated"},      // as it is
      {'\xbf' + std::string(20, '\xff'), "an object's size is too large"}};
  for (const auto& [entry, words] : wrong) {
    const std::uint64_t offset = add(entry);
    blob("so that something follows");
    EXPECT_EQ(read(offset), words) << testing::PrintToString(entry);
  }
}

TEST_F(HandMadePackTest, IsRefusedWhenItsLastEntryDoesNotEnd) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"\xb5", "an object's header does not end"},
      {"\x65", "an object's header does not end"},
      {"\x65\x80", "an object's header does not end"},
      {"\x75" + std::string(19, 'x'), "an object's header does not end"},
      {head(kBlob, 10), "an object is not deflated"},
      {head(kBlob, 10) + "\x78\x01", "an object is not deflated"},
      {head(kBlob, 10) + deflated("0123456789").substr(0, 12), "an object cannot be inflated"}};
  for (const auto& [entry, words] : wrong) {
    const std::uint64_t offset = add(entry);
    EXPECT_EQ(read(offset), words) << testing::PrintToString(entry);
    drop_last();
  }
}

TEST_F(HandMadePackTest, IsReadUpToTheLimit) {
  const std::uint64_t base = blob("0123456789");
  const std::uint64_t small = offset_delta(base, delta(10, 3, copy(0, 3)));
  const std::uint64_t large = offset_delta(small, delta(3, 12, insertion("abcdefghijkl")));
  EXPECT_EQ(read(base, 10), "a blob: 0123456789");
  EXPECT_EQ(read(base, 9), "an object is larger than the limit");
  EXPECT_EQ(read(large, 12), "a blob: abcdefghijkl");
  EXPECT_NE(read(large, 11), "a blob: abcdefghijkl");
  EXPECT_EQ(read(small, 3), "a blob: 012");  // though its base is larger
}

TEST_F(HandMadePackTest, IsReadUpToTheLimitOfEachCall) {
  const std::uint64_t base = blob("0123456789");
  const std::uint64_t made = offset_delta(base, delta(10, 12, insertion("abcdefghijkl")));
  PackReader reader(pack());
  EXPECT_EQ(read(reader, made, 12), "a blob: abcdefghijkl");
  EXPECT_NE(read(reader, made, 11), "a blob: abcdefghijkl");
  EXPECT_EQ(read(reader, base, 10), "a blob: 0123456789");
  EXPECT_NE(read(reader, base, 9), "a blob: 0123456789");
}

// An announced size is no reason to ask for that much memory.
TEST_F(HandMadePackTest, IsRefusedWhenItAnnouncesMoreThanThereCanBe) {
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 50U;
  const std::string bytes = delta(10, 3, insertion("abc"));
  const std::uint64_t base = blob("0123456789");
  const std::uint64_t huge_delta =
      add(head(kOffsetDelta, kHuge) + back_bytes(end() - base) + deflated(bytes));
  const std::uint64_t huge_object = add(head(kBlob, kHuge) + deflated("x"));
  const std::uint64_t huge_result = offset_delta(base, delta(10, kHuge, insertion("abc")));
  EXPECT_EQ(read(huge_object), "an object is larger than the limit");
  EXPECT_EQ(read(huge_delta), "a delta or its base is too large");
  EXPECT_EQ(read(huge_result), "an object is larger than the limit");
  EXPECT_NE(header(huge_delta), "");
}

}  // namespace
}  // namespace trunkgate
