#include "events/full_event.h"

#include "base/error.h"
#include "derived_fixture.h"

namespace trunkgate {
namespace {

// `truncated` and `dataref` are gone when nothing is cut, else `truncated` is what `lacking` says.
class FullEventTest : public DerivedEventsTest {
 protected:
  Json full(const Json& event, const Story& lacking = {}) const {
    const JournalReader journal(folder());
    const auto found = journal.find(event["id"].get<std::string>());
    const FullEvent told = full_event(journal, repository(), folder() + "/state", *found);
    EXPECT_EQ(told.lacking, lacking);
    Json json = Json::parse(told.json);
    json["data"]["repository"]["path"] = "@";  // as lines() has it
    EXPECT_EQ(json["data"].value("truncated", Story()), lacking);
    EXPECT_EQ(json.contains("dataref"), !lacking.empty());
    return json;
  }
  std::string refusal(const Json& event) const {
    try {
      full(event);
      return "told";
    } catch (const Error& error) {
      return std::string(error.what()) + "\n" + error.hint();
    }
  }
  // The same without what was cut and what says so.
  static Json rest(Json event, const Story& members) {
    event.erase("dataref");
    event["data"].erase("truncated");
    for (const std::string& member : members) event["data"].erase(member);
    return event;
  }
  static Story titles(const Json& event) {
    Story titles;
    for (const Json& commit : event["data"]["commits"]) titles.push_back(commit["title"]);
    return titles;
  }
  ObjectId line(const std::string& prefix, int length, ObjectId tip = {}) {
    for (int i = 1; i <= length; ++i) {
      tip = commit(prefix + std::to_string(i),
                   tip.is_zero() ? std::vector<ObjectId>{} : std::vector<ObjectId>{tip});
    }
    return tip;
  }
  static Story numbered(const std::string& prefix, int count) {
    Story names;
    for (int i = 1; i <= count; ++i) names.push_back(prefix + std::to_string(i));
    return names;
  }
  const Story kParts{"commits", "head_commit", "files"};
};

TEST_F(FullEventTest, TellsEveryCommitAndFileOfAnUpdate) {
  const ObjectId a = commit("a");
  std::map<std::string, std::string> files;
  for (int i = 0; i < 350; ++i) files["f" + std::to_string(1000 + i)] = "x";
  const ObjectId c = line("c", 25, a);
  const ObjectId tip = commit_of("b\n\nFixes: " + std::string(2000, '1') + "\n", files, {c});
  pushed(1, {update("refs/heads/main", none_, a)});
  pushed(2, {update("refs/heads/main", a, tip)});
  deliver();
  const Json sent = event_of("ref.updated");
  EXPECT_EQ(sent["dataref"],
            "trunkgate+" + sent["source"].get<std::string>() + "#" + sent["id"].get<std::string>());
  EXPECT_EQ(sent["data"]["truncated"], Json::array({"/files", "/commits/19/trailers/Fixes/0",
                                                    "/commits", "/head_commit/trailers/Fixes/0"}));
  const Json told = full(sent);
  EXPECT_EQ(rest(told, kParts), rest(sent, kParts));
  Story titles_told = numbered("c", 25);
  titles_told.emplace_back("b");
  EXPECT_EQ(titles(told), titles_told);
  EXPECT_EQ(told["data"]["commits_total"], 26);
  EXPECT_EQ(told["data"]["commits"][25]["added"].size(), 350U);
  EXPECT_EQ(told["data"]["commits"][25]["trailers"]["Fixes"][0], std::string(2000, '1'));
  EXPECT_EQ(told["data"]["head_commit"], told["data"]["commits"][25]);
  EXPECT_EQ(told["data"]["files"]["added"], told["data"]["commits"][25]["added"]);
}

TEST_F(FullEventTest, TellsTheFilesOfACommitWhenThoseAloneWereCut) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 150; ++i) files["f" + std::to_string(1000 + i)] = "x";
  pushed(1, {update("refs/heads/main", none_, commit_of("a", files))});
  deliver();
  const Json sent = event_of("ref.created");
  EXPECT_EQ(sent["data"]["commits"][0]["added"].size(), 100U);
  EXPECT_FALSE(sent["data"].contains("truncated"));
  EXPECT_EQ(full(sent)["data"]["commits"][0]["added"], sent["data"]["files"]["added"]);
}

