#include "push/ssh_keys.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "push/pusher.h"

namespace trunkgate {
namespace {

bool is_key_type(std::string_view word) {
  static constexpr std::array<std::string_view, 4> kBeginnings{"ssh-", "ecdsa-", "sk-ssh-",
                                                               "sk-ecdsa-"};
  return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                     [&](std::string_view beginning) { return word.starts_with(beginning); });
}

bool is_base64(std::string_view word) {
  return word.size() >= 16 && std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '+' || c == '/' || c == '=';
         });
}

// Words with blanks between; in quotes a blank is part of a word.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while (true) {
    at = line.find_first_not_of(" \t\r", at);
    if (at == std::string_view::npos) return words;
    const std::size_t begin = at;
    for (bool quoted = false; at < line.size(); ++at) {
      if (line[at] == '"') quoted = !quoted;
      if (!quoted && std::string_view(" \t\r").find(line[at]) != std::string_view::npos) break;
    }
    words.push_back(line.substr(begin, at - begin));
  }
}

std::string key_in(const std::vector<std::string_view>& words, std::size_t from) {
  for (std::size_t i = from; i + 1 < words.size(); ++i) {
    if (is_key_type(words[i]) && is_base64(words[i + 1])) {
      return std::string(words[i]) + " " + std::string(words[i + 1]);
    }
  }
  return {};
}

std::string user_among(std::string_view principals) {
  if (principals.size() >= 2 && principals.front() == '"' && principals.back() == '"') {
    principals = principals.substr(1, principals.size() - 2);
  }
  for (const std::string_view name : split(principals, ',')) {
    if (is_user_name(name)) return std::string(name);
  }
  return {};
}

}  // namespace

std::vector<std::string> read_allowed_signers(std::string_view text, SshKeys& keys) {
  std::vector<std::string> mistakes;
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const std::vector<std::string_view> words = words_of(line);
    if (words.empty() || words[0].starts_with('#')) continue;
    const auto wrong = [&](const std::string& what) {
      mistakes.push_back("line " + std::to_string(number) + ": " + what);
    };
    if (std::any_of(words.begin() + 1, words.end(), [](std::string_view word) {
          return ascii_lower(word).find("cert-authority") != std::string::npos;
        })) {
      continue;
    }
    const std::string key = key_in(words, 1);
    const std::string user = user_among(words[0]);
    if (key.empty()) {
      wrong("there is no key");
    } else if (user.empty()) {
      wrong("'" + printable(words[0], 60) + "' names no user");
    } else if (const auto [known, added] = keys.emplace(key, user);
               !added && known->second != user) {
      wrong("the key is " + printable(known->second) + "'s already");
    }
  }
  return mistakes;
}

std::string plain_key(std::string_view text) { return key_in(words_of(text), 0); }

std::vector<std::string> authenticated_keys(std::string_view text) {
  std::vector<std::string> keys;
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> words = words_of(line);
    if (words.size() < 3 || words[0] != "publickey") continue;
    if (std::string key = key_in(words, 1); !key.empty()) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace trunkgate
