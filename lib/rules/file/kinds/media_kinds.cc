// Pictures, sound and films; the formats are those of the PNG, GIF89a, JPEG (ITU T.81), WebP, TIFF,
// RIFF, Ogg (RFC 3533), FLAC (RFC 9639), ISO base media (ISO 14496-12), Matroska (RFC 9559) and
// MPEG audio (ISO 11172-3) specifications.
#include <algorithm>

#include "rules/file/kinds/kind_tables.h"

namespace trunkgate {
namespace {

using namespace std::string_view_literals;

constexpr ContentKind kPng{"image/png", "a PNG image", "image"};
constexpr ContentKind kJpeg{"image/jpeg", "a JPEG image", "image"};
constexpr ContentKind kGif{"image/gif", "a GIF image", "image"};
constexpr ContentKind kWebp{"image/webp", "a WebP image", "image"};
constexpr ContentKind kTiff{"image/tiff", "a TIFF image", "image"};
constexpr ContentKind kBmp{"image/bmp", "a BMP image", "image"};
constexpr ContentKind kPsd{"image/vnd.adobe.photoshop", "a Photoshop image", "image"};
constexpr ContentKind kHeif{"image/heif", "a HEIF image", "image"};
constexpr ContentKind kAvif{"image/avif", "an AVIF image", "image"};
constexpr ContentKind kMp3{"audio/mpeg", "an MP3 file", "audio"};
constexpr ContentKind kOgg{"audio/ogg", "an Ogg sound file", "audio"};
constexpr ContentKind kWav{"audio/wav", "a WAV file", "audio"};
constexpr ContentKind kFlac{"audio/flac", "a FLAC file", "audio"};
constexpr ContentKind kM4a{"audio/mp4", "an MP4 sound file", "audio"};
constexpr ContentKind kMp4{"video/mp4", "an MP4 video", "video"};
constexpr ContentKind kMov{"video/quicktime", "a QuickTime video", "video"};
constexpr ContentKind kOgv{"video/ogg", "an Ogg video", "video"};
constexpr ContentKind kMatroska{"video/matroska", "a Matroska video", "video"};
constexpr ContentKind kWebm{"video/webm", "a WebM video", "video"};
constexpr ContentKind kAvi{"video/vnd.avi", "an AVI video", "video"};

constexpr const ContentKind* kKinds[] = {&kPng,  &kJpeg, &kGif, &kWebp,     &kTiff, &kBmp,  &kPsd,
                                         &kHeif, &kAvif, &kMp3, &kOgg,      &kWav,  &kFlac, &kM4a,
                                         &kMp4,  &kMov,  &kOgv, &kMatroska, &kWebm, &kAvi};

const ContentKind* riff_kind(std::string_view bytes) {
  if (!bytes.starts_with("RIFF") || bytes.size() < 12) return nullptr;
  const std::string_view form = bytes.substr(8, 4);
  if (form == "WEBP") return &kWebp;
  if (form == "WAVE") return &kWav;
  return form == "AVI " ? &kAvi : nullptr;
}

// "ftyp" with the brand that the file claims first.
const ContentKind* iso_kind(std::string_view bytes) {
  if (bytes.size() < 12 || bytes.substr(4, 4) != "ftyp") return nullptr;
  const std::string_view brand = bytes.substr(8, 4);
  static constexpr std::string_view kHeifBrands[] = {"heic", "heix", "hevc", "heim",
                                                     "heis", "mif1", "msf1"};
  if (std::find(std::begin(kHeifBrands), std::end(kHeifBrands), brand) != std::end(kHeifBrands)) {
    return &kHeif;
  }
  if (brand == "avif" || brand == "avis") return &kAvif;
  if (brand == "M4A " || brand == "M4B ") return &kM4a;
  return brand == "qt  " ? &kMov : &kMp4;
}

// What is in an Ogg file stands in its first page.
const ContentKind* ogg_kind(std::string_view bytes) {
  if (!bytes.starts_with("OggS\0"sv)) return nullptr;
  return bytes.substr(0, 100).find("\x80theora"sv) != std::string_view::npos ? &kOgv : &kOgg;
}

// The name of the document type stands close to the front.
const ContentKind* matroska_kind(std::string_view bytes) {
  if (!bytes.starts_with("\x1a\x45\xdf\xa3"sv)) return nullptr;
  return bytes.substr(0, 64).find("webm") != std::string_view::npos ? &kWebm : &kMatroska;
}

// Eleven bits are little to go by, so every field of a first frame of layer III has to be sound.
bool is_mp3(std::string_view bytes) {
  if (bytes.starts_with("ID3") && bytes.size() >= 10) {
    return static_cast<unsigned char>(bytes[3]) < 0x10;
  }
  const std::uint64_t head = big(bytes, 0, 4);
  const auto field = [&](unsigned shift, unsigned mask) { return head >> shift & mask; };
  return field(21, 0x7ff) == 0x7ff && field(19, 3) != 1 && field(17, 3) == 1 &&
         field(12, 15) != 15 && field(12, 15) != 0 && field(10, 3) != 3 && field(0, 3) != 2;
}

// Its own size, a reserved zero, and where the picture begins.
bool is_bmp(std::string_view bytes) {
  return bytes.starts_with("BM") && bytes.size() >= 26 && little(bytes, 2, 4) == bytes.size() &&
         little(bytes, 6, 4) == 0;
}

}  // namespace

const ContentKind* media_kind(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return &kPng;
  if (bytes.starts_with("\xff\xd8\xff")) return &kJpeg;
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return &kGif;
  if (bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv)) return &kTiff;
  if (bytes.starts_with("8BPS\0\x01"sv)) return &kPsd;
  if (bytes.starts_with("fLaC\0"sv)) return &kFlac;
  if (const ContentKind* kind = riff_kind(bytes)) return kind;
  if (const ContentKind* kind = iso_kind(bytes)) return kind;
  if (const ContentKind* kind = ogg_kind(bytes)) return kind;
  if (const ContentKind* kind = matroska_kind(bytes)) return kind;
  if (is_bmp(bytes)) return &kBmp;
  return is_mp3(bytes) ? &kMp3 : nullptr;
}

void add_media_kinds(std::vector<const ContentKind*>& all) {
  all.insert(all.end(), std::begin(kKinds), std::end(kKinds));
}

}  // namespace trunkgate
