#include "policy/identity_reader.h"

#include "config/option_reader.h"
#include "policy/policy_keys.h"

namespace trunkgate {
namespace {

using namespace keys;

void read_source(const Node& node, IdentityPolicy& identity, Diagnostics& diagnostics) {
  if (node.kind == Node::Kind::map) {
    const OptionReader reader(node, kSourceKeys, diagnostics, "a source");
    if (!reader.has("env")) return;
    const std::string variable = reader.get(kEnv);
    if (!variable.empty() && identity.service_users.empty()) {
      diagnostics.error(node.where,
                        "an environment source needs 'service-users': accounts whose environment "
                        "can be believed");
    }
    identity.sources.push_back({IdentitySource::Kind::environment, variable});
    return;
  }
  static constexpr std::string_view kWords[] = {"os-user"};
  read_word(node, kWords, 0, diagnostics);
  identity.sources.push_back({IdentitySource::Kind::os_user, {}});
}

}  // namespace

IdentityPolicy read_identity(const Node& node, Diagnostics& diagnostics) {
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
  for (const Node& source : sources->items) read_source(source, identity, diagnostics);
  if (identity.sources.empty()) {
    diagnostics.error(sources->where, "'sources' is empty: nobody could push");
  }
  return identity;
}

}  // namespace trunkgate
