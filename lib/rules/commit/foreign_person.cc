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
constexpr Option<std::vector<Pattern>> kDenyEmail{"deny-email", "",
                                                  "the whole address must match none of these"};
constexpr Option<std::vector<Pattern>> kDenyName{"deny-name", "",
                                                 "the whole name must match none of these"};
constexpr Option<bool> kKnown{"known", "false", "the address must be one of the policy's 'users'"};
constexpr Option<bool> kPusher{"pusher", "false",
                               "the address must be one of the pusher's in the policy's 'users'"};
constexpr Option<bool> kPusherName{"pusher-name", "false",
                                   "the name must be one of the pusher's in the policy's 'users'"};
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

// The first of the patterns that matches the whole text; nullptr for none.
const Pattern* match_of(const std::vector<Pattern>& patterns, const std::string& text) {
  const auto found = std::find_if(patterns.begin(), patterns.end(), [&](const Pattern& pattern) {
    return pattern.matches_all(text);
  });
  return found == patterns.end() ? nullptr : &*found;
}

// Names of hosts that Git takes when nobody has set an address.
bool is_made_up(std::string_view host) {
  return host == "localhost" || host == "(none)" || host == "local" || host.ends_with(".(none)") ||
         host.ends_with(".local") || host.ends_with(".localhost") || host.ends_with(".localdomain");
}

}  // namespace

constinit const OptionInfo* const kPersonOptions[10] = {
    &kEmail.info,  &kName.info,       &kDenyEmail.info, &kDenyName.info, &kKnown.info,
    &kPusher.info, &kPusherName.info, &kDenyUnset.info, &kMailmap.info,  &kHint.info};

ForeignPerson::ForeignPerson(Role role, const RuleSetup& setup)
    : role_(role),
      emails_(setup.options.get(kEmail)),
      names_(setup.options.get(kName)),
      denied_emails_(setup.options.get(kDenyEmail)),
      denied_names_(setup.options.get(kDenyName)),
      known_(setup.options.get(kKnown)),
      pusher_(setup.options.get(kPusher)),
      pusher_name_(setup.options.get(kPusherName)),
      deny_unset_(setup.options.get(kDenyUnset)),
      hint_(printable(setup.options.get(kHint))) {
  if (known_ || pusher_ || pusher_name_) users_ = setup.users;
  if (known_ || pusher_) need_addresses(setup.options);
  if (setup.options.has(kMailmap.info.name)) read_mailmap(setup);
}

