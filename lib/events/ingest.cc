#include "events/ingest.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/microseconds.h"
#include "events/derived_events.h"
#include "events/event_builder.h"
#include "events/git_facts.h"
#include "events/lineage/lineage_index.h"
#include "events/reconcile.h"
#include "events/repository_id.h"

namespace trunkgate {
namespace {

// The journal is written once for so many bytes of events, not for each push.
constexpr std::size_t kBatchBytes = std::size_t{4} << 20U;

std::string name_of(std::string_view path) {
  path = path.substr(path.rfind('/') + 1);
  if (path.ends_with(".git") && path.size() > 4) path.remove_suffix(4);
  return std::string(path);
}

// Everybody who gets events would read it.
bool has_password(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view host = url.substr(scheme + 3, url.find('/', scheme + 3) - scheme - 3);
  const auto at = host.rfind('@');
  return at != std::string_view::npos && host.substr(0, at).find(':') != std::string_view::npos;
}

RefValues values_of(const Repository& repository) {
  RefValues values;
  for (const char* prefix : {"refs/", "refs/attest/"}) {
    for (const Ref& ref : repository.refs(prefix)) values[ref.name] = ref.id;
  }
  return values;
}

PushOutcome external_change(const SpooledUpdate& update, std::int64_t now) {
  PushOutcome outcome;
  outcome.external = true;
  outcome.time = now;
  outcome.actor = {.kind = "system", .id = {}, .transport = "local", .remote_addr = {}};
  outcome.applied = {update};
  return outcome;
}

// Takes what the part applied out of the push.
PushOutcome part_of(PushOutcome& push, const std::vector<std::string>& refs) {
  PushOutcome part = push;
  part.goes_on = true;
  part.files.clear();
  const auto in_part = [&](const SpooledUpdate& update) {
    return std::find(refs.begin(), refs.end(), update.ref) != refs.end();
  };
  std::erase_if(part.applied, [&](const SpooledUpdate& update) { return !in_part(update); });
  std::erase_if(push.applied, in_part);
  return part;
}

class Ingest {
 public:
  Ingest(const Repository& repository, Journal& journal, const IngestSettings& settings)
      : repository_(repository),
        journal_(journal),
        settings_(settings),
        sharing_(repository.sharing()),
        spool_(settings.folder + "/spool", sharing_),
        state_(settings.folder + "/state"),
        sequence_(journal.sequence()) {}

  IngestReport run() {
    clear_recorded();
    const std::vector<PushOutcome> pushes = plan();
    notices_ = journal_.notices();
    if (pushes.empty() && notices_.empty() && !journal_.knows_no_refs()) return std::move(report_);
    const std::string id = repository_id(state_ + "/repository-id", sharing_);
    GitFacts facts(repository_, settings_.events.releases,
                   {.known = KnownSignatures(state_), .now = settings_.now() / kSecond});
    for (auto push = pushes.rbegin(); push != pushes.rend(); ++push) {
      for (auto update = push->applied.rbegin(); update != push->applied.rend(); ++update) {
        facts.rewind(*update);
      }
    }
    DerivedEvents derived(repository_, settings_.events, settings_.policy, facts, sequence_);
    for (const PushOutcome& push : pushes) derived.prepare(push.applied);
    EventBuilder builder(repository_facts(repository_, id), settings_.event_source,
                         journal_.epoch(), facts, derived, sequence_, settings_.events.received);
    // At first all refs are taken down.
    if (journal_.knows_no_refs()) {
      for (const auto& [name, history] : sequence_.refs) changed_.push_back(name);
    }
    for (const PushOutcome& push : pushes) {
      add(push, builder);
      // What is told in parts goes into the journal as a whole, like its files out of the spool.
      if (bytes_ >= kBatchBytes && !builder.amid_push()) record({});
    }
    std::vector<std::int64_t> told;
    for (const Notice& notice : notices_) {
      append_event(builder.about_delivery(notice, settings_.now()));
      told.push_back(notice.id);
    }
    record(told);
    return std::move(report_);
  }

 private:
  // A pass that was killed may have left records whose events are in the journal.
  void clear_recorded() {
    remove(journal_.recorded_among(spool_.names()));
    journal_.forget_files(settings_.now() - 7 * kDay);
    sweep_temporary_files(spool_.folder(), settings_.now() - kDay);
    sweep_temporary_files(state_, settings_.now() - kDay);
  }

