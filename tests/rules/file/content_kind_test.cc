// Kinds of files: what real programs write, and what only looks like it.
#include "rules/file/kinds/content_kind.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {
namespace {

using namespace std::string_literals;

std::string type(std::string_view bytes) {
  const ContentKind* kind = content_kind(bytes);
  return kind == nullptr ? "" : std::string(kind->type);
}

std::string little(std::uint64_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

// A zip archive of empty files with these names; the first may have content, stored as it is.
std::string zip(const std::vector<std::string>& names, const std::string& first = "") {
  std::string files;
  std::string directory;
  for (const std::string& name : names) {
    const std::string content = files.empty() ? first : "";
    const std::string sizes = little(0, 4) + little(content.size(), 4) + little(content.size(), 4);
    directory += "PK\x01\x02"s + std::string(12, 0) + sizes + little(name.size(), 2) +
                 std::string(12, 0) + little(files.size(), 4) + name;
    files += "PK\x03\x04"s + std::string(10, 0) + sizes + little(name.size(), 2) + little(0, 2) +
             name + content;
  }
  return files + directory + "PK\x05\x06"s + little(0, 4) + little(names.size(), 2) +
         little(names.size(), 2) + little(directory.size(), 4) + little(files.size(), 4) +
         little(0, 2);
}

TEST(ContentKind, KnowsPrograms) {
  EXPECT_EQ(type("\x7f"
                 "ELF\x02\x01"s),
            "application/x-elf");
  EXPECT_EQ(type("\xcf\xfa\xed\xfe\x07"s), "application/x-mach-binary");
  EXPECT_EQ(type("\xca\xfe\xba\xbe\0\0\0\x02"s), "application/x-mach-binary");
  EXPECT_EQ(type("\xca\xfe\xba\xbe\0\0\0\x41"s), "application/java-vm");
  EXPECT_EQ(type("MZ"s + std::string(58, 'x') + little(64, 4) + "PE\0\0"s),
            "application/vnd.microsoft.portable-executable");
  EXPECT_EQ(type("\0asm\x01\0\0\0"s), "application/wasm");
}

TEST(ContentKind, KnowsArchives) {
  EXPECT_EQ(type("\x1f\x8b\x08\0"s), "application/gzip");
  EXPECT_EQ(type("BZh91AY&SY"), "application/x-bzip2");
  EXPECT_EQ(type("\xfd"
                 "7zXZ\0"s),
            "application/x-xz");
  EXPECT_EQ(type("\x28\xb5\x2f\xfd\x04"), "application/zstd");
  EXPECT_EQ(type("7z\xbc\xaf\x27\x1c"), "application/x-7z-compressed");
  EXPECT_EQ(type("Rar!\x1a\x07\x01"), "application/vnd.rar");
  EXPECT_EQ(type(std::string(257, '\0') + "ustar  "), "application/x-tar");
  EXPECT_EQ(type(zip({"a.txt", "b.txt"})), "application/zip");
  EXPECT_EQ(type(zip({})), "application/zip");
}

TEST(ContentKind, KnowsWhatIsAZipArchiveInside) {
  EXPECT_EQ(type(zip({"META-INF/MANIFEST.MF", "A.class"})), "application/java-archive");
  EXPECT_EQ(type(zip({"AndroidManifest.xml", "META-INF/MANIFEST.MF"})),
            "application/vnd.android.package-archive");
  EXPECT_EQ(type(zip({"[Content_Types].xml", "word/document.xml"})),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
  EXPECT_EQ(type(zip({"[Content_Types].xml", "xl/workbook.xml"})),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  EXPECT_EQ(type(zip({"[Content_Types].xml", "ppt/presentation.xml"})),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation");
  EXPECT_EQ(type(zip({"mimetype", "a"}, "application/epub+zip")), "application/epub+zip");
  EXPECT_EQ(type(zip({"mimetype", "a"}, "application/vnd.oasis.opendocument.text")),
            "application/vnd.oasis.opendocument");
  EXPECT_EQ(type(zip({"archive/data.pkl", "archive/version"})), "application/x-pytorch");
  EXPECT_EQ(type(zip({"x.npy", "y.npy"})), "application/x-npz");
  EXPECT_EQ(type(zip({"x.npy", "notes"})), "application/zip");
}

TEST(ContentKind, KnowsDocumentsAndData) {
  EXPECT_EQ(type("%PDF-1.7\n"), "application/pdf");
  EXPECT_EQ(type("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "application/x-ole-storage");
  EXPECT_EQ(type("SQLite format 3\0"s), "application/vnd.sqlite3");
  EXPECT_EQ(type("PAR1xxxxxxxxPAR1"), "application/vnd.apache.parquet");
  EXPECT_EQ(type("\x93NUMPY\x01\0"s), "application/x-npy");
  EXPECT_EQ(type("\x89HDF\r\n\x1a\n"), "application/x-hdf5");
}

TEST(ContentKind, KnowsPictures) {
  EXPECT_EQ(type("\x89PNG\r\n\x1a\n"), "image/png");
  EXPECT_EQ(type("\xff\xd8\xff\xe0"), "image/jpeg");
  EXPECT_EQ(type("GIF87a"), "image/gif");
  EXPECT_EQ(type("RIFF\x10\0\0\0WEBPVP8 "s), "image/webp");
  EXPECT_EQ(type("II*\0"s), "image/tiff");
  EXPECT_EQ(type("BM" + little(30, 4) + std::string(24, '\0')), "image/bmp");
  EXPECT_EQ(type("\0\0\0\x18"
                 "ftypheic"s),
            "image/heif");
  EXPECT_EQ(type("\0\0\0\x18"
                 "ftypavif"s),
            "image/avif");
}

TEST(ContentKind, KnowsSoundAndFilms) {
  EXPECT_EQ(type("ID3\x03\0\0\0\0\0\0"s), "audio/mpeg");
  EXPECT_EQ(type("\xff\xfb\x90\x64"), "audio/mpeg");
  EXPECT_EQ(type("OggS\0\x02"s + std::string(22, '\0') + "\x01\x1e\x01vorbis"), "audio/ogg");
  EXPECT_EQ(type("OggS\0\x02"s + std::string(22, '\0') + "\x01\x2a\x80theora"), "video/ogg");
  EXPECT_EQ(type("RIFF\x10\0\0\0WAVEfmt "s), "audio/wav");
  EXPECT_EQ(type("fLaC\0"s), "audio/flac");
  EXPECT_EQ(type("\0\0\0\x18"
                 "ftypM4A "s),
            "audio/mp4");
  EXPECT_EQ(type("\0\0\0\x18"
                 "ftypisom"s),
            "video/mp4");
  EXPECT_EQ(type("\0\0\0\x14"
                 "ftypqt  "s),
            "video/quicktime");
  EXPECT_EQ(type("RIFF\x10\0\0\0AVI LIST"s), "video/vnd.avi");
  EXPECT_EQ(type("\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"), "video/webm");
  EXPECT_EQ(type("\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska"), "video/matroska");
}

TEST(ContentKind, KnowsModels) {
  EXPECT_EQ(type("\x80\x04\x95\x05\0\0\0\0\0\0\0]\x94."s), "application/x-python-pickle");
  EXPECT_EQ(type("\x80\x02]q\0."s), "application/x-python-pickle");
  EXPECT_EQ(type("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.x"),
            "application/x-pytorch-legacy");
  EXPECT_EQ(type(little(10, 8) + "{\"a\":{}}  " + "weights"), "application/x-safetensors");
  EXPECT_EQ(type("GGUF" + std::string(20, '\x01')), "application/x-gguf");
  EXPECT_EQ(type("\x1c\0\0\0TFL3"s), "application/x-tflite");
  EXPECT_EQ(type("\x08\x07\x12\x07pytorch\x1a\x03"
                 "1.2"s),
            "application/x-onnx");
}

TEST(ContentKind, KnowsNothingOfText) {
  for (const std::string& text : {""s, "MZ is a country code\n"s, "BZh9 nothing\n"s, "PK\n"s,
                                  "BM\n"s, "ID"s, "RIFF\n"s, "GIF\n"s,
                                  "\xff\xfe"
                                  "h\0i\0"s,
                                  "{\"a\": 1}"s, "PAR1\n"s, "ustar"s, "#!/bin/sh\n"s,
                                  "\xef\xbb\xbfhello"s, "GGUF\n"s, "\x80."s, "%!PS\n"s}) {
    EXPECT_EQ(type(text), "") << text;
  }
}

// Lengths that lie, and every cut of a file in the middle.
TEST(ContentKind, ReadsNothingBeyondTheBytes) {
  EXPECT_EQ(type("MZ"s + std::string(58, 'x') + "\xff\xff\xff\xff"), "");
  EXPECT_EQ(type(little(~std::uint64_t{0}, 8) + "{\"a\":1}"), "");
  EXPECT_EQ(type(little(100'000'000, 8) + "{\"a\":1}"), "");
  const std::string archive = zip({"mimetype", "META-INF/MANIFEST.MF"}, "application/epub+zip");
  for (std::size_t size = 0; size <= archive.size(); ++size) type(archive.substr(0, size));
  std::string far = zip({"a", "b"});
  far.replace(far.size() - 6, 4, "\xff\xff\xff\xff");  // where the directory is said to begin
  EXPECT_EQ(type(far), "application/zip");
  std::string round = zip({"a"});
  round.replace(round.size() - 22 - 46 - 1 + 30, 2, "\xff\xff");  // a length behind the name
  EXPECT_EQ(type(round), "application/zip");
}

TEST(ContentKind, HasTypesThatDifferAndKnownFamilies) {
  std::set<std::string_view> types;
  for (const ContentKind* kind : all_kinds()) {
    EXPECT_TRUE(types.insert(kind->type).second) << kind->type;
    for (const std::string_view family : {kind->family, kind->also}) {
      EXPECT_TRUE(family.empty() || std::find(std::begin(kKindFamilies), std::end(kKindFamilies),
                                              family) != std::end(kKindFamilies))
          << kind->type;
    }
    EXPECT_FALSE(kind->family.empty()) << kind->type;
  }
}

}  // namespace
}  // namespace trunkgate
