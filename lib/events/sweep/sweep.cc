#include "events/sweep/sweep.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/microseconds.h"
#include "base/text.h"
#include "events/spool.h"
#include "events/spool_room.h"
#include "events/sweep/archive_names.h"
#include "events/sweep/git_refs.h"
#include "events/sweep/sweep_facts.h"
#include "events/sweep/sweep_state.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kDayInSeconds = kDay / kSecond;

bool is_at(const Repository& repository, const std::string& ref, const ObjectId& tip) {
  const RefValue value = repository.ref(ref);
  return tip.is_zero() ? value.kind == RefValue::Kind::none
                       : value.kind == RefValue::Kind::direct && value.id == tip;
}

// Git may have failed, or been killed, after all was done.
bool is_done(const Repository& repository, const std::vector<RefChange>& changes) {
  return std::all_of(changes.begin(), changes.end(), [&](const RefChange& change) {
    return is_at(repository, change.ref, change.after);
  });
}

SpoolRecord record_of(SpoolRecord::Kind kind, const SweepSettings& settings,
                      const std::string& policy_sha256) {
  SpoolRecord record;
  record.kind = kind;
  record.key = settings.key;
  record.time = settings.now();
  record.actor = {.kind = "system", .id = "sweep", .transport = "local", .remote_addr = {}};
  record.cause = "timer";
  record.policy_sha256 = policy_sha256;
  return record;
}

void add_updates(SpoolRecord& record, const std::vector<RefChange>& changes) {
  for (const RefChange& change : changes) {
    if (change.before == change.after) continue;
    record.updates.push_back({.ref = change.ref, .before = change.before, .after = change.after});
  }
}

// Where pushes leave no records, what is archived could not be told.
void check_room(const std::string& spool) {
  if (crowd_in_spool(spool) < kFullSpool) return;
  throw Error(ErrorKind::delivery, printable(spool, 1000) + " is full: nobody delivers events",
              "trunkgate deliver says why");
}

class Sweep {
 public:
  Sweep(const Repository& repository, const Policy& policy, const SweepSettings& settings)
      : repository_(repository),
        policy_(policy),
        settings_(settings),
        sharing_(repository.sharing()),
        spool_(settings.folder + "/spool", sharing_),
        state_path_(settings.folder + "/state/sweep.json"),
        state_(read_sweep_state(state_path_)),
        looked_(settings.now()),
        facts_(repository, settings.folder, policy) {}

  std::vector<SweepRow> plan() {
    forget_untold();
    const std::int64_t now = looked_ / kSecond;
    const MergedSince merged = [&](const SweepEntry& entry, const SweptBranch& branch) {
      return facts_.merged_since(entry, branch, now);
    };
    for (const SweptBranch& branch : facts_.branches()) {
      const auto known = state_.notices.find(branch.ref);
      const GivenNotice* notice = known == state_.notices.end() ? nullptr : &known->second;
      const auto step = next_step(policy_.sweep, branch, notice, merged, now);
      if (!step) continue;
      SweepRow row{.outcome = SweepRow::Outcome::waiting, .branch = branch, .step = *step};
      row.words = facts_.serving(branch.tip);
      if (!row.words.empty()) {
        row.outcome = SweepRow::Outcome::in_use;
      } else if (step->kind == SweepStep::Kind::notice) {
        row.outcome = SweepRow::Outcome::noticed;
      } else if (step->kind == SweepStep::Kind::archive) {
        row.outcome =
            step->entry->archive ? SweepRow::Outcome::archived : SweepRow::Outcome::deleted;
      }
      rows_.push_back(std::move(row));
    }
    ArchiveNames names(repository_);
    for (SweepRow& row : rows_) {
      if (row.outcome == SweepRow::Outcome::archived) name(row, names);
    }
    facts_.finish();
    return rows_;
  }

  std::vector<SweepRow> run() {
    check_room(spool_.folder());
    plan();
    give_notice();
    archive();
    return std::move(rows_);
  }

 private:
  struct Archiving {
    SweepRow* row;
    std::vector<RefChange> changes;
  };

  static bool goes(const SweepRow& row) {
    return row.outcome == SweepRow::Outcome::archived || row.outcome == SweepRow::Outcome::deleted;
  }

  void name(SweepRow& row, ArchiveNames& names) {
    const ArchiveName taken = names.take(row.branch.ref, row.branch.tip);
    row.archive = taken.name;
    if (taken.is_there) kept_.insert(taken.name);
  }

  // A sweep that was killed while it gave notice may have told nobody: then there was none.
  void forget_untold() {
    if (!state_.teller) return;
    SpoolRecord record;
    record.kind = SpoolRecord::Kind::notice;
    record.key = *state_.teller;
    // The journal has it before it leaves the spool.
    if (!exists(spool_.folder() + "/" + file_name(record)) &&
        !facts_.has_told(record.key.push_id())) {
      for (const std::string& ref : state_.telling) state_.notices.erase(ref);
    }
    state_.teller.reset();
    state_.telling.clear();
  }

