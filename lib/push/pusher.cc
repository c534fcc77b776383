#include "push/pusher.h"

#include <unistd.h>

#include <algorithm>

#include "base/child_process.h"
#include "base/file.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxAuthBytes = std::size_t{64} << 10U;
constexpr std::size_t kMaxPasswdBytes = std::size_t{64} << 20U;

std::string transport_of(const Environment& environment) {
  if (environment.get("GATEWAY_INTERFACE") || environment.get("REQUEST_METHOD")) return "http";
  if (environment.get("SSH_CONNECTION")) return "ssh";
  if (environment.get("REMOTE_ADDR")) return "git";
  return "local";
}

std::string remote_address_of(const Environment& environment, const std::string& transport) {
  std::string address;
  if (transport == "ssh") {
    address = environment.get("SSH_CONNECTION").value_or("");
    address = address.substr(0, address.find(' '));
  } else if (transport != "local") {
    address = environment.get("REMOTE_ADDR").value_or("");
  }
  return printable(address, 64);
}

// The first field of the passwd(5) line whose third field is `uid`.
std::string name_in_passwd(std::string_view text, const std::string& uid) {
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() >= 3 && fields[2] == uid) return std::string(fields[0]);
  }
  return {};
}

// Whose key sshd has let in; empty when it says nothing, or the key is nobody's. Of several keys,
// which sshd asks for where AuthenticationMethods says so, every known one must be the same user's.
std::string holder_of_key(const SshKeys& keys, const Environment& environment) {
  const auto file = environment.get("SSH_USER_AUTH");
  if (!file || !file->starts_with('/')) return {};
  std::string holder;
  for (const std::string& key : authenticated_keys(read_file(*file, kMaxAuthBytes).text)) {
    const auto known = keys.find(key);
    if (known == keys.end()) continue;
    if (!holder.empty() && holder != known->second) return {};
    holder = known->second;
  }
  return holder;
}

}  // namespace

bool is_user_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxName) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._@+-").find(c) != std::string_view::npos;
  });
}

Pusher identify(const IdentityPolicy& policy, const Environment& environment,
                const std::string& os_user) {
  Pusher pusher;
  pusher.transport = transport_of(environment);
  pusher.remote_addr = remote_address_of(environment, pusher.transport);
  const bool service_user =
      !os_user.empty() && std::find(policy.service_users.begin(), policy.service_users.end(),
                                    os_user) != policy.service_users.end();
  for (const IdentitySource& source : policy.sources) {
    std::string answer;
    std::string label;
    if (source.kind == IdentitySource::Kind::os_user) {
      // Everybody's pushes run as the service user, so it names nobody.
      if (service_user) continue;
      answer = os_user;
      label = "os-user";
    } else if (!service_user) {
      continue;
    } else if (source.kind == IdentitySource::Kind::ssh_key) {
      answer = holder_of_key(source.keys, environment);
      label = "ssh-key";
    } else {
      answer = environment.get(source.variable).value_or("");
      label = source.variable;
    }
    if (answer.empty()) continue;
    if (!is_user_name(answer)) {
      pusher.problem = label + " is '" + printable(answer, 64) + "', which is no user name";
      return pusher;
    }
    pusher.name = answer;
    pusher.source = label;
    return pusher;
  }
  pusher.problem = "no source of the policy's 'identity' names the pusher";
  return pusher;
}

std::string os_user_name() {
  const std::string uid = std::to_string(::geteuid());
  std::string name = name_in_passwd(read_file("/etc/passwd", kMaxPasswdBytes).text, uid);
  if (!name.empty()) return name;
  ChildRequest request;
  request.argv = {"/usr/bin/getent", "passwd", uid};
  request.environment = {"PATH=/usr/bin:/bin"};
  const ChildResult result = run_child(request);
  return name_in_passwd(result.output, uid);
}

std::string Pusher::words() const {
  return known() ? "'" + printable(name) + "'" : std::string("an unknown user");
}

}  // namespace trunkgate
