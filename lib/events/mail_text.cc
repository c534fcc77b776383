#include "events/mail_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "events/event_prose.h"

namespace trunkgate {
namespace {

constexpr std::size_t kHeaderLine = 76;    // RFC 2047 allows no more where there are encoded words
constexpr std::size_t kEncodedBytes = 39;  // of one encoded word, after the longest header name
constexpr std::size_t kPlainLine = 900;    // RFC 5321 allows 998
constexpr std::size_t kMostSubject = 150;  // characters
constexpr std::size_t kMostEvents = 50;    // told in full
constexpr std::size_t kMostTitles = 1000;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 0;
    while (size < text.size()) {
      const std::size_t next = next_code_point(text.substr(size)).size;
      if (size + next > kEncodedBytes) break;
      size += next;
    }
    out +=
        fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return out;
}

// Letters, digits, '_', '-' and '.' of an identification.
std::string id_text(std::string_view id) {
  std::string out;
  for (const char c : id) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.') out.push_back(c);
  }
  return out;
}

// What the mails about one branch or one push have in common: events of a ref share a partition,
// and a push is a partition of its own.
std::string thread_of(const Delivery& event, std::string_view host) {
  if (event.partition.empty()) return {};
  return fmt::format("<thread_{}@{}>", sha256(event.partition).substr(0, 32), host);
}

std::string thread_of(std::span<const Delivery> events, std::string_view host) {
  std::string thread = thread_of(events.front(), host);
  for (const Delivery& event : events) {
    if (thread_of(event, host) != thread) return {};
  }
  return thread;
}

std::string type_name(std::string_view type) {
  constexpr std::string_view kPrefix = "dev.trunkgate.";
  if (type.starts_with(kPrefix)) type.remove_prefix(kPrefix.size());
  return id_text(type);
}

// What the mail says, a line each; and its subject.
struct Content {
  std::string subject;
  std::vector<std::string> lines;
};

Content content_of(std::span<const Delivery> events) {
  Content content;
  std::vector<std::string> full;
  std::string repository;
  for (std::size_t i = 0; i < std::min(events.size(), kMostTitles); ++i) {
    const EventProse prose = prose_of(events[i]);
    if (i == 0) {
      content.subject = prose.title;
      repository = prose.repository;
    }
    if (events.size() > 1) content.lines.push_back(fmt::format("{:>4}. {}", i + 1, prose.title));
    if (i >= kMostEvents) continue;
    if (events.size() > 1) {
      full.insert(full.end(),
                  {"", std::string(72, '-'), fmt::format("{}. {}", i + 1, prose.title)});
    } else {
      full.push_back(prose.title);
    }
    full.emplace_back();
    full.insert(full.end(), prose.lines.begin(), prose.lines.end());
  }
  if (events.size() > kMostTitles) {
    content.lines.push_back(fmt::format("      and {} more", events.size() - kMostTitles));
  }
  content.lines.insert(content.lines.end(), full.begin(), full.end());
  if (events.size() > kMostEvents) {
    content.lines.insert(content.lines.end(),
                         {"", fmt::format("The first {} are told in full.", kMostEvents)});
  }
  if (events.size() > 1)
    content.subject = fmt::format("{} events: {}", events.size(), content.subject);
  if (!repository.empty()) content.subject = fmt::format("[{}] {}", repository, content.subject);
  return content;
}

bool may_stand_as_it_is(const std::vector<std::string>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.size() <= kPlainLine && is_plain(line);
  });
}

}  // namespace

void check_mail_address(std::string_view address) {
  constexpr std::string_view kForbidden = " \",;:<>()[]\\";
  const auto sign = address.find('@');
  const bool good = sign != std::string_view::npos && sign > 0 && sign + 1 < address.size() &&
                    address.find('@', sign + 1) == std::string_view::npos &&
                    address.size() <= 254 && is_plain(address) &&
                    address.find_first_of(kForbidden) == std::string_view::npos;
  if (good) return;
  throw Error(ErrorKind::delivery, "no mail address: " + printable(address));
}

std::string mail_host(std::string_view host) {
  const bool good = !host.empty() && host.size() <= 253 && host == id_text(host) &&
                    host.find('_') == std::string_view::npos && host.front() != '.' &&
                    host.front() != '-' && host.find("..") == std::string_view::npos;
  return good ? std::string(host) : "localhost";
}

std::string mail_header(std::string_view name, std::string_view text) {
  std::string words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.append(words.empty() ? "" : " ").append(word);
  }
  if (!is_plain(words) || words.find("=?") != std::string::npos) {
    return fmt::format("{}: {}\r\n", name, encoded_words(words));
  }
  std::string out = fmt::format("{}:", name);
  std::size_t column = out.size();
  for (const std::string_view word : split(words, ' ')) {
    // The first word stays on the line of the name: a line of nothing but blanks is no header.
    if (column + 1 + word.size() > kHeaderLine && column > name.size() + 1) {
      out += "\r\n";
      column = 0;
    }
    out.append(" ").append(word);
    column += 1 + word.size();
  }
  return out + "\r\n";
}

std::string mail_date(std::int64_t microseconds) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(microseconds / 1'000'000);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     kDays.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                     kMonths.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string quoted_printable(std::string_view line) {
  constexpr std::size_t kWidth = 75;  // and '=' where it goes on
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank_at_end = c == ' ' && i + 1 == line.size();
    const bool plain = c >= 0x20 && c < 0x7F && c != '=' && !blank_at_end;
    const std::string shown =
        plain ? std::string(1, c) : fmt::format("={:02X}", static_cast<unsigned char>(c));
    if (column + shown.size() > kWidth) {
      out += "=\r\n";
      column = 0;
    }
    out += shown;
    column += shown.size();
  }
  return out + "\r\n";
}

std::string mail_text(std::span<const Delivery> events, const MailEnvelope& envelope) {
  if (events.empty() || envelope.to.empty()) {
    throw Error(ErrorKind::internal, "a mail about nothing, or to nobody");
  }
  check_mail_address(envelope.from);
  for (const std::string& address : envelope.to) check_mail_address(address);
  const std::string host = mail_host(envelope.host);
  Content content = content_of(events);
  content.lines.insert(content.lines.end(), {"", "-- ", "trunkgate on " + host});

  std::string mail = fmt::format("Date: {}\r\n", mail_date(envelope.now));
  mail += fmt::format("From: trunkgate <{}>\r\n", envelope.from);
  mail += fmt::format("To: {}\r\n", join(envelope.to, ",\r\n "));
  mail += mail_header("Subject", printable(content.subject, kMostSubject));
  mail += fmt::format("Message-ID: <{}@{}>\r\n", id_text(events.back().id), host);
  if (const std::string thread = thread_of(events, host); !thread.empty()) {
    mail += fmt::format("In-Reply-To: {0}\r\nReferences: {0}\r\n", thread);
  }
  // Nobody's holiday notice answers it.
  mail += "Auto-Submitted: auto-generated\r\n";
  if (events.size() == 1) {
    mail += fmt::format("X-Trunkgate-Event: {}\r\n", type_name(events.front().type));
  }
  const bool plain = may_stand_as_it_is(content.lines);
  mail += fmt::format(
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=UTF-8\r\n"
      "Content-Transfer-Encoding: {}\r\n\r\n",
      plain ? "7bit" : "quoted-printable");
  for (const std::string& line : content.lines) {
    mail += plain ? line + "\r\n" : quoted_printable(line);
  }
  return mail;
}

}  // namespace trunkgate
