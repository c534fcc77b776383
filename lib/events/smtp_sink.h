// Mails events, with libcurl.
#pragma once

#include <chrono>
#include <memory>

#include "events/sink.h"
#include "events/sink_place.h"
#include "policy/sink_settings.h"

namespace trunkgate {

// How long a server may take.
struct SmtpPatience {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds mail{30'000};  // one, with the connection that it may need
  std::chrono::milliseconds call{60'000};  // one call of deliver(); what is left is skipped
};

// One mail for each event; one for all of a call when events are gathered (`digest`). A mail that
// one of its receivers cannot get is not sent to any: a part that fails would be sent to the others
// again and again.
//
// smtps:// is TLS from the start; with smtp://, STARTTLS is used when the server offers it. The
// server must show a certificate that holds, and TLS must be had, with smtps://, with a ca_file,
// and with a password for a server that is not this machine; in all other cases whoever stands
// between could have taken STARTTLS out of the server's offer as well, so any certificate is better
// than none, as all mail servers have it among themselves (and as Debian's listens on localhost).
std::unique_ptr<Sink> make_smtp_sink(const SinkSettings& settings, const SinkPlace& place,
                                     SmtpPatience patience = {});

}  // namespace trunkgate
