#include "events/sink_filter.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "policy/event_types.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

std::string event(const std::string& type, const std::string& body) {
  return R"({"specversion":"1.0","type":"dev.trunkgate.)" + type +
         R"(.v1","subject":"s","data":{"schema_version":1)" + (body.empty() ? "" : "," + body) +
         "}}";
}

FilteredEvent facts(const std::string& type, const std::string& body = {}) {
  return filtered_event(event(type, body));
}

std::string change(const std::string& ref) {
  return R"({"ref":{"name":")" + ref + R"(","kind":"branch"},"before":null,"after":null})";
}

SinkFilter types(std::initializer_list<const char*> globs) {
  SinkFilter filter;
  for (const char* glob : globs) filter.types.emplace_back(glob);
  return filter;
}
SinkFilter refs(const char* glob) {
  SinkFilter filter;
  filter.refs = RefPatterns(GlobSet({Glob(glob)}));
  return filter;
}
SinkFilter paths(const char* pattern) {
  SinkFilter filter;
  filter.paths = PathSet({pattern});
  return filter;
}
SinkFilter labels(Lines names) {
  SinkFilter filter;
  filter.labels = std::move(names);
  return filter;
}

TEST(SinkFilter, TakesEveryTypeWhenItSaysNothing) {
  for (const std::string_view type : event_types()) {
    EXPECT_TRUE(takes(SinkFilter(), facts(std::string(type)))) << type;
  }
}

TEST(SinkFilter, TakesATypeByItsNameOrByAGlob) {
  for (const std::string_view type : event_types()) {
    const std::string name(type);
    EXPECT_EQ(facts(name).type, name);
    EXPECT_TRUE(takes(types({name.c_str()}), facts(name)));
    EXPECT_TRUE(takes(types({"*"}), facts(name)));
    EXPECT_EQ(takes(types({"ref.*", "branch.stale"}), facts(name)),
              name.starts_with("ref.") || name == "branch.stale")
        << name;
  }
}

TEST(SinkFilter, FindsTheRefsOfEveryType) {
  const std::string main = R"("change":)" + change("refs/heads/main");
  const std::string both =
      R"("changes":[)" + change("refs/heads/a") + "," + change("refs/tags/v1") + "]";
  const std::string tag = R"("tag":{"name":"v1"})";
  const std::string ref = R"("ref":{"name":"refs/heads/old","kind":"branch"})";
  const struct {
    const char* type;
    std::string body;
    Lines refs;
  } kCases[] = {
      {"push.received", both, {"refs/heads/a", "refs/tags/v1"}},
      {"push.accepted", both, {"refs/heads/a", "refs/tags/v1"}},
      {"push.rejected", both, {"refs/heads/a", "refs/tags/v1"}},
      {"ref.created", main, {"refs/heads/main"}},
      {"ref.updated", main, {"refs/heads/main"}},
      {"ref.deleted", main, {"refs/heads/main"}},
      {"change.landed", main, {"refs/heads/main"}},
      {"tag.created", tag, {"refs/tags/v1"}},
      {"tag.moved", tag, {"refs/tags/v1"}},
      {"tag.deleted", tag, {"refs/tags/v1"}},
      {"release.created", tag, {"refs/tags/v1"}},
      {"exemption.used", main, {"refs/heads/main"}},
      {"policy.changed", R"("policy":{"sha256":"a"})", {}},
      {"branch.stale", ref, {"refs/heads/old"}},
      {"branch.archived", ref, {"refs/heads/old"}},
      {"branch.restored", ref, {"refs/heads/old"}},
      {"hotfix.unmerged",
       main + R"(,"hotfix":{"into":"refs/heads/develop","branch":"refs/heads/hotfix/a"})",
       {"refs/heads/main", "refs/heads/develop"}},
      {"check.recorded",
       R"("check":{"attestation":"refs/attest/1/check/x","target":"refs/heads/main"})",
       {"refs/attest/1/check/x", "refs/heads/main"}},
      {"approval.recorded",
       R"("approval":{"attestation":"refs/attest/1/approval/ada"})",
       {"refs/attest/1/approval/ada"}},
      {"lineage.recorded", R"("edges":[])", {}},
      {"endpoint.disabled", R"("sink":"ci")", {}},
      {"delivery.dead", R"("sink":"ci")", {}},
  };
  EXPECT_EQ(std::size(kCases), event_types().size());
  for (const auto& each : kCases) {
    const FilteredEvent made = facts(each.type, each.body);
    EXPECT_EQ(made.refs.names, each.refs) << each.type;
    EXPECT_TRUE(made.refs.complete) << each.type;
    EXPECT_FALSE(takes(refs("nowhere"), made)) << each.type;
    for (const std::string& name : each.refs) {
      EXPECT_TRUE(takes(refs(name.c_str()), made)) << each.type << " " << name;
    }
  }
}

