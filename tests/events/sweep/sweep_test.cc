// Sweeps of real repositories, on a clock that stands where a test puts it.
#include "events/sweep/sweep.h"

#include "../derived_fixture.h"
#include "base/error.h"
#include "events/sweep/sweep_state.h"
#include "git/ref_name.h"
#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kDay = 86'400 * kSecond;
const std::string kExperiments = "{refs: ['exp/**'], after: 10d, notice: 2d}";
const std::string kMerged =
    "{name: merged, refs: ['feature/**'], merged-into: [main], after: 7d, notice: 2d}";

class SweepTest : public DerivedEventsTest {
 protected:
  void SetUp() override {
    DerivedEventsTest::SetUp();
    base_ = commit("base");
    tip_ = commit("tip", {base_});
    set_ref("refs/heads/main", base_);
    set_ref("refs/heads/exp/a", tip_);
    now_ = start_ = kNow;
    deliver();  // takes down what is there
  }

  void at(double days) { now_ = start_ + static_cast<std::int64_t>(days * kDay); }

  std::unique_ptr<Policy> policy(const std::string& entries) const {
    auto made = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{
          FileState::present, "version: 1\n" + rulesets_ + "sweep: [" + entries + "]\n", {}};
    });
    made->settle({.repository = repository_path_, .default_branch = repository().head()});
    return made;
  }

  SweepSettings sweep_settings() {
    return {.folder = folder(), .key = key(++processes_), .now = [this] { return now_; }};
  }

  // "exp/a archived refs/archive/heads/exp/a": of each row.
  Story swept(const std::string& entries, bool dry_run = false) {
    Story rows;
    const auto loaded = policy(entries);
    for (const SweepRow& row : sweep(repository(), *loaded, sweep_settings(), dry_run)) {
      static constexpr const char* kWords[] = {"noticed", "waiting", "archived", "deleted",
                                               "in use",  "moved",   "failed"};
      std::string text(short_name(row.branch.ref));
      text += std::string(" ") + kWords[static_cast<int>(row.outcome)];
      for (const std::string& more : {row.archive, row.words})
        text += more.empty() ? "" : " " + more;
      rows.push_back(text);
    }
    return rows;
  }
  Story swept() { return swept(kExperiments); }

  // What refs hold, but for the two of every test.
  Story refs() const {
    Story names;
    for (const Ref& ref : repository().refs()) names.push_back(ref.name);
    return names;
  }
  ObjectId value(const std::string& ref) const { return repository().ref(ref).id; }

  std::string rulesets_;
  std::int64_t start_ = 0;
  int processes_ = 100;
  ObjectId base_, tip_;
};

TEST_F(SweepTest, ABranchGetsNoticeAndIsArchivedWhenTheTimeIsOver) {
  at(6);
  EXPECT_EQ(swept(), Story{});
  at(8);
  EXPECT_EQ(swept(), Story{"exp/a noticed"});
  at(9);
  EXPECT_EQ(swept(), Story{"exp/a waiting"});
  EXPECT_EQ(refs(), (Story{"refs/heads/exp/a", "refs/heads/main"}));
  at(10.5);
  EXPECT_EQ(swept(), Story{"exp/a archived refs/archive/heads/exp/a"});
  EXPECT_EQ(refs(), (Story{"refs/archive/heads/exp/a", "refs/heads/main"}));
  EXPECT_EQ(value("refs/archive/heads/exp/a"), tip_);
  EXPECT_EQ(swept(), Story{});
  deliver();
  const std::string timer = " timer";
  EXPECT_EQ(story(), (Story{"branch.stale timer", "push.accepted timer",
                            "ref.created refs/archive/heads/exp/a timer",
                            "ref.deleted refs/heads/exp/a timer", "branch.archived timer"}));
  const Json notice = event_of("branch.stale")["data"];
  EXPECT_EQ(notice["owners"], Json({"ada@example.com"}));
  EXPECT_EQ(notice["archive_after"], "2026-01-12T03:04:05.000000Z");
  EXPECT_EQ(notice["days_idle"], 9);
  EXPECT_EQ(notice["last_commit_time"], "2026-01-01T00:02:00.000000Z");
  expect_linked();
}

