// Mailmaps; compared with git check-mailmap on generated files.
#include "push/mailmap.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

TEST(Mailmap, MapsNamesAndAddresses) {
  const Mailmap map(
      "# people\n"
      "Ada Lovelace <ada@example.com>\n"
      "<bo@example.com> <bo@old>\n"
      "Cy Young <cy@example.com> <cy@old>\n"
      "Dee <dee@example.com> root <root@localhost>\n");
  EXPECT_EQ(map.map("ada", "ADA@example.com"), (MappedPerson{"Ada Lovelace", "ADA@example.com"}));
  EXPECT_EQ(map.map("Bo", "bo@old"), (MappedPerson{"Bo", "bo@example.com"}));
  EXPECT_EQ(map.map("x", "cy@old"), (MappedPerson{"Cy Young", "cy@example.com"}));
  EXPECT_EQ(map.map("Root", "root@localhost"), (MappedPerson{"Dee", "dee@example.com"}));
  EXPECT_EQ(map.map("Ed", "root@localhost"), (MappedPerson{"Ed", "root@localhost"}));
  EXPECT_EQ(map.map("Ed", "ed@x"), (MappedPerson{"Ed", "ed@x"}));
}

TEST(Mailmap, PassesOverWhatIsNoMapping) {
  EXPECT_TRUE(Mailmap("").empty());
  EXPECT_TRUE(Mailmap("Ada\nAda <\nAda <>\n#Ada <a@b>\n").empty());
}

TEST(Mailmap, IsThatOfGit) {
  const std::vector<std::string> kNames = {"", "Ada", "ada", "Ada  Lovelace", " Bo", "#c"};
  const std::vector<std::string> kAddresses = {"a@x", "A@X", "b@x", "c@x", "c@x ", ""};
  const std::vector<std::string> kEnds = {"", "", "", " ", " # comment", " <", "\r", " x <d@x"};
  const std::vector<std::string> kPeople = {"Ada <a@x>", "ada <A@x>",          "Bo <b@x>",
                                            "Zoe <b@X>", "Ada Lovelace <c@x>", "Ada <c@x>",
                                            "Q <d@x>"};
  const TemporaryRepository repository;
  std::mt19937 random(7);
  const auto one_of = [&](const std::vector<std::string>& list) {
    return list[random() % list.size()];
  };
  std::size_t changed = 0;
  for (int i = 0; i < 150; ++i) {
    std::string text;
    for (std::size_t lines = 1 + random() % 6; lines > 0; --lines) {
      text += one_of(kNames) + (random() % 2 == 0 ? " <" : "<") + one_of(kAddresses) + ">";
      if (random() % 2 == 0) text += " " + one_of(kNames) + " <" + one_of(kAddresses) + ">";
      text += one_of(kEnds) + "\n";
    }
    std::ofstream(repository.beside("mailmap")) << text;
    std::string input;
    for (const std::string& person : kPeople) input += person + "\n";
    const std::string output = repository.git({"-c", "mailmap.file=" + repository.beside("mailmap"),
                                               "-c", "mailmap.blob=", "check-mailmap", "--stdin"},
                                              input);
    const Mailmap map(text);
    std::string ours;
    for (const std::string& person : kPeople) {
      const auto open = person.find(" <");
      const MappedPerson mapped =
          map.map(person.substr(0, open), person.substr(open + 2, person.size() - open - 3));
      ours += (ours.empty() ? "" : "\n") + mapped.name + " <" + mapped.address + ">";
    }
    changed += ours + "\n" == input ? 0 : 1;
    EXPECT_EQ(ours, output) << printable(text, 1000);
  }
  EXPECT_GT(changed, 50U);
}

}  // namespace
}  // namespace trunkgate
