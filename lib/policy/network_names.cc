#include "policy/network_names.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "base/nearest.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxUrl = 2000;
constexpr std::size_t kMaxHost = 253;
constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxSubject = 200;
constexpr std::size_t kMaxStream = 64;
constexpr std::size_t kMaxMail = 254;
constexpr std::size_t kShown = 60;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alnum(char c) { return is_digit(c) || is_upper(c) || is_lower(c); }
bool is_visible(char c) { return c > ' ' && c < '\x7F'; }

template <typename Predicate>
bool all(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}
template <typename Predicate>
bool any(std::string_view text, Predicate predicate) {
  return std::any_of(text.begin(), text.end(), predicate);
}

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (text.find('\0') != std::string_view::npos) return false;
  return inet_pton(family, std::string(text).c_str(), bytes.data()) == 1;
}

std::optional<int> number(std::string_view text, int from, int to) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= from && value <= to ? std::optional(value) : std::nullopt;
}

// A name as DNS and Unix know them. What ends in a number would be taken for an address.
bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxHost) return false;
  if (text.ends_with('.')) text.remove_suffix(1);
  std::string_view last;
  for (const std::string_view label : split(text, '.')) {
    if (label.empty() || label.size() > kMaxLabel) return false;
    if (!all(label, [](char c) { return is_alnum(c) || c == '-' || c == '_'; })) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    last = label;
  }
  const bool hexadecimal = last.size() > 1 && last[0] == '0' && (last[1] == 'x' || last[1] == 'X');
  return !hexadecimal && !all(last, is_digit);
}

// What stands between "//" and the path.
std::string_view authority_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return url;
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

std::string example_of(const UrlShape& shape) {
  return fmt::format("{}://", fmt::join(shape.schemes, ":// or "));
}

std::optional<NameMistake> host_mistake(std::string_view host) {
  if (host.empty()) return NameMistake{"has no host"};
  if (host.starts_with('[')) {
    const bool closed = host.ends_with(']') && host.size() > 2;
    if (closed && is_address(AF_INET6, host.substr(1, host.size() - 2))) return std::nullopt;
    return NameMistake{"has a bad IPv6 address", "[::1] is one"};
  }
  if (is_address(AF_INET, host) || is_host_name(host)) return std::nullopt;
  return NameMistake{"names '" + printable(host, kShown) + "', which is no host"};
}

std::optional<NameMistake> authority_mistake(std::string_view authority) {
  // Behind the brackets of IPv6, or the name.
  const std::size_t name_end =
      authority.starts_with('[') ? std::min(authority.find(']'), authority.size()) : 0;
  const std::size_t colon = authority.find(':', name_end);
  if (auto mistake = host_mistake(authority.substr(0, colon))) return mistake;
  if (colon != std::string_view::npos && !number(authority.substr(colon + 1), 1, 65535)) {
    return NameMistake{"has a bad port", "it is a number from 1 to 65535"};
  }
  return std::nullopt;
}

}  // namespace

bool holds_user(std::string_view url) {
  if (url.find('@') == std::string_view::npos) return false;
  // A path may hold an '@'; but a password with a '/' in it is no path.
  return authority_mistake(authority_of(url)).has_value();
}

std::string_view host_of(std::string_view url) {
  const std::string_view authority = authority_of(url);
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

std::optional<NameMistake> url_mistake(std::string_view url, const UrlShape& shape) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) {
    const bool plain = !url.empty() && all(url, is_visible) && url.find(':') != 0;
    return NameMistake{"is no URL: it starts with " + example_of(shape),
                       plain ? fmt::format("did you mean '{}://{}'?", shape.schemes.front(),
                                           printable(url, kShown))
                             : ""};
  }
  const std::string_view scheme = url.substr(0, scheme_end);
  if (std::find(shape.schemes.begin(), shape.schemes.end(), scheme) == shape.schemes.end()) {
    const auto known = nearest(scheme, shape.schemes);
    return NameMistake{"starts with " + example_of(shape),
                       known ? "did you mean '" + *known + "://'?" : ""};
  }
  if (url.size() > kMaxUrl) return NameMistake{fmt::format("has over {} bytes", kMaxUrl)};
  if (!all(url, [](char c) {
        return is_visible(c) && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
      })) {
    return NameMistake{"has a character that no URL has", "write it as %20 (in hexadecimal)"};
  }
  if (url.find('#') != std::string_view::npos) {
    return NameMistake{"has a '#': what follows one is never sent"};
  }
  const std::string_view authority = authority_of(url);
  if (auto mistake = authority_mistake(authority)) return mistake;
  const std::string_view rest = url.substr(scheme_end + 3 + authority.size());
  if (!shape.path && !rest.empty()) return NameMistake{"has more than a host and a port"};
  return std::nullopt;
}

