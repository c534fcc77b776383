// What each family of events says.
#include "events/event_teller.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace trunkgate {

void EventTeller::message(const EventJson& message) {
  const std::vector<std::string> lines = text_lines(message);
  if (lines.empty()) return;
  out_.lines.insert(out_.lines.end(), {"", "Message"});
  const std::size_t shown = std::min(lines.size(), kMostShown);
  for (std::size_t i = 0; i < shown; ++i) out_.lines.push_back("  " + lines[i]);
  if (lines.size() > shown) {
    out_.lines.push_back(fmt::format("  and {} more lines", lines.size() - shown));
  }
}

void EventTeller::change(const EventJson& change) {
  row("Ref", text(at(at(change, "ref"), "name")));
  row("Before", text(at(change, "before")));
  row("After", text(at(change, "after")));
}

void EventTeller::commits() {
  section("Commits", at(data_, "commits"), number(at(data_, "commits_total")),
          [](const EventJson& commit) {
            return fmt::format("{} {} ({})", short_id(at(commit, "id")), text(at(commit, "title")),
                               text(at(at(commit, "author"), "name"), 60));
          });
}

void EventTeller::findings(std::string_view title, const EventJson& list, std::size_t total) {
  section(std::string(title), list, total, [](const EventJson& finding) {
    std::string where = text(at(finding, "ref"));
    for (const std::string& part : {short_id(at(finding, "commit")), text(at(finding, "path"))}) {
      if (!part.empty()) where += (where.empty() ? "" : " ") + part;
    }
    if (const std::string line = text(at(finding, "line")); !line.empty()) where += ":" + line;
    std::string told =
        fmt::format("{}{}{} [{}]", where, where.empty() ? "" : ": ",
                    text(at(finding, "message"), kMostCharacters), text(at(finding, "rule")));
    if (const std::string hint = text(at(finding, "hint"), kMostCharacters); !hint.empty()) {
      told += "; hint: " + hint;
    }
    if (const std::string by = text(at(finding, "waived_by")); !by.empty()) {
      told += "; waived by " + by;
    }
    return told;
  });
}

void EventTeller::requirements() {
  section("Evidence asked for", at(data_, "requirements"), 0, [](const EventJson& requirement) {
    const std::string why = text(at(requirement, "why"), kMostCharacters);
    return fmt::format("{}: {}{}", text(at(requirement, "state")), text(at(requirement, "what")),
                       why.empty() ? "" : " (" + why + ")");
  });
}

void EventTeller::evidence() {
  section("Approvals", at(data_, "approvals"), 0, [](const EventJson& approval) {
    return fmt::format("{} {} {}", text(at(approval, "by")), text(at(approval, "state")),
                       short_id(at(approval, "commit")));
  });
  section("Checks", at(data_, "checks"), 0, [](const EventJson& check) {
    return fmt::format("{}: {}", text(at(check, "context")), text(at(check, "state")));
  });
}

void EventTeller::push() {
  const EventJson& changes = at(data_, "changes");
  const EventJson& violations = at(data_, "violations");
  const EventJson& warnings = at(data_, "warnings");
  const std::size_t total = std::max(number(at(data_, "violations_total")), size_of(violations));
  const std::string stage = text(at(data_, "stage"));
  std::string to = count_of(size_of(changes), "ref", "refs");
  if (size_of(changes) == 1) to = named(at(changes[0], "ref"));
  if (name_ == "push.rejected") {
    out_.title = fmt::format("{}'s push to {} {}", who(), to,
                             stage == "aborted" ? "was broken off" : "was rejected");
    if (size_of(violations) > 0) out_.title += ": " + text(at(violations[0], "message"), 100);
    if (total > 1) out_.title += fmt::format(" (and {} more)", total - 1);
    row("Stage", stage);
  } else {
    out_.title = fmt::format("{}'s push to {} was {}", who(), to, name_.substr(5));
    if (size_of(warnings) > 0) {
      out_.title += " with " + count_of(size_of(warnings), "warning", "warnings");
    }
  }
  findings("What is wrong", violations, total);
  findings("Warnings", warnings, 0);
  requirements();
  section("Changes", changes, 0, [](const EventJson& change) {
    const auto tip = [](const EventJson& id) { return id.is_string() ? short_id(id) : "none"; };
    return fmt::format("{}  {} -> {}", text(at(at(change, "ref"), "name")),
                       tip(at(change, "before")), tip(at(change, "after")));
  });
}

