// What `trunkgate trace` finds and says.
#include <fstream>

#include "events/lineage/commit_story.h"
#include "events/lineage/thing.h"
#include "events/lineage/trace_report.h"
#include "lineage_fixture.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

class TraceTest : public LineageTest {
 protected:
  void SetUp() override {
    LineageTest::SetUp();
    database_.execute(
        "CREATE TABLE events(sequence INTEGER PRIMARY KEY, id TEXT, type TEXT, ref BLOB, push_id "
        "TEXT, time INTEGER, recorded INTEGER, json TEXT, chain TEXT)");
    repository_.set_ref("refs/heads/main", tip_);
    repository_.set_ref("refs/tags/v1.2.0", tip_);
    const std::string commit = tip_.hex();
    record("image", image_statement(commit, image_), commit);
    record("train", training_statement(commit, image_, weights_), commit);
    record("test", test_statement(commit, weights_), commit);
    record("model", model_statement(commit, weights_), commit);
    record("deploy", deployment_statement(commit, weights_), commit);
  }

  void event(const std::string& id, const std::string& type, const std::string& push,
             const std::string& rest) {
    const std::string full = "dev.trunkgate." + type + ".v1";
    database_.prepare("INSERT INTO events(id, type, push_id, time, json) VALUES(?,?,?,?,?)")
        .bind(1, std::string_view(id))
        .bind(2, std::string_view(full))
        .bind(3, std::string_view(push))
        .bind(4, time_ += 60'000'000)
        .bind(5, std::string_view(R"({"id":")" + id + R"(","type":")" + full + "\"," + rest + "}"))
        .run();
  }
  std::string data(const std::string& by, const std::string& push, const std::string& ref,
                   const std::string& more) const {
    return R"("data":{"actor":{"id":")" + by + R"("},"push_id":")" + push +
           R"(","policy":{"sha256":"3f9c1e22aa77bb00cc"},"change":{"ref":{"name":")" + ref +
           R"("},"before":")" + base_.hex() + R"(","after":")" + tip_.hex() + "\"}" + more + "}";
  }
  // alice pushes it, bob lands it.
  void land() {
    event("e1", "ref.created", "push_1",
          data("alice", "push_1", "refs/heads/feature/x",
               R"(,"commits":[{"id":")" + tip_.hex() + "\"}]"));
    event("e2", "ref.updated", "push_2", data("bob", "push_2", "refs/heads/main", ""));
    event("e3", "change.landed", "push_2",
          R"("causationid":"e2",)" +
              data("bob", "push_2", "refs/heads/main",
                   R"(,"landing":{"kind":"fast-forward"},"approvals":[{"by":"carol","state":)"
                   R"("approved"},{"by":"dave","state":"rejected"}],"checks":[{"context":)"
                   R"("mini-val","state":"success","metrics":{"f1":0.913}}])"));
  }

  Thing find(const std::string& asked) {
    const auto repository = repository_.open();
    return find_thing(&database_, *repository, asked);
  }
  std::string identity_of(const std::string& asked) {
    const Thing thing = find(asked);
    if (!thing.problem.empty()) return thing.problem + " | " + thing.hint;
    if (thing.nodes.empty()) return "commit " + thing.commit->hex();
    const LineageGraph graph = trace_lineage(database_, thing.nodes, LineageDirection::up);
    return graph.nodes[0].identity;
  }
  Trace traced(const std::string& asked) {
    const auto repository = repository_.open();
    const Thing thing = find(asked);
    Trace trace{.asked = asked, .remark = thing.remark};
    trace.origin = trace_lineage(database_, thing.nodes, LineageDirection::up);
    trace.fate = trace_lineage(database_, thing.nodes, LineageDirection::down);
    trace.commits.push_back(tell_commit(&database_, *repository, tip_));
    return trace;
  }

  TemporaryRepository repository_;
  const ObjectId base_ = repository_.commit("chore: begin", {}, {{"a", "1"}});
  const ObjectId tip_ = repository_.commit("feat: add a ranker", {base_}, {{"a", "2"}});
};

TEST_F(TraceTest, FindsAThingByEveryNameItHas) {
  const std::string commit = "commit:" + tip_.hex();
  for (const std::string& name :
       {std::string("main"), std::string("refs/heads/main"), std::string("v1.2.0"), tip_.hex(),
        tip_.hex().substr(0, 7), "commit:" + tip_.brief()}) {
    EXPECT_EQ(identity_of(name), commit) << name;
  }
  EXPECT_EQ(identity_of("prod/ranker@rev17"), "serving:prod/ranker@rev17");
  EXPECT_EQ(identity_of("serving:prod/ranker@rev17"), "serving:prod/ranker@rev17");
  EXPECT_EQ(identity_of("ranker@3"), "model:ranker@3");
  EXPECT_EQ(identity_of("run-7"), "job:run-7");
  for (const std::string& name :
       {"sha256:" + image_, std::string("sha256:aaaa"), std::string("sha256:AAAA"),
        std::string("registry.example/trainer:1"), "registry.example/other@sha256:" + image_}) {
    EXPECT_EQ(identity_of(name), "sha256:" + image_) << name;
  }
  EXPECT_EQ(identity_of(base_.hex()), "commit " + base_.hex());
}

