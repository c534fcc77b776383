#include "policy/identity_reader.h"

#include "base/text.h"
#include "config/option_reader.h"
#include "policy/policy_keys.h"

namespace trunkgate {
namespace {

using namespace keys;

using ReadFile = std::function<FileText(const std::string& name)>;

void need_service_users(const Node& node, const IdentityPolicy& identity, const char* what,
                        Diagnostics& diagnostics) {
  if (!identity.service_users.empty()) return;
  diagnostics.error(node.where, std::string(what) +
                                    " needs 'service-users': accounts whose environment can be "
                                    "believed");
}

SshKeys read_keys(const Node& node, const std::string& name, const ReadFile& read_file,
                  Diagnostics& diagnostics) {
  SshKeys keys;
  const FileText file = read_file(name);
  if (file.state != FileState::present) {
    diagnostics.error(node.where,
                      "the file '" + printable(name) + "' " +
                          (file.state == FileState::missing ? "does not exist"
                                                            : "cannot be read: " + file.reason));
    return keys;
  }
  for (const std::string& mistake : read_allowed_signers(file.text, keys)) {
    diagnostics.error(node.where, "'" + printable(name) + "', " + mistake);
  }
  return keys;
}

void read_source(const Node& node, const ReadFile& read_file, IdentityPolicy& identity,
                 Diagnostics& diagnostics) {
  if (node.kind == Node::Kind::map) {
    const OptionReader reader(node, kSourceKeys, diagnostics, "a source");
    if (reader.has("env") && reader.has("ssh-key")) {
      diagnostics.error(node.where, "'env' and 'ssh-key' are two sources");
    } else if (reader.has("env")) {
      const std::string variable = reader.get(kEnv);
      if (!variable.empty()) {
        need_service_users(node, identity, "an environment source", diagnostics);
      }
      identity.sources.push_back({.kind = IdentitySource::Kind::environment, .variable = variable});
    } else if (reader.has("ssh-key")) {
      need_service_users(node, identity, "'ssh-key'", diagnostics);
      identity.sources.push_back({.kind = IdentitySource::Kind::ssh_key,
                                  .keys = read_keys(*reader.find("ssh-key"), reader.get(kSshKey),
                                                    read_file, diagnostics)});
    }
    return;
  }
  static constexpr std::string_view kWords[] = {"os-user", "ssh-key"};
  if (read_word(node, kWords, 0, diagnostics) == 1) {
    need_service_users(node, identity, "'ssh-key'", diagnostics);
    identity.sources.push_back({.kind = IdentitySource::Kind::ssh_key});
  } else {
    identity.sources.push_back({.kind = IdentitySource::Kind::os_user});
  }
}

}  // namespace

IdentityPolicy read_identity(const Node& node, const ReadFile& read_file,
                             Diagnostics& diagnostics) {
  const OptionReader reader(node, kIdentityKeys, diagnostics, "'identity'");
  IdentityPolicy identity;
  identity.service_users = reader.get(kServiceUsers);
  static constexpr std::string_view kWords[] = {"deny", "allow"};
  if (const Node* unknown = reader.find("unknown"); unknown != nullptr) {
    identity.allow_unknown = read_word(*unknown, kWords, 0, diagnostics) == 1;
  }
  const Node* sources = list_at(reader, "sources");
  if (sources == nullptr) return identity;
  identity.sources.clear();
  for (const Node& source : sources->items) read_source(source, read_file, identity, diagnostics);
  if (identity.sources.empty()) {
    diagnostics.error(sources->where, "'sources' is empty: nobody could push");
  }
  return identity;
}

void add_keys(const Users& users, const Location& where, IdentityPolicy& identity,
              Diagnostics& diagnostics) {
  for (IdentitySource& source : identity.sources) {
    if (source.kind != IdentitySource::Kind::ssh_key) continue;
    for (const auto& [name, user] : users) {
      for (const std::string& text : user.keys) {
        const std::string key = plain_key(text);
        if (key.empty()) continue;
        const auto [known, added] = source.keys.emplace(key, name);
        if (added || known->second == name) continue;
        diagnostics.error(where, "one key is both " + printable(known->second) + "'s and " +
                                     printable(name) + "'s");
      }
    }
    if (source.keys.empty() && diagnostics.empty()) {
      diagnostics.error(where, "'ssh-key' knows no key: neither a file nor 'users' has any");
    }
  }
}

}  // namespace trunkgate
