#include "events/webhook/address_guard.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <stdexcept>

#include "base/error.h"

namespace trunkgate {
namespace {

// "" when the address may be called.
std::string refusal(const std::string& text, const std::vector<std::string>& allow = {},
                    const std::string& host = "ci.example") {
  const AddressGuard guard(allow, host);
  sockaddr_storage storage{};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    storage.ss_family = AF_INET;
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    storage.ss_family = AF_INET6;
  } else {
    throw std::invalid_argument(text);
  }
  return guard.refusal(reinterpret_cast<const sockaddr*>(&storage)).value_or("");
}

TEST(AddressGuard, LetsPublicAddressesPass) {
  for (const char* address :
       {"1.1.1.1",        "9.255.255.255",   "11.0.0.0",         "100.63.255.255",
        "100.128.0.0",    "126.255.255.255", "128.0.0.1",        "169.253.255.255",
        "169.255.0.0",    "172.15.255.255",  "172.32.0.0",       "192.167.255.255",
        "192.169.0.0",    "198.17.255.255",  "198.20.0.0",       "223.255.255.255",
        "::ffff:1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1",
        "2001:1::1"}) {
    EXPECT_EQ(refusal(address), "") << address;
  }
}

TEST(AddressGuard, RefusesAddressesOfTheOwnNetworkInEveryForm) {
  const std::pair<const char*, const char*> kCases[] = {
      {"127.0.0.1", "127.0.0.1 is a loopback address"},
      {"127.255.255.254", "127.255.255.254 is a loopback address"},
      {"0.0.0.0", "0.0.0.0 is an unspecified address"},
      {"0.1.2.3", "0.1.2.3 is an unspecified address"},
      {"10.0.0.1", "10.0.0.1 is a private address"},
      {"100.64.0.1", "100.64.0.1 is a private address"},
      {"100.127.255.255", "100.127.255.255 is a private address"},
      {"169.254.169.254", "169.254.169.254 is a link-local address"},
      {"172.16.0.1", "172.16.0.1 is a private address"},
      {"172.31.255.255", "172.31.255.255 is a private address"},
      {"192.0.0.8", "192.0.0.8 is a private address"},
      {"192.168.1.1", "192.168.1.1 is a private address"},
      {"198.19.0.1", "198.19.0.1 is a private address"},
      {"224.0.0.1", "224.0.0.1 is a multicast address"},
      {"239.255.255.255", "239.255.255.255 is a multicast address"},
      {"240.0.0.1", "240.0.0.1 is a reserved address"},
      {"255.255.255.255", "255.255.255.255 is a reserved address"},
      {"::", ":: is an unspecified address"},
      {"::1", "::1 is a loopback address"},
      {"::ffff:127.0.0.1", "127.0.0.1 is a loopback address"},
      {"::ffff:169.254.169.254", "169.254.169.254 is a link-local address"},
      {"::127.0.0.1", "::127.0.0.1 is a loopback address"},
      {"64:ff9b::7f00:1", "64:ff9b::7f00:1 is a loopback address"},
      {"64:ff9b::a9fe:a9fe", "64:ff9b::a9fe:a9fe is a link-local address"},
      {"64:ff9b:1::1", "64:ff9b:1::1 is a private address"},
      {"2001::1", "2001::1 is a tunnel's address"},
      {"2002:7f00:1::1", "2002:7f00:1::1 is a loopback address"},
      {"fc00::1", "fc00::1 is a private address"},
      {"fd00:ec2::254", "fd00:ec2::254 is a private address"},
      {"fe80::1", "fe80::1 is a link-local address"},
      {"febf::1", "febf::1 is a link-local address"},
      {"fec0::1", "fec0::1 is a private address"},
      {"ff02::1", "ff02::1 is a multicast address"}};
  for (const auto& [address, expected] : kCases) EXPECT_EQ(refusal(address), expected);
  const AddressGuard guard({}, "ci.example");
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_EQ(guard.refusal(&local), "the address is none of the internet");
}

TEST(AddressGuard, LetsAnAddressPassThatIsNamed) {
  EXPECT_EQ(refusal("127.0.0.1", {"127.0.0.1"}), "");
  EXPECT_EQ(refusal("127.0.0.2", {"127.0.0.1"}), "127.0.0.2 is a loopback address");
  EXPECT_EQ(refusal("::ffff:127.0.0.1", {"127.0.0.1"}), "");
  EXPECT_EQ(refusal("127.0.0.1", {"::ffff:127.0.0.1"}), "");
  EXPECT_EQ(refusal("64:ff9b::7f00:1", {"127.0.0.1"}), "");
  EXPECT_EQ(refusal("::1", {"other", "::1"}), "");
  EXPECT_EQ(refusal("169.254.169.254", {"169.254.169.254"}), "");
  EXPECT_EQ(refusal("10.1.2.3", {"10.1.2.0/24"}), "");
  EXPECT_EQ(refusal("10.1.3.3", {"10.1.2.0/24"}), "10.1.3.3 is a private address");
  EXPECT_EQ(refusal("10.1.3.3", {"10.1.2.0/23"}), "");
  EXPECT_EQ(refusal("10.1.4.3", {"10.1.2.0/23"}), "10.1.4.3 is a private address");
  EXPECT_EQ(refusal("fd12::7", {"fd12::/16"}), "");
  EXPECT_EQ(refusal("10.0.0.1", {"0.0.0.0/0"}), "");
  EXPECT_EQ(refusal("::1", {"0.0.0.0/0"}), "::1 is a loopback address");
}

TEST(AddressGuard, LetsANamedHostReachThePrivateNetworkButNotWhatIsOfNoSingleMachine) {
  EXPECT_EQ(refusal("10.0.0.1", {"CI.example."}), "");
  EXPECT_EQ(refusal("127.0.0.1", {"ci.example"}), "");
  EXPECT_EQ(refusal("fd00::1", {"ci.example"}), "");
  EXPECT_EQ(refusal("10.0.0.1", {"ci.example"}, "evil.ci.example"),
            "10.0.0.1 is a private address");
  EXPECT_EQ(refusal("169.254.169.254", {"ci.example"}), "169.254.169.254 is a link-local address");
  EXPECT_EQ(refusal("0.0.0.0", {"ci.example"}), "0.0.0.0 is an unspecified address");
  EXPECT_EQ(refusal("224.0.0.1", {"ci.example"}), "224.0.0.1 is a multicast address");
}

TEST(AddressGuard, DoesNotTakeABlockThatIsNone) {
  for (const char* item : {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/x", "host/24"}) {
    try {
      const AddressGuard guard(std::vector<std::string>{item}, "ci.example");
      FAIL() << item;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), std::string(item) + " is no block of addresses");
    }
  }
}

}  // namespace
}  // namespace trunkgate