TEST_F(TraceTest, KnowsAFileByItsDigest) {
  const std::string path = folder_.path() + "/w.safetensors";
  std::ofstream(path) << "abc";
  const std::string digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(identity_of(path),
            "no statement speaks of the file " + path + " | its digest is sha256:" + digest);
  record("w", model_statement(commit_, digest, "small", "1"));
  EXPECT_EQ(identity_of(path), "sha256:" + digest);
}

TEST_F(TraceTest, SaysWhatIsNearestToWhatItDoesNotKnow) {
  EXPECT_EQ(identity_of("ranker@4"),
            "nothing here is called 'ranker@4' | did you mean 'ranker@3'?");
  EXPECT_EQ(identity_of("prod/ranker@rev18"),
            "nothing here is called 'prod/ranker@rev18' | did you mean 'prod/ranker@rev17'?");
  EXPECT_EQ(identity_of("v1.2.1"), "nothing here is called 'v1.2.1' | did you mean 'v1.2.0'?");
  EXPECT_EQ(identity_of("model:ranger@3"),
            "no statement speaks of the model 'ranger@3' | did you mean 'ranker@3'?");
  EXPECT_EQ(identity_of("sha256:ffff"), "no statement speaks of sha256:ffff | ");
  EXPECT_EQ(identity_of("sha256:"),
            "several digests begin with 'sha256:' | give more digits of it");
  EXPECT_EQ(identity_of("\x1b[2J"), "nothing here is called '\\x1b[2J' | ");
}

TEST_F(TraceTest, AsksWhichWhenAModelAndAServingHaveOneName) {
  record("nlp", model_statement(commit_, digest_of('e'), "prod/ranker", "rev17"));
  EXPECT_EQ(identity_of("prod/ranker@rev17"),
            "'prod/ranker@rev17' is a serving and a model | ask for serving:prod/ranker@rev17 or "
            "for model:prod/ranker@rev17");
}

TEST_F(TraceTest, SaysThatAnImageNameHasHadOthers) {
  record("old", image_statement(commit_, digest_of('1'), "app:latest"));
  record("new", image_statement(commit_, digest_of('2'), "app:latest"));
  EXPECT_EQ(identity_of("app:latest"), "sha256:" + digest_of('2'));
  EXPECT_EQ(find("app:latest").remark,
            "the newest of 2 that are called so; ask for others by digest");
}

TEST_F(TraceTest, DrawsWhatIsInServiceDownToWhoLetItIn) {
  land();
  EXPECT_EQ(
      trace_text(traced("prod/ranker@rev17")),
      "serving prod/ranker@rev17\n"
      "made from\n"
      "  `- weights vit.safetensors sha256:bbbbbbbbbbbb  (by ci-bot, 2026-01-01 00:05 UTC)\n"
      "     | registered as ranker@3\n"
      "     | test PASSED https://ci.example/9\n"
      "     `- job run-7  (by ci-bot, 2026-01-01 00:02 UTC)\n"
      "        | config=configs/vit.yaml, seed=42\n"
      "        |- image registry.example/trainer:1 sha256:aaaaaaaaaaaa  (by ci-bot, 2026-01-01 "
      "00:02 UTC)\n"
      "        |  `- commit " +
          tip_.brief() +
          "  (by ci-bot, 2026-01-01 00:01 UTC)\n"
          "        `- file corpus.parquet sha256:dddddddddddd  (by ci-bot, 2026-01-01 00:02 UTC)\n"
          "\n"
          "commit " +
          tip_.hex() +
          "\n"
          "  v1.2.0  \"feat: add a ranker\"\n"
          "  pushed    2026-01-01 00:06 UTC by alice to feature/x\n"
          "            policy 3f9c1e22aa77, push push_1\n"
          "  landed    2026-01-01 00:08 UTC by bob to main, fast-forward\n"
          "            policy 3f9c1e22aa77, push push_2\n"
          "  approved  by carol\n"
          "  checks    mini-val success (f1 0.913)\n");
}

TEST_F(TraceTest, DrawsWhatACommitBecame) {
  Trace trace = traced("v1.2.0");
  trace.up = false;
  trace.commits.clear();
  EXPECT_EQ(trace_text(trace),
            "commit " + tip_.brief() +
                "\n"
                "made into\n"
                "  `- image registry.example/trainer:1 sha256:aaaaaaaaaaaa  (by ci-bot, 2026-01-01 "
                "00:01 UTC)\n"
                "     `- job run-7  (by ci-bot, 2026-01-01 00:02 UTC)\n"
                "        | config=configs/vit.yaml, seed=42\n"
                "        `- weights vit.safetensors sha256:bbbbbbbbbbbb  (by ci-bot, 2026-01-01 "
                "00:02 UTC)\n"
                "           | registered as ranker@3\n"
                "           | test PASSED https://ci.example/9\n"
                "           |- model ranker@3  (by ci-bot, 2026-01-01 00:04 UTC)\n"
                "           `- serving prod/ranker@rev17  (by ci-bot, 2026-01-01 00:05 UTC)\n");
}

