#include "events/push_outcome.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

struct PushFiles {
  PushKey key;
  std::optional<SpoolRecord> intent;  // of several, all in one
  std::vector<std::string> intent_files;
  std::optional<SpoolRecord> result;
  std::optional<SpoolRecord> notice;
  std::vector<SpoolRecord> rejects;
  bool unreadable = false;
};

template <typename Item>
void append(std::vector<Item>& to, std::vector<Item>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// Reads spool files into the push they belong to.
class Reader {
 public:
  Reader(const Spool& spool, std::vector<std::string>& problems)
      : spool_(spool), problems_(problems) {}

  void add(PushFiles& push, const std::string& name) {
    try {
      auto record = spool_.read(name);
      if (record && record->kind == SpoolRecord::Kind::reject && record->updates.empty()) {
        record.reset();  // an event about no ref at all would fit no schema
      }
      if (record && record->kind == SpoolRecord::Kind::notice && record->notices.empty()) {
        record.reset();
      }
      if (!record) {
        set_aside(name);
        return;
      }
      switch (record->kind) {
        case SpoolRecord::Kind::intent:
          add_intent(push, std::move(*record));
          break;
        case SpoolRecord::Kind::result:
          push.result = std::move(record);
          break;
        case SpoolRecord::Kind::reject:
          push.rejects.push_back(std::move(*record));
          break;
        case SpoolRecord::Kind::notice:
          push.notice = std::move(record);
          break;
      }
    } catch (const Error& error) {
      push.unreadable = true;
      problems_.emplace_back(error.what());
    }
  }

  // A file that was written after the spool was listed.
  void add_late(PushFiles& push, char kind) {
    const std::string name = push.key.text() + "." + kind;
    if (exists(spool_.folder() + "/" + name)) add(push, name);
  }

  bool damaged_intent(const PushFiles& push) const {
    return exists(spool_.folder() + "/" + push.key.text() + ".I.damaged");
  }

 private:
  // `update` without pre-receive leaves one intent for each ref.
  static void add_intent(PushFiles& push, SpoolRecord record) {
    push.intent_files.push_back(file_name(record));
    if (!push.intent) {
      push.intent = std::move(record);
      return;
    }
    append(push.intent->updates, record.updates);
    append(push.intent->findings, record.findings);
    append(push.intent->requirements, record.requirements);
    append(push.intent->exemptions, record.exemptions);
    push.intent->findings_total += record.findings_total;
  }

  void set_aside(const std::string& name) {
    const std::string path = spool_.folder() + "/" + name;
    if (!exists(path)) return;
    spool_.set_aside(name);
    problems_.push_back(printable(path, 1000) + " is no record; it was renamed to " +
                        printable(name) + ".damaged");
  }

  const Spool& spool_;
  std::vector<std::string>& problems_;
};

std::map<std::string, PushFiles> read_files(std::span<const std::string> names, Reader& reader) {
  std::map<std::string, PushFiles> pushes;
  for (const std::string& name : names) {
    const std::string key = name.substr(0, name.find('.'));
    PushFiles& push = pushes[key];
    push.key = PushKey::parse(key).value_or(PushKey{});
    reader.add(push, name);
  }
  return pushes;
}

bool going_on(const PushFiles& push, const LivenessOf& liveness, std::int64_t now) {
  switch (liveness(push.key)) {
    case Liveness::alive:
      return true;
    case Liveness::dead:
      return false;
    case Liveness::foreign:
      return push.intent->time > now - kForeignPatience;
  }
  return true;
}

// Git acknowledges the deletion of a ref that is not there, and pushes of what is there already.
std::vector<SpooledUpdate> changing(const std::vector<SpooledUpdate>& updates) {
  std::vector<SpooledUpdate> result;
  for (const SpooledUpdate& update : updates) {
    if (update.before != update.after) result.push_back(update);
  }
  return result;
}

// What the intent asked for and neither Git applied nor the gate refused.
std::vector<SpooledUpdate> unaccounted(const PushFiles& push) {
  std::set<std::string_view> accounted;
  if (push.result) {
    for (const SpooledUpdate& update : push.result->updates) accounted.insert(update.ref);
  }
  for (const SpoolRecord& reject : push.rejects) {
    for (const SpooledUpdate& update : reject.updates) accounted.insert(update.ref);
  }
  std::vector<SpooledUpdate> result = changing(push.intent->updates);
  std::erase_if(result, [&](const SpooledUpdate& u) { return accounted.contains(u.ref); });
  return result;
}

// post-receive reads no policy: what is protected and how it lands stands in the intent.
std::vector<SpooledUpdate> applied_by(const PushFiles& push) {
  std::map<std::string_view, const SpooledUpdate*> asked;
  for (const SpooledUpdate& update : push.intent->updates) asked.emplace(update.ref, &update);
  std::vector<SpooledUpdate> applied = changing(push.result->updates);
  for (SpooledUpdate& update : applied) {
    const auto found = asked.find(update.ref);
    if (found == asked.end()) continue;
    const SpooledUpdate& wish = *found->second;
    if (wish.before == update.before && wish.after == update.after) {
      update = wish;
    } else {
      update.protected_ref = wish.protected_ref;
    }
  }
  return applied;
}

// An intent names what the gate lets in only.
void add_refused(const std::vector<SpoolRecord>& rejects, std::vector<SpooledUpdate>& asked) {
  std::set<std::string> known;
  for (const SpooledUpdate& update : asked) known.insert(update.ref);
  for (const SpoolRecord& reject : rejects) {
    for (const SpooledUpdate& update : changing(reject.updates)) {
      if (known.insert(update.ref).second) asked.push_back(update);
    }
  }
}

PushOutcome outcome_of(PushFiles& push, bool alive) {
  PushOutcome outcome;
  outcome.key = push.key.text();
  outcome.push_id = push.key.push_id();
  outcome.pending = alive || push.unreadable;
  if (push.notice) outcome.files.push_back(file_name(*push.notice));
  if (push.result) outcome.files.push_back(file_name(*push.result));
  for (const SpoolRecord& reject : push.rejects) outcome.files.push_back(file_name(reject));
  if (push.intent) {
    // None when a damaged intent is replaced by the result, whose file stands in the list already.
    outcome.files.insert(outcome.files.end(), push.intent_files.begin(), push.intent_files.end());
    outcome.time = push.result ? push.result->time : push.intent->time;
    outcome.looked = push.intent->looked != 0 ? push.intent->looked : push.intent->time;
    outcome.actor = push.intent->actor;
    outcome.cause = push.intent->cause;
    outcome.judged = push.intent->time;
    outcome.asked = changing(push.intent->updates);
    outcome.dead = !push.result && !alive;
    outcome.applied = push.result ? applied_by(push) : std::vector<SpooledUpdate>();
    outcome.refused = unaccounted(push);
    if (alive) outcome.applied.swap(outcome.refused);
    outcome.findings = std::move(push.intent->findings);
    outcome.findings_total = push.intent->findings_total;
    outcome.requirements = std::move(push.intent->requirements);
    outcome.exemptions = std::move(push.intent->exemptions);
    outcome.push_options = std::move(push.intent->push_options);
    outcome.policy_sha256 = push.intent->policy_sha256;
  } else if (!push.rejects.empty()) {
    outcome.time = push.rejects.front().time;
    for (const SpoolRecord& reject : push.rejects) {
      outcome.time = std::min(outcome.time, reject.time);
    }
    outcome.actor = push.rejects.front().actor;
    outcome.judged = outcome.time;
    outcome.policy_sha256 = push.rejects.front().policy_sha256;
    outcome.push_options = push.rejects.front().push_options;
  } else if (push.notice) {
    outcome.time = outcome.judged = push.notice->time;
    outcome.actor = push.notice->actor;
    outcome.cause = push.notice->cause;
    outcome.policy_sha256 = push.notice->policy_sha256;
  }
  if (push.notice) {
    outcome.noticed = push.notice->time;
    outcome.notices = std::move(push.notice->notices);
  }
  add_refused(push.rejects, outcome.asked);
  outcome.rejects = std::move(push.rejects);
  return outcome;
}

}  // namespace