// Nobody's address would be accepted, and so nobody's commit.
void ForeignPerson::need_addresses(const OptionReader& options) const {
  if (std::any_of(users_.begin(), users_.end(),
                  [](const auto& user) { return !user.second.emails.empty(); })) {
    return;
  }
  const Node* named = options.find(known_ ? kKnown.info.name : kPusher.info.name);
  options.diagnostics().error(named->where, "nobody is known: the policy's 'users' have no 'email'",
                              "users: {ada: {email: [ada@example.com]}}");
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

const User* ForeignPerson::user_of(const Pusher& pusher) const {
  const auto user = users_.find(pusher.name);
  return user == users_.end() ? nullptr : &user->second;
}

ForeignPerson::Fault ForeignPerson::unknown_to_policy(const Push& push,
                                                      const std::string& what) const {
  const std::string who = push.pusher.known() ? "'" + push.pusher.name + "'" : "the pusher";
  return {.message = "the policy knows no " + what + " of " + who,
          .hint = "ask an admin to add one to 'users'"};
}

bool ForeignPerson::address_expected(const Push& push, const std::string& address) const {
  if (match_of(emails_, address) != nullptr) return true;
  const User* user = user_of(push.pusher);
  if (pusher_ && user != nullptr && any_is(user->emails, address)) return true;
  return known_ && std::any_of(users_.begin(), users_.end(), [&](const auto& entry) {
           return any_is(entry.second.emails, address);
         });
}

// What Git makes up when nothing is configured, and what its advice shows as examples.
std::optional<ForeignPerson::Fault> ForeignPerson::unset_fault(const Push& push,
                                                               const MappedPerson& person) const {
  const auto fault = [&](const std::string& why, bool in_name) {
    return Fault{.message = "the " + title() + " " + why, .in_name = in_name};
  };
  if (trim(person.name).empty()) return fault("has no name", true);
  if (trim(person.address).empty()) return fault("has no address", false);
  if (person.name == "Your Name") return fault("has the name of Git's example", true);
  // Inside a company a host may well end in ".local".
  if (address_expected(push, person.address)) return std::nullopt;
  const std::string lower = ascii_lower(trim(person.address));
  if (lower == "you@example.com") return fault("has the address of Git's example", false);
  const std::string shown = printable(person.address, kShown);
  const auto at = lower.rfind('@');
  if (at == std::string::npos || at == 0 || at + 1 == lower.size()) {
    return fault("has the address '" + shown + "', which is none", false);
  }
  if (is_made_up(std::string_view(lower).substr(at + 1))) {
    return fault("has an address that Git made up: " + shown, false);
  }
  return std::nullopt;
}

std::optional<ForeignPerson::Fault> ForeignPerson::address_fault(const Push& push,
                                                                 const std::string& address) const {
  const std::string what = title() + " address '" + printable(address, kShown) + "'";
  if (!emails_.empty() && match_of(emails_, address) == nullptr) {
    return Fault{.message = what + " is not allowed"};
  }
  if (const Pattern* denied = match_of(denied_emails_, address); denied != nullptr) {
    return Fault{.message = what + " is not allowed",
                 .detail = "denied: '" + printable(denied->text()) + "'"};
  }
  if (known_ && std::none_of(users_.begin(), users_.end(), [&](const auto& entry) {
        return any_is(entry.second.emails, address);
      })) {
    return Fault{.message = what + " belongs to nobody the policy knows"};
  }
  if (!pusher_) return std::nullopt;
  const User* user = user_of(push.pusher);
  if (user == nullptr || user->emails.empty()) return unknown_to_policy(push, "address");
  if (any_is(user->emails, address)) return std::nullopt;
  return Fault{.message = what + " is none of the pusher's, '" + push.pusher.name + "'"};
}

std::optional<ForeignPerson::Fault> ForeignPerson::name_fault(const Push& push,
                                                              const std::string& name) const {
  const std::string what = title() + " name '" + printable(name, kShown) + "'";
  if (!names_.empty() && match_of(names_, name) == nullptr) {
    return Fault{.message = what + " is not allowed", .in_name = true};
  }
  if (const Pattern* denied = match_of(denied_names_, name); denied != nullptr) {
    return Fault{.message = what + " is not allowed",
                 .in_name = true,
                 .detail = "denied: '" + printable(denied->text()) + "'"};
  }
  if (!pusher_name_) return std::nullopt;
  const User* user = user_of(push.pusher);
  if (user == nullptr || user->names.empty()) return unknown_to_policy(push, "name");
  if (std::find(user->names.begin(), user->names.end(), name) != user->names.end()) {
    return std::nullopt;
  }
  return Fault{.message = what + " is none of the pusher's, '" + push.pusher.name + "'",
               .in_name = true};
}

std::vector<ForeignPerson::Fault> ForeignPerson::faults_of(const Push& push,
                                                           const MappedPerson& person) const {
  std::vector<Fault> faults;
  if (auto fault = deny_unset_ ? unset_fault(push, person) : std::nullopt) return {*fault};
  if (auto fault = address_fault(push, person.address)) faults.push_back(std::move(*fault));
  if (auto fault = name_fault(push, person.name)) faults.push_back(std::move(*fault));
  return faults;
}

std::string ForeignPerson::setting(const Push& push, const Fault& fault) const {
  const User* user = user_of(push.pusher);
  const std::vector<std::string> none;
  const std::vector<std::string>& known =
      user == nullptr ? none : (fault.in_name ? user->names : user->emails);
  if (fault.in_name) {
    return "git config user.name " + (known.empty() ? "NAME" : shell_quote(known[0]));
  }
  return "git config user.email " + (known.empty() ? "ADDRESS" : shell_quote(known[0]));
}

void ForeignPerson::check_commit(const Push& push, const Commit& commit, Answer& out) const {
  const Signature& who = role_ == Role::author ? commit.author : commit.committer;
  for (const Fault& fault : faults_of(push, mailmap_.map(who.name, who.email))) {
    report(push, commit, who, fault, out);
  }
}

void ForeignPerson::report(const Push& push, const Commit& commit, const Signature& who,
                           const Fault& fault, Answer& out) const {
  Finding finding = finding_about(commit, read_message(commit), fault.message);
  const std::string name = printable(who.name, kShown);
  finding.details = {title() + ": " + name + (name.empty() ? "<" : " <") +
                     printable(who.email, kShown) + ">"};
  if (!fault.detail.empty()) finding.details.push_back(fault.detail);
  if (!fault.hint.empty()) {
    finding.hint = fault.hint;
  } else {
    finding.hint = hint_;
    // Any new commit gets a new committer; the author stays unless told.
    finding.amendment = {
        .wanted = true, .reset_author = role_ == Role::author, .settings = {setting(push, fault)}};
  }
  out.add(std::move(finding));
}

}  // namespace trunkgate
