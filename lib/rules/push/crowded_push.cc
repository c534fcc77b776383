// crowded-push: a push that brings more than the policy takes at once.
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<std::int64_t> kRefs{"refs", "0", "most references in one push; 0 for any"};
constexpr Option<std::int64_t> kCommits{"commits", "0", "most new commits; 0 for any"};
constexpr Option<ByteSize> kBytes{"bytes", "0", "most bytes of objects; 0 for any"};
constexpr const OptionInfo* kOptions[] = {&kRefs.info, &kCommits.info, &kBytes.info};

class CrowdedPush final : public Rule {
 public:
  explicit CrowdedPush(const RuleSetup& setup)
      : refs_(static_cast<std::size_t>(setup.options.get(kRefs))),
        commits_(static_cast<std::size_t>(setup.options.get(kCommits))),
        bytes_(setup.options.get(kBytes)) {}

  void check_size(const Push& push, std::size_t commits, std::uint64_t bytes,
                  Answer& out) const override {
    if (refs_ != 0 && push.refs.size() > refs_) {
      out.add({.message = "the push updates " + std::to_string(push.refs.size()) +
                          " references; the limit is " + std::to_string(refs_),
               .hint = "push in smaller parts"});
    }
    if (commits_ != 0 && commits > commits_) {
      out.add({.message = "the push brings " + std::to_string(commits) +
                          " new commits; the limit is " + std::to_string(commits_),
               .hint = "push in smaller parts, or squash what belongs together"});
    }
    if (bytes_.bytes != 0 && bytes > bytes_.bytes) {
      out.add({.message = "the push brings " + size_above(bytes, bytes_.bytes),
               .hint = "look for large files with git diff --stat"});
    }
  }

 private:
  std::size_t refs_;
  std::size_t commits_;
  ByteSize bytes_;
};

constexpr Example kExamples[] = {
    {"{refs: 2}", "2 refs, 1 commits, 1 bytes", true},
    {"{refs: 2}", "3 refs, 1 commits, 1 bytes", false},
    {"{commits: 5}", "1 refs, 5 commits, 1 bytes", true},
    {"{commits: 5}", "1 refs, 6 commits, 1 bytes", false},
    {"{bytes: 1 KiB}", "1 refs, 1 commits, 1024 bytes", true},
    {"{bytes: 1 KiB}", "1 refs, 1 commits, 1025 bytes", false},
    {"", "9 refs, 9 commits, 99999 bytes", true},
};

}  // namespace

constinit const RuleInfo crowded_push{
    .id = "crowded-push",
    .subject = Subject::push,
    .summary = "a push brings more than is taken at once",
    .rationale = "Thousands of commits at once are mostly a mistake, such as the wrong remote.",
    .remedy = "Look at what is pushed, then push it in parts.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<CrowdedPush>,
};

}  // namespace trunkgate
