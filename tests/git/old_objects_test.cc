// What was in the store before a push.
#include "git/old_objects.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

// From this many on, questions are answered with a listing of the object folder.
constexpr int kManyQuestions = 40;

std::string loose(const ObjectId& id) {
  return "/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2);
}

class OldObjectsTest : public testing::Test {
 protected:
  OldObjectsTest() { repository_.open(); }  // which starts libgit2

  // Asks for each of them again and again.
  void expect(const std::vector<ObjectId>& known, const std::vector<ObjectId>& unknown) const {
    const OldObjects objects(objects_);
    for (int i = 0; i < kManyQuestions; ++i) {
      for (const ObjectId& id : known) EXPECT_TRUE(objects.contain(id)) << id.hex() << " " << i;
      for (const ObjectId& id : unknown) EXPECT_FALSE(objects.contain(id)) << id.hex() << " " << i;
    }
    for (const ObjectId& id : known) EXPECT_TRUE(OldObjects(objects_).contain(id)) << id.hex();
    for (const ObjectId& id : unknown) EXPECT_FALSE(OldObjects(objects_).contain(id)) << id.hex();
  }

  // An id that differs from another one in its last digit only.
  static ObjectId beside(const ObjectId& id) {
    std::string hex = id.hex();
    hex.back() = hex.back() == '0' ? '1' : '0';
    return *ObjectId::parse(hex);
  }

  TemporaryRepository repository_;
  std::string objects_ = repository_.path() + "/objects";
  const std::vector<ObjectId> nothing_{ObjectId(), *ObjectId::parse(std::string(40, 'f'))};
};

TEST_F(OldObjectsTest, ContainNothingInAnEmptyStore) { expect({}, nothing_); }

TEST_F(OldObjectsTest, ContainWhatIsLoose) {
  std::vector<ObjectId> known;
  std::vector<ObjectId> unknown = nothing_;
  for (int i = 0; i < 20; ++i) {
    known.push_back(repository_.raw("blob", std::to_string(i)));
    unknown.push_back(beside(known.back()));
  }
  expect(known, unknown);
}

TEST_F(OldObjectsTest, ContainWhatIsPacked) {
  std::vector<ObjectId> known;
  std::vector<ObjectId> unknown = nothing_;
  std::string ids;
  for (int i = 0; i < 20; ++i) {
    known.push_back(repository_.raw("blob", std::to_string(i)));
    unknown.push_back(beside(known.back()));
    ids += known.back().hex() + "\n";
  }
  repository_.git({"pack-objects", "-q", "objects/pack/pack"}, ids);
  repository_.git({"prune-packed"});
  EXPECT_FALSE(fs::exists(objects_ + loose(known[0])));
  expect(known, unknown);
}

TEST_F(OldObjectsTest, ContainBothAtOnce) {
  const ObjectId packed = repository_.raw("blob", "packed");
  repository_.git({"pack-objects", "-q", "objects/pack/pack"}, packed.hex() + "\n");
  repository_.git({"prune-packed"});
  const ObjectId other = repository_.raw("blob", "other");
  repository_.git({"pack-objects", "-q", "objects/pack/pack"}, other.hex() + "\n");
  const ObjectId alone = repository_.raw("blob", "alone");
  expect({packed, other, alone}, {beside(packed), beside(other), beside(alone)});
}

TEST_F(OldObjectsTest, ContainWhatAlternatesHave) {
  const TemporaryRepository lender;
  const TemporaryRepository lenders_lender;
  std::ofstream(objects_ + "/info/alternates") << lender.path() << "/objects\n";
  std::ofstream(lender.path() + "/objects/info/alternates")
      << lenders_lender.path() << "/objects\n";
  const ObjectId packed = lender.raw("blob", "packed");
  lender.git({"pack-objects", "-q", "objects/pack/pack"}, packed.hex() + "\n");
  lender.git({"prune-packed"});
  const ObjectId alone = lender.raw("blob", "alone");
  const ObjectId far = lenders_lender.raw("blob", "far");
  const ObjectId own = repository_.raw("blob", "own");
  const ObjectId own_packed = repository_.raw("blob", "own packed");
  repository_.git({"pack-objects", "-q", "objects/pack/pack"}, own_packed.hex() + "\n");
  repository_.git({"prune-packed"});
  std::vector<ObjectId> unknown = nothing_;
  for (const ObjectId& id : {packed, alone, far, own, own_packed}) unknown.push_back(beside(id));
  expect({packed, alone, far, own, own_packed}, unknown);
}

TEST_F(OldObjectsTest, DoNotContainWhatALenderHasThatIsNoLongerNamed) {
  const TemporaryRepository lender;
  const ObjectId lent = lender.raw("blob", "lent");
  const ObjectId own = repository_.raw("blob", "own");
  std::ofstream(objects_ + "/info/alternates") << "# nobody\n";
  expect({own}, {lent});
}

TEST_F(OldObjectsTest, DoNotContainWhatIsInAQuarantine) {
  const std::string quarantine = objects_ + "/tmp_objdir-incoming-x";
  const ObjectId old = repository_.raw("blob", "old");
  const ObjectId pushed = repository_.raw("blob", "pushed");
  const ObjectId packed = repository_.raw("blob", "packed");
  fs::create_directories(quarantine + "/" + pushed.hex().substr(0, 2));
  fs::rename(objects_ + loose(pushed), quarantine + loose(pushed));
  fs::create_directories(quarantine + "/pack");
  repository_.git({"pack-objects", "-q", quarantine + "/pack/pack"}, packed.hex() + "\n");
  fs::remove(objects_ + loose(packed));
  expect({old}, {pushed, packed});
}

TEST_F(OldObjectsTest, DoNotContainWhatHasTheFolderOnly) {
  const ObjectId id = repository_.raw("blob", "x");
  fs::remove(objects_ + loose(id));
  EXPECT_TRUE(fs::exists(objects_ + "/" + id.hex().substr(0, 2)));
  expect({}, {id});
}

// Only names of two hexadecimal digits are folders of objects.
TEST_F(OldObjectsTest, AreNotMisledByOtherNames) {
  const ObjectId id = repository_.raw("blob", "x");
  for (const std::string name : {"zz", "0", "0g", "-1", " 1", "abc", "+f"}) {
    fs::create_directory(objects_ + "/" + name);
  }
  expect({id}, nothing_);
}

}  // namespace
}  // namespace trunkgate