std::vector<PushOutcome> read_outcomes(const Spool& spool, std::span<const std::string> names,
                                       const LivenessOf& liveness, std::int64_t now,
                                       std::vector<std::string>& problems) {
  Reader reader(spool, problems);
  std::vector<PushOutcome> outcomes;
  for (auto& [key, push] : read_files(names, reader)) {
    // The folder may have been read while the hooks of a push wrote to it.
    if (!push.intent && !push.unreadable) reader.add_late(push, 'I');
    bool alive = false;
    if (push.intent && !push.result) {
      alive = going_on(push, liveness, now);
      // What a dead push wrote it wrote before it was found dead.
      if (!alive) reader.add_late(push, 'R');
    }
    if (!push.intent && push.result && reader.damaged_intent(push)) push.intent = push.result;
    if (!push.intent && !push.result && !push.notice && push.rejects.empty() && !push.unreadable) {
      continue;
    }
    outcomes.push_back(outcome_of(push, alive));
  }
  std::sort(outcomes.begin(), outcomes.end(), [](const PushOutcome& a, const PushOutcome& b) {
    return std::tie(a.time, a.key) < std::tie(b.time, b.key);
  });
  return outcomes;
}

std::vector<PushOutcome> read_late(const Spool& spool, std::span<const std::string> names) {
  std::vector<std::string> ignored;
  Reader reader(spool, ignored);
  std::vector<PushOutcome> outcomes;
  for (auto& [key, push] : read_files(names, reader)) {
    if (!push.intent) continue;  // a rejection, or a result whose intent was there before
    push.result.reset();
    outcomes.push_back(outcome_of(push, true));
  }
  return outcomes;
}

}  // namespace trunkgate