TEST(SinkFilter, DecodesNamesThatAreNoText) {
  const FilteredEvent made = facts(
      "ref.updated", R"("change":{"ref":{"name":{"lossy":"refs/heads/?","b64":"cmVmcy9oZWFkcy/p"}}},
            "files":{"added":[{"lossy":"?","b64":"6Q=="}]})");
  EXPECT_EQ(made.refs.names, Lines{"refs/heads/\xE9"});
  EXPECT_EQ(made.paths.names, Lines{"\xE9"});
}

TEST(SinkFilter, LooksAtNamesInsideOfAGitNamespace) {
  const FilteredEvent made =
      facts("ref.updated", R"("change":)" + change("refs/namespaces/a/refs/heads/main"));
  EXPECT_EQ(made.refs.names, Lines{"refs/heads/main"});
}

TEST(SinkFilter, TakesWhatMayBeAboutARefThatWasCut) {
  const std::string many = R"("changes":[)" + change("refs/heads/a") + "]";
  EXPECT_FALSE(takes(refs("b"), facts("push.accepted", many)));
  for (const char* cut : {"/changes", "/changes/0/ref/name"}) {
    EXPECT_TRUE(takes(
        refs("b"), facts("push.accepted", many + R"(,"truncated":[")" + std::string(cut) + "\"]")))
        << cut;
  }
  EXPECT_FALSE(
      takes(refs("b"), facts("push.accepted", many + R"(,"truncated":["/warnings/0/message"])")));
}

TEST(SinkFilter, TakesChangesOfItsPaths) {
  const std::string in_commits =
      R"("commits":[{"added":["a.py"],"modified":["docs/b.md"],"removed":["c.txt"]}])";
  const std::string in_all = R"("files":{"added":["a.py"],"modified":[],"removed":[],"total":1})";
  for (const std::string& body : {in_commits, in_all}) {
    EXPECT_TRUE(takes(paths("*.py"), facts("ref.updated", body)));
    EXPECT_FALSE(takes(paths("*.rs"), facts("ref.updated", body)));
  }
  EXPECT_TRUE(takes(paths("docs/"), facts("ref.updated", in_commits)));
  EXPECT_TRUE(takes(paths("c.txt"), facts("ref.updated", in_commits)));
}

TEST(SinkFilter, TakesWhatListsNoPathsOrNotAll) {
  const std::string commit = R"({"added":["a.py"],"modified":[],"removed":[]})";
  for (const std::string& body :
       {std::string(), std::string(R"("commits":[])"), std::string(R"("commits":[{"id":"1"}])"),
        R"("commits":[)" + commit + R"(,{"id":"1"}])",
        R"("commits":[)" + commit + R"(],"truncated":["/commits"])",
        R"("commits":[)" + commit + R"(],"truncated":["/commits/0/added"])",
        std::string(R"("commits":[{"added":["a.py"],"files_truncated":true}])"),
        std::string(R"("files":{"added":["a.py"]},"truncated":["/files/added"])")}) {
    EXPECT_TRUE(takes(paths("*.rs"), facts("ref.updated", body))) << body;
  }
  // Of commits that were cut, all files are still there.
  EXPECT_FALSE(
      takes(paths("*.rs"), facts("ref.updated", R"("files":{"added":["a.py"]},"commits":[)" +
                                                    commit + R"(],"truncated":["/commits"])")));
}

