#include "policy/exemptions_reader.h"

#include <algorithm>
#include <span>

#include "base/nearest.h"
#include "base/text.h"
#include "config/option_reader.h"
#include "policy/always_on.h"
#include "policy/policy_keys.h"
#include "policy/presets.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

using namespace keys;

class Reader {
 public:
  Reader(const Entry& entry, const People& people, Diagnostics& diagnostics)
      : entry_(entry),
        people_(people),
        diagnostics_(diagnostics),
        name_("exemption '" + printable(entry.key, 60) + "'"),
        reader_(entry.value, kExemptionKeys, diagnostics, name_) {}

  Exemption read() {
    Exemption exemption;
    exemption.label = entry_.key;
    if (!is_exemption_label(entry_.key)) {
      diagnostics_.error(entry_.key_where, "'" + printable(entry_.key, 60) +
                                               "' is no label: letters, digits and . _ -, " +
                                               std::to_string(kMaxLabel) + " at most");
    }
    const Node::Kind kind = entry_.value.kind;
    if (kind != Node::Kind::map && kind != Node::Kind::null) return exemption;  // has been said
    read_waives(exemption);
    exemption.by = people_at(reader_, kExemptionBy, exemption.by_words);
    if (!reader_.has("by")) {
      diagnostics_.error(
          entry_.key_where,
          "the " + name_ + " needs to know who may use it: 'by: [release-managers]'");
    }
    if (const Node* refs = reader_.find("refs"); refs != nullptr) {
      exemption.refs = reader_.get(kExemptionRefs);
      if (refs->kind == Node::Kind::sequence && refs->items.empty()) {
        diagnostics_.error(refs->where, "'refs' is empty: the " + name_ + " would be for nothing");
      }
    }
    if (const Node* reason = reader_.find("reason"); reason != nullptr) {
      static constexpr std::string_view kWords[] = {"required", "optional"};
      exemption.needs_reason = read_word(*reason, kWords, 0, diagnostics_) == 0;
    }
    exemption.uses = number_at(reader_, kUses);
    exemption.budget = number_at(reader_, kBudget);
    exemption.expires = reader_.get(kExpires).count();
    if (const Node* node = reader_.find("approval"); node != nullptr) {
      exemption.approval = read_approval(*node);
    }
    return exemption;
  }

 private:
  void read_waives(Exemption& exemption) {
    const Node* node = reader_.find("waives");
    if (node == nullptr) {
      diagnostics_.error(entry_.key_where, "the " + name_ + " needs to know what it waives",
                         "rules by id: 'waives: [oversized-file]'");
      return;
    }
    for (const std::string& rule : reader_.get(kWaives)) {
      if (rule == "*") {
        exemption.break_glass = true;
      } else if (knows(rule, item_location(*node, rule))) {
        exemption.waives.push_back(rule);
      }
    }
    if (exemption.break_glass && node->items.size() > 1) {
      diagnostics_.error(node->where, "'*' waives everything: nothing can stand beside it");
    }
    if (node->kind == Node::Kind::sequence && node->items.empty()) {
      diagnostics_.error(node->where, "'waives' is empty: the " + name_ + " would do nothing");
    }
  }

  // An id of a rule, or of a part of one: "missing-check.mini-val".
  bool knows(const std::string& rule, const Location& where) {
    const auto dot = rule.find('.');
    const std::string id = rule.substr(0, dot);
    if (find_rule(id) != nullptr && !rule.ends_with('.')) return true;
    const auto always = always_on_ids();
    if (std::find(always.begin(), always.end(), id) != always.end()) {
      diagnostics_.error(where, "'" + id + "' is refused whatever the policy says",
                         "no exemption waives it");
      return false;
    }
    const auto known = nearest(id, rule_ids());
    diagnostics_.error(
        where, "unknown rule '" + printable(rule, 60) + "'",
        known ? "did you mean '" + *known +
                    (dot == std::string::npos ? "" : printable(rule.substr(dot), 60)) + "'?"
              : "");
    return false;
  }

  std::vector<std::string> people_at(const OptionReader& reader,
                                     const Option<std::vector<std::string>>& option,
                                     std::string& words) {
    const Node* node = reader.find(option.info.name);
    if (node == nullptr) return {};
    const std::vector<std::string> names = reader.get(option);
    words = names.empty() ? "nobody" : printable(join(names, ", "), 200);
    std::vector<std::string> users = users_of(*node, names, people_.groups, diagnostics_);
    // A preset leaves it to the team to name them.
    const bool preset = node->where.source->path.starts_with(kPresetPrefix);
    if (node->kind == Node::Kind::sequence && node->items.empty() && !preset) {
      diagnostics_.error(node->where,
                         "'" + std::string(option.info.name) + "' is empty: nobody could");
    }
    return users;
  }

  std::optional<std::size_t> number_at(const OptionReader& reader,
                                       const Option<std::int64_t>& option) {
    const Node* node = reader.find(option.info.name);
    if (node == nullptr) return std::nullopt;
    const std::int64_t number = reader.get(option);
    if (number < 1 && node->kind == Node::Kind::scalar && node->text == "0") {
      diagnostics_.error(node->where, "'" + std::string(option.info.name) + "' is 1 or more");
    }
    return static_cast<std::size_t>(std::max<std::int64_t>(number, 0));
  }

  ExemptionApproval read_approval(const Node& node) {
    const OptionReader reader(node, kExemptionApprovalKeys, diagnostics_,
                              "'approval' of the " + name_);
    ExemptionApproval approval;
    approval.by = people_at(reader, kGrantedBy, approval.by_words);
    if (!reader.has("by")) {
      diagnostics_.error(node.where,
                         "'approval' needs to know who may give it: 'by: [release-managers]'");
      return approval;
    }
    approval.count = number_at(reader, kGrantCount).value_or(1);
    if (approval.count > approval.by.size() && !approval.by.empty()) {
      diagnostics_.error(
          reader.find("count") == nullptr ? node.where : reader.find("count")->where,
          "only " + count_of(approval.by.size(), "person", "people") + " could approve it");
    }
    return approval;
  }

  const Entry& entry_;
  const People& people_;
  Diagnostics& diagnostics_;
  std::string name_;
  OptionReader reader_;
};

}  // namespace

std::vector<Exemption> read_exemptions(const Node& node, const People& people,
                                       Diagnostics& diagnostics) {
  std::vector<Exemption> exemptions;
  if (node.kind == Node::Kind::null) return exemptions;
  if (node.kind != Node::Kind::map) {
    diagnostics.error(node.where, "'exemptions' must be a map of labels");
    return exemptions;
  }
  for (const Entry& entry : node.entries) {
    exemptions.push_back(Reader(entry, people, diagnostics).read());
  }
  return exemptions;
}

void check_grants(const Node& node, const std::vector<Exemption>& exemptions,
                  const AttestationPolicy* attestations, Diagnostics& diagnostics) {
  for (const Exemption& exemption : exemptions) {
    if (!exemption.approval || exemption.approval->by.empty()) continue;
    std::size_t possible = 0;
    if (attestations != nullptr) {
      const AttestationRules& rules = attestations->of(AttestationKind::exemption);
      for (const std::string& user : exemption.approval->by) {
        if (rules.taken && std::binary_search(rules.by.begin(), rules.by.end(), user)) ++possible;
      }
    }
    if (possible >= exemption.approval->count) continue;
    diagnostics.error(node.find(exemption.label)->find("approval")->where,
                      "whoever approves this may leave no grant, so nobody could use it",
                      "attestations: {exemption: {by: [" + exemption.approval->by_words + "]}}");
  }
}

}  // namespace trunkgate
