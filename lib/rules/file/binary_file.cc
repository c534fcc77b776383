// binary-file: a file that is no text, or that is of a kind which the policy does not want.
#include <algorithm>
#include <iterator>

#include "base/nearest.h"
#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/file/kinds/content_kind.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kTypes{
    "types", "",
    "kinds that are refused, by content: archive, audio, data, document, executable, image, model, "
    "video or a media type such as image/png; without it every binary file is"};
constexpr Option<std::vector<std::string>> kAllowTypes{"allow-types", "",
                                                       "kinds that are fine all the same"};
constexpr Option<PathSet> kAllow{"allow", "", "files that may be binary, or of these kinds"};
constexpr Option<ByteSize> kUpTo{"up-to", "0", "files up to this size are fine"};
constexpr Option<std::string> kHint{"hint", "", "what to do instead"};
constexpr const OptionInfo* kOptions[] = {&kTypes.info, &kAllowTypes.info, &kAllow.info,
                                          &kUpTo.info, &kHint.info};

// The words of an option; the ones that name nothing are mistakes.
std::vector<std::string> read_types(const RuleSetup& setup,
                                    const Option<std::vector<std::string>>& option) {
  std::vector<std::string> types = setup.options.get(option);
  std::vector<std::string_view> known(std::begin(kKindFamilies), std::end(kKindFamilies));
  for (const ContentKind* kind : all_kinds()) known.push_back(kind->type);
  for (const std::string& type : types) {
    if (std::find(known.begin(), known.end(), type) != known.end()) continue;
    const auto meant = nearest(type, known);
    setup.options.diagnostics().error(
        item_location(*setup.options.find(option.info.name), type),
        "'" + printable(type) + "' is no kind of file that can be told by its content",
        meant ? "did you mean '" + *meant + "'?" : "");
  }
  return types;
}

class BinaryFile final : public Rule {
 public:
  explicit BinaryFile(const RuleSetup& setup)
      : types_(read_types(setup, kTypes)),
        allow_types_(read_types(setup, kAllowTypes)),
        allow_(setup.options.get(kAllow)),
        up_to_(setup.options.get(kUpTo)),
        hint_(printable(setup.options.get(kHint), 400)) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && !allow_.matches(file.path);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    if (file.size() <= up_to_.bytes) return;
    const ContentKind* kind = nullptr;
    if (!types_.empty() || !allow_types_.empty()) {
      kind = content_kind(file.content());
      if (kind != nullptr && is_any_of(*kind, allow_types_)) return;
    }
    const bool refused =
        types_.empty() ? file.binary() : kind != nullptr && is_any_of(*kind, types_);
    if (!refused) return;
    const std::string what = kind == nullptr
                                 ? "a binary file"
                                 : std::string(kind->words) + " (" + std::string(kind->type) + ")";
    out.add({.message = what + " of " + size_text(file.size()), .hint = hint_, .drop_path = true});
  }

  bool may_find(const Passage& passage) const override {
    if (!types_.empty() || !allow_types_.empty()) return true;
    return passage.lines.find('\0') != std::string_view::npos;
  }

 private:
  static bool is_any_of(const ContentKind& kind, const std::vector<std::string>& types) {
    return std::any_of(types.begin(), types.end(), [&](const std::string& type) {
      return type == kind.type || type == kind.family || type == kind.also;
    });
  }

  std::vector<std::string> types_;
  std::vector<std::string> allow_types_;
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
    {"{types: [executable]}",
     "add a.txt\n\x7f"
     "ELF\x02\x01\x01",
     false},
    {"{types: [executable]}", "add a.pdf\n%PDF-1.7\n", true},
    {"{types: [executable]}", std::string_view("add a\nte\0xt", 11), true},
    {"{types: [application/pdf]}", "add a.txt\n%PDF-1.7\n", false},
    {"{types: [image], allow-types: [image/gif]}", "add a.gif\nGIF89a", true},
    {"{allow-types: [image]}", std::string_view("add a\nGIF89a\0", 13), true},
};

}  // namespace

constinit const RuleInfo binary_file{
    .id = "binary-file",
    .subject = Subject::file,
    .summary = "a file is binary, or of a kind that is not wanted",
    .rationale = "Git cannot merge or compare binary files and keeps each version whole.",
    .remedy = "Remove it from the commit; build it from source or store it with Git LFS.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<BinaryFile>,
    .content = true,
    .concurrent = true,
    .passages = true,
};

}  // namespace trunkgate
