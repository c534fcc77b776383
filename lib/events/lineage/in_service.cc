#include "events/lineage/in_service.h"

#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/utc.h"
#include "events/bytes_json.h"
#include "events/event.h"
#include "events/lineage/lineage_graph.h"
#include "events/version.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownCommits = 5;
constexpr std::string_view kServing = "serving:";

std::vector<ServedCommit> commits_of(const Database& lineage, const TagIndex& tags,
                                     std::int64_t node) {
  std::vector<ServedCommit> commits;
  const std::int64_t start[] = {node};
  for (const TracedNode& each : trace_lineage(lineage, start, LineageDirection::up).nodes) {
    if (each.kind != ArtifactKind::commit || commits.size() == kShownCommits) continue;
    const std::string hex = each.identity.substr(each.identity.find(':') + 1);
    if (const auto id = ObjectId::parse(hex)) {
      commits.push_back({hex, printable(tags.of_commit("refs/heads/x", *id).name)});
    }
  }
  return commits;
}

}  // namespace

std::vector<InService> in_service(const Database& lineage, const Repository& repository) {
  std::map<std::string, std::pair<InService, std::int64_t>, std::less<>> newest;
  Query query = lineage.prepare(
      "SELECT n.identity, n.id, s.left_by, s.recorded FROM lineage_node n "
      "JOIN lineage_mention m ON m.node = n.id JOIN lineage_statement s ON s.id = m.statement "
      "WHERE n.identity >= 'serving:' AND n.identity < 'serving;' ORDER BY s.recorded, s.id");
  while (query.step()) {
    const std::string called = query.text(0).substr(kServing.size());
    const auto at = called.rfind('@');
    if (at == std::string::npos) continue;
    InService found{.service = called.substr(0, at), .revision = called.substr(at + 1)};
    found.left_by = query.text(2);
    found.recorded = query.integer(3);
    const std::string service = found.service;
    newest.insert_or_assign(service, std::pair(std::move(found), query.integer(1)));
  }
  std::vector<InService> services;
  const TagIndex tags(repository, repository.refs("refs/tags/"));
  for (auto& [service, found] : newest) {
    found.first.commits = commits_of(lineage, tags, found.second);
    services.push_back(std::move(found.first));
  }
  return services;
}

std::string in_service_text(const std::vector<InService>& services) {
  std::string text;
  for (const InService& each : services) {
    text += printable(each.service + "@" + each.revision);
    std::string commits;
    for (const ServedCommit& commit : each.commits) {
      commits += (commits.empty() ? "  " : ", ") + commit.version + " (commit " +
                 commit.commit.substr(0, 8) + ")";
    }
    text += commits.empty() ? "  from no commit that is recorded" : commits;
    if (!each.left_by.empty()) text += "  by " + each.left_by;
    if (each.recorded != 0) {
      text += (each.left_by.empty() ? "  " : ", ") + utc_text(each.recorded / 1'000'000);
    }
    text += "\n";
  }
  return text;
}

std::string in_service_json(const std::vector<InService>& services) {
  Json list = Json::array();
  for (const InService& each : services) {
    Json json{{"service", each.service}, {"revision", each.revision}};
    json["commits"] = Json::array();
    for (const ServedCommit& commit : each.commits) {
      json["commits"].push_back({{"commit", commit.commit}, {"version", commit.version}});
    }
    if (!each.left_by.empty()) json["left_by"] = each.left_by;
    if (each.recorded != 0) json["recorded"] = rfc3339(each.recorded);
    list.push_back(std::move(json));
  }
  return dump({{"in_service", std::move(list)}});
}

}  // namespace trunkgate
