#include "policy/network_names.h"

#include <gtest/gtest.h>

#include <string>

namespace trunkgate {
namespace {

constexpr std::string_view kSchemes[] = {"https", "http"};

std::string said(const std::optional<NameMistake>& mistake) {
  if (!mistake) return "good";
  return mistake->message + (mistake->suggestion.empty() ? "" : "; " + mistake->suggestion);
}

std::string url(std::string_view text, bool path = true) {
  return said(url_mistake(text, UrlShape{kSchemes, path}));
}

TEST(NetworkNames, TakeUrlsOfEveryKindOfHost) {
  for (const char* good :
       {"https://ci.example", "http://localhost:8080/", "https://127.0.0.1/a/b?x=%20&y=1",
        "https://[::1]:443/", "https://[fd00::1]", "https://a-b_c.example.:1/@ada", "http://ci"}) {
    EXPECT_EQ(url(good), "good") << good;
    EXPECT_FALSE(holds_user(good)) << good;
  }
  EXPECT_EQ(url("https://ci:65535", false), "good");
}

TEST(NetworkNames, SayWhatIsWrongWithAUrl) {
  EXPECT_EQ(url("ci.example/x"),
            "is no URL: it starts with https:// or http://; did you mean 'https://ci.example/x'?");
  EXPECT_EQ(url(""), "is no URL: it starts with https:// or http://");
  EXPECT_EQ(url("HTTPS://ci"), "starts with https:// or http://; did you mean 'https://'?");
  EXPECT_EQ(url("file:///etc/passwd"), "starts with https:// or http://");
  EXPECT_EQ(url("https://"), "has no host");
  EXPECT_EQ(url("https://:80/"), "has no host");
  EXPECT_EQ(url("https://-a/"), "names '-a', which is no host");
  EXPECT_EQ(url("https://a..b/"), "names 'a..b', which is no host");
  EXPECT_EQ(url("https://" + std::string(64, 'a') + "/").substr(0, 9), "names 'aa");
  // Spellings of addresses that some libraries take, and filters miss.
  for (const char* number :
       {"2130706433", "0x7f000001", "127.1", "1.2.3.0x4", "1.2.3.256", "010"}) {
    EXPECT_EQ(url("https://" + std::string(number) + "/"),
              "names '" + std::string(number) + "', which is no host");
  }
  EXPECT_EQ(url("https://[::1"), "has a bad IPv6 address; [::1] is one");
  EXPECT_EQ(url("https://[]/"), "has a bad IPv6 address; [::1] is one");
  EXPECT_EQ(url("https://[::1]x/"), "has a bad IPv6 address; [::1] is one");
  for (const char* port : {"", "0", "65536", "+1", "8o", "80:80"}) {
    EXPECT_EQ(url("https://ci:" + std::string(port) + "/"),
              "has a bad port; it is a number from 1 to 65535")
        << port;
  }
  EXPECT_EQ(url("https://ci/#a"), "has a '#': what follows one is never sent");
  for (const char* bytes : {" ", "\n", "\x7F", "\xC3\xA9", "\\", "\""}) {
    EXPECT_EQ(url("https://ci/" + std::string(bytes)),
              "has a character that no URL has; write it as %20 (in hexadecimal)");
  }
  EXPECT_EQ(url("https://ci/" + std::string(2000, 'a')), "has over 2000 bytes");
  EXPECT_EQ(url("https://ci/", false), "has more than a host and a port");
  EXPECT_EQ(url("https://ci?x", false), "has more than a host and a port");
}

TEST(NetworkNames, FindUsersHoweverTheirPasswordsLook) {
  for (const char* with : {"https://ada@ci/", "https://ada:x@ci/", "https://ada:a/b@ci/",
                           "https://ada:a#b@ci/", "https://ada:a?b@ci/", "ada:x@ci:4222"}) {
    EXPECT_TRUE(holds_user(with)) << with;
  }
  EXPECT_FALSE(holds_user("https://ci/@ada"));
}

TEST(NetworkNames, TellTheHostOfAUrl) {
  EXPECT_EQ(host_of("https://ci.example:80/x"), "ci.example");
  EXPECT_EQ(host_of("https://[::1]:80/x"), "::1");
  EXPECT_EQ(host_of("https://ci"), "ci");
}

TEST(NetworkNames, TakeAddressesNetworksAndHosts) {
  for (const char* good : {"10.1.2.3", "10.1.2.0/24", "0.0.0.0/0", "::1", "fd00::/8", "ci.example",
                           "localhost", "::/128"}) {
    EXPECT_EQ(said(network_mistake(good)), "good") << good;
  }
  for (const char* bad :
       {"10.1.2.0/33", "10.1.2.0/", "::1/129", "ci/8", "10.1.2.0/-1", "10.1.2.0/24/8"}) {
    EXPECT_EQ(said(network_mistake(bad)), "is no network; 10.1.2.0/24 and fd00::/8 are some")
        << bad;
  }
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("10.1.2"),
                                 std::string("::1\0x", 5), std::string("*.example")}) {
    EXPECT_EQ(said(network_mistake(bad)),
              "is no address, no network and no name of a host; 10.1.2.3, 10.1.2.0/24, ::1 or "
              "ci.example");
  }
}

