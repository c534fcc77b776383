#include "rules/file/secrets/plausible.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMinValue = 8;
constexpr std::size_t kMinPlainValue = 12;
constexpr std::size_t kMaxValue = 200;
constexpr std::size_t kMinUrlPassword = 5;
constexpr std::size_t kMixedPiece = 3;  // "v3", "2b", "q4k"
constexpr std::size_t kSlugPieces = 3;
constexpr std::size_t kMaxExtension = 5;

// What a value is in truth, whatever else its name says. In front of the keyword and behind it.
constexpr std::string_view kHeads[] = {"public",  "csrf",   "next", "page",   "pad_",  "eos",
                                       "bos",     "unk",    "mask", "sep_",   "cls",   "special",
                                       "stop",    "hash",   "fake", "mock",   "dummy", "test",
                                       "example", "sample", "no_",  "sha256", "sha512"};
constexpr std::string_view kTails[] = {
    "hash",    "sha",     "md5",    "digest", "checksum", "fingerprint", "path",
    "file",    "url",     "uri",    "field",  "label",    "name",        "type",
    "length",  "len",     "size",   "count",  "index",    "limit",       "regex",
    "pattern", "prefix",  "suffix", "expir",  "ttl",      "endpoint",    "header",
    "column",  "message", "error",  "help",   "title",    "policy",      "version",
    "ref",     "_id",     "-id",    "ids",    "arn",      "store",       "provider"};
constexpr std::string_view kSecretWords[] = {"key",  "token", "secret", "auth",
                                             "pass", "cred",  "pwd"};
constexpr std::string_view kWeakPasswords[] = {
    "pass",    "password",    "passwd", "passw0rd", "pwd",        "secret", "token",
    "user",    "username",    "admin",  "postgres", "mysql",      "root",   "guest",
    "mongo",   "rabbitmq",    "redis",  "minio",    "key",        "apikey", "api_key",
    "api-key", "password123", "12345",  "123456",   "credentials"};
constexpr std::string_view kLocalHosts[] = {"localhost", "127.0.0.1", "0.0.0.0",
                                            "[::1]",     "host",      "hostname"};

bool digit(char c) { return c >= '0' && c <= '9'; }
bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool letter(char c) { return lower(c) || upper(c); }

bool has_any(std::string_view text, auto& words) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

bool is_any(std::string_view text, auto& words) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

bool all(std::string_view text, bool (*wanted)(char)) {
  return std::all_of(text.begin(), text.end(), wanted);
}

// "bert-base-uncased-2018", "Qwen/Qwen2-7b": words and numbers, as names of models and branches
// are.
bool is_slug(std::string_view value) {
  std::size_t pieces = 0;
  while (!value.empty()) {
    const auto end = value.find_first_of("-_./:");
    const std::string_view piece = value.substr(0, end);
    if (!all(piece, letter) && !all(piece, digit) && piece.size() > kMixedPiece) return false;
    ++pieces;
    value = end == std::string_view::npos ? std::string_view() : value.substr(end + 1);
  }
  return pieces >= kSlugPieces;
}

bool is_path(std::string_view value) {
  if (value.find("://") != std::string_view::npos || value.starts_with('/') ||
      value.starts_with("./") || value.starts_with("../") || value.starts_with("~/")) {
    return true;
  }
  const auto dot = value.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = value.substr(dot + 1);
  return !extension.empty() && extension.size() <= kMaxExtension && all(extension, lower);
}

// "[a-z]{8}", "{user}-7": an expression or a template.
bool has_brackets(std::string_view value) {
  const auto closes = [&](char open, char close) {
    const auto at = value.find(open);
    return at != std::string_view::npos && value.find(close, at) != std::string_view::npos;
  };
  return closes('{', '}') || closes('[', ']') || closes('(', ')');
}

// Without quotes, a name in code looks much like a value.
bool looks_like_code(std::string_view value) {
  const auto digits = std::count_if(value.begin(), value.end(), digit);
  return value.size() < kMinPlainValue || digits < 2 || value.ends_with(':') ||
         value.find('.') != std::string_view::npos || value.find('$') != std::string_view::npos;
}

}  // namespace

bool looks_secret(const Assignment& assignment, char last_of_keyword) {
  // "tokenizer", but not "tokenProd" or "token_prod"; the plural is a list, or a count.
  if (!assignment.tail.empty()) {
    const char next = assignment.tail[0];
    if ((lower(last_of_keyword) && lower(next)) || (upper(last_of_keyword) && upper(next))) {
      return false;
    }
  }
  const std::string_view value = assignment.value;
  if (value.size() < kMinValue || value.size() > kMaxValue) return false;
  if (!all(value, [](char c) { return c > ' ' && c < '\x7f'; })) return false;
  if (std::none_of(value.begin(), value.end(), digit) ||
      std::none_of(value.begin(), value.end(), letter)) {
    return false;
  }
  if (!assignment.quoted && looks_like_code(value)) return false;
  if (is_path(value) || is_slug(value) || has_brackets(value)) return false;
  // Last, as it takes longest.
  return !has_any(ascii_lower(assignment.head), kHeads) &&
         !has_any(ascii_lower(assignment.tail), kTails);
}

bool named_secret(std::string_view name) { return has_any(ascii_lower(name), kSecretWords); }

bool harmless(const Login& login) {
  const std::string password = ascii_lower(login.password);
  const std::string host = ascii_lower(login.host.substr(0, login.host.find(':')));
  return password.size() < kMinUrlPassword || is_any(password, kWeakPasswords) ||
         login.password == login.user || is_any(host, kLocalHosts) ||
         host.find("example") != std::string::npos || host.ends_with(".test") ||
         host.ends_with(".invalid") || host.ends_with(".localhost") || host.starts_with("[::1]");
}

}  // namespace trunkgate
