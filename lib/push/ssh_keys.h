// Who holds which SSH key, for telling a pusher by the key that sshd let in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// Names of users by key: "ssh-ed25519 AAAA...".
using SshKeys = std::map<std::string, std::string, std::less<>>;

// Adds the keys of a file of allowed signers ("ALLOWED SIGNERS" in ssh-keygen(1)), each for the
// first of its principals that can be a user's name. Certificate authorities are passed over: their
// keys log nobody in. Returns what is wrong, line by line: "line 3: ...".
std::vector<std::string> read_allowed_signers(std::string_view text, SshKeys& keys);

// "ssh-ed25519 AAAA..." of a key as it stands in a file: without a comment. Empty for what is none.
std::string plain_key(std::string_view text);

// The keys in the file that sshd names in SSH_USER_AUTH (ExposeAuthInfo in sshd_config(5)): a line
// "publickey ssh-ed25519 AAAA..." for each.
std::vector<std::string> authenticated_keys(std::string_view text);

}  // namespace trunkgate
