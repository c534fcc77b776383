#include "rules/file/secrets/secret_scanner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/file/secret_samples.h"
#include "rules/file/secrets/checksum.h"

namespace trunkgate {
namespace {

SecretScanner scanner_of(std::string_view only = {}, std::vector<Pattern> allow = {}) {
  std::vector<bool> kinds;
  for (const TokenKind& kind : token_kinds()) kinds.push_back(only.empty() || kind.id == only);
  return SecretScanner({.kinds = kinds, .entropy = 3.5, .allow = std::move(allow)});
}

// "github-token 0-40" for each secret.
std::vector<std::string> found(std::string_view text, const SecretScanner& scanner = scanner_of()) {
  std::vector<std::string> result;
  for (const Secret& secret : scanner.scan(text)) {
    result.push_back(std::string(secret.kind->id) + " " + std::to_string(secret.begin) + "-" +
                     std::to_string(secret.end));
  }
  return result;
}

std::vector<std::string_view> kinds_in(std::string_view text) {
  std::vector<std::string_view> result;
  for (const Secret& secret : scanner_of().scan(text)) result.push_back(secret.kind->id);
  return result;
}

std::string github_token() { return draw("ghp_{A36}", 5).text; }

TEST(TokenKinds, HaveIdsOfTheirOwnAndASampleEach) {
  std::set<std::string_view> ids;
  for (const TokenKind& kind : token_kinds()) EXPECT_TRUE(ids.insert(kind.id).second) << kind.id;
  std::set<std::string_view> sampled;
  for (const SecretTemplate& sample : kSecretTemplates) sampled.insert(sample.kind);
  EXPECT_EQ(sampled, ids);
  EXPECT_GE(ids.size(), 60U);
}

TEST(TokenKinds, HavePatternsThatCompile) {
  for (const TokenKind& kind : token_kinds()) {
    EXPECT_EQ(Pattern::mistake(kind.pattern), std::nullopt) << kind.id;
  }
}

TEST(SecretScanner, FindsEveryKindAmongText) {
  for (const SecretTemplate& sample : kSecretTemplates) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
      const std::string text = "one\n" + draw(sample.text, seed).text + "\ntwo\n";
      EXPECT_EQ(kinds_in(text), std::vector<std::string_view>{sample.kind}) << text;
    }
  }
}

TEST(SecretScanner, FindsNoNearMiss) {
  for (const SecretTemplate& sample : kSecretTemplates) {
    const SecretScanner only = scanner_of(sample.kind);
    // Of a value that only its name makes a secret, the entropy decides.
    const std::size_t shorter = sample.kind == "assigned-secret" ? 8 : 1;
    for (unsigned seed = 1; seed <= 20; ++seed) {
      const std::string text = "one\n" + draw(sample.text, seed, shorter).text + "\n";
      EXPECT_EQ(found(text, only), std::vector<std::string>()) << text;
    }
  }
}

TEST(SecretScanner, FindsNoTokenWithinAWord) {
  const std::string token = github_token();
  EXPECT_EQ(found(token), std::vector<std::string>{"github-token 0-40"});
  EXPECT_EQ(found("x" + token), std::vector<std::string>());
  EXPECT_EQ(found(token + "x"), std::vector<std::string>());
  EXPECT_EQ(found("\\n" + token + "\\n"), std::vector<std::string>{"github-token 2-42"});
  EXPECT_EQ(found("t%3D" + token), std::vector<std::string>{"github-token 4-44"});
  EXPECT_EQ(found("\xff" + token + std::string(1, '\0')),
            std::vector<std::string>{"github-token 1-41"});
}

TEST(SecretScanner, FindsSeveralInOneLineAndNamesTheMoreSpecificKind) {
  const std::string token = github_token();
  EXPECT_EQ(found("token = '" + token + "', '" + token + "'"),
            (std::vector<std::string>{"github-token 9-49", "github-token 53-93"}));
  const std::string url = "https://bot:" + token + "@git.corp.net";
  EXPECT_EQ(found(url), std::vector<std::string>{"github-token 12-52"});
}

TEST(SecretScanner, IsCertainOfATokenWithTheRightChecksum) {
  // Published by its owner as an expired example; in parts, so that no scanner alarms.
  const std::string real = std::string("ghp") + "_zQWBuTSOoRi4A9spHcVY5" + "ncnsDkxkJ0mLq17";
  ASSERT_EQ(scanner_of().scan(real).size(), 1U);
  EXPECT_TRUE(scanner_of().scan(real)[0].certain);
  EXPECT_EQ(scanner_of().scan(real)[0].prefix, "ghp_");
  EXPECT_FALSE(scanner_of().scan(github_token())[0].certain);
  EXPECT_FALSE(has_crc32_checksum(""));
  EXPECT_FALSE(has_crc32_checksum("123456"));
}

TEST(SecretScanner, LeavesAllowedValuesAlone) {
  EXPECT_EQ(found(github_token(), scanner_of({}, {Pattern("ghp_.*")})), std::vector<std::string>());
  EXPECT_EQ(found(github_token(), scanner_of({}, {Pattern("ghp_")})).size(), 1U);
}

