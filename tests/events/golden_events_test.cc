// One event of every type, compared whole with tests/events/golden/TYPE.json. Where one has to
// change, TRUNKGATE_WRITE_GOLDEN=1 writes the files anew, for somebody to look at the difference.
#include <iterator>

#include "derived_fixture.h"
#include "events/outbox.h"
#include "evidence/lineage_example.h"
#include "policy/event_types.h"

namespace trunkgate {
namespace {

using Ordered = nlohmann::ordered_json;

std::string golden_folder() { return TRUNKGATE_TESTS_DIR "/events/golden"; }

class GoldenEvents : public DerivedEventsTest {
 protected:
  void deliver_by(const std::string& digest, const std::string& mode) {
    FileSink file(events_file(), Sharing{});
    DeliverySettings settings = this->settings({&file});
    settings.policy = {.now = {.sha256 = std::string(64, digest[0]),
                               .rules = {{{"trunk", "direct-push"}, {mode, "refs/heads/main"}}}},
                       .ref = {}};
    settings.events.received = true;
    settings.events.hotfixes = RefPatterns(GlobSet({Glob("refs/heads/hotfix/**")}));
    settings.events.hotfixes_into = {"refs/heads/develop"};
    Deliverer(repository(), settings).run();
  }

  static SpoolRecord judged(SpoolRecord record, char digest) {
    record.policy_sha256 = std::string(64, digest);
    return record;
  }

  // Three commits; main has the first one, develop too.
  void start() {
    a_ = commit_of("feat: read the schedule\n\nCosine, with warm-up.\n\nReviewed-by: Bob\n",
                   {{"configs/vit.yaml", "lr: 1"}, {"train.py", "1"}});
    fix_ = commit_of("fix: stop at the last step",
                     {{"configs/vit.yaml", "lr: 1"}, {"train.py", "2"}}, {a_});
    merge_ = commit_of("Merge branch 'hotfix/step'\n",
                       {{"configs/vit.yaml", "lr: 1"}, {"train.py", "2"}}, {a_, fix_});
    SpoolRecord wish = judged(
        intent(1, {update("refs/heads/main", none_, a_), update("refs/heads/develop", none_, a_),
                   update("refs/heads/hotfix/step", none_, fix_)}),
        'a');
    pushed_as(wish);
  }

  void attest() {
    const std::string place = "refs/attest/" + fix_.hex();
    std::ofstream(root_ + "/check") << R"({"status": "success", "metrics": {"f1": 0.913},
        "url": "https://ci.example.com/7", "finished": "2026-01-01T09:00:00Z"})";
    check_ = id(git("hash-object -w '" + root_ + "/check'"));
    pushed(2, {update(place + "/approval/bob", none_, fix_),
               update(place + "/check/mini-val", none_, check_)});
    evidence_ = {{place + "/approval/bob", fix_}, {place + "/check/mini-val", check_}};
  }

  void land() {
    SpooledUpdate made =
        landing("refs/heads/main", a_, merge_, "merge",
                {{.commit = fix_, .by = merge_, .branches = {"refs/heads/hotfix/step"}}});
    made.evidence = evidence_;
    SpoolRecord wish = judged(intent(3, {made}), 'b');
    wish.push_options = {"exempt=skip-full-eval", "reason=pager 4711"};
    wish.findings = {{.rule = "metric-regression",
                      .warning = false,
                      .message = "f1 fell by 0.02",
                      .ref = "refs/heads/main",
                      .commit = fix_,
                      .path = {},
                      .line = 0,
                      .hint = "train longer",
                      .waived_by = "skip-full-eval"}};
    wish.findings_total = 1;
    wish.requirements = {{.rule = "missing-approval",
                          .ref = "refs/heads/main",
                          .state = "satisfied",
                          .what = "1 approval",
                          .why = "bob"}};
    wish.exemptions = {{.label = "skip-full-eval",
                        .reason = "pager 4711",
                        .ref = "refs/heads/main",
                        .rules = {"metric-regression"},
                        .findings = 1,
                        .granted_by = {"carol"},
                        .expires = 1'767'400'000,
                        .uses_left = 0,
                        .break_glass = false}};
    pushed_as(wish);
  }

