// banned-commit: a push that brings back a commit which must not return. It judges ref updates, not
// commits that are new to the rule: what a purge took out of the history was there when the gate
// came, so the baseline would hide it.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "push/message_parts.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kIds{"ids", "",
                                                "ids of commits, or their first 12 digits or more"};
constexpr Option<std::string> kFile{
    "file", "", "a file beside the policy with one id on each line; # starts a comment"};
constexpr Option<std::string> kHint{"hint", "", "why they are banned, for whoever is refused"};
constexpr const OptionInfo* kOptions[] = {&kIds.info, &kFile.info, &kHint.info};

constexpr std::size_t kFewestDigits = 12;
constexpr std::size_t kMaxFindings = 10;  // for one ref

bool is_id(std::string_view text) {
  return text.size() >= kFewestDigits && text.size() <= ObjectId::kHexSize &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

class BannedCommit final : public Rule {
 public:
  explicit BannedCommit(const RuleSetup& setup) : hint_(printable(setup.options.get(kHint))) {
    const OptionReader& options = setup.options;
    for (const std::string& id : options.get(kIds)) {
      if (is_id(id)) {
        ids_.push_back(ascii_lower(id));
      } else {
        options.diagnostics().error(
            item_location(*options.find(kIds.info.name), id),
            "'" + printable(id) + "' is no id of a commit: " + std::to_string(kFewestDigits) +
                " to " + std::to_string(ObjectId::kHexSize) + " hexadecimal digits");
      }
    }
    if (options.has(kFile.info.name)) {
      read_list(setup);
    } else if (!options.has(kIds.info.name)) {
      options.diagnostics().error(options.where(), "the rule needs commits: 'ids' or 'file'");
    }
    std::sort(ids_.begin(), ids_.end());
    // An id that another one is the start of would hide it from the search below.
    ids_.erase(std::unique(ids_.begin(), ids_.end(),
                           [](const std::string& shorter, const std::string& longer) {
                             return longer.starts_with(shorter);
                           }),
               ids_.end());
  }

  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.new_commit.is_zero() || ids_.empty()) return;
    std::size_t found = 0;
    // The tip counts even when other refs have it already: a ban may come later than the commit.
    if (is_banned(ref.new_commit)) {
      add(push, ref.new_commit, out);
      ++found;
    }
    const NewCommits commits = new_commits_of(push, ref);
    for (const ObjectId& id : commits.ids) {
      if (found >= kMaxFindings) return;
      if (id == ref.new_commit || !is_banned(id)) continue;
      add(push, id, out);
      ++found;
    }
    if (!commits.too_many) return;
    Finding finding;
    finding.message = "too many new commits to look for banned ones";
    finding.hint = "push them in smaller parts";
    out.add(std::move(finding));
  }

 private:
  void read_list(const RuleSetup& setup) {
    const OptionReader& options = setup.options;
    const std::string name = options.get(kFile);
    const Location& where = options.find(kFile.info.name)->where;
    const FileText file = setup.read_file(name);
    if (file.state != FileState::present) {
      options.diagnostics().error(
          where, "cannot read '" + printable(name) + "'" +
                     (file.reason.empty() ? std::string() : ": " + printable(file.reason)));
      return;
    }
    std::size_t number = 0;
    for (const std::string_view line : split(file.text, '\n')) {
      ++number;
      const std::string_view id = trim(line.substr(0, line.find('#')));
      if (id.empty()) continue;
      if (is_id(id)) {
        ids_.push_back(ascii_lower(id));
      } else {
        options.diagnostics().error(where, "line " + std::to_string(number) + " of '" +
                                               printable(name) + "' is no id of a commit");
      }
    }
  }

  // The greatest entry that is not greater than the id is the only one that can be its start.
  bool is_banned(const ObjectId& id) const {
    const std::string hex = id.hex();
    const auto after = std::upper_bound(ids_.begin(), ids_.end(), hex);
    return after != ids_.begin() && std::string_view(hex).starts_with(*(after - 1));
  }

  // New to the branches and tags of the server.
  static NewCommits new_commits_of(const Push& push, const PushedRef& ref) {
    const Repository& repository = push.repository;
    NewCommitsQuery query;
    query.tips = {ref.new_commit};
    if (!ref.old_commit.is_zero()) query.hidden.push_back(ref.old_commit);
    if (const std::string head = repository.head(); !head.empty()) {
      const RefValue value = repository.ref(head);
      if (value.kind == RefValue::Kind::direct) add_commit(repository, value.id, query.hidden);
    }
    query.more_hidden = [&repository] {
      std::vector<ObjectId> tips;
      for (const std::string_view prefix : {"refs/heads/", "refs/tags/"}) {
        for (const Ref& known : repository.refs(prefix)) {
          add_commit(repository, known.peeled ? *known.peeled : known.id, tips);
        }
      }
      return tips;
    };
    return find_new_commits(repository, query);
  }

  static void add_commit(const Repository& repository, const ObjectId& id,
                         std::vector<ObjectId>& ids) {
    const Peeled peeled = repository.peel(id);
    if (peeled.type == ObjectType::commit) ids.push_back(peeled.id);
  }

  void add(const Push& push, const ObjectId& id, Answer& out) const {
    const Commit commit = push.repository.commit(id);
    Finding finding;
    finding.commit = id;
    finding.title = read_message(commit).title;
    finding.message = "commit " + id.brief() + " is banned";
    finding.hint = hint_;
    if (commit.parents.size() == 1) {
      finding.commands = {"git rebase --onto " + id.brief() + "^ " + id.brief()};
    } else if (hint_.empty()) {
      finding.hint = "start again from what the server has: git fetch, then git rebase";
    }
    out.add(std::move(finding));
  }

  std::vector<std::string> ids_;  // lower case, sorted
  std::string hint_;
};

constexpr Example kExamples[] = {
    {"{ids: ['b1261224f430c6071da3746f04b7ced95407d4b9']}", "update refs/heads/main", false},
    {"{ids: ['b1261224f430']}", "update refs/heads/main", false},
    {"{ids: ['b1261224f430c6071da3746f04b7ced95407d4b9']}", "create refs/tags/v1", false},
    {"{ids: ['b1261224f430c6071da3746f04b7ced95407d4b9']}", "rewind refs/heads/main", true},
    {"{ids: ['b1261224f430c6071da3746f04b7ced95407d4b9']}", "delete refs/heads/main", true},
    {"{ids: ['f40f0074af73d464e628fd7c72b6ad2ea4c63c89']}", "update refs/heads/main", true},
    {"{ids: ['f40f0074af73d464e628fd7c72b6ad2ea4c63c89']}", "create refs/heads/x", false},
    {"{ids: ['0123456789ab']}", "create refs/heads/x", true},
};

}  // namespace

constinit const RuleInfo banned_commit{
    .id = "banned-commit",
    .subject = Subject::ref,
    .summary = "a push brings back a commit that is banned",
    .rationale = "A commit purged from the history returns with the next push of an old clone.",
    .remedy = "Drop the commit: git rebase --onto COMMIT^ COMMIT.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<BannedCommit>,
};

}  // namespace trunkgate
