#include "events/sequence_rows.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "events/bytes_json.h"

namespace trunkgate {
namespace {

ObjectId id_in(const Query& query, int column) {
  return ObjectId::parse(query.bytes(column)).value_or(ObjectId());
}

}  // namespace

void read_refs(const Database& database, Sequence& sequence) {
  Query query = database.prepare(
      "SELECT name, count, last_event, value, value_before, not_before, not_after FROM refs");
  while (query.step()) {
    sequence.refs[query.text(0)] = {.count = static_cast<std::uint64_t>(query.integer(1)),
                                    .last_event = query.text(2),
                                    .value = id_in(query, 3),
                                    .before = id_in(query, 4),
                                    .not_before = query.integer(5),
                                    .not_after = query.integer(6)};
  }
}

void write_refs(const Database& database, const Sequence& sequence,
                std::span<const std::string> names) {
  Query query = database.prepare("INSERT OR REPLACE INTO refs VALUES(?, ?, ?, ?, ?, ?, ?)");
  for (const std::string& name : names) {
    const RefHistory* history = sequence.find(name);
    if (history == nullptr) continue;
    query.bind_blob(1, name)
        .bind(2, history->count)
        .bind(3, history->last_event)
        .bind(4, history->value.hex())
        .bind(5, history->before.hex())
        .bind(6, history->not_before)
        .bind(7, history->not_after)
        .run();
  }
}

void read_hotfixes(const Database& database, Sequence& sequence) {
  Query query = database.prepare(
      "SELECT hotfix, by, branch, trunk, lacking, since FROM hotfixes ORDER BY place");
  while (query.step()) {
    sequence.hotfixes.push_back({.commit = id_in(query, 0),
                                 .by = id_in(query, 1),
                                 .branch = query.text(2),
                                 .on = query.text(3),
                                 .into = query.text(4),
                                 .since = query.integer(5)});
  }
}

void write_hotfixes(const Database& database, const Sequence& sequence) {
  database.execute("DELETE FROM hotfixes");
  Query query = database.prepare("INSERT INTO hotfixes VALUES(NULL, ?, ?, ?, ?, ?, ?)");
  for (const OpenHotfix& each : sequence.hotfixes) {
    query.bind(1, each.commit.hex())
        .bind(2, each.by.hex())
        .bind_blob(3, each.branch)
        .bind_blob(4, each.on)
        .bind_blob(5, each.into)
        .bind(6, each.since)
        .run();
  }
}

std::string to_json(const KnownPolicy& policy) {
  nlohmann::ordered_json rules = nlohmann::ordered_json::array();
  for (const auto& [place, rule] : policy.summary.rules) {
    rules.push_back({bytes_to_json(place.first), bytes_to_json(place.second), rule.mode,
                     bytes_to_json(rule.refs)});
  }
  return dump({{"sha256", policy.summary.sha256},
               {"before", policy.before},
               {"since", policy.since},
               {"rules", std::move(rules)}});
}

KnownPolicy known_policy(std::string_view json) {
  KnownPolicy policy;
  const auto object = nlohmann::ordered_json::parse(json, nullptr, false);
  if (!object.is_object()) return policy;
  try {
    policy.summary.sha256 = object.at("sha256").get<std::string>();
    policy.before = object.at("before").get<std::string>();
    policy.since = object.at("since").get<std::int64_t>();
    for (const auto& rule : object.at("rules")) {
      policy.summary.rules[{bytes_from_json(rule.at(0)).value_or(""),
                            bytes_from_json(rule.at(1)).value_or("")}] = {
          .mode = rule.at(2).get<std::string>(), .refs = bytes_from_json(rule.at(3)).value_or("")};
    }
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  return policy;
}

}  // namespace trunkgate
