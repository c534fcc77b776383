#include "events/secret_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/scratch_folder.h"

namespace trunkgate {
namespace {

class SecretFile : public ::testing::Test {
 protected:
  std::string write(const std::string& text, unsigned mode) {
    const std::string path = folder_.path() + "/key";
    std::ofstream(path) << text;
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
    return path;
  }
  std::string refusal(const std::string& path) {
    try {
      read_secret(path);
    } catch (const Error& error) {
      return error.what() + (error.hint().empty() ? "" : " | " + error.hint());
    }
    return "read";
  }
  ScratchFolder folder_{std::filesystem::temp_directory_path().string()};
};

TEST_F(SecretFile, IsReadWithoutWhiteSpaceAtItsEnds) {
  EXPECT_EQ(read_secret(write("whsec_abc \n", 0600)), "whsec_abc");
  EXPECT_EQ(read_secret(write("shared with a group\n", 0640)), "shared with a group");
}

TEST_F(SecretFile, IsRefusedWhenOthersMayReadItOrTheGroupMayWriteIt) {
  for (const unsigned mode : {0604U, 0644U, 0660U, 0602U}) {
    const std::string path = write("whsec_abc\n", mode);
    EXPECT_EQ(refusal(path), "the secret in " + path + " is open to others | chmod 600 " + path);
  }
}

TEST_F(SecretFile, IsRefusedWhenThereIsNone) {
  const std::string path = write(" \n", 0600);
  EXPECT_EQ(refusal(path), "there is no secret in " + path);
  EXPECT_EQ(refusal(path + "x"),
            "cannot read the secret in " + path + "x: No such file or directory");
}

}  // namespace
}  // namespace trunkgate
