// unauthorised-push: who may create, update, rewind, delete and land.
#include <algorithm>
#include <optional>

#include "base/ref_glob.h"
#include "base/text.h"
#include "git/ref_name.h"
#include "push/landing.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

using Names = std::vector<std::string>;

constexpr Option<Names> kCreate{"create", "",
                                "users and groups who may create; left out: nothing is said, []: "
                                "nobody"};
constexpr Option<Names> kUpdate{"update", "", "who may add commits or move a tag on"};
constexpr Option<Names> kRewind{"rewind", "", "who may take commits off; left out: who may update"};
constexpr Option<Names> kDelete{"delete", "", "who may delete"};
constexpr Option<Names> kLand{
    "land", "",
    "who may, beside those of create and update, bring in what other branches of the server hold"};
constexpr Option<Names> kOwn{
    "own", "",
    "refs that belong to one user, such as user/{me}/** or refs/tags/{me}/*: everything to the one "
    "whose name stands for {me}, nothing to others; a bare name is a branch"};
constexpr const OptionInfo* kOptions[] = {&kCreate.info, &kUpdate.info, &kRewind.info,
                                          &kDelete.info, &kLand.info,   &kOwn.info};
constexpr std::string_view kMe = "{me}";

class UnauthorisedPush final : public Rule {
 public:
  explicit UnauthorisedPush(const RuleSetup& setup)
      : create_(list(setup, kCreate)),
        update_(list(setup, kUpdate)),
        rewind_(list(setup, kRewind)),
        delete_(list(setup, kDelete)),
        land_(list(setup, kLand)) {
    const OptionReader& options = setup.options;
    for (const std::string& text : options.get(kOwn)) read_own(text, options);
    if (std::none_of(std::begin(kOptions), std::end(kOptions),
                     [&](const OptionInfo* option) { return options.has(option->name); })) {
      options.diagnostics().error(
          options.where(),
          "the rule says nothing: it needs 'create', 'update', 'rewind', 'delete', "
          "'land' or 'own'");
    }
  }

  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.new_id == ref.old_id) return;
    if (is_own(ref.name, push.pusher.name)) return;
    if (somebodys_.matches(ref.name)) {
      out.add(not_yours(push, ref));
      return;
    }
    if (ref.deletes()) {
      judge(push, ref, "delete", {&delete_}, out);
    } else if (ref.creates()) {
      judge_growth(push, ref, "create", create_, out);
    } else if (takes_commits_off(push, ref)) {
      judge(push, ref, "rewind", {rewind_ ? &rewind_ : &update_}, out);
    } else {
      judge_growth(push, ref, "update", update_, out);
    }
  }

 private:
  void read_own(const std::string& text, const OptionReader& options) {
    const Location& where = item_location(*options.find(kOwn.info.name), text);
    if (text.find(kMe) == std::string::npos) {
      options.diagnostics().error(
          where, "'" + printable(text) + "' has no {me}: it would belong to everybody");
    } else if (const auto mistake = ref_glob_mistake(with_me(text, "*"))) {
      options.diagnostics().error(where, "bad glob: " + mistake->what, mistake->instead);
    } else {
      own_.push_back(text);
      somebodys_.add(Glob(with_me(text, "*")));
    }
  }

  using List = std::optional<Names>;  // nothing when the policy does not speak of it

  static List list(const RuleSetup& setup, const Option<Names>& option) {
    if (!setup.options.has(option.info.name)) return std::nullopt;
    return users_of(setup, option);
  }

  static std::string with_me(std::string text, std::string_view name) {
    for (auto at = text.find(kMe); at != std::string::npos; at = text.find(kMe, at + name.size())) {
      text.replace(at, kMe.size(), name);
    }
    return text;
  }

  // Names of users have no characters that mean something in a glob.
  bool is_own(std::string_view ref, const std::string& user) const {
    if (user.empty()) return false;
    RefPatterns mine;
    for (const std::string& text : own_) mine.add(Glob(with_me(text, user)));
    return mine.matches(ref);
  }

  static bool takes_commits_off(const Push& push, const PushedRef& ref) {
    return ref.old_commit.is_zero() || ref.new_commit.is_zero() ||
           !reaches(push.repository, ref.new_commit, ref.old_commit);
  }

  // Everything that comes in is on another branch of the server already.
  static bool lands(const Push& push, const PushedRef& ref) {
    if (ref.new_commit.is_zero()) return false;
    const std::vector<SourceBranch> branches = other_branches(push, ref);
    // A new ref brings in its tip, whatever its history looks like.
    std::vector<ObjectId> brought{ref.new_commit};
    if (ref.updates()) {
      const FirstParentChain chain = first_parent_chain(push, ref);
      if (chain.too_long || !chain.reaches_old) return false;
      brought = brought_in(chain, ref);
    }
    std::vector<ObjectId> tips;
    for (const SourceBranch& branch : branches) tips.push_back(branch.tip);
    return std::all_of(brought.begin(), brought.end(), [&](const ObjectId& id) {
      return push.repository.existed_before(id) && any_reaches(push.repository, tips, id);
    });
  }

  // A landing is open to those of `land` as well as to those of the action itself; when the policy
  // speaks of landing alone, other pushes are none of its business.
  void judge_growth(const Push& push, const PushedRef& ref, std::string_view action,
                    const List& allowed, Answer& out) const {
    if (may(push, allowed) && (allowed || !land_)) return;
    if (land_ && (may(push, land_) || !allowed) && lands(push, ref)) {
      judge(push, ref, "land on", {&land_, &allowed}, out);
    } else {
      judge(push, ref, action, {&allowed}, out);
    }
  }

  static bool may(const Push& push, const List& list) {
    return !list || std::binary_search(list->begin(), list->end(), push.pusher.name);
  }

  // Whoever is in one of the lists may; lists the policy does not have say nothing.
  static void judge(const Push& push, const PushedRef& ref, std::string_view action,
                    const std::vector<const List*>& lists, Answer& out) {
    Names allowed;
    bool spoken = false;
    for (const List* names : lists) {
      if (!*names) continue;
      spoken = true;
      if (may(push, *names)) return;
      for (const std::string& name : **names) allowed.push_back(printable(name));
    }
    if (!spoken) return;
    std::sort(allowed.begin(), allowed.end());
    allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
    Finding finding;
    finding.message = push.pusher.words() + " may not " + std::string(action) + " " +
                      std::string(to_string(ref.kind)) + " '" + shown_name(ref) + "'";
    finding.details = {allowed.empty() ? "nobody may" : "these may: " + join(allowed, ", ")};
    finding.hint = allowed.empty() ? "ask an admin" : "ask one of them";
    out.add(std::move(finding));
  }

  Finding not_yours(const Push& push, const PushedRef& ref) const {
    Finding finding;
    finding.message = "the " + std::string(to_string(ref.kind)) + " '" + shown_name(ref) +
                      "' belongs to somebody else than " + push.pusher.words();
    if (!push.pusher.known()) return finding;
    Names mine;
    for (const std::string& text : own_) {
      mine.push_back(printable(with_me(text, push.pusher.name)));
    }
    finding.details = {"yours: " + join(mine, ", ")};
    finding.hint = "push it under a name of your own";
    return finding;
  }

  List create_;
  List update_;
  List rewind_;
  List delete_;
  List land_;
  std::vector<std::string> own_;  // texts with {me}
  RefPatterns somebodys_;         // the same with any name
};

