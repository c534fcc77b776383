// Tags from raw bytes, honest and hostile.
#include "git/tag.h"

#include <gtest/gtest.h>

#include <string>

namespace trunkgate {
namespace {

const std::string kHex(40, '1');
const ObjectId kId = *ObjectId::parse(std::string(40, '2'));
const std::string kStart = "object " + kHex + "\ntype commit\ntag v1\n";
const std::string kTagger = "tagger Ada L <ada@example.com> 1700000000 -0130\n";

std::string mistake(const std::string& raw) {
  try {
    parse_tag(kId, raw);
  } catch (const BadTag& bad) {
    EXPECT_EQ(bad.id, kId);
    return bad.what();
  }
  return {};
}

TEST(Tag, HasItsTargetNameTaggerAndMessage) {
  const Tag tag = parse_tag(kId, kStart + kTagger + "\nOne\n\ntwo\n");
  EXPECT_EQ(tag.id, kId);
  EXPECT_EQ(tag.target.hex(), kHex);
  EXPECT_EQ(tag.type, ObjectType::commit);
  EXPECT_EQ(tag.name, "v1");
  EXPECT_EQ(tag.tagger.name, "Ada L");
  EXPECT_EQ(tag.tagger.email, "ada@example.com");
  EXPECT_EQ(tag.tagger.time, 1'700'000'000);
  EXPECT_EQ(tag.tagger.offset_minutes, -90);
  EXPECT_EQ(tag.message, "One\n\ntwo\n");
  EXPECT_FALSE(tag.signed_tag);
}

TEST(Tag, NeedsNoTaggerAndNoMessage) {
  for (const std::string& raw : {kStart, kStart + "\n", kStart + kTagger}) {
    EXPECT_EQ(parse_tag(kId, raw).message, "");
  }
  EXPECT_EQ(parse_tag(kId, kStart + "gpgsig-sha256 x\n y\n\nM").message, "M");
}

TEST(Tag, EndsItsMessageAtTheLastSignature) {
  for (const std::string kind : {"PGP SIGNATURE", "SSH SIGNATURE", "SIGNED MESSAGE"}) {
    const Tag tag = parse_tag(kId, kStart + "\nOne\n-----BEGIN " + kind + "-----\nx\n");
    EXPECT_EQ(tag.message, "One\n");
    EXPECT_TRUE(tag.signed_tag);
  }
  EXPECT_EQ(parse_tag(kId, kStart + "\n-----BEGIN PGP SIGNATURE-----\nOne\n"
                                    "-----BEGIN SSH SIGNATURE-----\n")
                .message,
            "-----BEGIN PGP SIGNATURE-----\nOne\n");
  EXPECT_FALSE(parse_tag(kId, kStart + "\nx -----BEGIN PGP SIGNATURE-----\n").signed_tag);
}

TEST(Tag, SaysWhatIsWrong) {
  const std::string start = "tag 22222222 is malformed: ";
  EXPECT_EQ(mistake(""), start + "it names no object");
  EXPECT_EQ(mistake("object 123\n"), start + "it names no object");
  EXPECT_EQ(mistake("object " + kHex), start + "it names no object");
  EXPECT_EQ(mistake("object " + kHex + "\ntype thing\n"), start + "it has no type");
  EXPECT_EQ(mistake("object " + kHex + "\ntype commit\n"), start + "it has no name");
  EXPECT_EQ(mistake(kStart + "tagger Ada\n"), start + "its tagger line has no single <address>");
  EXPECT_EQ(mistake(kStart + "tagger A <a> x\n"), start + "its tagger line has no date");
  EXPECT_EQ(mistake(kStart + "tagger A <a> 1 0100\n"), start + "its tagger line has no time zone");
  EXPECT_EQ(mistake(kStart + "more"), start + "its header has no end");
}

TEST(Tag, HasNoNulInItsHeader) {
  const std::string nul(1, '\0');
  const std::string why =
      "tag 22222222 is malformed: its header has a NUL, behind which Git shows "
      "nothing";
  EXPECT_EQ(mistake(kStart + "tagger Eve" + nul + " <a@x> 1 +0000\n\nM"), why);
  EXPECT_EQ(mistake("object " + kHex + "\ntype commit\ntag v1" + nul + "x\n"), why);
  EXPECT_EQ(mistake(kStart + kTagger + "more" + nul + "\n\nM"), why);
  EXPECT_EQ(mistake(kStart + kTagger + "\nM" + nul), "");
}

TEST(Tag, HasEachHeaderOnceAndInItsPlace) {
  for (const std::string& header :
       {kTagger, std::string("tag v2\n"), std::string("type tree\n"), "object " + kHex + "\n"}) {
    EXPECT_EQ(mistake(kStart + "more x\n" + header + "\nM"),
              "tag 22222222 is malformed: a header stands twice or in the wrong place")
        << header;
  }
  EXPECT_EQ(mistake(kStart + kTagger + kTagger + "\nM"),
            "tag 22222222 is malformed: a header stands twice or in the wrong place");
  EXPECT_EQ(mistake(kStart + kTagger + "more x\n tagger y\n\ntagger z"), "");
}

}  // namespace
}  // namespace trunkgate
