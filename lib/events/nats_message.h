// What an event is on NATS: its subject and its headers.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/sink.h"

namespace trunkgate {

struct NatsMessage {
  // "git.<host>.<repository>.<type>": four tokens, so that consumers can filter by position. The
  // type is as policies write it, "ref%2Eupdated"; of a later version it ends in "%2Ev2".
  std::string subject;
  // The id that the server knows repeats by, and copies of what consumers filter by; the body says
  // the same without loss.
  std::vector<std::pair<std::string, std::string>> headers;
};

NatsMessage nats_message(const Delivery& event, std::string_view subject, std::string_view host);

// One token of a subject: '.', '*', '>', '%' and all that is not visible ASCII become %XX; cut when
// it is long, since a server takes no long subjects; "_" for nothing.
std::string nats_token(std::string_view bytes);

}  // namespace trunkgate