TEST_F(SweepTest, AMoveAfterTheNoticeSavesTheBranch) {
  at(8);
  EXPECT_EQ(swept(), Story{"exp/a noticed"});
  at(9);
  const ObjectId next = commit("next", {tip_});
  pushed(1, {update("refs/heads/exp/a", tip_, next)});
  SpoolRecord moved = intent(2, {update("refs/heads/exp/a", tip_, next)});
  moved.time = now_;
  spool().write(moved);
  at(12);
  EXPECT_EQ(swept(), Story{});
  // And so does one that comes back to the same tip.
  set_ref("refs/heads/exp/a", tip_);
  EXPECT_EQ(swept(), Story{});
  at(17.1);
  EXPECT_EQ(swept(), Story{"exp/a noticed"});
}

TEST_F(SweepTest, TheJournalKnowsWhenABranchMoved) {
  const ObjectId next = commit("next", {tip_});
  at(5);
  set_ref("refs/heads/exp/a", next);
  SpoolRecord moved = intent(1, {update("refs/heads/exp/a", tip_, next)});
  moved.time = now_;
  spool().write(moved);
  moved.kind = SpoolRecord::Kind::result;
  spool().write(moved);
  deliver();
  at(12.9);
  EXPECT_EQ(swept(), Story{});
  at(13.1);
  EXPECT_EQ(swept(), Story{"exp/a noticed"});
}

TEST_F(SweepTest, ADryRunWritesNothing) {
  at(8);
  const auto listing = [&] {
    Story names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(repository_path_)) {
      const auto path = entry.path().string();
      // SQLite's files beside the journal, of any reader, and the folder they lie in.
      if (path.ends_with("-shm") || path.ends_with("-wal") || path == folder()) continue;
      names.push_back(path + " " +
                      std::to_string(entry.last_write_time().time_since_epoch().count()));
    }
    std::sort(names.begin(), names.end());
    return names;
  };
  const Story before = listing();
  EXPECT_EQ(swept(kExperiments, true), Story{"exp/a noticed"});
  EXPECT_EQ(listing(), before);
}

TEST_F(SweepTest, SomeBranchesNeverGo) {
  for (const char* name :
       {"exp/head", "exp/trunk", "exp/target", "exp/aim", "exp/tree", "exp/keep"}) {
    set_ref(std::string("refs/heads/") + name, tip_);
  }
  git("symbolic-ref refs/heads/latest refs/heads/exp/aim");
  git("symbolic-ref refs/heads/exp/link refs/heads/exp/aim");
  git("worktree add -q '" + root_ + "/tree' exp/tree");
  git("symbolic-ref HEAD refs/heads/exp/head");
  rulesets_ =
      "rulesets: [{name: t, refs: [exp/trunk], rules: {direct-push: {mode: warn, from: "
      "['exp/**']}}}]\n";
  const std::string entries =
      "{refs: ['exp/**'], after: 10d, notice: 0d, except: [exp/keep]}, "
      "{refs: [none], merged-into: [exp/target], after: 1d, notice: 0d}";
  at(20);
  EXPECT_EQ(swept(entries), Story{"exp/a noticed"});
  EXPECT_EQ(swept(entries), Story{"exp/a archived refs/archive/heads/exp/a"});
}

TEST_F(SweepTest, AMergedBranchGoesSomeTimeAfterTheMerge) {
  const ObjectId other = commit("other", {base_});
  set_ref("refs/heads/feature/x", tip_);
  set_ref("refs/heads/feature/open", other);
  deliver();
  const ObjectId merge = commit("merge", {base_, tip_});
  at(20);
  set_ref("refs/heads/main", merge);
  SpoolRecord moved = intent(1, {update("refs/heads/main", base_, merge)});
  moved.time = now_;
  spool().write(moved);
  moved.kind = SpoolRecord::Kind::result;
  spool().write(moved);
  deliver();
  // What comes to main later changes nothing.
  at(23);
  const ObjectId later = commit("later", {merge});
  set_ref("refs/heads/main", later);
  moved = intent(2, {update("refs/heads/main", merge, later)});
  moved.time = now_;
  spool().write(moved);
  moved.kind = SpoolRecord::Kind::result;
  spool().write(moved);
  deliver();
  at(24.9);
  EXPECT_EQ(swept(kMerged), Story{});
  at(25.1);
  EXPECT_EQ(swept(kMerged), Story{"feature/x noticed"});
  at(27.2);
  EXPECT_EQ(swept(kMerged), Story{"feature/x archived refs/archive/heads/feature/x"});
  at(90);
  EXPECT_EQ(swept(kMerged), Story{});
}

TEST_F(SweepTest, ABranchThatWasMergedBeforeTheJournalBeganGoesByItsOwnAge) {
  set_ref("refs/heads/feature/x", tip_);
  set_ref("refs/heads/main", tip_);
  std::filesystem::remove(Journal::path_in(folder()));
  at(5.1);
  EXPECT_EQ(swept(kMerged), Story{"feature/x noticed"});
}