void EventTeller::ref() {
  const EventJson& moved = at(data_, "change");
  const std::size_t total = number(at(data_, "commits_total"));
  const std::string what = named(at(moved, "ref"));
  if (name_ == "ref.created") {
    out_.title = fmt::format("{} created {}", who(), what);
  } else if (name_ == "ref.deleted") {
    out_.title = fmt::format("{} deleted {}", who(), what);
  } else if (is_true(at(moved, "forced"))) {
    out_.title = fmt::format("{} rewrote {}", who(), what);
  } else {
    out_.title =
        fmt::format("{} pushed {} to {}", who(), count_of(total, "commit", "commits"), what);
  }
  change(moved);
  commits();
}

void EventTeller::landed() {
  const EventJson& landing = at(data_, "landing");
  const std::string sources = joined(at(landing, "source_refs"));
  out_.title =
      fmt::format("{} landed on {}", sources.empty() ? "a change" : sources, changed_ref());
  row("Landing", text(at(landing, "kind")));
  change(at(data_, "change"));
  evidence();
  requirements();
}

void EventTeller::tag() {
  const EventJson& tag = at(data_, "tag");
  out_.title = fmt::format("{} {} tag {}", who(), name_.substr(4), text(at(tag, "name")));
  row("Object", text(at(tag, "object")));
  row("Target", text(at(tag, "target")));
  row("Previous", text(at(data_, "previous")));
  row("Tagger", text(at(at(tag, "tagger"), "name")));
  message(at(tag, "message"));
}

void EventTeller::release() {
  out_.title = fmt::format("{} was released", text(at(at(data_, "version"), "name")));
  row("Previous", text(at(at(data_, "previous_version"), "name")));
  row("Commits", text(at(data_, "commits_since")));
  const EventJson& tag = at(data_, "tag");
  row("Tagger", text(at(at(tag, "tagger"), "name")));
  message(at(tag, "message"));
}

void EventTeller::exemption() {
  const EventJson& exemption = at(data_, "exemption");
  const std::string reason = text(at(exemption, "reason"), kMostCharacters);
  out_.title = fmt::format("{} used the exemption {} on {}", who(), text(at(exemption, "id")),
                           changed_ref());
  row("Reason", reason);
  row("Granted by", text(at(exemption, "granted_by")));
  row("Expires", time_text(at(exemption, "expires")));
  row("Uses left", text(at(exemption, "uses_left")));
  if (is_true(at(exemption, "break_glass"))) row("Break glass", "yes");
  change(at(data_, "change"));
  findings("What it waived", at(data_, "violations"), number(at(data_, "violations_total")));
}

void EventTeller::branch() {
  const std::string what = named(at(data_, "ref"));
  if (name_ == "branch.stale") {
    const std::size_t days = number(at(data_, "days_idle"));
    out_.title =
        fmt::format("{} is stale: nothing new for {}", what, count_of(days, "day", "days"));
    row("Archived", "after " + time_text(at(data_, "archive_after")) + ", unless it moves");
  } else if (name_ == "branch.archived") {
    out_.title = what + " was archived";
    row("Archive", text(at(data_, "archived_to")));
  } else {
    out_.title = what + " is back";
    row("Archive", text(at(data_, "restored_from")));
  }
  row("Tip", text(at(data_, "tip")));
  row("Last commit", time_text(at(data_, "last_commit_time")));
  row("Owners", joined(at(data_, "owners")));
}

