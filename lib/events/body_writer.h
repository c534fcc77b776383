// The parts of an event's `data`, written as JSON within limits. Included by lib/events/*.cc only.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/bytes_json.h"
#include "events/event_body.h"

namespace trunkgate {

enum List : std::size_t {
  kCommits,
  kFindings,
  kChanges,
  kOptions,
  kTags,
  kEvidence,
  kRequirements,
  kSources,
  kNames,
  kMetrics,
  kArtifacts,
  kEdges,
  kCommitFiles,
  kFiles,
  kRules,
  kLabels,
  kTrailers,
  kLists
};

// How much of a body is shown.
struct BodyLimits {
  std::array<std::size_t, kLists> items{GitFacts::kListedCommits,
                                        100,
                                        200,
                                        100,
                                        50,
                                        100,
                                        100,
                                        100,
                                        50,
                                        100,
                                        100,
                                        200,
                                        GitFacts::kListedFiles,
                                        ChangedFiles::kListed,
                                        100,
                                        50,
                                        50};
  std::size_t message = 8192;  // bytes of one commit's message; 0: none of it
  std::size_t text = 8192;     // bytes of one name, path or message
  std::size_t title = 1024;    // bytes of a title, of a person's name, of a trailer
};

// Writes within given limits, and notes what they cut. A pointer is that of the value that is
// written, from `data` on.
class BodyWriter {
 public:
  using Json = nlohmann::ordered_json;

  explicit BodyWriter(const BodyLimits& limits) : limits_(limits) {}

  // Git's bytes, exact unless they are too long.
  Json bytes(std::string_view text, const std::string& pointer, std::size_t limit);
  Json bytes(std::string_view text, const std::string& pointer) {
    return bytes(text, pointer, limits_.text);
  }
  // For fields that are strings always.
  std::string text(std::string_view text, const std::string& pointer);
  void cut(const std::string& pointer);

  template <typename Items, typename Write>
  Json list(List which, const Items& items, const std::string& pointer, Write write) {
    Json json = Json::array();
    const std::size_t shown = std::min<std::size_t>(items.size(), limits_.items[which]);
    if (shown < items.size()) cut(pointer);
    // Of commits the newest count, and they stand last.
    const std::size_t first = which == kCommits ? items.size() - shown : 0;
    for (std::size_t i = 0; i < shown; ++i) {
      json.push_back(write(items[first + i], fmt::format("{}/{}", pointer, i)));
    }
    sizes_[which] += dump(json).size();
    counts_[which] = std::max(counts_[which], items.size());
    return json;
  }
  Json names(const std::vector<std::string>& names, const std::string& pointer);

  Json repository(const RepositoryFacts& facts);
  static Json actor(const Actor& actor);
  Json ref(const SpooledUpdate& update, std::string_view default_branch,
           const std::string& pointer);
  Json change(const Change& change, std::string_view default_branch, const std::string& pointer);
  Json version(const Version& version, const std::string& pointer);
  // `files` may be null: nobody has looked; `notes`, too: nothing more is known.
  Json commit(const Commit& commit, const FileNames* files, const CommitNotes* notes,
              const std::string& pointer);
  // Adds `added`, `modified` and `removed`.
  void file_lists(const FileNames& files, List which, const std::string& pointer, Json& json);
  Json person(const Signature& signature, const std::string& pointer);
  Json trailers(const std::vector<Trailer>& trailers, const std::string& pointer);
  // "none", "good" or "unknown".
  static const char* signature(bool is_signed, bool good);
  Json finding(const SpooledFinding& finding, const std::string& pointer);
  Json requirement(const SpooledRequirement& requirement, const std::string& pointer);
  Json push_options(std::span<const std::string> options);

  // Some commit has more to say than its title.
  bool has_messages() const { return has_messages_; }
  std::size_t text_limit() const { return limits_.text; }
  // Bytes that each list took, and how many items the longest of its kind has.
  const std::array<std::size_t, kLists>& sizes() const { return sizes_; }
  const std::array<std::size_t, kLists>& counts() const { return counts_; }
  const std::vector<std::string>& truncated() const { return truncated_; }

 private:
  const BodyLimits& limits_;
  std::array<std::size_t, kLists> sizes_{};
  std::array<std::size_t, kLists> counts_{};
  std::vector<std::string> truncated_;
  bool has_messages_ = false;
};

}  // namespace trunkgate
