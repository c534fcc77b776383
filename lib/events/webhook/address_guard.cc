#include "events/webhook/address_guard.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr unsigned kMappedBits = 96;

struct Range {
  const char* address;
  unsigned bits;  // of the address as it is written
  const char* what;
  bool by_name;  // a host's name in `allow` lets it pass
};

// RFC 6890 and its updates, without ranges for documentation, which lead nowhere.
constexpr Range kRanges[] = {
    {"0.0.0.0", 8, "an unspecified address", false},
    {"10.0.0.0", 8, "a private address", true},
    {"100.64.0.0", 10, "a private address", true},
    {"127.0.0.0", 8, "a loopback address", true},
    {"169.254.0.0", 16, "a link-local address", false},
    {"172.16.0.0", 12, "a private address", true},
    {"192.0.0.0", 24, "a private address", true},
    {"192.168.0.0", 16, "a private address", true},
    {"198.18.0.0", 15, "a private address", true},
    {"224.0.0.0", 4, "a multicast address", false},
    {"240.0.0.0", 4, "a reserved address", false},
    {"::", 128, "an unspecified address", false},
    {"::1", 128, "a loopback address", true},
    {"64:ff9b:1::", 48, "a private address", true},
    {"2001::", 32, "a tunnel's address", false},  // Teredo
    {"fc00::", 7, "a private address", true},
    {"fe80::", 10, "a link-local address", false},
    {"fec0::", 10, "a private address", true},
    {"ff00::", 8, "a multicast address", false},
};

// The block of digits behind '/', or nothing.
std::optional<unsigned> bits_of(std::string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

std::string address_text(const std::array<unsigned char, 16>& address, bool v4) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(v4 ? AF_INET : AF_INET6, address.data() + (v4 ? 12 : 0), text.data(), text.size());
  return text.data();
}

std::string without_dot(std::string_view host) {
  std::string name = ascii_lower(host);
  if (!name.empty() && name.back() == '.') name.pop_back();
  return name;
}

}  // namespace

std::optional<AddressGuard::Address> AddressGuard::parse(const std::string& text) {
  Address address{};
  if (::inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) != 1) return std::nullopt;
  address[10] = address[11] = 0xFF;
  std::memcpy(address.data() + 12, &v4, sizeof v4);
  return address;
}

AddressGuard::AddressGuard(std::span<const std::string> allow, std::string_view host) {
  for (const std::string& item : allow) {
    const auto slash = item.find('/');
    const auto address = parse(item.substr(0, slash));
    if (slash == std::string::npos && !address) {
      host_allowed_ = host_allowed_ || without_dot(item) == without_dot(host);
      continue;
    }
    const bool v4 = item.find(':') == std::string::npos;
    const unsigned longest = v4 ? 32 : 128;
    const auto bits =
        slash == std::string::npos ? longest : bits_of(std::string_view(item).substr(slash + 1));
    if (!address || !bits || *bits > longest) {
      throw Error(ErrorKind::config, printable(item) + " is no block of addresses",
                  "write it as 10.1.2.0/24");
    }
    blocks_.push_back({*address, *bits + (v4 ? kMappedBits : 0)});
  }
}

bool AddressGuard::within(const Address& address, const Block& block) {
  const std::size_t whole = block.bits / 8;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                  block.address.begin())) {
    return false;
  }
  const unsigned rest = block.bits % 8;
  return rest == 0 || (address[whole] ^ block.address[whole]) >> (8U - rest) == 0;
}

// The IPv4 address that a gateway or a tunnel would take this one to.
std::optional<AddressGuard::Address> AddressGuard::embedded(const Address& address) {
  const auto from = [&](std::size_t at) {
    Address inner{};
    inner[10] = inner[11] = 0xFF;
    std::copy_n(address.begin() + static_cast<std::ptrdiff_t>(at), 4, inner.begin() + 12);
    return inner;
  };
  if (within(address, {*parse("64:ff9b::"), 96})) return from(12);
  if (within(address, {*parse("2002::"), 16})) return from(2);
  // "IPv4-compatible", which nobody should route any more; :: and ::1 are none of them.
  if (within(address, {Address{}, 96}) && !within(address, {Address{}, 127})) return from(12);
  return std::nullopt;
}

bool AddressGuard::allowed(const Address& address) const {
  return std::any_of(blocks_.begin(), blocks_.end(),
                     [&](const Block& block) { return within(address, block); });
}

std::optional<std::string> AddressGuard::refusal(const sockaddr* address) const {
  Address bytes{};
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  } else if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    bytes[10] = bytes[11] = 0xFF;
    std::memcpy(bytes.data() + 12, &v4.sin_addr, sizeof v4.sin_addr);
  } else {
    return "the address is none of the internet";
  }
  const auto inner = embedded(bytes);
  if (allowed(bytes) || (inner && allowed(*inner))) return std::nullopt;
  const Block mapped{*parse("0.0.0.0"), kMappedBits};
  for (const Range& range : kRanges) {
    const bool v4 = std::strchr(range.address, ':') == nullptr;
    const Block block{*parse(range.address), range.bits + (v4 ? kMappedBits : 0)};
    if (!within(bytes, block) && !(inner && within(*inner, block))) continue;
    if (range.by_name && host_allowed_) continue;
    return fmt::format("{} is {}", address_text(bytes, within(bytes, mapped)), range.what);
  }
  return std::nullopt;
}

}  // namespace trunkgate
