#include "policy/file_choice.h"

#include <gtest/gtest.h>

#include <string>

namespace trunkgate {
namespace {

ChangedFile changed() {
  ChangedFile file;
  file.path = "a/b";
  file.id = *ObjectId::parse(std::string(ObjectId::kHexSize, '1'));
  file.before = *ObjectId::parse(std::string(ObjectId::kHexSize, '2'));
  file.mode = file.before_mode = 0100644;
  return file;
}

TEST(FileChoices, KnowAFileWhateverItHolds) {
  FileChoices choices;
  ChangedFile file = changed();
  EXPECT_EQ(choices.find(file), nullptr);
  choices.keep(file, {{{3, 4}}});
  file.id = *ObjectId::parse(std::string(ObjectId::kHexSize, '3'));
  ASSERT_NE(choices.find(file), nullptr);
  ASSERT_EQ(choices.find(file)->rules.size(), 1U);
  EXPECT_EQ(choices.find(file)->rules[0].rule, 3U);
  EXPECT_EQ(choices.find(file)->rules[0].sieved, 4U);
}

TEST(FileChoices, KnowNothingOfAnotherPathOrAnotherKindOfChange) {
  FileChoices choices;
  choices.keep(changed(), {});
  const auto known = [&](auto&& change) {
    ChangedFile file = changed();
    change(file);
    return choices.find(file) != nullptr;
  };
  EXPECT_TRUE(known([](ChangedFile&) {}));
  EXPECT_FALSE(known([](ChangedFile& file) { file.path = "a/c"; }));
  EXPECT_FALSE(known([](ChangedFile& file) { file.mode = 0100755; }));
  EXPECT_FALSE(known([](ChangedFile& file) { file.before_mode = 0120000; }));
  EXPECT_FALSE(known([](ChangedFile& file) { file.before = {}; }));
  EXPECT_FALSE(known([](ChangedFile& file) { file.id = {}; }));
  EXPECT_FALSE(known([](ChangedFile& file) { file.names_apart = true; }));
}

TEST(FileChoices, ForgetWhenThereAreTooMany) {
  FileChoices choices;
  ChangedFile file = changed();
  for (std::size_t i = 0; i <= FileChoices::kMost; ++i) {
    file.path = std::to_string(i);
    choices.keep(file, {});
  }
  EXPECT_NE(choices.find(file), nullptr);
  file.path = "0";
  EXPECT_EQ(choices.find(file), nullptr);
}

TEST(FileChoices, DoNotKeepPathsThatNoDiskHas) {
  FileChoices choices;
  ChangedFile file = changed();
  file.path = std::string(FileChoices::kLongestPath, 'a');
  choices.keep(file, {{{3, 4}}});
  EXPECT_NE(choices.find(file), nullptr);
  file.path += 'a';
  const FileChoice& given = choices.keep(file, {{{5, 6}}});
  ASSERT_EQ(given.rules.size(), 1U);
  EXPECT_EQ(given.rules[0].rule, 5U);
  EXPECT_EQ(choices.find(file), nullptr);
}

}  // namespace
}  // namespace trunkgate