TEST_F(TraceTest, SaysWhenNothingIsRecordedOfACommit) {
  const auto repository = repository_.open();
  Trace trace{.asked = base_.hex()};
  trace.commits.push_back(tell_commit(nullptr, *repository, base_));
  EXPECT_EQ(trace_text(trace),
            "commit " + base_.brief() +
                "\n"
                "nothing is recorded that it was made from or into\n"
                "\n"
                "commit " +
                base_.hex() + "\n  dev-" + base_.brief() +
                "  \"chore: begin\"\n"
                "  pushed    before the journal began, or by nobody it knows of\n");
}

TEST_F(TraceTest, TellsWhatWasLeftAboutACommitThatHasNotLanded) {
  event(
      "a1", "approval.recorded", "p",
      R"("data":{"approval":{"commit":")" + tip_.hex() + R"(","by":"carol","state":"approved"}})");
  event("a2", "approval.recorded", "p",
        R"("data":{"approval":{"commit":")" + tip_.hex() + R"(","by":"dave","state":"approved"}})");
  event("a3", "approval.recorded", "p",
        R"("data":{"approval":{"commit":")" + tip_.hex() + R"(","by":"dave","state":"revoked"}})");
  event(
      "c1", "check.recorded", "p",
      R"("data":{"check":{"commit":")" + tip_.hex() + R"(","context":"unit","state":"failure"}})");
  const auto repository = repository_.open();
  const CommitStory story = tell_commit(&database_, *repository, tip_);
  EXPECT_FALSE(story.pushed);
  EXPECT_EQ(story.approvals, Lines{"carol"});
  EXPECT_EQ(story.checks, Lines{"unit failure"});
}

TEST_F(TraceTest, FindsAPushThatBroughtMoreCommitsThanItsEventLists) {
  const ObjectId newer = repository_.commit("feat: more", {tip_}, {{"a", "3"}});
  const std::string change = R"("data":{"actor":{"id":"erin"},"push_id":"push_9","change":{"ref":)"
                             R"({"name":"refs/heads/x"},"before":")" +
                             base_.hex() + R"(","after":")" + newer.hex() +
                             R"("},"commits":[],"truncated":["/commits"]})";
  event("e9", "ref.updated", "push_9", change);
  const auto repository = repository_.open();
  const CommitStory story = tell_commit(&database_, *repository, tip_);
  ASSERT_TRUE(story.pushed);
  EXPECT_EQ(story.pushed->by, "erin");
  EXPECT_FALSE(tell_commit(&database_, *repository, base_).pushed);
}

TEST_F(TraceTest, TheJsonHasEverythingInOneLine) {
  land();
  const std::string json = trace_json(traced("ranker@3"));
  EXPECT_EQ(json.find('\n'), std::string::npos);
  for (
      const std::string& part :
      {std::string(
           R"({"asked":"ranker@3","up":{"nodes":[{"kind":"model","identity":"model:ranker@3")"),
       R"({"from":"sha256:)" + weights_ + R"(","to":"model:ranker@3","statement":")",
       R"("attestation":"refs/attest/)" + tip_.hex() + R"(/lineage/model","step":"model")",
       std::string(R"("left_by":"ci-bot","signed":false,"recorded":"2026-01-01T00:04:00.000000Z")"),
       std::string(R"("pushed":{"ref":"refs/heads/feature/x","by":"alice")"),
       std::string(
           R"#("kind":"fast-forward","approvals":["carol"],"checks":["mini-val success (f1 0.913)"])#")}) {
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
  }
}

TEST_F(TraceTest, CutsLongListsWithACount) {
  for (int i = 0; i < 30; ++i) {
    record("n" + std::to_string(i),
           image_statement(base_.hex(), std::string(60, 'e') + std::to_string(1000 + i), "app"),
           base_.hex());
  }
  Trace trace = traced(base_.hex());
  trace.commits.clear();
  const std::string text = trace_text(trace);
  EXPECT_NE(text.find("  `- and 10 more\n  and more; --format json has all of it\n"),
            std::string::npos)
      << text;
}

TEST_F(TraceTest, EndsInACircle) {
  const auto made_of = [&](const std::string& made, const std::string& from) {
    return provenance("x", file_resource("i", made),
                      file_resource("i", from) + "," + commit_resource(commit_));
  };
  record("a", made_of(digest_of('1'), digest_of('2')));
  record("b", made_of(digest_of('2'), digest_of('1')));
  Trace trace = traced("sha256:1111");
  trace.down = false;
  trace.commits.clear();
  EXPECT_EQ(trace_text(trace),
            "image i sha256:111111111111\n"
            "made from\n"
            "  |- image i sha256:222222222222  (by ci-bot, 2026-01-01 00:06 UTC)\n"
            "  |  |- image i sha256:111111111111  (by ci-bot, 2026-01-01 00:07 UTC)  see above\n"
            "  |  `- commit 01234567  (by ci-bot, 2026-01-01 00:07 UTC)\n"
            "  `- commit 01234567  (by ci-bot, 2026-01-01 00:06 UTC)\n");
}

}  // namespace
}  // namespace trunkgate
