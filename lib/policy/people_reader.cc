#include "policy/people_reader.h"

#include <optional>
#include <utility>

#include "base/text.h"
#include "config/option_reader.h"
#include "policy/policy_keys.h"
#include "push/pusher.h"

namespace trunkgate {
namespace {

using namespace keys;

// "ssh-ed25519 AAAA... comment": the type stands again inside of the second word, with its length
// before it (RFC 4253, section 6.6).
bool is_public_key(std::string_view key) {
  if (!is_printable(key)) return false;
  const std::vector<std::string_view> words = split(key, ' ');
  const auto blob = words.size() > 1 ? unbase64(words[1]) : std::nullopt;
  return blob && blob->size() > 4 + words[0].size() && !words[0].empty() &&
         blob->compare(4, words[0].size(), words[0]) == 0;
}

User read_user(const Node& node, Diagnostics& diagnostics) {
  const OptionReader reader(node, kUserKeys, diagnostics, "a user");
  User user{
      .emails = reader.get(kEmail), .keys = reader.get(kKeys), .names = reader.get(kPersonName)};
  for (const std::string& name : user.names) {
    if (trim(name).empty() || trim(name) != name || name.find_first_of("<>\n") != name.npos ||
        !is_printable(name)) {
      diagnostics.error(item_location(*reader.find("name"), name),
                        "'" + printable(name) + "' is no name that Git would write");
    }
  }
  for (const std::string& email : user.emails) {
    if (email.find('@') == std::string::npos || !is_printable(email)) {
      diagnostics.error(item_location(*reader.find("email"), email),
                        "'" + printable(email) + "' is no address");
    }
  }
  for (const std::string& key : user.keys) {
    if (!is_public_key(key)) {
      diagnostics.error(item_location(*reader.find("keys"), key),
                        "'" + printable(key, 40) + "' is no public key",
                        "as in authorized_keys: ssh-ed25519 AAAA...");
    }
  }
  return user;
}

}  // namespace

void read_users(const Node* node, People& people, Diagnostics& diagnostics) {
  if (node == nullptr) return;
  if (node->kind != Node::Kind::map) {
    diagnostics.error(node->where, "'users' must be a map of names to their addresses and keys");
    return;
  }
  for (const Entry& entry : node->entries) {
    if (!is_user_name(entry.key)) {
      diagnostics.error(entry.key_where, "'" + printable(entry.key) + "' is no user name");
    }
    if (!people.users.emplace(entry.key, read_user(entry.value, diagnostics)).second) {
      diagnostics.error(entry.key_where, "the user '" + printable(entry.key) +
                                             "' is defined in a layer above already");
    }
  }
}

void read_groups(const Node* node, People& people, Diagnostics& diagnostics) {
  if (node == nullptr) return;
  if (node->kind != Node::Kind::map) {
    diagnostics.error(node->where, "'groups' must be a map of names to lists of users");
    return;
  }
  for (const Entry& entry : node->entries) {
    std::vector<std::string> users;
    if (!OptionType<std::vector<std::string>>::read(entry.value, diagnostics, users)) continue;
    for (const std::string& user : users) {
      // An item that is nothing has been reported by the reader of the list.
      if (!is_user_name(user) && !user.empty()) {
        diagnostics.error(item_location(entry.value, user),
                          "'" + printable(user) + "' is no user name");
      }
    }
    if (!people.groups.emplace(entry.key, std::move(users)).second) {
      diagnostics.error(entry.key_where, "the group '" + printable(entry.key) +
                                             "' is defined in a layer above already");
    }
  }
}

}  // namespace trunkgate
