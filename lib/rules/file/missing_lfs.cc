// missing-lfs: a file that has to be stored with Git LFS and is not, or a pointer that is broken.
#include <algorithm>

#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kPaths{"paths", "", "files that must be LFS pointers"};
constexpr Option<ByteSize> kAbove{"above", "0",
                                  "binary files above this size must be, too; 0 for none"};
constexpr Option<bool> kBroken{"broken", "true", "refuse pointers that git-lfs cannot read"};
constexpr const OptionInfo* kOptions[] = {&kPaths.info, &kAbove.info, &kBroken.info};

// The specification of pointer files: docs/spec.md of git-lfs, version 1.
constexpr std::string_view kVersionKey = "version ";
constexpr std::string_view kVersion = "https://git-lfs.github.com/spec/v1";
constexpr std::size_t kMaxPointer = 1024;
constexpr std::size_t kOidSize = 64;

bool looks_like_pointer(std::string_view content) {
  return content.size() < kMaxPointer && content.starts_with(kVersionKey) &&
         content.find("git-lfs") != std::string_view::npos;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 18 && (text[0] != '0' || text.size() == 1) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_oid(std::string_view text) {
  static constexpr std::string_view kHash = "sha256:";
  if (!text.starts_with(kHash) || text.size() != kHash.size() + kOidSize) return false;
  return text.substr(kHash.size()).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// What is wrong with a pointer; empty when git-lfs reads it. It does not mind white space around it
// or lines that end with CR LF (`git lfs pointer --check`; only with --strict it does).
std::string pointer_fault(std::string_view content) {
  content = trim(content);
  std::string last;
  bool oid = false;
  bool size = false;
  bool first = true;
  for (std::string_view line : split(content, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return "has a line without a value";
    const std::string key(line.substr(0, space));
    const std::string_view value = line.substr(space + 1);
    if (first) {
      if (key != "version" || value != kVersion) return "has an unknown version";
      first = false;
      continue;
    }
    if (key <= last) return "has its lines out of order";
    last = key;
    if (key == "oid") {
      if (!is_oid(value)) return "has no sha256 of 64 hexadecimal digits";
      oid = true;
    } else if (key == "size") {
      if (!is_number(value)) return "has no size in bytes";
      // git-lfs leaves an empty file what it is.
      if (value == "0") return "is of an empty file";
      size = true;
    } else if (!key.starts_with("ext-")) {
      return "has an unknown line '" + printable(key, 40) + "'";
    }
  }
  if (!oid || !size) return "lacks its oid or its size";
  return {};
}

class MissingLfs final : public Rule {
 public:
  explicit MissingLfs(const RuleSetup& setup)
      : paths_(setup.options.get(kPaths)),
        above_(setup.options.get(kAbove)),
        broken_(setup.options.get(kBroken)) {
    if (paths_.empty() && above_.bytes == 0) {
      setup.options.diagnostics().error(setup.options.where(),
                                        "the rule needs 'paths' or 'above': what belongs into LFS");
    }
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    const bool named = paths_.matches(file.path());
    // Read as little as possible: a pointer is small.
    if (file.size() < kMaxPointer && looks_like_pointer(file.content())) {
      const std::string fault = broken_ ? pointer_fault(file.content()) : std::string();
      if (!fault.empty()) out.add({.message = "the LFS pointer " + fault, .hint = hint()});
      return;
    }
    if (named && file.size() > 0) {
      out.add({.message = "must be stored with Git LFS, and is the file itself (" +
                          size_text(file.size()) + ")",
               .hint = hint(),
               .drop_path = true});
    } else if (above_.bytes != 0 && file.size() > above_.bytes &&
               (file.size() > kMaxFileBytes || file.binary())) {
      out.add(
          {.message = "a binary file of " + size_text(file.size()) + " must be stored with Git LFS",
           .hint = hint(),
           .drop_path = true});
    }
  }

  bool judges_passages(const ChangedFile& file) const override {
    return !paths_.matches(file.path);
  }

  bool may_find(const Passage& passage) const override {
    return (above_.bytes != 0 && passage.file_size > above_.bytes) ||
           (passage.file_size < kMaxPointer &&
            passage.lines.find("git-lfs") != std::string_view::npos);
  }

 private:
  static std::string hint() { return "git lfs track PATTERN, then add the file again"; }

  PathSet paths_;
  ByteSize above_;
  bool broken_;
};

#define TRUNKGATE_POINTER                        \
  "version https://git-lfs.github.com/spec/v1\n" \
  "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"

constexpr Example kExamples[] = {
    {"{paths: '*.bin'}", "add a.bin\n" TRUNKGATE_POINTER, true},
    {"{paths: '*.bin'}",
     "add a.bin\nversion https://git-lfs.github.com/spec/v1\r\n"
     "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\r\n"
     "size 12345\r\n",
     true},
    {"{paths: '*.bin'}", "add a.bin\nbytes", false},
    {"{paths: '*.bin'}", "add a.bin\n", true},
    {"{paths: '*.bin'}", "add a.txt\nbytes", true},
    {"{paths: '*.bin'}", "add b.txt\nversion https://git-lfs.github.com/spec/v1\nsize 1\n", false},
    {"{paths: '*.bin', broken: false}",
     "add b.txt\nversion https://git-lfs.github.com/spec/v1\nsize 1\n", true},
    {"{above: 4}", std::string_view("add a\n\0\0\0\0\0", 11), false},
    {"{above: 5}", std::string_view("add a\n\0\0\0\0\0", 11), true},
    {"{above: 4}", "add a\nplain text", true},
};
#undef TRUNKGATE_POINTER

}  // namespace

constinit const RuleInfo missing_lfs{
    .id = "missing-lfs",
    .subject = Subject::file,
    .summary = "a file is not stored with Git LFS, or its pointer is broken",
    .rationale = "Git keeps every version of a large file in every clone; LFS fetches one.",
    .remedy = "Track the file with git lfs and add it again.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<MissingLfs>,
    .content = true,
    .concurrent = true,
    .passages = true,
};

}  // namespace trunkgate