TEST(SinkFilter, TakesTheUseOfItsExemptions) {
  EXPECT_TRUE(
      takes(labels({"x", "skip"}), facts("exemption.used", R"("exemption":{"id":"skip"})")));
  EXPECT_FALSE(takes(labels({"x"}), facts("exemption.used", R"("exemption":{"id":"skip"})")));
  const std::string warnings = R"("warnings":[{"rule":"r"},{"rule":"r","waived_by":"skip"}])";
  EXPECT_TRUE(takes(labels({"skip"}), facts("push.accepted", warnings)));
  EXPECT_FALSE(takes(labels({"x"}), facts("push.accepted", warnings)));
  EXPECT_TRUE(
      takes(labels({"skip"}), facts("push.rejected", R"("violations":[{"waived_by":"skip"}])")));
  EXPECT_FALSE(takes(labels({"skip"}), facts("ref.updated")));
  EXPECT_TRUE(takes(labels({"skip"}), facts("ref.updated", R"("labels":["x","skip"])")));
  EXPECT_FALSE(takes(labels({"y"}), facts("ref.updated", R"("labels":["x","skip"])")));
  EXPECT_TRUE(
      takes(labels({"y"}), facts("ref.updated", R"("labels":["x"],"truncated":["/labels"])")));
  // It was asked for and not needed.
  const std::string asked = R"("push_options":["exempt=skip","reason=x"],"warnings":[])";
  EXPECT_FALSE(takes(labels({"skip"}), facts("push.accepted", asked)));
  EXPECT_TRUE(
      takes(labels({"skip"}), facts("push.accepted", asked + R"(,"truncated":["/warnings"])")));
  EXPECT_FALSE(
      takes(labels({"x"}), facts("push.accepted", asked + R"(,"truncated":["/warnings"])")));
  EXPECT_TRUE(
      takes(labels({"x"}), facts("push.accepted", asked + R"(,"truncated":["/push_options"])")));
}

TEST(SinkFilter, LeavesOutDraftsWhereItIsTold) {
  SinkFilter filter;
  filter.drafts = false;
  for (const char* draft : {R"("draft":true)", R"("push_options":["x","draft"])"}) {
    EXPECT_TRUE(takes(SinkFilter(), facts("ref.updated", draft)));
    EXPECT_FALSE(takes(filter, facts("ref.updated", draft)));
  }
  for (const char* other : {"", R"("draft":false)", R"("push_options":["drafts"])"}) {
    EXPECT_TRUE(takes(filter, facts("ref.updated", other)));
  }
}

TEST(SinkFilter, NeedsEveryPartThatSaysSomething) {
  SinkFilter filter = refs("main");
  filter.types.emplace_back("ref.*");
  const std::string main = R"("change":)" + change("refs/heads/main");
  EXPECT_TRUE(takes(filter, facts("ref.updated", main)));
  EXPECT_FALSE(takes(filter, facts("change.landed", main)));
  EXPECT_FALSE(takes(filter, facts("ref.updated", R"("change":)" + change("refs/heads/a"))));
}

TEST(SinkFilter, NeverTellsASinkThatItDoesNotWork) {
  SinkSettings ci;
  ci.name = "ci";
  SinkSettings mail;
  mail.name = "mail";
  for (const char* type : {"endpoint.disabled", "delivery.dead"}) {
    for (const std::string& json :
         {event(type, R"("sink":"ci")"), event(type, R"("sink":{"name":"ci","kind":"webhook"})"),
          R"({"type":"dev.trunkgate.)" + std::string(type) + R"(.v1","subject":"ci","data":{}})"}) {
      EXPECT_FALSE(takes(ci, filtered_event(json))) << json;
      EXPECT_TRUE(takes(mail, filtered_event(json))) << json;
    }
  }
  EXPECT_TRUE(takes(ci, facts("ref.updated", R"("sink":"ci")")));
}

// Nothing that the journal holds is lost because it cannot be read.
TEST(SinkFilter, TakesWhatIsNoEvent) {
  for (const char* text : {"", "{", "[]", "1", "null", "{\"type\":1,\"data\":[]}"}) {
    const FilteredEvent made = filtered_event(text);
    EXPECT_EQ(made.type, "");
    EXPECT_TRUE(takes(SinkFilter(), made)) << text;
    EXPECT_TRUE(takes(paths("*.py"), made)) << text;
  }
  EXPECT_TRUE(takes(refs("main"), filtered_event("{")));
  EXPECT_TRUE(takes(labels({"x"}), filtered_event("{")));
}

// A member of another kind than the schema says is passed over.
TEST(SinkFilter, ReadsEventsOfAnyShape) {
  const FilteredEvent made = facts(
      "push.accepted",
      R"("change":[1],"changes":{"a":1},"ref":"x","tag":{"name":3},"commits":[1,[],"x"],"files":7,
      "truncated":[1],"push_options":"draft","warnings":{"a":{"waived_by":4}},"exemption":null)");
  EXPECT_EQ(made.refs.names, Lines());
  EXPECT_EQ(made.paths.names, Lines());
  EXPECT_EQ(made.labels.names, Lines());
}

}  // namespace
}  // namespace trunkgate
