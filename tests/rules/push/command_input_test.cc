// What the end-to-end tests do not reach: changes of every kind, and more than a program is told.
#include "rules/push/command_input.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

PathSet every_path() {
  PathSet paths;
  Diagnostics diagnostics;
  OptionType<PathSet>::read(parse_default("'*'"), diagnostics, paths);
  return paths;
}

TEST(CommandInput, TellsOfEveryKindOfChange) {
  TemporaryRepository temporary;
  const ObjectId old = temporary.commit("feat: old", {}, {{"changed", "1"}, {"gone", "1"}});
  const ObjectId id =
      temporary.commit("feat: new", {old}, {{"changed", "22"}, {"folder/new\xff", "333"}});
  const auto repository = temporary.open();
  const PushedRef ref{"refs/heads/x", RefKind::branch, {}, id, {}, id};
  const Push push{*repository, {}, {"a\xff"}, {ref}, {}};
  const CommandInput input =
      command_input(push, {{&push.refs[0], {id}}}, "command", {{"team", {""}}}, every_path());
  EXPECT_EQ(input.files, 3U);
  const Json json = Json::parse(input.text);
  EXPECT_EQ(json["options"].dump(), R"([{"lossy":"a�","b64":"Yf8="}])");
  EXPECT_EQ(json["pusher"].dump(), R"({"name":null,"source":"","transport":"","groups":[]})");
  const std::string one = temporary.git({"rev-parse", old.hex() + ":changed"});
  const std::string two = temporary.git({"rev-parse", id.hex() + ":changed"});
  const std::string three = temporary.git({"hash-object", "--stdin"}, "333");
  EXPECT_EQ(json["refs"][0]["commits"][0]["files"],
            (Json{{{"path", "changed"},
                   {"status", "modified"},
                   {"mode", "100644"},
                   {"id", two},
                   {"before", one},
                   {"size", 2}},
                  {{"path", {{"lossy", "folder/new\xef\xbf\xbd"}, {"b64", "Zm9sZGVyL25ld/8="}}},
                   {"status", "added"},
                   {"mode", "100644"},
                   {"id", three},
                   {"before", nullptr},
                   {"size", 3}},
                  {{"path", "gone"},
                   {"status", "deleted"},
                   {"mode", "100644"},
                   {"id", nullptr},
                   {"before", one}}}));
}

TEST(CommandInput, HasNoTextBeyondItsLimit) {
  TemporaryRepository temporary;
  const ObjectId id = temporary.commit("feat: long\n\n" + std::string(1'000'000, 'x'), {});
  const auto repository = temporary.open();
  const PushedRef ref{"refs/heads/x", RefKind::branch, {}, id, {}, id};
  const Push push{*repository, {}, {}, {ref}, {}};
  const auto tell = [&](std::size_t times) {
    return command_input(push, {{&push.refs[0], std::vector<ObjectId>(times, id)}}, "command", {},
                         {});
  };
  EXPECT_FALSE(tell(60).too_large);
  EXPECT_GT(tell(60).text.size(), std::size_t{60'000'000});
  EXPECT_TRUE(tell(70).too_large);
  EXPECT_EQ(tell(70).text, "");
}

}  // namespace
}  // namespace trunkgate
