// What events say to people, type by type.
#include "events/event_prose.h"

#include "base/text.h"
#include "sink_example.h"

namespace trunkgate {
namespace {

constexpr const char* kAfter = "2222222222222222222222222222222222222222";
constexpr const char* kBase =
    R"("schema_version":1,"repository":{"id":"u","name":"trainer"},"cause":"push",)"
    R"("actor":{"kind":"user","id":"alice","transport":"ssh","remote_addr":"10.0.0.7"},)"
    R"("push_id":"push_0123456789abcdef0123456789abcdef")";

class EventProseTest : public SinkExample {
 protected:
  static std::string main_change(bool forced = false) {
    return fmt::format(
        R"("change":{{"ref":{{"name":"refs/heads/main","kind":"branch","short":"main"}},)"
        R"("before":null,"after":"{}","forced":{}}})",
        kAfter, forced);
  }
  static EventProse prose(const std::string& type, const std::string& members) {
    return prose_of(event(1, type, fmt::format("{{{},{}}}", kBase, members)));
  }
  static std::string title(const std::string& type, const std::string& members) {
    return prose(type, members).title;
  }
  // Without the rows that all have.
  static Told lines(const std::string& type, const std::string& members) {
    const EventProse made = prose(type, members);
    Told kept;
    for (const std::string& line : made.lines) {
      bool common = false;
      for (const char* start : {"Repository ", "Who ", "When ", "Push ", "Event "}) {
        common = common || line.starts_with(start);
      }
      if (!common) kept.push_back(line);
    }
    while (!kept.empty() && kept.back().empty()) kept.pop_back();
    return kept;
  }
};

TEST_F(EventProseTest, SaysWhoWhereAndWhenOfEachEvent) {
  const EventProse made = prose("ref.created", main_change() + R"(,"draft":true)");
  EXPECT_EQ(made.repository, "trainer");
  EXPECT_EQ(made.title, "alice created branch main");
  EXPECT_EQ(made.lines,
            (Told{"Repository   trainer", "Who          alice (ssh from 10.0.0.7)",
                  "When         2026-01-02 03:04:05 UTC", "Draft        yes",
                  "Ref          refs/heads/main", fmt::format("After        {}", kAfter), "",
                  "Push         push_0123456789abcdef0123456789abcdef",
                  "Event        evt_00000000000000000000000000000001"}));
}

TEST_F(EventProseTest, ShowsCommitsOfARefAndHowManyMore) {
  EXPECT_EQ(title("ref.updated", main_change() + R"(,"commits_total":1)"),
            "alice pushed 1 commit to branch main");
  EXPECT_EQ(title("ref.updated", main_change(true)), "alice rewrote branch main");
  EXPECT_EQ(title("ref.deleted", main_change()), "alice deleted branch main");
  EXPECT_EQ(
      lines("ref.updated",
            main_change() +
                R"(,"version":{"name":"dev-22222222"},"commits_total":3,"truncated":["/commits"],)"
                R"("commits":[{"id":"2222222222222222222222222222222222222222",)"
                R"("title":{"lossy":"feat: caf\ufffd","b64":"x"},"author":{"name":"Ada"}}])"),
      (Told{"Version      dev-22222222", "Ref          refs/heads/main",
            fmt::format("After        {}", kAfter), "", "Commits",
            "  22222222 feat: caf\uFFFD (Ada)", "  and 2 more", "",
            "The event was cut; the journal has all of it."}));
}

TEST_F(EventProseTest, TellsFindingsOfARejectedPush) {
  const std::string body =
      R"("changes":[{"ref":{"name":"refs/heads/main","kind":"branch","short":"main"},"before":null,)"
      R"("after":"2222222222222222222222222222222222222222","forced":false}],"stage":"pre-receive",)"
      R"("violations_total":2,"violations":[{"rule":"oversized-file","severity":"error",)"
      R"("message":"is 12 MiB; the limit is 10 MiB","ref":"refs/heads/main",)"
      R"("commit":"2222222222222222222222222222222222222222","path":"a b.bin","line":3,)"
      R"("hint":"use LFS"},{"rule":"direct-push","severity":"error","message":"only landings",)"
      R"("waived_by":"hurry"}],"requirements":[{"rule":"missing-approval","ref":"refs/heads/main",)"
      R"("state":"unsatisfied","what":"1 approval","why":"there is none"}])";
  EXPECT_EQ(
      title("push.rejected", body),
      "alice's push to branch main was rejected: is 12 MiB; the limit is 10 MiB (and 1 more)");
  EXPECT_EQ(lines("push.rejected", body),
            (Told{"Stage        pre-receive", "", "What is wrong",
                  "  refs/heads/main 22222222 a b.bin:3: is 12 MiB; the limit is 10 MiB "
                  "[oversized-file]; hint: use LFS",
                  "  only landings [direct-push]; waived by hurry", "", "Evidence asked for",
                  "  unsatisfied: 1 approval (there is none)", "", "Changes",
                  "  refs/heads/main  none -> 22222222"}));
  EXPECT_EQ(title("push.rejected", R"("changes":[{},{}],"stage":"aborted","violations":[])"),
            "alice's push to 2 refs was broken off");
  EXPECT_EQ(title("push.accepted", R"("changes":[{},{}],"warnings":[{"message":"m"}])"),
            "alice's push to 2 refs was accepted with 1 warning");
}

TEST_F(EventProseTest, TellsWhatLandedWithItsEvidence) {
  const std::string body =
      main_change() +
      R"(,"version":{"name":"v1.2"},"landing":{"kind":"merge","source_refs":["feature/x"]},)"
      R"("approvals":[{"by":"bob","state":"approved","commit":"2222222222"}],)"
      R"("checks":[{"context":"mini-val","state":"success"}])";
  EXPECT_EQ(title("change.landed", body), "feature/x landed on main");
  EXPECT_EQ(lines("change.landed", body),
            (Told{"Version      v1.2", "Landing      merge", "Ref          refs/heads/main",
                  fmt::format("After        {}", kAfter), "", "Approvals",
                  "  bob approved 22222222", "", "Checks", "  mini-val: success"}));
}

TEST_F(EventProseTest, TellsTagsAndReleases) {
  const std::string tag =
      R"("tag":{"name":"v1.2","object":"2222","tagger":{"name":"Ada"},"message":"one\n\ntwo\u0007\n\n"})";
  EXPECT_EQ(title("tag.moved", tag), "alice moved tag v1.2");
  EXPECT_EQ(lines("tag.created", tag), (Told{"Object       2222", "Tagger       Ada", "", "Message",
                                             "  one", "  ", "  two\\x07"}));
  EXPECT_EQ(title("release.created", tag + R"(,"version":{"name":"v1.2"})"), "v1.2 was released");
}

TEST_F(EventProseTest, TellsTheReasonOfAnExemption) {
  const std::string body =
      R"("exemption":{"id":"skip-full-eval","rule":"r","granted_by":"carol","reason":"pager 4711",)"
      R"("expires":"2026-01-03T00:00:00.000000Z","uses_left":2,"break_glass":false},)" +
      main_change();
  EXPECT_EQ(title("exemption.used", body), "alice used the exemption skip-full-eval on main");
  EXPECT_EQ(lines("exemption.used", body),
            (Told{"Reason       pager 4711", "Granted by   carol",
                  "Expires      2026-01-03 00:00:00 UTC", "Uses left    2",
                  "Ref          refs/heads/main", fmt::format("After        {}", kAfter)}));
}

TEST_F(EventProseTest, TellsBranchesThatAreStale) {
  const std::string body =
      R"("ref":{"name":"refs/heads/feature/x","kind":"branch","short":"feature/x"},"tip":"2222",)"
      R"("last_commit_time":"2025-10-01T00:00:00Z","days_idle":93,)"
      R"("archive_after":"2026-01-09T00:00:00Z","owners":["bob","eve"])";
  EXPECT_EQ(title("branch.stale", body), "branch feature/x is stale: nothing new for 93 days");
  EXPECT_EQ(
      lines("branch.stale", body),
      (Told{"Archived     after 2026-01-09 00:00:00 UTC, unless it moves", "Tip          2222",
            "Last commit  2025-10-01 00:00:00 UTC", "Owners       bob, eve"}));
  EXPECT_EQ(title("branch.archived", body), "branch feature/x was archived");
}

TEST_F(EventProseTest, TellsEvidenceHotfixesAndWhatItDoesNotKnow) {
  EXPECT_EQ(title("check.recorded",
                  R"("check":{"commit":"22222222222","context":"mini-val","state":"failure"})"),
            "check mini-val of 22222222: failure");
  EXPECT_EQ(title("approval.recorded",
                  R"("approval":{"commit":"22222222222","by":"bob","state":"revoked"})"),
            "bob's approval of 22222222 was withdrawn");
  EXPECT_EQ(title("hotfix.unmerged",
                  R"("hotfix":{"branch":"hotfix/x","landed_on":"main","into":"develop"})"),
            "hotfix/x is on main but not in develop");
  EXPECT_EQ(title("policy.changed", R"("policy":{"sha256":"a"})"), "the policy has changed");
  EXPECT_EQ(title("lineage.recorded", R"("edges":[])"), "lineage was recorded");
  const std::string dead = R"("delivery":{"sink":"ci","reason":"it said 413","event":"evt_1"})";
  EXPECT_EQ(title("delivery.dead", dead), "an event could not be delivered to sink ci");
  EXPECT_EQ(lines("delivery.dead", dead),
            (Told{"Sink         ci", "Given up     evt_1", "Reason       it said 413"}));
  EXPECT_EQ(title("endpoint.disabled", dead), "sink ci is disabled");
  EXPECT_EQ(lines("later.invented", R"("sink":"ci","count":3)"),
            (Told{"count        3", "sink         ci"}));
}

TEST_F(EventProseTest, MakesSomethingOfWhateverStandsThere) {
  for (const char* type :
       {"push.rejected", "push.accepted", "ref.updated", "change.landed", "tag.created",
        "release.created", "exemption.used", "branch.stale", "check.recorded", "approval.recorded",
        "lineage.recorded", "policy.changed", "hotfix.unmerged", "x", ""}) {
    for (const char* json :
         {"", "{", "[]", "3", R"({"data":3})", R"({"data":{"changes":[3,null,[]],"change":[],
          "violations":{"a":1},"commits":["x",{"id":3}],"check":{"metrics":{"a\n":[1]}},
          "actor":"x","tag":null,"approvals":[[]],"edges":[1],"version":7}})"}) {
      Delivery odd = event(1, type);
      odd.json = json;
      const EventProse made = prose_of(odd);
      EXPECT_TRUE(is_printable(made.title)) << made.title;
      for (const std::string& line : made.lines) EXPECT_TRUE(is_printable(line)) << line;
    }
  }
}

}  // namespace
}  // namespace trunkgate
