// Zip archives (PKWARE's APPNOTE.TXT) and the many formats that are one: which, the names in the
// archive's directory tell.
#include <algorithm>
#include <cstddef>

#include "rules/file/kinds/kind_tables.h"

namespace trunkgate {
namespace {

using namespace std::string_view_literals;

constexpr ContentKind kZip{"application/zip", "a zip archive", "archive"};
constexpr ContentKind kJar{"application/java-archive", "a Java archive", "executable", "archive"};
constexpr ContentKind kApk{"application/vnd.android.package-archive", "an Android package",
                           "executable", "archive"};
constexpr ContentKind kDocx{
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a Word document",
    "document"};
constexpr ContentKind kXlsx{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                            "an Excel workbook", "document"};
constexpr ContentKind kPptx{
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "a PowerPoint presentation", "document"};
constexpr ContentKind kOpenDocument{"application/vnd.oasis.opendocument", "an OpenDocument file",
                                    "document"};
constexpr ContentKind kEpub{"application/epub+zip", "an EPUB book", "document"};
constexpr ContentKind kPytorch{"application/x-pytorch", "a PyTorch model", "model"};
constexpr ContentKind kNpz{"application/x-npz", "a NumPy archive", "data", "model"};

constexpr const ContentKind* kKinds[] = {&kZip,  &kJar,          &kApk,  &kDocx,    &kXlsx,
                                         &kPptx, &kOpenDocument, &kEpub, &kPytorch, &kNpz};

constexpr std::size_t kMaxNames = 1000;
constexpr std::size_t kEndSize = 22;        // end of central directory record
constexpr std::size_t kMaxComment = 65535;  // may stand behind it
constexpr std::size_t kEntrySize = 46;      // of a directory, without its name
constexpr std::size_t kLocalSize = 30;      // in front of a file's content, without its name

using Names = std::vector<std::string_view>;

// From the directory at the end. Empty when there is none where its record says.
Names names_of(std::string_view bytes) {
  Names names;
  const std::size_t tail = std::min(bytes.size(), kEndSize + kMaxComment);
  const auto found = bytes.substr(bytes.size() - tail).rfind("PK\x05\x06"sv);
  if (found == std::string_view::npos) return names;
  std::uint64_t at = little(bytes, bytes.size() - tail + found + 16, 4);
  while (names.size() < kMaxNames && at < bytes.size() &&
         bytes.substr(at).starts_with("PK\x01\x02"sv)) {
    const std::uint64_t name = little(bytes, at + 28, 2);
    if (bytes.size() - at < kEntrySize + name) break;
    names.push_back(bytes.substr(at + kEntrySize, name));
    at += kEntrySize + name + little(bytes, at + 30, 2) + little(bytes, at + 32, 2);
  }
  return names;
}

// A first file "mimetype", stored as it is, says what the archive is (OpenDocument, EPUB).
std::string_view mime_file(std::string_view bytes) {
  const std::uint64_t name = little(bytes, 26, 2);
  const std::uint64_t start = kLocalSize + name + little(bytes, 28, 2);
  if (bytes.size() < start || bytes.substr(kLocalSize, name) != "mimetype") return {};
  return bytes.substr(start, 60);
}

}  // namespace

const ContentKind* zip_kind(std::string_view bytes) {
  if (bytes.starts_with("PK\x05\x06"sv)) return &kZip;  // an empty one
  if (!bytes.starts_with("PK\x03\x04"sv)) return nullptr;
  const std::string_view mime = mime_file(bytes);
  if (mime.starts_with("application/epub+zip")) return &kEpub;
  if (mime.starts_with("application/vnd.oasis.opendocument.")) return &kOpenDocument;
  const Names names = names_of(bytes);
  const auto any = [&](const auto& wanted) {
    return std::any_of(names.begin(), names.end(), wanted);
  };
  const auto has = [&](std::string_view name) {
    return any([&](std::string_view n) { return n == name; });
  };
  const auto has_below = [&](std::string_view folder) {
    return any([&](std::string_view n) { return n.starts_with(folder); });
  };
  if (has("AndroidManifest.xml")) return &kApk;
  if (has("META-INF/MANIFEST.MF")) return &kJar;
  if (has("[Content_Types].xml")) {
    if (has_below("word/")) return &kDocx;
    if (has_below("xl/")) return &kXlsx;
    if (has_below("ppt/")) return &kPptx;
  }
  if (any([](std::string_view n) { return n == "data.pkl" || n.ends_with("/data.pkl"); })) {
    return &kPytorch;
  }
  const bool arrays = !names.empty() && std::all_of(names.begin(), names.end(), [](auto name) {
    return name.ends_with(".npy");
  });
  return arrays ? &kNpz : &kZip;
}

void add_zip_kinds(std::vector<const ContentKind*>& all) {
  all.insert(all.end(), std::begin(kKinds), std::end(kKinds));
}

}  // namespace trunkgate