std::optional<NameMistake> network_mistake(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const bool v4 = is_address(AF_INET, address);
  const bool v6 = is_address(AF_INET6, address);
  if (slash != std::string_view::npos) {
    if ((v4 || v6) && number(text.substr(slash + 1), 0, v4 ? 32 : 128)) return std::nullopt;
    return NameMistake{"is no network", "10.1.2.0/24 and fd00::/8 are some"};
  }
  if (v4 || v6 || is_host_name(text)) return std::nullopt;
  return NameMistake{"is no address, no network and no name of a host",
                     "10.1.2.3, 10.1.2.0/24, ::1 or ci.example"};
}

std::optional<NameMistake> mail_mistake(std::string_view text) {
  const std::size_t at = text.rfind('@');
  const std::size_t angle = text.find('<');
  if (angle != std::string_view::npos && text.ends_with('>')) {
    const std::string_view inner = text.substr(angle + 1, text.size() - angle - 2);
    if (!mail_mistake(inner)) {
      return NameMistake{"takes the address alone", "write " + printable(inner, kShown)};
    }
  }
  const std::string_view local = text.substr(0, at);
  const auto part_of_local = [](char c) {
    return is_alnum(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
  };
  const bool good = at != std::string_view::npos && text.size() <= kMaxMail && !local.empty() &&
                    local.size() <= 64 && all(local, part_of_local) && !local.starts_with('.') &&
                    !local.ends_with('.') && local.find("..") == std::string_view::npos &&
                    is_host_name(text.substr(at + 1));
  if (good) return std::nullopt;
  return NameMistake{"is no mail address", "ada@example.com is one"};
}

std::optional<NameMistake> subject_mistake(std::string_view text) {
  if (text.empty() || text.size() > kMaxSubject) {
    return NameMistake{fmt::format("has 1 to {} characters", kMaxSubject)};
  }
  if (any(text, [](char c) { return !is_visible(c) || c == '*' || c == '>'; })) {
    return NameMistake{"is a subject without white space and wildcards, such as git.site"};
  }
  if (text.starts_with('$')) return NameMistake{"starts with '$', which NATS keeps for itself"};
  for (const std::string_view token : split(text, '.')) {
    if (token.empty()) return NameMistake{"has an empty part between its dots"};
  }
  return std::nullopt;
}

std::optional<NameMistake> stream_mistake(std::string_view text) {
  const bool good = !text.empty() && text.size() <= kMaxStream &&
                    all(text, [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
  if (good) return std::nullopt;
  return NameMistake{
      fmt::format("is a name of letters, digits, '-' and '_', {} at most", kMaxStream),
      "such as GIT"};
}

bool looks_like_secret(std::string_view text) {
  constexpr std::string_view kPrefixes[] = {"whsec_",      "whsk_",  "ghp_",
                                            "github_pat_", "glpat-", "-----BEGIN"};
  for (const std::string_view prefix : kPrefixes) {
    if (text.starts_with(prefix)) return true;
  }
  // White space at all: paths with a blank are rare, passwords of several words and "Bearer X" not.
  if (any(text, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }))
    return true;
  const bool marked = any(text, [](char c) { return c == '+' || c == '='; });
  const bool path = text.starts_with('/') || text.find('.') != std::string_view::npos ||
                    (text.find('/') != std::string_view::npos && !marked);
  const bool alphabet = all(text, [](char c) {
    return is_alnum(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
  });
  return !path && alphabet && text.size() >= 20 && any(text, is_digit) && any(text, is_upper) &&
         any(text, is_lower);
}

}  // namespace trunkgate
