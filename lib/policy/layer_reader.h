// Reads what the layers of a policy say, the top one first, into one policy.
#pragma once

#include <memory>

#include "config/option_reader.h"
#include "policy/events_reader.h"
#include "policy/evidence_layers.h"
#include "policy/policy.h"
#include "policy/ruleset_reader.h"
#include "policy/sweep_reader.h"

namespace trunkgate {

class LayerReader {
 public:
  // What is referred to outlives this. `read_file` gives a file that a layer names; `test_keys` as
  // for load_policy().
  LayerReader(Diagnostics& diagnostics, Policy& policy, const ReadRuleFile& read_file,
              const Users& test_keys)
      : diagnostics_(diagnostics),
        policy_(policy),
        read_file_(read_file),
        test_keys_(test_keys),
        rulesets_(diagnostics, read_file),
        evidence_(diagnostics, read_file),
        events_(diagnostics),
        sweep_(diagnostics) {}

  // One layer, below all that were read before; its node must outlive finish(). The mode of `layer`
  // is read here.
  void read(const OptionReader& reader, RulesetReader::Layer layer);

  // No layer below may loosen what has been read so far.
  void lock();

  // Makes rules of what all layers say, and finds the mistakes that only the whole policy shows.
  void finish();

  // Values that must not be shown with mistakes.
  const Concealed& secrets() const { return events_.secrets(); }

 private:
  std::shared_ptr<const People> people_now() const;
  bool may_loosen(const Location& where, const std::string& what);
  void check_own_refs();
  void read_version(const OptionReader& reader);
  void read_evidence(const OptionReader& reader, const std::string& folder);
  void read_common(const OptionReader& reader);
  void read_landing(const Node& node);
  void read_namespaces(const Node& node, const OptionReader& reader);
  void set_identity(const Node& node, const std::string& folder);
  void read_policy_ref(const Node& node, const std::string& folder);
  void read_events(const Node& node, const std::string& folder);

  Diagnostics& diagnostics_;
  Policy& policy_;
  ReadRuleFile read_file_;
  const Users& test_keys_;
  People people_;  // of the layers read so far
  RulesetReader rulesets_;
  EvidenceLayers evidence_;
  EventsReader events_;
  SweepReader sweep_;
  bool identity_set_ = false;
  bool on_violation_set_ = false;
  bool queue_set_ = false;
};

}  // namespace trunkgate
