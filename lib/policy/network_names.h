// Judges what a policy says of receivers on the network: URLs, hosts, mail addresses, subjects.
// Stricter than the libraries that use them later, so that those cannot read them in another way.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace trunkgate {

struct NameMistake {
  std::string message;          // "has no host"; follows the key's name, and never holds a secret
  std::string suggestion = {};  // may be empty
};

struct UrlShape {
  std::span<const std::string_view> schemes;  // "https", the usual one first
  bool path = false;                          // a path and a query may follow the port
};

// A URL with a user part, which may be a secret: it must not be shown.
bool holds_user(std::string_view url);

// The scheme in small letters, a host (name, IPv4, IPv6 in brackets), maybe a port.
std::optional<NameMistake> url_mistake(std::string_view url, const UrlShape& shape);

// The host of a good URL, IPv6 without brackets.
std::string_view host_of(std::string_view url);

// An address ("::1"), a network ("10.1.2.0/24") or the name of a host.
std::optional<NameMistake> network_mistake(std::string_view text);

// "ada@example.com" alone.
std::optional<NameMistake> mail_mistake(std::string_view text);

// Words of NATS with dots between them, no wildcard.
std::optional<NameMistake> subject_mistake(std::string_view text);

// The name of a stream of NATS.
std::optional<NameMistake> stream_mistake(std::string_view text);

// Rather a key, a token or a password than the path of a file. A path that is taken for one can be
// written as "./NAME".
bool looks_like_secret(std::string_view text);

}  // namespace trunkgate
