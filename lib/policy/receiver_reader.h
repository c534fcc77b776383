// Reads what a sink of a policy sends events to: file, webhook, nats, smtp or command.
#pragma once

#include <string>

#include "policy/receiver_values.h"
#include "policy/sink_settings.h"

namespace trunkgate {

class ReceiverReader {
 public:
  // Relative paths start at `folder`, which is empty or ends with a slash. `secrets` takes values
  // that must not be shown. All three outlive the reader.
  ReceiverReader(const std::string& folder, Diagnostics& diagnostics, Concealed& secrets)
      : values_(folder, diagnostics, secrets), diagnostics_(diagnostics) {}

  // `node` stands at the key of the receiver. After a mistake some of it has default values.
  FileSinkSettings read_file(const Node& node);
  WebhookSettings read_webhook(const Node& node);
  NatsSettings read_nats(const Node& node);
  SmtpSettings read_smtp(const Node& node);
  CommandSinkSettings read_command(const Node& node);

 private:
  void warn_about_clear_token(const OptionReader& reader, const WebhookSettings& settings);

  ReceiverValues values_;
  Diagnostics& diagnostics_;
};

}  // namespace trunkgate
