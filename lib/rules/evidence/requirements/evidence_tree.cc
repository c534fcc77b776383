#include "rules/evidence/requirements/evidence_tree.h"

#include <algorithm>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxCommands = 6;
constexpr std::size_t kDetailColumns = 66;

// A line further in, on as many lines as it needs; a space in front keeps its shape in reports.
void add_lines(std::vector<std::string>& lines, const std::string& indent,
               const std::string& text) {
  bool first = true;
  for (const std::string& part : wrap(text, kDetailColumns - indent.size() - 2)) {
    lines.push_back(indent + (first ? "" : "  ") + part);
    first = false;
  }
}

void add_new(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& text : from) {
    if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
  }
}

// What a part adds to the details of the whole.
void describe(const EvidenceNode& part, const Standing& standing, std::vector<std::string>& lines) {
  std::string line = std::string(to_string(standing.state)) + ": " + part.what();
  if (part.leaf && !standing.why.empty()) line += ": " + standing.why;
  add_lines(lines, " ", line);
  if (standing.holds()) return;
  for (const std::string& detail : standing.details) {
    // Those of a part with parts have their shape already.
    if (part.leaf) {
      add_lines(lines, "   ", detail);
    } else {
      lines.push_back("  " + detail);
    }
  }
}

// What has to be done about the parts that do not hold.
void add_repairs(const std::vector<Standing>& standings, Standing& out) {
  std::vector<std::string> hints;
  for (const Standing& part : standings) {
    if (part.holds() || part.vetoed != out.vetoed) continue;
    if (!part.hint.empty()) add_new(hints, {part.hint});
    add_new(out.commands, part.commands);
  }
  out.hint = join(hints, "; ");
  if (out.commands.size() > kMaxCommands) out.commands.resize(kMaxCommands);
}

}  // namespace

AttestationKind kind_of_leaf(const EvidenceNode::Leaf& leaf) {
  return std::holds_alternative<ApprovalRequirement>(leaf) ? AttestationKind::approval
                                                           : AttestationKind::check;
}

std::string EvidenceNode::what() const {
  if (leaf) {
    return std::visit([](const auto& requirement) { return requirement.what(); }, *leaf);
  }
  std::vector<std::string> words;
  for (const EvidenceNode& part : parts) {
    const bool nested = !part.leaf && parts.size() > 1;
    words.push_back(nested ? "(" + part.what() + ")" : part.what());
  }
  if (join == Join::at_least) {
    return std::to_string(least) + " of (" + trunkgate::join(words, ", ") + ")";
  }
  return trunkgate::join(words, join == Join::all ? " and " : " or ");
}

void EvidenceNode::visit_leaves(const std::function<void(const Leaf&)>& visit) const {
  if (leaf) visit(*leaf);
  for (const EvidenceNode& part : parts) part.visit_leaves(visit);
}

Standing EvidenceNode::judge(const LandedWork& work) const {
  if (leaf) {
    return std::visit([&](const auto& requirement) { return requirement.judge(work); }, *leaf);
  }
  std::vector<Standing> standings;
  std::size_t applicable = 0;
  std::size_t satisfied = 0;
  std::size_t errors = 0;
  Standing out;
  for (const EvidenceNode& part : parts) {
    Standing& standing = standings.emplace_back(part.judge(work));
    applicable += standing.state == RequirementState::not_applicable ? 0 : 1;
    satisfied += standing.state == RequirementState::satisfied ? 1 : 0;
    errors += standing.state == RequirementState::error ? 1 : 0;
    if (standing.vetoed && !out.vetoed) {
      out.vetoed = true;
      out.message = standing.message;
      out.why = standing.why;
    }
  }
  if (applicable == 0) return not_applicable("nothing of it applies");
  const std::size_t wanted = join == Join::all ? applicable : join == Join::any ? 1 : least;
  const std::size_t needed = std::min(wanted, applicable);
  if (satisfied >= needed && !out.vetoed) {
    std::vector<std::string> whys;
    for (std::size_t i = 0; i < parts.size() && whys.size() < needed; ++i) {
      const Standing& part = standings[i];
      if (part.state != RequirementState::satisfied) continue;
      whys.push_back(parts[i].leaf ? parts[i].what() + ": " + part.why : part.why);
      out.relied.insert(out.relied.end(), part.relied.begin(), part.relied.end());
    }
    out.why = trunkgate::join(whys, "; ");
    return out;
  }
  const bool unknown = !out.vetoed && satisfied + errors >= needed;
  out.state = unknown ? RequirementState::error : RequirementState::unsatisfied;
  if (!out.vetoed) {
    out.message = work.name() + " needs " + what();
    out.why = std::to_string(satisfied) + " of " + std::to_string(needed) + " needed";
  }
  for (std::size_t i = 0; i < parts.size(); ++i) describe(parts[i], standings[i], out.details);
  add_repairs(standings, out);
  return out;
}

}  // namespace trunkgate
