// symlink: a symbolic link, or one that leads out of the repository.
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kAllow{"allow", "", "paths where links are fine"};
constexpr Option<bool> kInside{"inside", "false", "links that stay inside the repository are fine"};
constexpr const OptionInfo* kOptions[] = {&kAllow.info, &kInside.info};

// Whether a relative target, seen from the link's folder, ever climbs above the top.
bool leaves(std::string_view path, std::string_view target) {
  if (target.starts_with('/') || target.find('\\') != std::string_view::npos) return true;
  if (target.size() > 1 && target[1] == ':') return true;  // a drive of Windows
  std::size_t depth = split(path, '/').size() - 1;
  for (const std::string_view part : split(target, '/')) {
    if (part == "..") {
      if (depth == 0) return true;
      --depth;
    } else if (!part.empty() && part != ".") {
      ++depth;
    }
  }
  return false;
}

class Symlink final : public Rule {
 public:
  explicit Symlink(const RuleSetup& setup)
      : allow_(setup.options.get(kAllow)), inside_(setup.options.get(kInside)) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.symlink() && !allow_.matches(file.path);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    const std::string_view target = file.content();
    const bool outside = leaves(file.path(), target);
    if (inside_ && !outside) return;
    out.add({.message = std::string("a symbolic link to '") + printable(target) + "'" +
                        (outside ? ", outside of the repository" : ""),
             .drop_path = true});
  }

 private:
  PathSet allow_;
  bool inside_;
};

constexpr Example kExamples[] = {
    {"", "add a\nb", true},
    {"", "link a\nb", false},
    {"", "delete a", true},
    {"{allow: [bin/]}", "link bin/a\nb", true},
    {"{inside: true}", "link x/a\n../b", true},
    {"{inside: true}", "link x/a\n../../b", false},
    {"{inside: true}", "link a\n/etc/passwd", false},
};

}  // namespace

constinit const RuleInfo symlink{
    .id = "symlink",
    .subject = Subject::file,
    .summary = "a symbolic link is committed",
    .rationale = "A link can lead a program that checks it out to files outside of the repository.",
    .remedy = "Commit the file itself.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<Symlink>,
    .content = true,
    .concurrent = true,
};

}  // namespace trunkgate
