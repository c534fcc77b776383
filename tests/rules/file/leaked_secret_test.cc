#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy_loader.h"
#include "rules/catalogue.h"
#include "rules/file/secret_samples.h"
#include "rules/file/secrets/token_kind.h"
#include "rules/file_scenario.h"

namespace trunkgate {
namespace {

std::unique_ptr<Policy> policy_with(const std::string& options) {
  const std::string text =
      "version: 1\nrulesets:\n  - name: all\n    refs: ['refs/**']\n    rules:\n"
      "      leaked-secret: " +
      options + "\n";
  return load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
    return FileText{FileState::present, text, {}};
  });
}

std::vector<Finding> judge(const std::string& scenario, const std::string& options = "{}") {
  return judge_file_example(*policy_with(options)->rules[0].rule, scenario).findings;
}

Finding finding(const std::string& message, const std::string& detail, std::size_t line) {
  return {.message = message,
          .details = {detail},
          .hint = "revoke it now, for others may have seen it; then take it out of the commit",
          .line = line};
}

std::string mistake(const std::string& options) {
  try {
    policy_with(options);
  } catch (const ConfigError& error) {
    return error.diagnostics().list().at(0).message + "; " +
           error.diagnostics().list().at(0).suggestion;
  }
  return {};
}

const std::string kKey = std::string("AKIA") + "Q3ZJ7WM5" + "TD2RLK6P";
const std::vector<Finding> kNone;

TEST(LeakedSecret, SaysKindAndPlace) {
  EXPECT_EQ(judge("add a\none\nk\xc3\xa4y = " + kKey + "\n"),
            std::vector<Finding>{
                finding("an AWS access key (AKIA...) at column 7", "kind: aws-access-key", 2)});
  EXPECT_EQ(judge("add a\npassword = 'k7Rw2vPz"
                  "9Lq4Xn8T'"),
            std::vector<Finding>{
                finding("a password, token or key at column 13", "kind: assigned-secret", 1)});
}

TEST(LeakedSecret, SaysWhenAChecksumIsRight) {
  const std::string real = std::string("ghp") + "_zQWBuTSOoRi4A9spHcVY5" + "ncnsDkxkJ0mLq17";
  EXPECT_EQ(
      judge("add a\n" + real),
      std::vector<Finding>{finding("a GitHub token (ghp_...), real by its checksum, at column 1",
                                   "kind: github-token", 1)});
}

// Whether some part of `drawn`, short enough to be no chance, stands in `shown`.
bool shows(const std::string& shown, const std::string& drawn) {
  constexpr std::size_t kPart = 5;
  for (std::size_t at = 0; at + kPart <= drawn.size(); ++at) {
    if (shown.find(drawn.substr(at, kPart)) != std::string::npos) return true;
  }
  return false;
}

TEST(LeakedSecret, NeverShowsASecret) {
  constexpr std::size_t kAtOnce = 20;  // more places are not reported
  const std::size_t count = std::size(kSecretTemplates);
  for (std::size_t from = 0; from < count; from += kAtOnce) {
    std::string content = "add a\n";
    std::string kinds;
    std::vector<std::string> drawn;
    for (std::size_t i = from; i < std::min(from + kAtOnce, count); ++i) {
      const SecretSample sample = draw(kSecretTemplates[i].text, 11);
      content += sample.text + "\n";
      kinds += "kind: " + std::string(kSecretTemplates[i].kind) + "\n";
      drawn.insert(drawn.end(), sample.drawn.begin(), sample.drawn.end());
    }
    std::string shown;
    std::string shown_kinds;
    for (const Finding& finding : judge(content, "{test-keys: true}")) {
      shown += finding.message + "\n" + finding.hint + "\n" + finding.path + finding.title;
      for (const std::string& detail : finding.details) shown_kinds += detail + "\n";
    }
    EXPECT_EQ(shown_kinds, kinds);
    for (const std::string& secret : drawn) EXPECT_FALSE(shows(shown, secret)) << secret;
  }
}

TEST(LeakedSecret, LooksAtNewLinesOnly) {
  EXPECT_EQ(judge("change a\nk = " + kKey + "\n=====\nx\nk = " + kKey + "\n"), kNone);
  EXPECT_EQ(judge("change a\nk = 1\n=====\nk = " + kKey + "\n").size(), 1U);
  EXPECT_EQ(judge("delete a\nk = " + kKey + "\n"), kNone);
  EXPECT_EQ(judge("link a\n" + kKey), kNone);
}

