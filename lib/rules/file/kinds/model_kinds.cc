// Weights of models and data sets; the formats are those of Python's pickle protocol 2 to 5 (PEP
// 3154, PEP 574), PyTorch's serialization, safetensors, GGUF, TensorFlow Lite, ONNX (a protobuf of
// onnx.proto), the HDF5 file format, NumPy's NEP 1 and Apache Parquet.
#include <algorithm>

#include "rules/file/kinds/kind_tables.h"

namespace trunkgate {
namespace {

using namespace std::string_view_literals;

constexpr ContentKind kPickle{"application/x-python-pickle", "a Python pickle", "model"};
constexpr ContentKind kOldPytorch{"application/x-pytorch-legacy", "a PyTorch model", "model"};
constexpr ContentKind kSafetensors{"application/x-safetensors", "a safetensors model", "model"};
constexpr ContentKind kGguf{"application/x-gguf", "a GGUF model", "model"};
constexpr ContentKind kTflite{"application/x-tflite", "a TensorFlow Lite model", "model"};
constexpr ContentKind kOnnx{"application/x-onnx", "an ONNX model", "model"};
// Both hold weights as well as measurements.
constexpr ContentKind kHdf5{"application/x-hdf5", "an HDF5 file", "data", "model"};
constexpr ContentKind kNpy{"application/x-npy", "a NumPy array", "data", "model"};
constexpr ContentKind kParquet{"application/vnd.apache.parquet", "a Parquet file", "data"};

constexpr const ContentKind* kKinds[] = {&kPickle, &kOldPytorch, &kSafetensors, &kGguf,   &kTflite,
                                         &kOnnx,   &kHdf5,       &kNpy,         &kParquet};

// PROTO with a version, and STOP at the end; from version 4 on a frame begins at once.
bool is_pickle(std::string_view bytes) {
  if (bytes.size() < 4 || bytes[0] != '\x80' || bytes.back() != '.') return false;
  const char version = bytes[1];
  return version == 2 || version == 3 || ((version == 4 || version == 5) && bytes[2] == '\x95');
}

// The length of a JSON header, which begins and ends as one; blanks may fill it up.
bool is_safetensors(std::string_view bytes) {
  static constexpr std::uint64_t kMaxHeader = 100'000'000;
  const std::uint64_t size = little(bytes, 0, 8);
  if (size < 2 || size > kMaxHeader || size > bytes.size() - 8) return false;
  std::string_view header = bytes.substr(8, size);
  header = header.substr(0, header.find_last_not_of(' ') + 1);
  return header.starts_with("{\"") && header.ends_with('}');
}

// A version of the format (field 1), then the name of the program that has written it (field 2),
// then another field of a model: its version, domain, number, notes, graph or operators.
bool is_onnx(std::string_view bytes) {
  static constexpr std::string_view kNext = "\x1a\x22\x28\x32\x3a\x42"sv;
  if (bytes.size() < 5 || bytes[0] != '\x08' || bytes[1] < 1 || bytes[1] > 32 ||
      bytes[2] != '\x12') {
    return false;
  }
  const auto size = static_cast<unsigned char>(bytes[3]);
  if (size == 0 || size > 100 || bytes.size() < std::size_t{5} + size) return false;
  const std::string_view name = bytes.substr(4, size);
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= 0x20 && c < 0x7f; }) &&
         kNext.find(bytes[4U + size]) != std::string_view::npos;
}

}  // namespace

const ContentKind* model_kind(std::string_view bytes) {
  // The first of three pickles is a number of PyTorch's own.
  if (bytes.starts_with("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."sv)) {
    return &kOldPytorch;
  }
  if (bytes.starts_with("\x89HDF\r\n\x1a\n")) return &kHdf5;
  if (bytes.starts_with("\x93NUMPY")) return &kNpy;
  if (bytes.starts_with("PAR1") && bytes.size() >= 12 && bytes.ends_with("PAR1")) return &kParquet;
  if (bytes.starts_with("GGUF") && bytes.size() >= 24) return &kGguf;
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "TFL3") return &kTflite;
  if (is_safetensors(bytes)) return &kSafetensors;
  if (is_onnx(bytes)) return &kOnnx;
  return is_pickle(bytes) ? &kPickle : nullptr;
}

void add_model_kinds(std::vector<const ContentKind*>& all) {
  all.insert(all.end(), std::begin(kKinds), std::end(kKinds));
}

}  // namespace trunkgate
