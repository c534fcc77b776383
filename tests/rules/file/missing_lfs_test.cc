// missing-lfs: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kHint = "? git lfs track PATTERN, then add the file again\n";
const std::string kVersion = "version https://git-lfs.github.com/spec/v1\n";
const std::string kOid =
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n";
const std::string kSize = "size 12345\n";
const std::string kNul(1, '\0');

std::string itself(const std::string& size) {
  return "0: must be stored with Git LFS, and is the file itself (" + size + ")\n" + kHint +
         "- take the path out\n";
}
std::string binary(const std::string& size) {
  return "0: a binary file of " + size + " must be stored with Git LFS\n" + kHint +
         "- take the path out\n";
}
std::string broken(const std::string& what) { return "0: the LFS pointer " + what + "\n" + kHint; }

class MissingLfs : public ContentRuleTest {
 protected:
  MissingLfs() : ContentRuleTest("missing-lfs") { with("{paths: ['*.bin', /data/]}"); }
};

TEST_F(MissingLfs, AcceptsPointersAndEmptyFiles) {
  EXPECT_EQ(judge("a.bin", kVersion + kOid + kSize), kFine);
  EXPECT_EQ(judge("a.bin", ""), kFine);
  EXPECT_EQ(change("a.bin", "bytes", kVersion + kOid + kSize), kFine);
}

TEST_F(MissingLfs, RejectsTheFileItself) {
  EXPECT_EQ(judge("x/a.bin", "x"), itself("1 byte"));
  EXPECT_EQ(judge("data/x/y", kNul + "x"), itself("2 bytes"));
  EXPECT_EQ(change("a.bin", kVersion + kOid + kSize, "text"), itself("4 bytes"));
  EXPECT_EQ(judge(added("a.bin", "x", 0100755)), itself("1 byte"));
}

TEST_F(MissingLfs, AcceptsFilesThatNeedNot) {
  for (const char* path : {"a.txt", "a.BIN", "x/data/y", "data"}) {
    EXPECT_EQ(judge(path, kNul + "bytes"), kFine) << path;
  }
}

TEST_F(MissingLfs, TakesAPointerOfLessThanAKibibyteOnly) {
  const std::string head = kVersion + "ext-0-x ";
  const std::string tail = "\n" + kOid + kSize;
  const std::string fill(1023 - head.size() - tail.size(), 'f');
  EXPECT_EQ(judge("a.bin", head + fill + tail), kFine);
  EXPECT_EQ(judge("a.bin", head + fill + "f" + tail), itself("1.0 KiB"));
}

TEST_F(MissingLfs, SaysWhatIsWrongWithAPointerWhereverItStands) {
  const std::string other = "version https://git-lfs.github.com/spec/v2\n";
  EXPECT_EQ(judge("a.txt", kVersion + kOid + "\n" + kSize), broken("has a line without a value"));
  EXPECT_EQ(judge("a.txt", other + kOid + kSize), broken("has an unknown version"));
  EXPECT_EQ(judge("a.txt", kVersion + kSize + kOid), broken("has its lines out of order"));
  EXPECT_EQ(judge("a.txt", kVersion + kOid + kOid + kSize), broken("has its lines out of order"));
  EXPECT_EQ(judge("a.txt", kVersion + kOid), broken("lacks its oid or its size"));
  EXPECT_EQ(judge("a.txt", kVersion + kSize), broken("lacks its oid or its size"));
  EXPECT_EQ(judge("a.txt", kVersion), broken("lacks its oid or its size"));
  EXPECT_EQ(judge("a.txt", kVersion + kOid + "owner \x1b\n" + kSize),
            broken("has an unknown line 'owner'"));
}

// As `git lfs pointer --check` has it.
TEST_F(MissingLfs, AcceptsWhatGitLfsReads) {
  const auto crlf = [](std::string line) { return line.insert(line.size() - 1, "\r"); };
  EXPECT_EQ(judge("a.bin", crlf(kVersion) + crlf(kOid) + crlf(kSize)), kFine);
  EXPECT_EQ(judge("a.bin", crlf(kVersion) + kOid + kSize), kFine);
  EXPECT_EQ(judge("a.bin", kVersion + kOid + "size 12345"), kFine);
  EXPECT_EQ(judge("a.bin", kVersion + kOid + kSize + "\n"), kFine);
  EXPECT_EQ(judge("a.bin", kVersion + kOid + "size 12\r345\n"), broken("has no size in bytes"));
}

TEST_F(MissingLfs, ChecksTheOidOfAPointer) {
  const std::string digits(64, 'a');
  const auto pointer = [](const std::string& oid) {
    return kVersion + "oid " + oid + "\n" + kSize;
  };
  EXPECT_EQ(judge("a", pointer("sha256:" + digits)), kFine);
  for (const std::string& oid :
       {"sha256:" + digits.substr(1), "sha256:" + digits + "a", "sha256:" + digits.substr(1) + "g",
        "sha256:" + digits.substr(1) + "A", "sha1:" + digits, digits, std::string()}) {
    EXPECT_EQ(judge("a", pointer(oid)), broken("has no sha256 of 64 hexadecimal digits")) << oid;
  }
}

TEST_F(MissingLfs, ChecksTheSizeOfAPointer) {
  const auto pointer = [](const std::string& size) {
    return kVersion + kOid + "size " + size + "\n";
  };
  EXPECT_EQ(judge("a", pointer("1")), kFine);
  EXPECT_EQ(judge("a", pointer(std::string(18, '9'))), kFine);
  EXPECT_EQ(judge("a", pointer("0")), broken("is of an empty file"));
  for (const std::string& size : {std::string(19, '9'), std::string("-1"), std::string("01"),
                                  std::string("1 KiB"), std::string("x")}) {
    EXPECT_EQ(judge("a", pointer(size)), broken("has no size in bytes")) << size;
  }
  EXPECT_EQ(judge("a", pointer("")), broken("has a line without a value"));
}

TEST_F(MissingLfs, LeavesBrokenPointersAloneWhenAsked) {
  with("{paths: '*.bin', broken: false}");
  EXPECT_EQ(judge("a.bin", kVersion), kFine);
  EXPECT_EQ(judge("a.bin", "version 2\n"), itself("10 bytes"));
}

TEST_F(MissingLfs, WantsLargeBinaryFilesInLfs) {
  with("{above: 1 KiB}");
  EXPECT_EQ(judge("a", kNul + std::string(1023, 'x')), kFine);
  EXPECT_EQ(judge("a", kNul + std::string(1024, 'x')), binary("1.0 KiB"));
  EXPECT_EQ(judge("a", std::string(5000, 'x')), kFine);
  // Nobody looks whether this is text.
  EXPECT_EQ(judge("a", std::string(kMaxFileBytes, 'x')), kFine);
  EXPECT_EQ(judge("a", std::string(kMaxFileBytes + 1, 'x')), binary("50.0 MiB"));
}

TEST_F(MissingLfs, IsNotAboutLinksSubmodulesAndDeletions) {
  EXPECT_EQ(judge(link("a.bin", "b")), kNotAsked);
  EXPECT_EQ(judge(submodule("a.bin")), kNotAsked);
  EXPECT_EQ(judge(deleted("a.bin", "b")), kNotAsked);
}

TEST_F(MissingLfs, NeedsToKnowWhatBelongsThere) {
  const std::string wanted = "the rule needs 'paths' or 'above': what belongs into LFS";
  EXPECT_NE(mistakes("{}").find(wanted), std::string::npos);
  EXPECT_NE(mistakes("{above: 0}").find(wanted), std::string::npos);
}

}  // namespace
}  // namespace trunkgate
