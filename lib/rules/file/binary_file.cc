// binary-file: a file that is no text.
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kAllow{"allow", "", "files that may be binary"};
constexpr Option<ByteSize> kUpTo{"up-to", "0", "binary files up to this size are fine"};
constexpr Option<std::string> kHint{"hint", "", "what to do instead"};
constexpr const OptionInfo* kOptions[] = {&kAllow.info, &kUpTo.info, &kHint.info};

class BinaryFile final : public Rule {
 public:
  explicit BinaryFile(const RuleSetup& setup)
      : allow_(setup.options.get(kAllow)),
        up_to_(setup.options.get(kUpTo)),
        hint_(printable(setup.options.get(kHint), 400)) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && !allow_.matches(file.path);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    if (file.size() <= up_to_.bytes || !file.binary()) return;
    out.add({.message = "a binary file of " + size_text(file.size()),
             .hint = hint_,
             .drop_path = true});
  }

 private:
  PathSet allow_;
  ByteSize up_to_;
  std::string hint_;
};

constexpr Example kExamples[] = {
    {"", "add a\ntext", true},
    {"", std::string_view("add a\nte\0xt", 11), false},
    {"{allow: '*.png'}", std::string_view("add a.png\nte\0xt", 15), true},
    {"{up-to: 5}", std::string_view("add a\nte\0xt", 11), true},
    {"{up-to: 4}", std::string_view("add a\nte\0xt", 11), false},
};

}  // namespace

constinit const RuleInfo binary_file{
    .id = "binary-file",
    .subject = Subject::file,
    .summary = "a file is binary",
    .rationale = "Git cannot merge or compare binary files and keeps each version whole.",
    .remedy = "Remove it from the commit; build it from source or store it with Git LFS.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<BinaryFile>,
    .content = true,
    .concurrent = true,
};

}  // namespace trunkgate
