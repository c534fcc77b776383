// overlong-path: a path or a name in it that is longer than systems can take.
#include <algorithm>

#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<std::int64_t> kLimit{"limit", "200", "longest path in bytes; 0 for any"};
constexpr Option<std::int64_t> kName{"name-limit", "255",
                                     "longest name of a file or folder in bytes; 0 for any"};
constexpr const OptionInfo* kOptions[] = {&kLimit.info, &kName.info};

class OverlongPath final : public Rule {
 public:
  explicit OverlongPath(const RuleSetup& setup)
      : limit_(static_cast<std::size_t>(setup.options.get(kLimit))),
        name_limit_(static_cast<std::size_t>(setup.options.get(kName))) {
    if (limit_ != 0 || name_limit_ != 0) return;
    setup.options.diagnostics().error(setup.options.where(),
                                      "the rule has no limit: it needs 'limit' or 'name-limit'");
  }

  // A path that is there already is no news.
  bool looks_at(const ChangedFile& file) const override { return file.added() && !file.deleted(); }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    const std::size_t size = file.path().size();
    if (limit_ != 0 && size > limit_) {
      out.add({.message = "the path has " + std::to_string(size) + " bytes; the limit is " +
                          std::to_string(limit_),
               .drop_path = true});
    }
    for (const std::string_view name : split(file.path(), '/')) {
      if (name_limit_ == 0 || name.size() <= name_limit_) continue;
      out.add({.message = "a name in it has " + std::to_string(name.size()) +
                          " bytes; the limit is " + std::to_string(name_limit_),
               .drop_path = true});
      return;
    }
  }

 private:
  std::size_t limit_;
  std::size_t name_limit_;
};

constexpr Example kExamples[] = {
    {"{limit: 5}", "add a/b.c", true},
    {"{limit: 5}", "add a/b.cc", false},
    {"{name-limit: 3}", "add abc/abc", true},
    {"{name-limit: 3}", "add abcd/a", false},
    {"{limit: 0}", "add a/very/long/path", true},
};

}  // namespace

constinit const RuleInfo overlong_path{
    .id = "overlong-path",
    .subject = Subject::file,
    .summary = "a path is longer than the limit",
    .rationale = "Windows and some tools cannot check out paths of more than 260 characters.",
    .remedy = "Choose shorter names.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<OverlongPath>,
    .concurrent = true,
};

}  // namespace trunkgate