  void remove(const std::vector<std::string>& files) {
    for (const std::string& name : files) {
      try {
        spool_.remove(name);
      } catch (const Error& error) {
        report_.problems.emplace_back(error.what());
        kept_.insert(name);
      }
    }
  }

  // What is over, in the order in which it happened. The order of the steps in here matters:
  // whoever was dead before refs were read has done all it could; whoever moved one before that has
  // left an intent by the time the spool is listed again.
  std::vector<PushOutcome> plan() {
    std::vector<std::string> names = spool_.names();
    std::erase_if(names, [&](const std::string& name) { return kept_.contains(name); });
    std::vector<PushOutcome> outcomes =
        read_outcomes(spool_, names, settings_.liveness, settings_.now(), report_.problems);
    const RefValues values = values_of(repository_);
    std::vector<std::string> late = spool_.names();
    std::erase_if(late, [&](const std::string& name) {
      return std::binary_search(names.begin(), names.end(), name) || kept_.contains(name);
    });
    for (PushOutcome& outcome : read_late(spool_, late)) outcomes.push_back(std::move(outcome));

    std::vector<PushOutcome> planned;
    for (Happening& happening : reconcile(outcomes, values, sequence_, journal_.knows_no_refs())) {
      if (happening.goes_on) {
        planned.push_back(part_of(outcomes[*happening.push], happening.refs));
      } else if (happening.push) {
        planned.push_back(std::move(outcomes[*happening.push]));
      } else {
        planned.push_back(external_change(happening.external, settings_.now()));
      }
    }
    return planned;
  }

  void append_event(Event event) {
    bytes_ += event.body.size();
    events_.push_back(std::move(event));
  }

  void add(const PushOutcome& push, EventBuilder& builder) {
    const std::size_t first = events_.size();
    builder.append(push, settings_.now(), events_);
    for (std::size_t i = first; i < events_.size(); ++i) bytes_ += events_[i].body.size();
    for (const SpooledUpdate& update : push.applied) changed_.push_back(update.ref);
    files_.insert(files_.end(), push.files.begin(), push.files.end());
    told_.push_back(&push);
  }

  void record(const std::vector<std::int64_t>& told) {
    journal_.record({.events = events_,
                     .sequence = sequence_,
                     .changed = changed_,
                     .files = files_,
                     .subscribers = settings_.subscribers,
                     .notices = told,
                     .now = settings_.now(),
                     .also = [&](const Database& database) { index_lineage(database); }});
    report_.events += events_.size();
    remove(files_);
    events_.clear();
    changed_.clear();
    files_.clear();
    told_.clear();
    bytes_ = 0;
  }

  // What can be traced is in the journal together with the events that tell it.
  void index_lineage(const Database& database) const {
    if (create_lineage_tables(database)) {
      LineageIndex::reindex(database, repository_);
      return;
    }
    for (const PushOutcome* push : told_) {
      LineageIndex::apply(database, repository_, push->applied, push->actor, push->time);
    }
  }

  const Repository& repository_;
  Journal& journal_;
  const IngestSettings& settings_;
  Sharing sharing_;
  Spool spool_;
  std::string state_;
  Sequence sequence_;
  std::set<std::string> kept_;  // recorded, and cannot be removed
  std::vector<Notice> notices_;
  std::vector<Event> events_;  // not recorded yet, like what follows
  std::vector<std::string> changed_;
  std::vector<std::string> files_;
  std::vector<const PushOutcome*> told_;
  std::size_t bytes_ = 0;
  IngestReport report_;
};

}  // namespace

RepositoryFacts repository_facts(const Repository& repository, std::string id) {
  RepositoryFacts facts{.id = std::move(id),
                        .name = name_of(repository.path()),
                        .path = repository.path(),
                        .default_branch = {},
                        .clone_urls = repository.config_all("trunkgate.url")};
  std::erase_if(facts.clone_urls, has_password);
  try {
    facts.default_branch = repository.head();
  } catch (const Error&) {
    // A broken HEAD must not stop the events of other refs.
  }
  return facts;
}

IngestReport ingest(const Repository& repository, Journal& journal,
                    const IngestSettings& settings) {
  return Ingest(repository, journal, settings).run();
}

}  // namespace trunkgate
