// Which names look alike and which do not.
#include "base/confusable.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace trunkgate {
namespace {

TEST(Skeleton, IsTheSameForNamesThatLookAlike) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{
           {"main", "Main"},
           {"main", "MAIN"},
           {"main", "m\xd0\xb0in"},  // Cyrillic a
           {"main", "ma\xd1\x96n"},  // Cyrillic i
           {"release", "re1ease"},
           {"release", "reIease"},
           {"v1.0", "v1.O"},
           {"v1.0", "vl.0"},
           {"modern", "modem"},
           {"wide", "vvide"},
           {"proto", "\xcf\x81r\xce\xbft\xce\xbf"},  // Greek rho, omicron
           {"tag",
            "\xef\xbd\x94"
            "ag"},                        // full-width t
           {"A", "\xce\x91"},             // Greek Alpha
           {"x-y", "x\xe2\x80\x93y"},     // en dash
           {"main", "ma\xe2\x80\x8bin"},  // zero-width space
       }) {
    EXPECT_EQ(skeleton(a), skeleton(b)) << a << " " << b;
  }
}

TEST(Skeleton, DiffersForNamesThatDoNot) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{
           {"main", "man"},
           {"v1.0", "v2.0"},
           {"a/b", "a-b"},
           {"feature/a", "feature/b"},
           {"cafe", "caf\xc3\xa9"},
           {"\xff", "\xfe"},
           {"", "a"},
           {"\xe6\x97\xa5", "\xe6\x9c\xac"},
       }) {
    EXPECT_NE(skeleton(a), skeleton(b)) << a << " " << b;
  }
}

TEST(Skeleton, KeepsBytesThatAreNoText) {
  EXPECT_EQ(skeleton("a\xff\xfe"), "a\xff\xfe");
  EXPECT_EQ(skeleton(std::string("\0", 1)), std::string("\0", 1));
}

}  // namespace
}  // namespace trunkgate
