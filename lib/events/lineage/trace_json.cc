#include <nlohmann/json.hpp>

#include "base/text.h"
#include "events/bytes_json.h"
#include "events/event.h"
#include "events/lineage/trace_report.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

Json node_json(const TracedNode& node) {
  Json json{{"kind", to_string(node.kind)}, {"identity", node.identity}};
  if (!node.name.empty()) json["name"] = node.name;
  if (!node.uri.empty()) json["uri"] = node.uri;
  if (!node.notes.empty()) json["notes"] = node.notes;
  return json;
}

Json statement_json(const TracedStatement& statement) {
  Json json{{"attestation", bytes_to_json(statement.ref)},
            {"step", statement.step},
            {"predicate_type", statement.predicate_type},
            {"sha256", statement.sha256}};
  if (!statement.left_by.empty()) json["left_by"] = statement.left_by;
  json["signed"] = statement.is_signed;
  if (statement.recorded != 0) json["recorded"] = rfc3339(statement.recorded);
  return json;
}

Json graph_json(const LineageGraph& graph) {
  Json nodes = Json::array();
  for (const TracedNode& node : graph.nodes) nodes.push_back(node_json(node));
  Json edges = Json::array();
  for (const TracedEdge& edge : graph.edges) {
    edges.push_back({{"from", graph.nodes[edge.from].identity},
                     {"to", graph.nodes[edge.to].identity},
                     {"statement", graph.statements[edge.statement].sha256}});
  }
  Json statements = Json::array();
  for (const TracedStatement& statement : graph.statements) {
    statements.push_back(statement_json(statement));
  }
  return {{"nodes", nodes}, {"edges", edges}, {"statements", statements}, {"cut", graph.cut}};
}

Json step_json(const StoryStep& step) {
  Json json{{"ref", step.ref}, {"by", step.by}, {"time", rfc3339(step.time)}};
  json["push_id"] = step.push_id;
  if (!step.policy_sha256.empty()) json["policy_sha256"] = step.policy_sha256;
  return json;
}

Json story_json(const CommitStory& story) {
  Json json{{"commit", story.commit.hex()}, {"present", story.present}};
  if (!story.present) return json;
  json["title"] = story.title;
  json["version"] = story.version;
  json["tags"] = story.tags;
  json["pushed"] = story.pushed ? step_json(*story.pushed) : Json();
  json["landings"] = Json::array();
  for (const StoryLanding& landing : story.landings) {
    Json item = step_json(landing.step);
    item["kind"] = landing.kind;
    item["approvals"] = landing.approvals;
    item["checks"] = landing.checks;
    json["landings"].push_back(std::move(item));
  }
  json["approvals"] = story.approvals;
  json["checks"] = story.checks;
  return json;
}

}  // namespace

std::string trace_json(const Trace& trace) {
  Json json{{"asked", bytes_to_json(trace.asked)}};
  if (!trace.remark.empty()) json["remark"] = trace.remark;
  if (trace.up) json["up"] = graph_json(trace.origin);
  if (trace.down) json["down"] = graph_json(trace.fate);
  json["commits"] = Json::array();
  for (const CommitStory& story : trace.commits) json["commits"].push_back(story_json(story));
  json["more_commits"] = trace.more_commits;
  return dump(json);
}

}  // namespace trunkgate
