#include "rules/commit/foreign_person.h"

#include <algorithm>
#include <string_view>

#include "base/file.h"
#include "base/text.h"
#include "push/message_parts.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<Pattern>> kEmail{"email", "",
                                              "the whole address must match one of these"};
constexpr Option<std::vector<Pattern>> kName{"name", "", "the whole name must match one of these"};
constexpr Option<bool> kKnown{"known", "false", "the address must be one of the policy's 'users'"};
constexpr Option<bool> kPusher{"pusher", "false",
                               "the address must be one of the pusher's in the policy's 'users'"};
constexpr Option<bool> kDenyUnset{
    "deny-unset", "true", "refuse names and addresses that nobody has set, as root@localhost"};
constexpr Option<std::string> kMailmap{"mailmap", "",
                                       "a file as gitmailmap(5) says; people are mapped by it"};
constexpr Option<std::string> kHint{"hint", "", "what a refused pusher is told to do"};

constexpr std::size_t kShown = 80;

bool any_is(const std::vector<std::string>& list, std::string_view address) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& known) {
    return ascii_lower(known) == ascii_lower(address);
  });
}

bool matches_one(const std::vector<Pattern>& patterns, const std::string& text) {
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& pattern) { return pattern.matches_all(text); });
}

// What Git makes up when nothing is configured, and what its advice shows as examples.
std::string unset(std::string_view name, std::string_view address) {
  if (trim(name).empty()) return "has no name";
  if (trim(address).empty()) return "has no address";
  const std::string lower = ascii_lower(trim(address));
  const auto at = lower.rfind('@');
  if (at == std::string::npos || at == 0 || at + 1 == lower.size()) {
    return "has the address '" + printable(address, kShown) + "', which is none";
  }
  const std::string_view host = std::string_view(lower).substr(at + 1);
  const bool made_up = host == "localhost" || host == "(none)" || host == "local" ||
                       host.ends_with(".(none)") || host.ends_with(".local") ||
                       host.ends_with(".localhost") || host.ends_with(".localdomain");
  if (made_up) {
    return "has an address that Git made up: " + printable(address, kShown);
  }
  if (lower == "you@example.com" || name == "Your Name") return "has the name of Git's example";
  return {};
}

}  // namespace

constinit const OptionInfo* const kPersonOptions[7] = {
    &kEmail.info,     &kName.info,    &kKnown.info, &kPusher.info,
    &kDenyUnset.info, &kMailmap.info, &kHint.info};

ForeignPerson::ForeignPerson(Role role, const RuleSetup& setup)
    : role_(role),
      emails_(setup.options.get(kEmail)),
      names_(setup.options.get(kName)),
      known_(setup.options.get(kKnown)),
      pusher_(setup.options.get(kPusher)),
      deny_unset_(setup.options.get(kDenyUnset)),
      hint_(printable(setup.options.get(kHint))) {
  if (known_ || pusher_) users_ = setup.users;
  if (setup.options.has(kMailmap.info.name)) read_mailmap(setup);
}

void ForeignPerson::read_mailmap(const RuleSetup& setup) {
  const std::string name = setup.options.get(kMailmap);
  const FileText file = setup.read_file(name);
  if (file.state == FileState::present) {
    mailmap_ = Mailmap(file.text);
    return;
  }
  setup.options.diagnostics().error(
      setup.options.find(kMailmap.info.name)->where,
      "cannot read '" + printable(name) + "'" +
          (file.reason.empty() ? std::string() : ": " + printable(file.reason)));
}

const std::vector<std::string>* ForeignPerson::addresses_of(const Pusher& pusher) const {
  const auto user = users_.find(pusher.name);
  return user == users_.end() || user->second.emails.empty() ? nullptr : &user->second.emails;
}

std::optional<ForeignPerson::Fault> ForeignPerson::fault_of(const Push& push,
                                                            const MappedPerson& person) const {
  const std::string address = printable(person.address, kShown);
  if (!matches_one(emails_, person.address)) {
    return Fault{title() + " address '" + address + "' is not allowed", {}};
  }
  if (!matches_one(names_, person.name)) {
    return Fault{title() + " name '" + printable(person.name, kShown) + "' is not allowed", {}};
  }
  if (known_ && std::none_of(users_.begin(), users_.end(), [&](const auto& user) {
        return any_is(user.second.emails, person.address);
      })) {
    return Fault{title() + " address '" + address + "' belongs to nobody the policy knows", {}};
  }
  if (!pusher_) return std::nullopt;
  const std::vector<std::string>* addresses = addresses_of(push.pusher);
  if (addresses == nullptr) {
    const std::string who = push.pusher.known() ? "'" + push.pusher.name + "'" : "the pusher";
    return Fault{"the policy knows no address of " + who, "ask an admin to add one to 'users'"};
  }
  if (any_is(*addresses, person.address)) return std::nullopt;
  return Fault{
      title() + " address '" + address + "' is none of the pusher's, '" + push.pusher.name + "'",
      {}};
}

void ForeignPerson::check_commit(const Push& push, const Commit& commit, Answer& out) const {
  const Signature& who = role_ == Role::author ? commit.author : commit.committer;
  const MappedPerson person = mailmap_.map(who.name, who.email);
  std::optional<Fault> fault;
  if (std::string why = deny_unset_ ? unset(person.name, person.address) : ""; !why.empty()) {
    fault = Fault{"the " + title() + " " + why, {}};
  } else {
    fault = fault_of(push, person);
  }
  if (!fault) return;
  Finding finding = finding_about(commit, read_message(commit), fault->message);
  const std::string name = printable(who.name, kShown);
  finding.details = {title() + ": " + name + (name.empty() ? "<" : " <") +
                     printable(who.email, kShown) + ">"};
  if (!fault->hint.empty()) {
    finding.hint = fault->hint;
  } else {
    finding.hint = hint_;
    const std::vector<std::string>* addresses = addresses_of(push.pusher);
    // Any new commit gets a new committer; the author stays unless told.
    finding.amendment = {
        .wanted = true,
        .reset_author = role_ == Role::author,
        .settings = {"git config user.email " +
                     (addresses == nullptr ? "ADDRESS" : shell_quote((*addresses)[0]))}};
  }
  out.add(std::move(finding));
}

}  // namespace trunkgate
