// Packs looked at by several threads at once, whole ones and damaged ones.
#include "git/pushed_scan.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlobs = 900;

class PushedScanTest : public testing::Test {
 protected:
  PushedScanTest() {
    std::string stream;
    for (std::size_t i = 0; i < kBlobs; ++i) {
      const std::string text = "file " + std::to_string(i * 7919) + "\n";
      stream += "blob\ndata " + std::to_string(text.size()) + "\n" + text + "\n";
    }
    repository_.git({"-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"}, stream);
    fs::create_directories(quarantine_ + "/pack");
    for (const auto& entry : fs::directory_iterator(repository_.path() + "/objects/pack")) {
      fs::rename(entry.path(), quarantine_ + "/pack/" + entry.path().filename().string());
    }
  }

  // Writes one byte into the pack.
  void damage(std::size_t at, char byte) const {
    for (const auto& entry : fs::directory_iterator(quarantine_ + "/pack")) {
      if (entry.path().extension() != ".pack") continue;
      fs::permissions(entry.path(), fs::perms::owner_all);
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(static_cast<std::streamoff>(at));
      file.put(byte);
    }
  }

  std::unique_ptr<Repository> open() const {
    return std::make_unique<Repository>(RepositoryPlace{
        .git_dir = repository_.path(), .quarantine = quarantine_, .git_namespace = {}});
  }

  TemporaryRepository repository_;
  std::string quarantine_ = repository_.path() + "/objects/tmp_objdir-incoming-x";
};

TEST_F(PushedScanTest, TellsOfEveryFileOnce) {
  const auto repository = open();
  std::array<std::atomic<int>, kBlobs> seen{};
  PushedScan scan(*repository, [&](std::size_t, const PackedObject& blob, const PackedObject*,
                                   const std::vector<FreshPart>&) { ++seen[blob.number]; });
  EXPECT_TRUE(scan.wait());
  for (const auto& times : seen) EXPECT_EQ(times, 1);
  EXPECT_TRUE(scan.faults().empty());
}

// All other threads wait for the caller, each with its first file.
TEST_F(PushedScanTest, IsHelpedByTheCallerWhoWaits) {
  using std::chrono::steady_clock;
  const auto repository = open();
  const std::thread::id caller = std::this_thread::get_id();
  const auto deadline = steady_clock::now() + std::chrono::seconds(60);
  std::atomic<bool> helped = false;
  std::array<std::atomic<int>, kBlobs> seen{};
  PushedScan scan(*repository, [&](std::size_t, const PackedObject& blob, const PackedObject*,
                                   const std::vector<FreshPart>&) {
    ++seen[blob.number];
    if (std::this_thread::get_id() == caller) helped = true;
    while (!helped && steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  EXPECT_TRUE(scan.wait());
  EXPECT_TRUE(helped);
  EXPECT_TRUE(scan.wait());
  for (const auto& times : seen) EXPECT_EQ(times, 1);
}

TEST_F(PushedScanTest, FailsForAPackThatIsDamaged) {
  // The size of the first object; its kind; what is deflated of it.
  for (const auto& [at, byte] :
       {std::pair<std::size_t, char>{12, '\x7f'}, {12, '\x0f'}, {14, '?'}}) {
    damage(at, byte);
    const auto repository = open();
    PushedScan scan(*repository, [](std::size_t, const PackedObject&, const PackedObject*,
                                    const std::vector<FreshPart>&) {});
    EXPECT_FALSE(scan.wait()) << at;
    EXPECT_EQ(scan.changes(), nullptr);
    EXPECT_THROW(scan.faults(), Error);
  }
}

TEST_F(PushedScanTest, StopsWhenNobodyWaits) {
  const auto repository = open();
  const PushedScan scan(*repository, [](std::size_t, const PackedObject&, const PackedObject*,
                                        const std::vector<FreshPart>&) {});
}

TEST_F(PushedScanTest, PassesOnWhatAVisitorThrows) {
  const auto repository = open();
  PushedScan scan(*repository,
                  [](std::size_t, const PackedObject&, const PackedObject*,
                     const std::vector<FreshPart>&) { throw Error(ErrorKind::internal, "no"); });
  EXPECT_FALSE(scan.wait());
  EXPECT_THROW(scan.faults(), Error);
}

}  // namespace
}  // namespace trunkgate
