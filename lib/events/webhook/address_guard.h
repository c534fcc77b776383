// Keeps webhooks away from addresses inside of the own network.
#pragma once

#include <sys/socket.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// Judges the address that is about to be connected to, so a name that resolves to something else
// than a moment ago, or to one good and one bad address, does not get around it. IPv4 addresses
// within IPv6 ones (mapped, NAT64, 6to4) count as themselves.
class AddressGuard {
 public:
  // `allow` has blocks ("10.1.2.0/24"), addresses and names of hosts. A name that is `host`, the
  // URL's own, lets private and loopback addresses pass; link-local ones (where clouds keep their
  // credentials) and those of no single machine must be named as addresses. Throws Error(config).
  AddressGuard(std::span<const std::string> allow, std::string_view host);

  // Why this address is not called: "127.0.0.1 is a loopback address"; or nothing.
  std::optional<std::string> refusal(const sockaddr* address) const;

 private:
  using Address = std::array<unsigned char, 16>;  // IPv4 as ::ffff:0:0/96

  struct Block {
    Address address{};
    unsigned bits = 0;  // of 128
  };

  static std::optional<Address> parse(const std::string& text);
  static bool within(const Address& address, const Block& block);
  static std::optional<Address> embedded(const Address& address);
  bool allowed(const Address& address) const;

  std::vector<Block> blocks_;
  bool host_allowed_ = false;
};

}  // namespace trunkgate