TEST_F(SweepTest, ATakenNameInTheArchiveGetsANumber) {
  set_ref("refs/archive/heads/exp/a", base_);
  set_ref("refs/archive/heads/exp/a.2", base_);
  set_ref("refs/heads/exp/b/c", tip_);
  set_ref("refs/archive/heads/exp/b", base_);
  set_ref("refs/heads/exp/d", tip_);
  set_ref("refs/archive/heads/exp/d/e", base_);
  set_ref("refs/heads/exp/f", tip_);
  set_ref("refs/archive/heads/exp/f", tip_);
  deliver();
  at(20);
  const std::string entry = "{refs: ['exp/**'], after: 1d, notice: 0d}";
  swept(entry);
  EXPECT_EQ(swept(entry), (Story{"exp/a archived refs/archive/heads/exp/a.3",
                                 "exp/b/c archived refs/archive/heads/exp/b.2/c",
                                 "exp/d archived refs/archive/heads/exp/d.2",
                                 "exp/f archived refs/archive/heads/exp/f"}));
  EXPECT_EQ(value("refs/archive/heads/exp/a"), base_);
  deliver();
  std::map<std::string, std::string> told;
  for (const Json& event : events_of("branch.archived")) {
    told[event["subject"]] = event["data"]["archived_to"];
  }
  EXPECT_EQ(told, (std::map<std::string, std::string>{
                      {"refs/heads/exp/a", "refs/archive/heads/exp/a.3"},
                      {"refs/heads/exp/b/c", "refs/archive/heads/exp/b.2/c"},
                      {"refs/heads/exp/d", "refs/archive/heads/exp/d.2"},
                      {"refs/heads/exp/f", "refs/archive/heads/exp/f"}}));
}

TEST_F(SweepTest, WithoutArchiveABranchIsOnlyDeleted) {
  at(20);
  const std::string entry = "{refs: ['exp/**'], after: 1d, notice: 0d, archive: false}";
  EXPECT_EQ(swept(entry), Story{"exp/a noticed"});
  EXPECT_EQ(swept(entry), Story{"exp/a deleted"});
  EXPECT_EQ(refs(), Story{"refs/heads/main"});
  deliver();
  EXPECT_EQ(story(), (Story{"branch.stale timer", "push.accepted timer",
                            "ref.deleted refs/heads/exp/a timer"}));
}

TEST_F(SweepTest, ABranchThatMovesDuringTheSweepStays) {
  const ObjectId next = commit("next", {tip_});
  at(20);
  const std::string entry = "{refs: ['exp/**'], after: 1d, notice: 0d}";
  swept(entry);
  deliver();
  const auto loaded = policy(entry);
  // The clock is asked before the branch is looked at again, and once more before Git moves it.
  for (const int call : {3, 4}) {
    set_ref("refs/heads/exp/a", tip_);
    int calls = 0;
    SweepSettings settings = sweep_settings();
    settings.now = [&] {
      if (++calls == call) set_ref("refs/heads/exp/a", next);
      return now_;
    };
    const auto rows = sweep(repository(), *loaded, settings, false);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].outcome, SweepRow::Outcome::moved) << call;
    EXPECT_EQ(value("refs/heads/exp/a"), next);
    EXPECT_EQ(refs(), (Story{"refs/heads/exp/a", "refs/heads/main"}));
  }
}

TEST_F(SweepTest, ABranchThatGitCannotMoveKeepsNoOther) {
  set_ref("refs/heads/exp/b", tip_);
  deliver();
  at(20);
  const std::string entry = "{refs: ['exp/**'], after: 1d, notice: 0d}";
  swept(entry);
  deliver();
  std::ofstream(repository_path_ + "/refs/heads/exp/a.lock") << "";
  const Story rows = swept(entry);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].starts_with("exp/a failed refs/archive/heads/exp/a ")) << rows[0];
  EXPECT_EQ(rows[1], "exp/b archived refs/archive/heads/exp/b");
  EXPECT_EQ(refs(), (Story{"refs/archive/heads/exp/b", "refs/heads/exp/a", "refs/heads/main"}));
  deliver();
  EXPECT_EQ(story().back(), "push.rejected git timer");
  std::filesystem::remove(repository_path_ + "/refs/heads/exp/a.lock");
  EXPECT_EQ(swept(entry), Story{"exp/a archived refs/archive/heads/exp/a"});
}

