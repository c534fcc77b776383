#include "events/spool_room.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/scratch_folder.h"

namespace trunkgate {
namespace {

class SpoolRoom : public ::testing::Test {
 protected:
  void fill(std::size_t count) {
    for (; files_ < count; ++files_) {
      std::ofstream(folder_.path() + "/0123abcd-89ef4567-12345-" + std::to_string(files_) + ".I");
    }
  }
  std::size_t crowd() const { return crowd_in_spool(folder_.path()); }

  ScratchFolder folder_{::testing::TempDir(), "spool"};
  std::size_t files_ = 0;
};

TEST_F(SpoolRoom, CountsFromTheLimitOn) {
  EXPECT_EQ(crowd_in_spool(folder_.path() + "/missing"), 0U);
  EXPECT_EQ(crowd(), 0U);
  fill(kCrowdedSpool - 1);
  EXPECT_EQ(crowd(), 0U);
  fill(kCrowdedSpool);
  EXPECT_EQ(crowd(), kCrowdedSpool);
  fill(kCrowdedSpool + 7);
  EXPECT_EQ(crowd(), kCrowdedSpool + 7);
}

}  // namespace
}  // namespace trunkgate