void EventTeller::check() {
  const EventJson& check = at(data_, "check");
  out_.title = fmt::format("check {} of {}: {}", text(at(check, "context")),
                           short_id(at(check, "commit")), text(at(check, "state")));
  row("Commit", text(at(check, "commit")));
  row("Page", text(at(check, "url")));
  row("Note", text(at(check, "note"), kMostCharacters));
  const EventJson& metrics = at(check, "metrics");
  if (!metrics.is_object()) return;
  std::size_t shown = 0;
  for (const auto& [name, value] : metrics.items()) {
    if (++shown > kMostShown) break;
    row("Metric", printable(name) + " = " + text(value));
  }
}

void EventTeller::approval() {
  const EventJson& approval = at(data_, "approval");
  const std::string state = text(at(approval, "state"));
  const std::string commit = short_id(at(approval, "commit"));
  const std::string by = text(at(approval, "by"));
  out_.title = fmt::format("{} {} {}", by, state, commit);
  if (state == "revoked") out_.title = fmt::format("{}'s approval of {} was withdrawn", by, commit);
  if (state == "unknown") out_.title = fmt::format("{}'s word on {} cannot be read", by, commit);
  row("Commit", text(at(approval, "commit")));
  row("For", text(at(approval, "target")));
  row("Note", text(at(approval, "note"), kMostCharacters));
}

void EventTeller::lineage() {
  out_.title = "lineage was recorded";
  section("Edges", at(data_, "edges"), 0, [](const EventJson& edge) {
    return fmt::format("{} -> {} ({})", text(at(edge, "from")), text(at(edge, "to")),
                       text(at(edge, "kind")));
  });
}

void EventTeller::policy() {
  out_.title = "the policy has changed";
  row("Now", text(at(at(data_, "policy"), "sha256")));
  row("Before", text(at(at(data_, "previous_policy"), "sha256")));
  section("Rules", at(data_, "diff"), 0, [](const EventJson& rule) {
    const std::string mode = text(at(rule, "mode"));
    const std::string before = text(at(rule, "previous_mode"));
    return fmt::format(
        "{} {} ({}){}", text(at(rule, "change")), text(at(rule, "rule")), text(at(rule, "ruleset")),
        mode.empty() || before.empty() || mode == before ? ""
                                                         : fmt::format(": {} -> {}", before, mode));
  });
}

void EventTeller::hotfix() {
  const EventJson& hotfix = at(data_, "hotfix");
  const std::string on = text(at(hotfix, "landed_on"));
  const std::string into = text(at(hotfix, "into"));
  out_.title = is_true(at(hotfix, "merged"))
                   ? fmt::format("{} has come back to {}", text(at(hotfix, "branch")), into)
                   : fmt::format("{} is on {} but not in {}", text(at(hotfix, "branch")), on, into);
  row("Commit", text(at(hotfix, "commit")));
  row("Landed", time_text(at(hotfix, "landed")));
}

void EventTeller::delivery() {
  const EventJson& delivery = at(data_, "delivery");
  const std::string sink = text(at(delivery, "sink"));
  out_.title = name_ == "endpoint.disabled"
                   ? fmt::format("sink {} is disabled", sink)
                   : fmt::format("an event could not be delivered to sink {}", sink);
  row("Sink", sink);
  row("Given up", text(at(delivery, "event")));
  row("Reason", text(at(delivery, "reason"), kMostCharacters));
}

// Whatever comes later: all that can stand in a row.
void EventTeller::other() {
  out_.title = printable(name_);
  if (!data_.is_object()) return;
  std::size_t shown = 0;
  for (const auto& [key, value] : data_.items()) {
    if (key.starts_with("schema_") || key == "push_id" || key == "cause") continue;
    const std::string told = text(value, kMostCharacters);
    if (!told.empty() && ++shown <= kMostShown) row(printable(key, 40), told);
  }
}

}  // namespace trunkgate
