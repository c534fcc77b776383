#include "events/event_prose.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "events/event_teller.h"

namespace trunkgate {

std::string EventTeller::who() const {
  const EventJson& actor = at(data_, "actor");
  std::string id = text(at(actor, "id"), 60);
  if (!id.empty()) return id;
  return text(at(actor, "kind")) == "system" ? "the server" : "somebody";
}

std::string EventTeller::named(const EventJson& ref) const {
  const std::string kind = text(at(ref, "kind"));
  std::string name = text(at(ref, "short"));
  if (name.empty()) name = text(at(ref, "name"));
  return kind == "branch" || kind == "tag" ? kind + " " + name : name;
}

void EventTeller::row(std::string_view label, const std::string& value) {
  if (!value.empty()) out_.lines.push_back(fmt::format("{:<12} {}", label, value));
}

void EventTeller::section(const std::string& title, const EventJson& list, std::size_t total,
                          std::string (*line)(const EventJson&)) {
  if (size_of(list) == 0) return;
  out_.lines.emplace_back();
  out_.lines.push_back(title);
  const std::size_t shown = std::min(list.size(), kMostShown);
  for (std::size_t i = 0; i < shown; ++i) out_.lines.push_back("  " + line(list[i]));
  total = std::max(total, list.size());
  if (total > shown) out_.lines.push_back(fmt::format("  and {} more", total - shown));
}

std::string EventTeller::changed_ref() const {
  return text(at(at(at(data_, "change"), "ref"), "short"));
}

void EventTeller::tell() {
  constexpr std::array<std::pair<std::string_view, Part>, 15> kParts{
      {{"push.", &EventTeller::push},
       {"ref.", &EventTeller::ref},
       {"change.landed", &EventTeller::landed},
       {"tag.", &EventTeller::tag},
       {"release.created", &EventTeller::release},
       {"exemption.used", &EventTeller::exemption},
       {"branch.", &EventTeller::branch},
       {"check.recorded", &EventTeller::check},
       {"approval.recorded", &EventTeller::approval},
       {"lineage.recorded", &EventTeller::lineage},
       {"policy.changed", &EventTeller::policy},
       {"hotfix.unmerged", &EventTeller::hotfix},
       {"endpoint.disabled", &EventTeller::delivery},
       {"delivery.dead", &EventTeller::delivery},
       {"", &EventTeller::other}}};
  for (const auto& [start, part] : kParts) {
    if (!name_.starts_with(start)) continue;
    (this->*part)();
    break;
  }
  out_.repository = text(at(at(data_, "repository"), "name"), 60);
  std::vector<std::string> rows;
  std::swap(rows, out_.lines);
  const EventJson& actor = at(data_, "actor");
  std::string way = text(at(actor, "transport"));
  if (const std::string from = text(at(actor, "remote_addr")); !from.empty()) {
    way += (way.empty() ? "from " : " from ") + from;
  }
  row("Repository", out_.repository);
  row("Who", way.empty() ? who() : fmt::format("{} ({})", who(), way));
  row("When", time_text(at(event_, "time")));
  row("Version", text(at(at(data_, "version"), "name")));
  if (is_true(at(data_, "draft"))) row("Draft", "yes");
  out_.lines.insert(out_.lines.end(), rows.begin(), rows.end());
  out_.lines.emplace_back();
  if (size_of(at(data_, "truncated")) > 0) {
    out_.lines.emplace_back("The event was cut; the journal has all of it.");
  }
  row("Push", text(at(data_, "push_id")));
  row("Event", text(at(event_, "id")));
}

EventProse prose_of(const Delivery& event) {
  constexpr std::string_view kPrefix = "dev.trunkgate.";
  std::string_view name = event.type;
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  if (const auto version = name.rfind(".v"); version != std::string_view::npos) {
    name = name.substr(0, version);
  }
  EventProse prose;
  EventTeller(EventJson::parse(event.json, nullptr, false), name, prose).tell();
  return prose;
}

}  // namespace trunkgate
