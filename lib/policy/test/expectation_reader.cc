#include "policy/test/expectation_reader.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/text.h"
#include "config/option_reader.h"
#include "policy/always_on.h"
#include "policy/test/test_keys.h"
#include "policy/test/test_names.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

using namespace test_keys;

using Texts = std::vector<std::string>;

// The id of a rule, with the name of its part behind a point, or of something always refused.
bool names_a_rule(const std::string& id) {
  const auto& always = always_on_ids();
  return find_rule(id.substr(0, id.find('.'))) != nullptr ||
         std::find(always.begin(), always.end(), id) != always.end();
}

std::optional<Texts> rules_at(const OptionReader& reader, const Option<Texts>& option) {
  const Node* node = reader.find(option.info.name);
  if (node == nullptr) return std::nullopt;
  Texts ids = reader.get(option);
  for (const std::string& id : ids) {
    if (id.empty() || names_a_rule(id)) continue;
    std::vector<std::string_view> known = rule_ids();
    known.insert(known.end(), always_on_ids().begin(), always_on_ids().end());
    const auto near = nearest(id, known);
    reader.diagnostics().error(item_location(*node, id), "unknown rule '" + printable(id, 60) + "'",
                               near ? "did you mean '" + *near + "'?" : "");
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

Expectation read_expectation(const Node& node, Diagnostics& diagnostics) {
  Expectation expect;
  if (node.kind != Node::Kind::map) {
    static constexpr std::string_view kWords[] = {"accept", "reject"};
    expect.accepted = read_word(node, kWords, 0, diagnostics) == 0;
    return expect;
  }
  const OptionReader reader(node, kExpectKeys, diagnostics, "'expect'");
  if (node.entries.empty()) diagnostics.error(node.where, "'expect' says nothing");
  expect.reject = rules_at(reader, kReject);
  expect.warn = rules_at(reader, kWarn);
  expect.audit = rules_at(reader, kAudit);
  expect.messages = reader.get(kSays);
  if (reader.has("lets-in")) {
    expect.lets_in = reader.get(kLetsIn);
    for (std::string& name : *expect.lets_in) name = full_ref_name(name);
    std::sort(expect.lets_in->begin(), expect.lets_in->end());
  }
  // Who expects warnings alone expects that nothing refuses.
  if (!expect.reject && !expect.lets_in && (expect.warn || expect.audit)) expect.reject.emplace();
  return expect;
}

}  // namespace trunkgate