TEST(LeakedSecret, FindsAKeyWhoseHeadingWasThereBefore) {
  const std::string heading = "-----BEGIN PRIVATE KEY-----\n";
  EXPECT_EQ(judge("change a\n" + heading + "x\n=====\n" + heading + draw("{b64}", 2).text + "\n"),
            std::vector<Finding>{finding("a private key at column 1", "kind: private-key", 1)});
}

TEST(LeakedSecret, LeavesMarkedLinesAlone) {
  const std::string marked = "add a\nk = " + kKey + "  # trunkgate:allow leaked-secret\n";
  EXPECT_EQ(judge(marked), kNone);
  EXPECT_EQ(judge(marked + "k = " + kKey + "\n").size(), 1U);
  EXPECT_EQ(judge(marked, "{allow-inline: false}").size(), 1U);
  EXPECT_EQ(judge("add a\nk = " + kKey + "  # trunkgate:allow\n").size(), 1U);
}

TEST(LeakedSecret, ShowsTwentyPlacesAndCountsTheRest) {
  std::string many = "add a\n";
  for (int i = 0; i < 20; ++i) many += kKey + "\n";
  EXPECT_EQ(judge(many).size(), 20U);
  for (int i = 0; i < 10; ++i) many += kKey + "\ncorp-73519264\n";
  const std::vector<Finding> findings = judge(many, "{extra: 'corp-[0-9]{8}'}");
  ASSERT_EQ(findings.size(), 21U);
  EXPECT_EQ(findings[20], Finding{.message = "and 20 more like these"});
}

TEST(LeakedSecret, LooksOnceAtALineWithManySecrets) {
  std::string line = "add a\n";
  while (line.size() < 2U << 20U) line += kKey + " ";
  EXPECT_EQ(judge(line + "trunkgate:allow leaked-secret\n"), kNone);
  EXPECT_EQ(judge(line).size(), 21U);
}

TEST(LeakedSecret, LooksIntoBinaryFilesWhenAsked) {
  const std::string binary = "add a\n" + std::string(20, '\0') + "\n" + kKey;
  EXPECT_EQ(judge(binary), kNone);
  EXPECT_EQ(judge(binary, "{binary: true}").size(), 1U);
}

TEST(LeakedSecret, IsNotKeptFromATextByAStrayNul) {
  EXPECT_EQ(judge("add a\n" + kKey + " # " + std::string(1, '\0') + "\n").size(), 1U);
}

TEST(LeakedSecret, ReadsUtf16) {
  for (const bool big_endian : {false, true}) {
    std::string text = big_endian ? "\xfe\xff" : "\xff\xfe";
    for (const char c : "one\r\n" + kKey + "\r\n") {
      text += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
    }
    const auto found = judge("add a\n" + text);
    ASSERT_EQ(found.size(), 1U) << big_endian;
    EXPECT_EQ(found[0], judge("add a\none\r\n" + kKey + "\r\n")[0]) << big_endian;
  }
}

TEST(LeakedSecret, KnowsKindsByName) {
  EXPECT_EQ(judge("add a\n" + kKey, "{kinds: [github-token, aws-access-key]}").size(), 1U);
  EXPECT_EQ(judge("add a\n" + kKey, "{kinds: github-token}"), kNone);
  EXPECT_EQ(judge("add a\n" + kKey, "{without: [aws-access-key]}"), kNone);
  EXPECT_EQ(mistake("{without: [aws-acces-key]}"),
            "unknown kind of secrets 'aws-acces-key'; did you mean 'aws-access-key'?");
  EXPECT_EQ(mistake("{kinds: [zzz]}"), "unknown kind of secrets 'zzz'; ");
}

TEST(LeakedSecret, TakesKeysOfTestEnvironmentsWhenAsked) {
  const std::string key = "add a\n" + draw("sk_test_{A24}", 3).text;
  EXPECT_EQ(judge(key), kNone);
  EXPECT_EQ(judge(key, "{test-keys: true}").size(), 1U);
  EXPECT_EQ(judge(key, "{kinds: stripe-test-key}").size(), 1U);
}

TEST(LeakedSecret, TakesExpressionsOfThePolicy) {
  const std::string options = "{extra: 'corp-[0-9]{4}', allow: 'corp-00.*'}";
  EXPECT_EQ(judge("add a\nx\n  corp-7351 corp-7352\n", options),
            std::vector<Finding>{finding("a secret at column 3", "matches 'corp-[0-9]{4}'", 2)});
  EXPECT_EQ(judge("add a\ncorp-0011", options), kNone);
  EXPECT_EQ(judge("add a\ncorp-7351 trunkgate:allow leaked-secret", options), kNone);
}

}  // namespace
}  // namespace trunkgate