  void tag() {
    std::ofstream(root_ + "/tag") << "object " << merge_.hex()
                                  << "\ntype commit\ntag v1.0.0\ntagger Ada <ada@example.com> "
                                  << date_ << "\n\nAcc@1: 76.1%\n"
                                  << "-----BEGIN SSH SIGNATURE-----\nx\n"
                                  << "-----END SSH SIGNATURE-----\n";
    const ObjectId release = id(git("hash-object -t tag -w '" + root_ + "/tag'"));
    KnownSignatures(folder() + "/state")
        .keep(release, {.keys = "-", .time = kNow / kSecond, .signers = {}}, Sharing{});
    pushed_as(judged(intent(4, {update("refs/tags/v1.0.0", none_, release)}), 'b'));
    pushed_as(judged(intent(5, {update("refs/tags/nightly", none_, a_)}), 'b'));
    pushed_as(judged(intent(6, {update("refs/tags/nightly", a_, merge_)}), 'b'));
    pushed_as(judged(intent(7, {update("refs/tags/nightly", merge_, none_)}), 'b'));
  }

  void refuse() {
    SpoolRecord refusal =
        judged(reject(8, {update("refs/heads/main", merge_, id(std::string(40, 'd')))}), 'b');
    refusal.findings = {{.rule = "forbidden-path",
                         .warning = false,
                         .message = "matches '*.ckpt'",
                         .ref = "refs/heads/main",
                         .commit = id(std::string(40, 'd')),
                         .path = "caf\xE9.ckpt",
                         .line = 0,
                         .hint = "push weights to the object store"}};
    refusal.findings_total = 3;  // the gate listed no more
    spool().write(refusal);
  }

  // What the sweep leaves, and then somebody who wants the branch back.
  void sweep() {
    const std::string branch = "refs/heads/hotfix/step";
    const std::string archive = "refs/archive/heads/hotfix/step";
    const Actor sweeper{.kind = "system", .id = "sweep", .transport = "local", .remote_addr = {}};
    SpoolRecord notice = record(SpoolRecord::Kind::notice, 9, {});
    notice.actor = sweeper;
    notice.cause = "timer";
    notice.policy_sha256 = std::string(64, 'b');
    notice.notices = {{.ref = branch,
                       .tip = fix_,
                       .last_commit = kNow / kSecond - 5 * 86'400,
                       .days_idle = 5,
                       .archive_after = kNow / kSecond + 2 * 86'400,
                       .owners = {"ada@example.com", "caf\xE9"}}};
    spool().write(notice);
    SpoolRecord archived =
        judged(intent(10, {update(archive, none_, fix_), update(branch, fix_, none_)}), 'b');
    archived.actor = sweeper;
    archived.cause = "timer";
    pushed_as(archived);
    pushed_as(judged(intent(11, {update(branch, none_, fix_)}), 'b'));
  }

  // CI says what it has trained.
  void record_lineage() {
    std::ofstream(root_ + "/lineage")
        << training_statement(merge_.hex(), digest_of('e'), digest_of('f'));
    const ObjectId statement = id(git("hash-object -w '" + root_ + "/lineage'"));
    pushed(12, {update("refs/attest/" + merge_.hex() + "/lineage/run-7", none_, statement)});
  }

  void fail_to_deliver() {
    Outbox outbox(Journal::path_in(folder()), "ci");
    outbox.leave_notice("delivery.dead", "evt_" + std::string(32, '7'), "it answered 413", kNow);
    outbox.leave_notice("endpoint.disabled", {}, "it answered 410", kNow);
  }

  ObjectId a_;
  ObjectId fix_;
  ObjectId merge_;
  ObjectId check_;
  std::vector<SpooledEvidence> evidence_;
};

TEST_F(GoldenEvents, OneOfEveryTypeIsAsItWas) {
  start();
  attest();
  deliver_by("a", "warn");
  land();
  deliver_by("b", "enforce");
  tag();
  refuse();
  sweep();
  deliver_by("b", "enforce");
  record_lineage();
  deliver_by("b", "enforce");
  fail_to_deliver();
  deliver_by("b", "enforce");

  std::map<std::string, std::string> made;
  for (const std::string& line : lines()) {
    const Ordered event = Ordered::parse(line);
    const std::string type(plain_event_type(event["type"].get_ref<const std::string&>()));
    made.try_emplace(type, event.dump(1) + "\n");
  }
  const std::set<std::string> types(event_types().begin(), event_types().end());
  for (const std::string& type : types) {
    const std::string path = golden_folder() + "/" + type + ".json";
    ASSERT_TRUE(made.contains(type)) << type;
    if (std::getenv("TRUNKGATE_WRITE_GOLDEN") != nullptr) std::ofstream(path) << made[type];
    std::ifstream file(path);
    const std::string golden((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(made[type], golden) << path;
  }
  EXPECT_EQ(made.size(), types.size());
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder())) {
    files.insert(entry.path().stem().string());
  }
  EXPECT_EQ(files, types);
}

}  // namespace
}  // namespace trunkgate
