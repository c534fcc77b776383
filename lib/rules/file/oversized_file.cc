// oversized-file: a file that is larger than the limit for its path.
#include <algorithm>

#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<ByteSize> kLimit{"limit", "10 MiB", "largest file accepted"};
constexpr Option<PathSet> kPaths{"paths", "", "which files; all without it"};
constexpr Option<PathSet> kExclude{"exclude", "", "files of any size"};
constexpr Option<std::string> kHint{"hint", "store it with Git LFS or outside of Git",
                                    "what to do instead"};
constexpr const OptionInfo* kOptions[] = {&kLimit.info, &kPaths.info, &kExclude.info, &kHint.info};

class OversizedFile final : public Rule {
 public:
  explicit OversizedFile(const RuleSetup& setup)
      : limit_(setup.options.get(kLimit)),
        paths_(setup.options.get(kPaths)),
        exclude_(setup.options.get(kExclude)),
        hint_(printable(setup.options.get(kHint), 400)) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && (paths_.empty() || paths_.matches(file.path)) &&
           !exclude_.matches(file.path);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    if (file.size() <= limit_.bytes) return;
    out.add({.message = size_above(file.size(), limit_.bytes), .hint = hint_, .drop_path = true});
  }

  bool may_find(const Passage& passage) const override { return passage.file_size > limit_.bytes; }

 private:
  ByteSize limit_;
  PathSet paths_;
  PathSet exclude_;
  std::string hint_;
};

constexpr Example kExamples[] = {
    {"{limit: 4}", "add a\n1234", true},
    {"{limit: 4}", "add a\n12345", false},
    {"{limit: 4}", "delete a", true},
    {"{limit: 4, paths: '*.npy'}", "add a.txt\n12345", true},
    {"{limit: 4, paths: '*.npy'}", "add x/a.npy\n12345", false},
    {"{limit: 4, exclude: [vendor/]}", "add vendor/a\n12345", true},
    {"{limit: 4}", "link a\nfar/away", true},
};

}  // namespace

constinit const RuleInfo oversized_file{
    .id = "oversized-file",
    .subject = Subject::file,
    .summary = "a file is larger than the limit",
    .rationale = "Git keeps every version for ever; one large file slows every clone.",
    .remedy = "Store it with Git LFS, then rewrite the commit that added it.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<OversizedFile>,
    // The size of a delta's result stands in the delta.
    .content = true,
    .concurrent = true,
    .passages = true,
};

}  // namespace trunkgate
