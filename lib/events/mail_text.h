// A mail about events: RFC 5322 text, ready for SMTP.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/sink.h"

namespace trunkgate {

struct MailEnvelope {
  std::string from;             // an address
  std::vector<std::string> to;  // addresses, at least one
  std::string host;             // for identifications
  std::int64_t now = 0;         // microseconds since 1970
};

// Throws Error(delivery) unless it is an address that can stand in a header and in a command of
// SMTP as it is: visible ASCII, one '@', none of ",;:<>()[]\ and quotes.
void check_mail_address(std::string_view address);

// A name for this machine that mail servers take: letters, digits, '.' and '-'; else "localhost".
std::string mail_host(std::string_view host);

// One mail for all of the events (at least one). Lines end with CRLF; all bytes are ASCII. Mails
// about one branch, and about one push, refer to the same (made-up) mail, so that readers show them
// as one thread. Nothing that a pusher chooses can make a header or a line of its own.
std::string mail_text(std::span<const Delivery> events, const MailEnvelope& envelope);

// Building stones, here for their tests.
// "Subject: …" folded, in encoded words (RFC 2047) when need be; `text` is printable().
std::string mail_header(std::string_view name, std::string_view text);
// "Fri, 02 Jan 2026 03:04:05 +0000".
std::string mail_date(std::int64_t microseconds);
// Lines of at most 76 characters, CRLF ended (RFC 2045).
std::string quoted_printable(std::string_view line);

}  // namespace trunkgate