TEST(NetworkNames, TakeAddressesOfMailAlone) {
  for (const char* good : {"ada@example.com", "a.b+c@x", "o'neil@mail.example"}) {
    EXPECT_EQ(said(mail_mistake(good)), "good") << good;
  }
  EXPECT_EQ(said(mail_mistake("Ada <ada@example.com>")),
            "takes the address alone; write ada@example.com");
  for (const char* bad :
       {"", "ada", "@x", "ada@", "a..b@x", ".a@x", "a.@x", "a b@x", "a@x\nb",
        "a\r\nRCPT TO:<eve@x>@x", "a@b@c", "\"a\"@x", "a,b@x", "<a@x>b", "a@-x"}) {
    EXPECT_EQ(said(mail_mistake(bad)), "is no mail address; ada@example.com is one") << bad;
  }
}

TEST(NetworkNames, TakeSubjectsAndStreamsOfNats) {
  EXPECT_EQ(said(subject_mistake("git.site-1")), "good");
  EXPECT_EQ(said(subject_mistake("")), "has 1 to 200 characters");
  EXPECT_EQ(said(subject_mistake(std::string(201, 'a'))), "has 1 to 200 characters");
  for (const char* wild : {"git.*", "git.>", "a b", "a\tb", "a\xC3\xA9"}) {
    EXPECT_EQ(said(subject_mistake(wild)),
              "is a subject without white space and wildcards, such as git.site");
  }
  EXPECT_EQ(said(subject_mistake("$JS.API")), "starts with '$', which NATS keeps for itself");
  for (const char* empty : {".a", "a.", "a..b"}) {
    EXPECT_EQ(said(subject_mistake(empty)), "has an empty part between its dots");
  }
  EXPECT_EQ(said(stream_mistake("GIT_events-1")), "good");
  for (const std::string& bad : {std::string(), std::string("a.b"), std::string("a b"),
                                 std::string("*"), std::string(65, 'a')}) {
    EXPECT_EQ(said(stream_mistake(bad)),
              "is a name of letters, digits, '-' and '_', 64 at most; such as GIT");
  }
}

TEST(NetworkNames, TellSecretsFromPaths) {
  for (const char* secret :
       {"whsec_abc", "whsk_abc", "ghp_abc", "glpat-abc", "-----BEGIN", "hunter two", "a\tb",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLjSw", "dGhpcyBpcyBh/IHNlY3JldCE5OTk="}) {
    EXPECT_TRUE(looks_like_secret(secret)) << secret;
  }
  for (const char* path :
       {"ci.key", "/etc/trunkgate/Secrets2024ForTheWebhooks", "keys/Ci2WebhookProduction",
        "./MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLjSw", "webhook-secret-for-ci-2", "WebhookSecret1", "",
        "a_very_long_name_without_any_capitals_9"}) {
    EXPECT_FALSE(looks_like_secret(path)) << path;
  }
}

}  // namespace
}  // namespace trunkgate
