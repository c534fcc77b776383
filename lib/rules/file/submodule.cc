// submodule: a submodule, or one from a place that is not allowed.
#include "base/text.h"
#include "push/gitmodules.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<Pattern>> kAllow{"allow", "",
                                              "expressions for whole addresses that are fine"};
constexpr Option<PathSet> kPaths{"paths", "", "paths at which submodules are fine"};
constexpr Option<bool> kRelative{"relative", "false", "addresses such as ../other.git are fine"};
constexpr const OptionInfo* kOptions[] = {&kAllow.info, &kPaths.info, &kRelative.info};

class Submodule final : public Rule {
 public:
  explicit Submodule(const RuleSetup& setup)
      : allow_(setup.options.get(kAllow)),
        paths_(setup.options.get(kPaths)),
        relative_(setup.options.get(kRelative)) {}

  // A changed .gitmodules gives old submodules new addresses.
  bool looks_at(const ChangedFile& file) const override {
    if (file.submodule()) return !paths_.matches(file.path, PathSet::What::folder);
    return file.path == ".gitmodules" && file.plain() && (!allow_.empty() || relative_);
  }

  void check_file(const Push& push, const PushedFile& file, Answer& out) const override {
    if (file.change().submodule()) {
      check_submodule(push, file, out);
      return;
    }
    for (const SubmoduleEntry& entry : read_gitmodules(file.content())) {
      if (entry.url.empty() || fine(entry.url) || paths_.matches(entry.path, PathSet::What::folder))
        continue;
      out.add({.message = "the submodule '" + printable(entry.path) + "' comes from '" +
                          printable(entry.url) + "', which is not allowed",
               .line = entry.line});
    }
  }

 private:
  void check_submodule(const Push& push, const PushedFile& file, Answer& out) const {
    if (allow_.empty() && !relative_) {
      out.add({.message = "a submodule", .drop_path = true});
      return;
    }
    const std::string url = submodule_url(push.repository, file.commit(), file.path());
    if (url.empty()) {
      out.add({.message = "a submodule that .gitmodules says nothing about", .drop_path = true});
    } else if (!fine(url)) {
      out.add({.message = "a submodule from '" + printable(url) + "', which is not allowed",
               .drop_path = true});
    }
  }

  bool fine(std::string_view url) const {
    if (url.starts_with("./") || url.starts_with("../")) return relative_;
    for (const Pattern& pattern : allow_) {
      if (pattern.matches_all(url)) return true;
    }
    return false;
  }

  std::vector<Pattern> allow_;
  PathSet paths_;
  bool relative_;
};

constexpr Example kExamples[] = {
    {"", "submodule lib/x", false},
    {"", "add lib/x\n1", true},
    {"{paths: [lib/]}", "submodule lib/x", true},
    {"{paths: [lib/x/]}", "submodule lib/x", true},
    {"{allow: 'https://git\\.example\\.com/.*'}",
     "add .gitmodules\n[submodule \"x\"]\n\tpath = lib/x\n\turl = https://git.example.com/x.git\n",
     true},
    {"{allow: 'https://git\\.example\\.com/.*'}",
     "add .gitmodules\n[submodule \"x\"]\n\tpath = lib/x\n\turl = "
     "https://elsewhere.example/x.git\n",
     false},
    {"{relative: true}", "add .gitmodules\n[submodule \"x\"]\n\tpath = x\n\turl = ../x.git\n",
     true},
    {"{relative: true}", "add .gitmodules\n[submodule \"x\"]\n\tpath = x\n\turl = /srv/x\n", false},
};

}  // namespace

constinit const RuleInfo submodule{
    .id = "submodule",
    .subject = Subject::file,
    .summary = "a submodule comes from a place that is not allowed",
    .rationale = "A submodule brings code that no rule of this repository has judged.",
    .remedy = "Copy what is needed, or ask for the address to be allowed.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<Submodule>,
    .content = true,
};

}  // namespace trunkgate
