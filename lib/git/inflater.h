// Takes objects and deltas out of their zlib streams.
#pragma once

#include <memory>

#include "git/pack_file.h"

struct libdeflate_decompressor;

namespace trunkgate {

// For one thread.
class Inflater {
 public:
  // Puts the entry's bytes at `out`, which has room for entry.size of them once check_stream() has
  // found no fault. Throws Error(repository) when the pack is damaged there.
  void inflate(const PackFile& pack, const PackFile::Entry& entry, char* out);
  // Whether so many bytes may be allocated for the entry at all. Throws as above.
  static void check_stream(const PackFile& pack, const PackFile::Entry& entry);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* inflater) const;
  };
  using Decompressor = std::unique_ptr<libdeflate_decompressor, Free>;
  static Decompressor make();

  Decompressor own_codes_ = make();
  // For streams that begin with the codes that deflate itself defines, as those of small deltas do:
  // libdeflate keeps their tables until it meets others, and to build them takes longer than to
  // inflate such a delta.
  Decompressor fixed_codes_ = make();
};

}  // namespace trunkgate