TEST_F(FullEventTest, GivesAnEventOfWhichNothingWasCutAsItWasSent) {
  pushed(1, {update("refs/heads/main", none_, commit("a"))});
  deliver();
  for (const Json& event : events()) {
    EXPECT_FALSE(event.contains("dataref"));
    EXPECT_EQ(full(event), event);
  }
}

TEST_F(FullEventTest, KnowsWhatWasNewOnARefWhateverCameLater) {
  const ObjectId old = line("old", 3);
  const ObjectId tip = line("new", 30, old);
  const ObjectId later = line("later", 2, tip);
  pushed(1, {update("refs/heads/main", none_, old)});
  pushed(2, {update("refs/heads/x", none_, tip)});
  deliver();
  const Json sent = events_of("ref.created").back();
  // Then another ref reaches them all, the branch goes, and one comes that nobody has told of yet.
  pushed(3, {update("refs/heads/main", old, later), update("refs/heads/x", tip, none_)});
  deliver();
  set_ref("refs/heads/unseen", later);
  const Json told = full(sent);
  EXPECT_EQ(titles(told), numbered("new", 30));
  EXPECT_EQ(rest(told, kParts), rest(sent, kParts));
}

TEST_F(FullEventTest, KnowsWhichOfTwoNewRefsBroughtACommit) {
  const ObjectId a = line("a", 25);
  const ObjectId b = line("b", 25, a);
  pushed(1, {update("refs/heads/x", none_, a), update("refs/heads/y", none_, b)});
  deliver();
  const auto sent = events_of("ref.created");
  EXPECT_EQ(titles(full(sent[0])), numbered("a", 25));
  EXPECT_EQ(titles(full(sent[1])), numbered("b", 25));
}

TEST_F(FullEventTest, NamesTheObjectsThatAreGone) {
  const ObjectId a = commit("a");
  const ObjectId tip = line("b", 25, a);
  const ObjectId side = commit("side", {a});
  pushed(1, {update("refs/heads/main", none_, a)});
  pushed(2, {update("refs/heads/main", a, tip)});
  pushed(3, {update("refs/heads/main", tip, side)});
  deliver();
  const Json sent = events_of("ref.updated")[0];
  EXPECT_EQ(titles(full(sent)), numbered("b", 25));
  const ObjectId middle = id(git("rev-parse " + tip.hex() + "~10"));
  const auto remove = [&](const ObjectId& object) {
    const std::string hex = object.hex();
    std::filesystem::remove(repository_path_ + "/objects/" + hex.substr(0, 2) + "/" +
                            hex.substr(2));
    reopen();
  };
  const std::string number = std::to_string(std::stoi(sent["sequence"].get<std::string>()));
  const std::string start = "event " + number + " cannot be told in full: ";
  const std::string hint = "\nas it was sent: trunkgate events show " + number;
  remove(middle);
  EXPECT_EQ(refusal(sent), start + "1 object it tells of is gone: " + middle.hex() + hint);
  remove(tip);
  EXPECT_EQ(refusal(sent), start + "1 object it tells of is gone: " + tip.hex() + hint);
  remove(a);
  const std::string both = a < tip ? a.hex() + ", " + tip.hex() : tip.hex() + ", " + a.hex();
  EXPECT_EQ(refusal(sent), start + "2 objects it tells of are gone: " + both + hint);
}

TEST_F(FullEventTest, NamesATreeThatIsGone) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 350; ++i) files["folder/f" + std::to_string(1000 + i)] = "x";
  const ObjectId a = commit_of("a", files);
  pushed(1, {update("refs/heads/main", none_, a)});
  deliver();
  const std::string tree = git("rev-parse " + a.hex() + ":folder");
  // fast-import makes a pack; what is left of it has no such tree.
  git("cat-file commit " + a.hex() + " > '" + root_ + "/commit'");
  git("cat-file tree " + a.hex() + "^{tree} > '" + root_ + "/tree'");
  git("repack -q -a -d");
  std::filesystem::remove_all(repository_path_ + "/objects/pack");
  git("hash-object -w -t commit '" + root_ + "/commit'");
  git("hash-object -w -t tree '" + root_ + "/tree'");
  reopen();
  EXPECT_NE(refusal(event_of("ref.created")).find("1 object it tells of is gone: " + tree),
            std::string::npos);
}

