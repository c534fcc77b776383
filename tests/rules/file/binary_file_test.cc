// binary-file: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

const std::string kNul(1, '\0');

class BinaryFile : public ContentRuleTest {
 protected:
  BinaryFile() : ContentRuleTest("binary-file") { with("{}"); }
};

TEST_F(BinaryFile, AcceptsTextOfEveryEncodingWithoutNul) {
  EXPECT_EQ(judge("a", ""), kFine);
  EXPECT_EQ(judge("a", "one\r\ntwo"), kFine);
  EXPECT_EQ(judge("a", "caf\xe9\x1b\x01\xff\n"), kFine);
}

TEST_F(BinaryFile, RejectsAFileWithANul) {
  EXPECT_EQ(judge("a", "te" + kNul + "xt"), "0: a binary file of 5 bytes\n- take the path out\n");
  EXPECT_EQ(judge("a", kNul), "0: a binary file of 1 byte\n- take the path out\n");
  EXPECT_EQ(judge(added("bin/a", kNul + std::string(2047, 'x'), 0100755)),
            "0: a binary file of 2.0 KiB\n- take the path out\n");
}

TEST_F(BinaryFile, LooksAtAsManyBytesAsGit) {
  EXPECT_EQ(judge("a", std::string(7999, 'x') + kNul),
            "0: a binary file of 7.8 KiB\n- take the path out\n");
  EXPECT_EQ(judge("a", std::string(8000, 'x') + kNul), kFine);
}

TEST_F(BinaryFile, JudgesAChangeByWhatComes) {
  EXPECT_EQ(change("a", "text\n", kNul), "0: a binary file of 1 byte\n- take the path out\n");
  EXPECT_EQ(change("a", kNul + "1", kNul + "2"),
            "0: a binary file of 2 bytes\n- take the path out\n");
  EXPECT_EQ(change("a", kNul, "text\n"), kFine);
}

TEST_F(BinaryFile, AcceptsAFileUpToASize) {
  with("{up-to: 1 KiB}");
  EXPECT_EQ(judge("a", kNul + std::string(1023, 'x')), kFine);
  EXPECT_EQ(judge("a", kNul + std::string(1024, 'x')),
            "0: a binary file of 1.0 KiB\n- take the path out\n");
}

TEST_F(BinaryFile, DoesNotLookAtPathsThatAreAllowed) {
  with("{allow: ['*.png', '/docs/**/*.pdf', fonts/]}");
  EXPECT_EQ(judge("img/a.png", kNul), kNotAsked);
  EXPECT_EQ(judge("docs/a.pdf", kNul), kNotAsked);
  EXPECT_EQ(judge("docs/x/y/a.pdf", kNul), kNotAsked);
  EXPECT_EQ(judge("web/fonts/a/b.ttf", kNul), kNotAsked);
  for (const char* path : {"img/a.PNG", "a.pdf", "src/docs/a.pdf", "fonts"}) {
    EXPECT_EQ(judge(path, kNul), "0: a binary file of 1 byte\n- take the path out\n") << path;
  }
}

TEST_F(BinaryFile, GivesTheHintOfThePolicy) {
  with("{hint: build it from source}");
  EXPECT_EQ(judge("a", kNul),
            "0: a binary file of 1 byte\n? build it from source\n- take the path out\n");
}

TEST_F(BinaryFile, RejectsKindsOfFilesByTheirContent) {
  with("{types: [executable, model, application/pdf], hint: build it}");
  const std::string tail = "\n? build it\n- take the path out\n";
  EXPECT_EQ(judge("notes.txt",
                  "\x7f"
                  "ELF\x02"),
            "0: an ELF program (application/x-elf) of 5 bytes" + tail);
  EXPECT_EQ(judge("a", "%PDF-1.7\n"), "0: a PDF document (application/pdf) of 9 bytes" + tail);
  EXPECT_EQ(judge("a.h5", "\x89HDF\r\n\x1a\n"),
            "0: an HDF5 file (application/x-hdf5) of 8 bytes" + tail);
  EXPECT_EQ(judge("a.gif", "GIF89a" + kNul), kFine);
  EXPECT_EQ(judge("a.elf", kNul + "\x7f"
                                  "ELF"),
            kFine);
  EXPECT_EQ(change("a", "text", "%PDF-1.7\n"),
            "0: a PDF document (application/pdf) of 9 bytes" + tail);
}

TEST_F(BinaryFile, AcceptsKindsThatAreAllowed) {
  with("{types: [image], allow-types: [image/gif]}");
  EXPECT_EQ(judge("a", "GIF89a"), kFine);
  EXPECT_EQ(judge("a", "\x89PNG\r\n\x1a\n"),
            "0: a PNG image (image/png) of 8 bytes\n- take the path out\n");
  with("{allow-types: [image]}");
  EXPECT_EQ(judge("a", "GIF89a" + kNul), kFine);
  EXPECT_EQ(judge("a", kNul), "0: a binary file of 1 byte\n- take the path out\n");
  EXPECT_EQ(judge("a",
                  "\x7f"
                  "ELF" +
                      kNul),
            "0: an ELF program (application/x-elf) of 5 bytes\n- take the path out\n");
}

TEST_F(BinaryFile, LetsKindsPassUpToASizeAndAtAllowedPaths) {
  with("{types: [document], up-to: 9, allow: '*.pdf'}");
  EXPECT_EQ(judge("a", "%PDF-1.7\n"), kFine);
  EXPECT_EQ(judge("a", "%PDF-1.7\n\n"),
            "0: a PDF document (application/pdf) of 10 bytes\n- take the path out\n");
  EXPECT_EQ(judge("a.pdf", "%PDF-1.7\n\n"), kNotAsked);
}

TEST_F(BinaryFile, KnowsItsKinds) {
  EXPECT_EQ(mistakes("{types: [archive, audio, data, document, executable, image, model, video]}"),
            "");
  EXPECT_NE(mistakes("{types: [images]}")
                .find("'images' is no kind of file that can be told by its content"),
            std::string::npos);
  EXPECT_NE(mistakes("{allow-types: [image/pgn]}").find("did you mean 'image/png'?"),
            std::string::npos);
}

TEST_F(BinaryFile, IsNotAboutLinksSubmodulesAndDeletions) {
  EXPECT_EQ(judge(link("a", kNul)), kNotAsked);
  EXPECT_EQ(judge(submodule("a")), kNotAsked);
  EXPECT_EQ(judge(deleted("a", kNul)), kNotAsked);
}

TEST_F(BinaryFile, CannotLookIntoWhatIsTooLarge) {
  const ChangedFile file = added("a", std::string(kMaxFileBytes + 1, 'x'));
  EXPECT_THROW(judge(file), FileTooLarge);
  with("{up-to: 51 MiB}");
  EXPECT_EQ(judge(file), kFine);
}

}  // namespace
}  // namespace trunkgate
