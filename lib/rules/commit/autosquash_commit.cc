// autosquash-commit: a commit that waits to be squashed into another one.
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "push/message_parts.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<bool> kWip{"wip", "false", "refuse titles that start with WIP or [WIP] as well"};
constexpr const OptionInfo* kOptions[] = {&kWip.info};

// How far back the commit to squash into is looked for.
constexpr int kMaxSteps = 200;

// "fixup! ", as Git looks for it: with a space behind. Empty for none.
std::string_view mark_of(std::string_view title) {
  for (const std::string_view mark : {"fixup!", "squash!", "amend!"}) {
    if (title.starts_with(mark) && (title.size() == mark.size() || title[mark.size()] == ' ')) {
      return title.substr(0, mark.size());
    }
  }
  return {};
}

std::string_view without_marks(std::string_view title) {
  while (!mark_of(title).empty()) {
    title.remove_prefix(mark_of(title).size());
    title = trim(title);
  }
  return title;
}

// "WIP", "wip: x", "[WIP] x", "WIP x"; not "wipe". The number of bytes that say so.
std::size_t wip_size(std::string_view title) {
  const std::string lower = ascii_lower(title.substr(0, 6));
  if (lower.starts_with("[wip]")) return 5;
  if (!lower.starts_with("wip")) return 0;
  return lower.size() == 3 || lower[3] == ' ' || lower[3] == ':' ? 3 : 0;
}

// The commit that this one would be squashed into, among its ancestors along first parents.
std::optional<Commit> target_of(const Push& push, const Commit& commit, std::string_view title) {
  const std::string_view wanted = without_marks(title);
  if (wanted.empty()) return std::nullopt;
  ObjectId id = commit.parents.empty() ? ObjectId() : commit.parents[0];
  for (int step = 0; step < kMaxSteps && !id.is_zero(); ++step) {
    Commit parent = push.repository.commit(id);
    const std::string found = read_message(parent).title;
    if (found == wanted || (wanted.size() >= 7 && parent.id.hex().starts_with(wanted))) {
      return parent;
    }
    id = parent.parents.empty() ? ObjectId() : parent.parents[0];
  }
  return std::nullopt;
}

class AutosquashCommit final : public Rule {
 public:
  explicit AutosquashCommit(const RuleSetup& setup) : wip_(setup.options.get(kWip)) {}

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override {
    const MessageParts parts = read_message(commit);
    if (const std::string_view mark = mark_of(parts.title); !mark.empty()) {
      Finding finding =
          finding_about(commit, parts, "the " + std::string(mark) + " commit is not squashed yet");
      mark_title(finding, parts, 0, mark.size());
      if (const auto target = target_of(push, commit, parts.title)) {
        finding.commands = {"git rebase -i --autosquash " + rebase_start(*target)};
      } else {
        finding.hint = "squash it with git rebase -i --autosquash before you push";
      }
      out.add(std::move(finding));
    } else if (const std::size_t size = wip_ ? wip_size(parts.title) : 0; size > 0) {
      Finding finding =
          finding_about_message(commit, parts, "the commit says that it is work in progress");
      mark_title(finding, parts, 0, size);
      finding.hint = "finish it, or push it to a branch where this is allowed";
      out.add(std::move(finding));
    }
  }

 private:
  bool wip_;
};

constexpr Example kExamples[] = {
    {"", "feat: add login", true},
    {"", "fixup! feat: add login", false},
    {"", "squash! feat: add login", false},
    {"", "amend! feat: add login\n\nfeat: add the login", false},
    {"", "fixup!feat: add login", true},
    {"", "WIP: add login", true},
    {"{wip: true}", "WIP: add login", false},
    {"{wip: true}", "[wip] add login", false},
    {"{wip: true}", "wipe the disk", true},
};

}  // namespace

constinit const RuleInfo autosquash_commit{
    .id = "autosquash-commit",
    .subject = Subject::commit,
    .summary = "a commit waits to be squashed into another one",
    .rationale = "Notes to oneself such as fixup! only mislead in a history that is shared.",
    .remedy = "Squash them: git rebase -i --autosquash.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<AutosquashCommit>,
};

}  // namespace trunkgate