TEST_F(FullEventTest, SaysThatOtherCommitsAreNewToday) {
  const ObjectId tip = line("a", 25);
  pushed(1, {update("refs/heads/x", none_, tip)});
  deliver();
  const Json sent = event_of("ref.created");
  Database database(folder() + "/journal.db", Database::Access::write, 1000);
  database.execute(
      "UPDATE events SET json = replace(json, '\"commits_total\":25', "
      "'\"commits_total\":24') WHERE json LIKE '%commits_total\":25%'");
  EXPECT_EQ(refusal(sent),
            "event 2 cannot be told in full: it told of 24 commits, and 25 can be found\n"
            "as it was sent: trunkgate events show 2");
}

TEST_F(FullEventTest, KeepsWhatWasKnownOfSignaturesThen) {
  const ObjectId a = line("a", 25);
  std::ofstream(root_ + "/raw") << "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent "
                                << a.hex() << "\nauthor A <a@b> 1900000000 +0000\n"
                                << "committer A <a@b> 1900000000 +0000\n"
                                << "gpgsig -----BEGIN SSH\n x\n\nsigned\n";
  const ObjectId tip = id(git("hash-object -t commit -w --literally '" + root_ + "/raw'"));
  const KnownSignatures known(folder() + "/state");
  known.keep(tip, {.keys = "-", .time = kNow / kSecond, .signers = {}}, Sharing{});
  pushed(1, {update("refs/heads/main", none_, tip)});
  deliver();
  known.forget(tip);
  const Json told = full(event_of("ref.created"));
  EXPECT_EQ(told["data"]["commits"].size(), 26U);
  EXPECT_EQ(told["data"]["commits"][25]["signature"], "good");
  EXPECT_EQ(told["data"]["head_commit"]["signature"], "good");
}

TEST_F(FullEventTest, TellsTheWholeMessageOfATag) {
  const ObjectId a = commit("a");
  const std::string message = std::string(9000, 'm') + "\n";
  std::ofstream(root_ + "/raw") << "object " << a.hex() << "\ntype commit\ntag v1\n"
                                << "tagger A <a@b> 1 +0000\n\n"
                                << message;
  const ObjectId tag = id(git("hash-object -t tag -w '" + root_ + "/raw'"));
  pushed(1, {update("refs/tags/v1", none_, tag)});
  deliver();
  for (const char* type : {"tag.created", "release.created"}) {
    const Json sent = event_of(type);
    EXPECT_EQ(sent["data"]["truncated"], Json::array({"/tag/message"}));
    const Json told = full(sent);
    EXPECT_EQ(told["data"]["tag"]["message"], message);
    EXPECT_EQ(rest(told, {"tag"}), rest(sent, {"tag"}));
  }
}

TEST_F(FullEventTest, TellsEveryChangeOfAPush) {
  const ObjectId a = commit("a");
  std::vector<SpooledUpdate> updates;
  for (int i = 0; i < 250; ++i) {
    updates.push_back(update("refs/heads/b" + std::to_string(1000 + i), none_, a));
  }
  pushed(1, updates);
  deliver();
  const Json sent = event_of("push.accepted");
  EXPECT_EQ(sent["data"]["changes"].size(), 200U);
  const Json told = full(sent);
  ASSERT_EQ(told["data"]["changes"].size(), 250U);
  EXPECT_EQ(told["data"]["changes"][0], sent["data"]["changes"][0]);
  EXPECT_EQ(told["data"]["changes"][249]["ref"]["short"], "b1249");
  EXPECT_EQ(rest(told, {"changes"}), rest(sent, {"changes"}));
}

TEST_F(FullEventTest, SaysWhatNothingKeeps) {
  SpoolRecord refusal = reject(1, {update("refs/heads/x", none_, commit("a"))});
  refusal.findings.assign(150, {.rule = "forbidden-path",
                                .warning = false,
                                .message = "matches",
                                .ref = "refs/heads/x",
                                .commit = std::nullopt,
                                .path = {},
                                .line = 0,
                                .hint = {}});
  refusal.findings_total = 150;
  spool().write(refusal);
  deliver();
  const Json sent = event_of("push.rejected");
  EXPECT_EQ(sent["dataref"],
            "trunkgate+" + sent["source"].get<std::string>() + "#" + sent["id"].get<std::string>());
  EXPECT_EQ(full(sent, {"/violations"}), sent);
}

}  // namespace
}  // namespace trunkgate