TEST(SecretScanner, LeavesPlaceholdersAlone) {
  for (const std::string text : {
           "AKIAIOSFODNN7EXAMPLE",
           "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
           "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
           "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
           "password = 'changeme12345678'",
           "password = \"${DB_PASSWORD_2}\"",
           "password: '{{ vault_password_1 }}'",
           "password = '<your-password-1234>'",
           "api_key = os.environ['API_KEY_2024']",
           "apiKey: process.env.API_KEY_2024",
           "token = os.getenv(\"TOKEN_1234567\")",
           "token: ${{ secrets.TOKEN_12345 }}",
           "secret = 'my-secret-is-1234567'",
           "https://user:password@git.corp.net/a",
           "https://user:%s@git.corp.net/a",
           "https://x-access-token:${TOKEN}@github.com/a",
           "postgres://app:k7Rw2vPz9@localhost:5432/app",
           "https://example.org:8080/@x",
           "-----BEGIN RSA PRIVATE KEY-----\nMIIE...\n-----END RSA PRIVATE KEY-----",
           "if '-----BEGIN PRIVATE KEY-----' in text:\n  decode_the_private_key_of_the_server()",
       }) {
    EXPECT_EQ(found(text), std::vector<std::string>()) << text;
  }
}

TEST(SecretScanner, LeavesCodeAloneThatOnlySpeaksOfSecrets) {
  for (const std::string text : {
           "tokenizer = 'Qwen2-7B-Instruct-hf1x9'",
           "tokenizer_name = 'k7Rw2vPz9Lq4Xn8T'",
           "pad_token = 'k7Rw2vPz9Lq4Xn8T'",
           "token = 'bert-base-uncased-v3'",
           "token = tokens2Ids[index3]",
           "password = hash256(password1234)",
           "password_hash = 'k7Rw2vPz9Lq4Xn8T'",
           "secret_path = 'k7Rw2vPz9Lq4Xn8T'",
           "token_file: 'run/k7Rw2vPz9Lq4Xn8T.txt'",
           "api_key = config.api_key_v2_2024",
           "key = 'k7Rw2vPz9Lq4Xn8T'",
           "{\"password\", \"k7Rw2vPz9Lq4Xn8T\"}",
           "password = '[a-zA-Z0-9]{8,20}'",
           "token = 'k7Rw2-{user_id}-Lq4Xn8T'",
           "cloudflare_zone_id = '0f3a9c5b7e1d2846af90b3c5d7e8f1a2'",
       }) {
    EXPECT_EQ(found(text), std::vector<std::string>()) << text;
  }
}

TEST(SecretScanner, ReadsAssignmentsOfManyLanguages) {
  const std::string value = std::string("k7Rw2v") + "Pz9Lq4Xn8T";
  for (const std::string& text :
       {"password = '" + value + "'", "PASSWORD=" + value, "password: " + value,
        "\"password\": \"" + value + "\"", "\\\"password\\\": \\\"" + value + "\\\"",
        "config['password'] = \"" + value + "\"", "define('DB_PASSWORD', '" + value + "');",
        "<password>" + value + "</password>", "password := `" + value + "`",
        "const PASSWORD: &str = \"" + value + "\";", "let password: string = '" + value + "'",
        "password => '" + value + "'", "Server=a;Password=" + value + ";Timeout=3",
        "password = b'" + value + "'", "clientSecret: '" + value + "'"}) {
    const auto secrets = scanner_of().scan(text);
    ASSERT_EQ(secrets.size(), 1U) << text;
    EXPECT_EQ(secrets[0].kind->id, "assigned-secret");
    EXPECT_EQ(text.substr(secrets[0].begin, secrets[0].end - secrets[0].begin), value) << text;
  }
}

TEST(SecretScanner, FindsPrivateKeysOfAllHeadings) {
  const std::string body = draw("{b64}", 3).text;
  for (const std::string heading :
       {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY",
        "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"}) {
    for (const std::string between :
         {"\n", "\r\n", "\\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n",
          "\nVersion: GnuPG v2\n\n", "\\n\" +\n    \""}) {
      const std::string text = "-----BEGIN " + heading + "-----" + between + body;
      EXPECT_EQ(kinds_in(text), std::vector<std::string_view>{"private-key"}) << text;
    }
  }
  EXPECT_EQ(found("-----BEGIN PUBLIC KEY-----\n" + body), std::vector<std::string>());
}

TEST(SecretScanner, TakesLinearTimeForHostileText) {
  std::string text;
  for (const TokenKind& kind : token_kinds()) text += std::string(kind.keywords) + " ";
  std::string hostile;
  while (hostile.size() < 2U << 20U) hostile += text;
  EXPECT_EQ(found(hostile), std::vector<std::string>());
  for (const std::string piece :
       {"token", "eyJ", "://", "a:AA", "-----BEGIN ", "sk-", "password=\"", "://a:b@", "xoxb-"}) {
    std::string line;
    while (line.size() < 1U << 20U) line += piece;
    const auto secrets = found(line);
    EXPECT_LE(secrets.size(), 1U) << piece;
  }
}

}  // namespace
}  // namespace trunkgate