constexpr Example kExamples[] = {
    {"{create: [ada]}", "create refs/heads/x", true},
    {"{create: [bo]}", "create refs/heads/x", false},
    {"{create: [bo]}", "update refs/heads/x", true},
    {"{create: [bo]}", "delete refs/heads/x", true},
    {"{update: [bo]}", "update refs/heads/x", false},
    {"{update: [bo]}", "create refs/heads/x", true},
    {"{update: [bo]}", "rewind refs/heads/x", false},
    {"{update: [bo], rewind: [ada]}", "rewind refs/heads/x", true},
    {"{update: [ada], rewind: []}", "rewind refs/heads/x", false},
    {"{delete: [bo]}", "delete refs/tags/v1", false},
    {"{update: [], land: [ada]}", "merge feature/x into refs/heads/main", true},
    {"{update: [], land: [ada]}", "fast-forward refs/heads/main to feature/x", true},
    {"{update: [], land: [ada]}", "update refs/heads/main", false},
    {"{update: [ada], land: []}", "merge feature/x into refs/heads/main", true},
    {"{land: [bo]}", "merge feature/x into refs/heads/main", false},
    {"{land: [bo]}", "update refs/heads/main", true},
    {"{create: [], land: [ada]}", "create refs/heads/x on main", true},
    {"{create: [], land: [ada]}", "create refs/heads/x", false},
    {"{create: [], own: ['user/{me}/**']}", "create refs/heads/user/ada/x", true},
    {"{own: ['user/{me}/**']}", "create refs/heads/user/bo/x", false},
    {"{own: ['user/{me}/**']}", "delete refs/heads/user/bo/x", false},
    {"{own: ['user/{me}/**']}", "create refs/heads/x", true},
    {"{create: [], own: ['refs/tags/{me}/*']}", "create refs/tags/ada/nightly", true},
    {"{own: ['refs/tags/{me}/*']}", "create refs/tags/bo/nightly", false},
    {"{own: ['refs/tags/{me}/*']}", "create refs/heads/bo/nightly", true},
};

}  // namespace

constinit const RuleInfo unauthorised_push{
    .id = "unauthorised-push",
    .subject = Subject::ref,
    .summary = "the pusher may not do this to the reference",
    .rationale = "Not everybody who may push may push everything.",
    .remedy = "Ask one of those who may.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<UnauthorisedPush>,
};

}  // namespace trunkgate
