// Reads one item of `events: sinks:` in a policy: its name, which events it takes, its receiver.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/concealed.h"
#include "config/option_reader.h"
#include "policy/sink_settings.h"

namespace trunkgate {

class SinkReader {
 public:
  // Diagnostics and secrets outlive the reader.
  SinkReader(Diagnostics& diagnostics, Concealed& secrets)
      : diagnostics_(diagnostics), secrets_(secrets) {}

  // Relative paths start at `folder`, which is empty or ends with a slash. A sink without a name or
  // a receiver is a mistake, which is reported.
  SinkSettings read(const Node& node, const std::string& folder);

  // Labels that no exemption has are mistakes; to be asked when all layers are read.
  void check_labels(const std::vector<std::string>& known) const;

 private:
  void read_types(const OptionReader& keys, SinkFilter& filter);
  void read_filter(const OptionReader& keys, SinkFilter& filter);
  void read_receiver(const OptionReader& keys, const Node& node, const std::string& folder,
                     SinkSettings& sink);

  Diagnostics& diagnostics_;
  Concealed& secrets_;
  std::vector<std::pair<std::string, Location>> labels_;
};

}  // namespace trunkgate