  // The state knows of a notice before anybody is told of it: of what is told it is known when, and
  // nobody is told twice.
  void give_notice() {
    SpoolRecord record = record_of(SpoolRecord::Kind::notice, settings_, policy_.sha256);
    SweepState state;
    for (const SweepRow& row : rows_) {
      const SweptBranch& branch = row.branch;
      if (row.outcome == SweepRow::Outcome::noticed) {
        const std::int64_t now = record.time / kSecond;
        record.notices.push_back({.ref = branch.ref,
                                  .tip = branch.tip,
                                  .last_commit = branch.last_commit,
                                  .days_idle = (now - row.step.since) / kDayInSeconds,
                                  .archive_after = row.step.archive_after,
                                  .owners = facts_.owners(branch, *row.step.entry)});
        state.notices[branch.ref] = {
            .tip = branch.tip, .given = now, .archive_after = row.step.archive_after};
        state.telling.push_back(branch.ref);
      } else if (row.step.kind != SweepStep::Kind::notice) {
        state.notices[branch.ref] = state_.notices.at(branch.ref);
      }
    }
    if (!state.telling.empty()) state.teller = settings_.key;
    write_sweep_state(state_path_, state, sharing_);
    if (!state.teller) return;
    spool_.write(record);
    state.teller.reset();
    write_sweep_state(state_path_, state, sharing_);
  }

  void archive() {
    std::vector<Archiving> all;
    SpoolRecord intent = record_of(SpoolRecord::Kind::intent, settings_, policy_.sha256);
    intent.looked = looked_;
    for (SweepRow& row : rows_) {
      if (!goes(row)) continue;
      if (!is_at(repository_, row.branch.ref, row.branch.tip)) {
        row.outcome = SweepRow::Outcome::moved;
        continue;
      }
      Archiving& each = all.emplace_back(Archiving{.row = &row, .changes = {}});
      if (!row.archive.empty()) {
        const ObjectId before = kept_.contains(row.archive) ? row.branch.tip : ObjectId();
        each.changes.push_back({row.archive, before, row.branch.tip});
      }
      each.changes.push_back({row.branch.ref, row.branch.tip, ObjectId()});
      add_updates(intent, each.changes);
    }
    if (all.empty()) return;
    spool_.write(intent);
    SpoolRecord result = record_of(SpoolRecord::Kind::result, settings_, {});
    for (const Archiving& each : all) {
      if (move(each)) add_updates(result, each.changes);
    }
    result.time = settings_.now();
    spool_.write(result);
  }

  // Each branch by itself: one that moves meanwhile does not keep the others.
  bool move(const Archiving& each) {
    const auto failure = change_refs(repository_.path(), each.changes, "sweep: archived");
    if (!failure || is_done(repository_, each.changes)) return true;
    SweepRow& row = *each.row;
    row.outcome = SweepRow::Outcome::failed;
    row.words = *failure;
    if (!is_at(repository_, row.branch.ref, row.branch.tip)) {
      row.outcome = SweepRow::Outcome::moved;
    }
    return false;
  }

  const Repository& repository_;
  const Policy& policy_;
  const SweepSettings& settings_;
  Sharing sharing_;
  Spool spool_;
  std::string state_path_;
  SweepState state_;
  std::int64_t looked_;  // before references were read
  SweepFacts facts_;
  std::vector<SweepRow> rows_;
  std::set<std::string> kept_;  // names that the archive has already, with what goes there
};

FileLock take_lock(const Repository& repository, const SweepSettings& settings) {
  const std::string state = settings.folder + "/state";
  make_folder(state, repository.sharing());
  auto lock = FileLock::try_now(state + "/sweep.lock", repository.sharing());
  if (!lock) {
    throw Error(ErrorKind::delivery,
                "another sweep is at work in " + printable(repository.path(), 1000));
  }
  return std::move(*lock);
}

}  // namespace

std::vector<SweepRow> sweep(const Repository& repository, const Policy& policy,
                            const SweepSettings& settings, bool dry_run) {
  if (dry_run) return Sweep(repository, policy, settings).plan();
  const FileLock lock = take_lock(repository, settings);
  return Sweep(repository, policy, settings).run();
}

std::string restore(const Repository& repository, const SweepSettings& settings,
                    const std::string& branch, const std::string& by) {
  const std::string ref = branch.starts_with("refs/heads/") ? branch : "refs/heads/" + branch;
  if (ref_name_mistake(ref)) {
    throw Error(ErrorKind::usage, "'" + printable(branch) + "' is no name of a branch");
  }
  const FileLock lock = take_lock(repository, settings);
  const ArchiveNames names(repository);
  const std::vector<std::string> found = names.of(ref);
  if (found.empty()) {
    throw Error(ErrorKind::usage, "the archive has no branch '" + printable(branch) + "'",
                "see what it has with: git for-each-ref refs/archive/heads");
  }
  const std::string& archive = found.front();
  const ObjectId tip = names.tip(archive);
  SpoolRecord intent = record_of(SpoolRecord::Kind::intent, settings, {});
  intent.looked = intent.time;
  intent.cause = "admin";
  intent.actor = {.kind = "user", .id = by, .transport = "local", .remote_addr = {}};
  if (repository.ref(ref).kind != RefValue::Kind::none) {
    throw Error(ErrorKind::usage, "there is a branch '" + printable(branch) + "'",
                "what the archive has of it is " + printable(archive));
  }
  const Spool spool(settings.folder + "/spool", repository.sharing());
  check_room(spool.folder());
  const std::vector<RefChange> changes{{ref, ObjectId(), tip}, {archive, tip, tip}};
  add_updates(intent, changes);
  spool.write(intent);
  SpoolRecord result = intent;
  result.kind = SpoolRecord::Kind::result;
  result.updates.clear();
  const auto failure = change_refs(repository.path(), changes, "sweep: restored");
  const bool done = !failure || is_done(repository, changes);
  if (done) add_updates(result, changes);
  result.time = settings.now();
  spool.write(result);
  if (!done) throw Error(ErrorKind::repository, "git cannot restore it: " + *failure);
  return archive;
}

}  // namespace trunkgate
