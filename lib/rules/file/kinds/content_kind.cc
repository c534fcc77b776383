// Programs, archives and documents; the formats are those of elf(5), the PE, Mach-O, WebAssembly
// and Java class specifications, RFC 1952 (gzip), RFC 8878 (zstd), the xz, 7z and rar format
// descriptions, tar(5) and ISO 32000 (PDF).
#include "rules/file/kinds/content_kind.h"

#include <algorithm>

#include "rules/file/kinds/kind_tables.h"

namespace trunkgate {
namespace {

using namespace std::string_view_literals;

constexpr ContentKind kElf{"application/x-elf", "an ELF program", "executable"};
constexpr ContentKind kMachO{"application/x-mach-binary", "a Mach-O program", "executable"};
constexpr ContentKind kPe{"application/vnd.microsoft.portable-executable", "a Windows program",
                          "executable"};
constexpr ContentKind kClass{"application/java-vm", "a Java class", "executable"};
constexpr ContentKind kWasm{"application/wasm", "a WebAssembly module", "executable"};
constexpr ContentKind kGzip{"application/gzip", "a gzip archive", "archive"};
constexpr ContentKind kBzip2{"application/x-bzip2", "a bzip2 archive", "archive"};
constexpr ContentKind kXz{"application/x-xz", "an xz archive", "archive"};
constexpr ContentKind kZstd{"application/zstd", "a zstd archive", "archive"};
constexpr ContentKind kLz4{"application/x-lz4", "an lz4 archive", "archive"};
constexpr ContentKind k7z{"application/x-7z-compressed", "a 7z archive", "archive"};
constexpr ContentKind kRar{"application/vnd.rar", "a rar archive", "archive"};
constexpr ContentKind kTar{"application/x-tar", "a tar archive", "archive"};
constexpr ContentKind kPdf{"application/pdf", "a PDF document", "document"};
constexpr ContentKind kOle{"application/x-ole-storage", "an old Office document", "document"};
constexpr ContentKind kSqlite{"application/vnd.sqlite3", "an SQLite database", "data"};

constexpr const ContentKind* kKinds[] = {&kElf,   &kMachO, &kPe,   &kClass, &kWasm, &kGzip,
                                         &kBzip2, &kXz,    &kZstd, &kLz4,   &k7z,   &kRar,
                                         &kTar,   &kPdf,   &kOle,  &kSqlite};

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  const ContentKind* kind;
};

constexpr Magic kMagic[] = {
    {0,
     "\x7f"
     "ELF"sv,
     &kElf},
    {0, "\xfe\xed\xfa\xce"sv, &kMachO},
    {0, "\xfe\xed\xfa\xcf"sv, &kMachO},
    {0, "\xce\xfa\xed\xfe"sv, &kMachO},
    {0, "\xcf\xfa\xed\xfe"sv, &kMachO},
    {0, "\0asm\x01\0\0\0"sv, &kWasm},
    {0, "\x1f\x8b\x08"sv, &kGzip},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     &kXz},
    {0, "\x28\xb5\x2f\xfd"sv, &kZstd},
    {0, "\x04\x22\x4d\x18"sv, &kLz4},
    {0, "7z\xbc\xaf\x27\x1c"sv, &k7z},
    {0, "Rar!\x1a\x07"sv, &kRar},
    {257, "ustar"sv, &kTar},
    {0, "%PDF-"sv, &kPdf},
    {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, &kOle},
    {0, "SQLite format 3\0"sv, &kSqlite},
};

// Two letters that many texts begin with; the header that they name has to be there.
bool is_pe(std::string_view bytes) {
  static constexpr std::size_t kHeaderAt = 0x3c;
  if (!bytes.starts_with("MZ")) return false;
  const std::uint64_t at = little(bytes, kHeaderAt, 4);
  return at >= 4 && at < bytes.size() && bytes.substr(at, 4) == "PE\0\0"sv;
}

// Java took the number that Mach-O has for several programs in one file. What follows is a version
// there, from 45 on, and the count of programs here.
const ContentKind* class_or_mach_o(std::string_view bytes) {
  if (!bytes.starts_with("\xca\xfe\xba\xbe"sv) || bytes.size() < 8) return nullptr;
  return big(bytes, 4, 4) < 45 ? &kMachO : &kClass;
}

// A level and then the first block's number (or, when empty, the last one's).
bool is_bzip2(std::string_view bytes) {
  return bytes.starts_with("BZh") && bytes.size() >= 10 && bytes[3] >= '1' && bytes[3] <= '9' &&
         (bytes.substr(4, 6) == "\x31\x41\x59\x26\x53\x59"sv ||
          bytes.substr(4, 6) == "\x17\x72\x45\x38\x50\x90"sv);
}

std::uint64_t number(std::string_view bytes, std::size_t offset, std::size_t size, bool reversed) {
  if (offset > bytes.size() || size > bytes.size() - offset) return 0;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t at = offset + (reversed ? size - 1 - i : i);
    value = value << 8U | static_cast<unsigned char>(bytes[at]);
  }
  return value;
}

}  // namespace

std::uint64_t little(std::string_view bytes, std::size_t offset, std::size_t size) {
  return number(bytes, offset, size, true);
}

std::uint64_t big(std::string_view bytes, std::size_t offset, std::size_t size) {
  return number(bytes, offset, size, false);
}

const ContentKind* content_kind(std::string_view bytes) {
  for (const Magic& magic : kMagic) {
    if (bytes.size() > magic.offset && bytes.substr(magic.offset).starts_with(magic.bytes)) {
      return magic.kind;
    }
  }
  if (is_pe(bytes)) return &kPe;
  if (is_bzip2(bytes)) return &kBzip2;
  if (const ContentKind* kind = class_or_mach_o(bytes)) return kind;
  if (const ContentKind* kind = zip_kind(bytes)) return kind;
  if (const ContentKind* kind = media_kind(bytes)) return kind;
  return model_kind(bytes);
}

std::span<const ContentKind* const> all_kinds() {
  static const std::vector<const ContentKind*> kAll = [] {
    std::vector<const ContentKind*> all(std::begin(kKinds), std::end(kKinds));
    add_zip_kinds(all);
    add_media_kinds(all);
    add_model_kinds(all);
    return all;
  }();
  return kAll;
}

}  // namespace trunkgate