TEST_F(SweepTest, ABranchOfWhichSomethingServesStays) {
  const std::string place = "refs/attest/" + tip_.hex() + "/lineage/";
  const auto leave = [&](const std::string& name, const std::string& predicate,
                         const std::string& type, const std::string& subject) {
    std::ofstream(root_ + "/statement")
        << R"({"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "i", "digest": {"sha256": ")"
        << std::string(64, 'e') << "\"}}" << subject << "], \"predicateType\": \"" << type
        << "\", \"predicate\": " << predicate << "}";
    pushed(++processes_,
           {update(place + name, none_, id(git("hash-object -w '" + root_ + "/statement'")))});
  };
  const std::string at_commit = R"(, {"digest": {"gitCommit": ")" + tip_.hex() + "\"}}";
  leave("deployment", R"({"environment": "prod", "service": "ranker", "revision": "rev17"})",
        "https://trunkgate/deployment/v1", at_commit);
  deliver();
  at(20);
  EXPECT_EQ(swept(), Story{"exp/a in use prod/ranker@rev17"});
  EXPECT_EQ(event_of("lineage.recorded").is_null(), false);
  EXPECT_EQ(events_of("branch.stale").size(), 0U);
}

TEST_F(SweepTest, ANoticeThatNobodyWasToldOfIsGivenAgain) {
  at(8);
  EXPECT_EQ(swept(), Story{"exp/a noticed"});
  // As a sweep leaves it that is killed between the state and the record.
  const std::string path = folder() + "/state/sweep.json";
  const std::string record = key(processes_).text() + ".N";
  SweepState state = read_sweep_state(path);
  state.teller = key(processes_);
  state.telling = {"refs/heads/exp/a"};
  write_sweep_state(path, state, Sharing{});
  std::filesystem::rename(spool_file(record), root_ + "/record");
  at(20);
  EXPECT_EQ(swept(kExperiments, true), Story{"exp/a noticed"});
  // With the record in the spool it counts, and so it does when the journal has it.
  std::filesystem::rename(root_ + "/record", spool_file(record));
  EXPECT_EQ(swept(kExperiments, true), Story{"exp/a archived refs/archive/heads/exp/a"});
  deliver();
  EXPECT_EQ(swept(), Story{"exp/a archived refs/archive/heads/exp/a"});
  deliver();
  EXPECT_EQ(events_of("branch.stale").size(), 1U);
}

TEST_F(SweepTest, OneSweepAtATime) {
  std::filesystem::create_directories(folder() + "/state");
  const FileLock lock = FileLock::wait(folder() + "/state/sweep.lock", Sharing{});
  at(20);
  EXPECT_THROW(swept(), Error);
  EXPECT_THROW(restore(repository(), sweep_settings(), "exp/a", "ada"), Error);
  EXPECT_EQ(swept(kExperiments, true), Story{"exp/a noticed"});
}

TEST_F(SweepTest, ADamagedStateIsSaidAndChangesNothing) {
  std::ofstream(folder() + "/state/sweep.json") << "{\"format\": 1, \"notices\": [[\"x\"]]}";
  at(20);
  EXPECT_THROW(swept(), Error);
  EXPECT_EQ(refs(), (Story{"refs/heads/exp/a", "refs/heads/main"}));
}

TEST_F(SweepTest, ABranchComesBackWithWhatTheArchiveHeldLast) {
  set_ref("refs/archive/heads/exp/a", base_);
  set_ref("refs/archive/heads/exp/a.2", tip_);
  deliver();
  EXPECT_THROW(restore(repository(), sweep_settings(), "exp/a", "ada"), Error);  // it is there
  EXPECT_THROW(restore(repository(), sweep_settings(), "exp/b", "ada"), Error);
  EXPECT_THROW(restore(repository(), sweep_settings(), "exp/../b", "ada"), Error);
  pushed(1, {update("refs/heads/exp/a", tip_, none_)});
  EXPECT_EQ(restore(repository(), sweep_settings(), "exp/a", "ada"), "refs/archive/heads/exp/a.2");
  EXPECT_EQ(refs(), (Story{"refs/archive/heads/exp/a", "refs/archive/heads/exp/a.2",
                           "refs/heads/exp/a", "refs/heads/main"}));
  at(9);  // it was restored just now
  EXPECT_EQ(swept(), (Story{"exp/a noticed"}));
  deliver();
  const Json event = event_of("branch.restored");
  EXPECT_EQ(event["data"]["restored_from"], "refs/archive/heads/exp/a.2");
  EXPECT_EQ(event["data"]["cause"], "admin");
  EXPECT_EQ(event["data"]["actor"]["id"], "ada");
}

}  // namespace
}  // namespace trunkgate
