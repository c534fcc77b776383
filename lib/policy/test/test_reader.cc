#include "policy/test/test_reader.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "config/option_reader.h"
#include "git/ref_name.h"
#include "policy/test/commit_reader.h"
#include "policy/test/expectation_reader.h"
#include "policy/test/test_keys.h"
#include "policy/test/test_values.h"
#include "push/pusher.h"

namespace trunkgate {
namespace {

using namespace test_keys;

constexpr std::string_view kYaml = ".yaml";
constexpr std::string_view kTestYaml = ".test.yaml";
// Noon on a Monday: no rule about hours or week-ends meets it by accident.
constexpr std::int64_t kDefaultTime = 1'767'614'400;  // 2026-01-05T12:00Z
constexpr std::size_t kMaxRefsOfCase = 2000;
constexpr std::size_t kShown = 60;

// The references of a server, with the names they make known.
struct Server {
  std::vector<TestRef> refs;
  std::vector<TestEvidence> evidence;
  TestNames names;
};

class TestReader {
 public:
  TestReader(const TestLimits& limits, Diagnostics& diagnostics)
      : diagnostics_(diagnostics), budget_(limits, diagnostics), commits_(budget_, diagnostics) {}

  TestFile read(const Node& root) {
    const OptionReader reader(root, kFileKeys, diagnostics_, "the test file");
    TestFile file;
    const Node* tests = list_of(reader, "tests");
    if (!reader.has("tests")) diagnostics_.error(root.where, "'tests' is missing: a list of cases");
    if (const Node* given = reader.find("given"); given != nullptr) read_given(*given, common_);
    if (const Node* evidence = list_of(reader, "evidence"); evidence != nullptr) {
      read_evidence(*evidence, common_);
    }
    time_ = read_clock(reader, kDefaultTime);
    head_ = read_head(reader);
    file.repository = reader.get(kRepository);
    if (!file.repository.empty() && !file.repository.starts_with("/")) {
      diagnostics_.error(reader.find("repository")->where,
                         "the path of a repository starts with a slash: /srv/git/team/web.git");
    }
    if (tests == nullptr) return file;
    if (tests->items.empty()) diagnostics_.error(tests->where, "'tests' is empty");
    for (const Node& node : tests->items) {
      if (!budget_.spend_case(node.where)) break;
      file.cases.push_back(read_case(node));
    }
    return file;
  }

 private:
  TestCase read_case(const Node& node) {
    const OptionReader reader(node, kCaseKeys, diagnostics_, "a case");
    TestCase test;
    test.where = node.where;
    if (node.kind != Node::Kind::map) return test;
    test.name = reader.get(kName);
    if (test.name.empty() || !is_printable(test.name)) {
      diagnostics_.error(reader.has("name") ? reader.find("name")->where : node.where,
                         "a case needs a 'name' in one line of text: what it shows");
    } else if (!case_names_.insert(test.name).second) {
      diagnostics_.error(reader.find("name")->where, "there is a case of this name already");
    }
    test.time = read_clock(reader, time_);
    test.head = head_;
    Server server = common_;
    if (const Node* given = reader.find("given"); given != nullptr) read_given(*given, server);
    if (const Node* evidence = list_of(reader, "evidence"); evidence != nullptr) {
      read_evidence(*evidence, server);
    }
    if (const Node* push = reader.find("push"); push != nullptr) {
      read_push(*push, server.names, test.push);
    } else {
      diagnostics_.error(node.where, "a case needs a 'push'");
    }
    test.given = std::move(server.refs);
    test.evidence = std::move(server.evidence);
    if (const Node* expect = reader.find("expect"); expect != nullptr) {
      test.expect = read_expectation(*expect, diagnostics_);
    } else {
      diagnostics_.error(node.where, "a case needs an 'expect', such as 'expect: accept'");
    }
    return test;
  }

  std::int64_t read_clock(const OptionReader& reader, std::int64_t fallback) {
    const Node* node = reader.find("time");
    if (node == nullptr) return fallback;
    const auto time = read_test_time(*node, diagnostics_);
    if (!time) return fallback;
    if (time->relative) {
      diagnostics_.error(node->where, "the time of a push is a point in time: 2026-01-05T09:30Z");
    }
    return time->seconds;
  }

  std::string read_head(const OptionReader& reader) {
    std::string name = full_ref_name(reader.get(kHead));
    if (const auto mistake = ref_name_mistake(name)) {
      diagnostics_.error(reader.find("head")->where, "this is no name of a branch: " + *mistake);
    }
    return name;
  }

  void read_given(const Node& node, Server& server) {
    if (node.kind != Node::Kind::map) {
      diagnostics_.error(node.where, "'given' must be a map of references to what they hold, not " +
                                         std::string(to_string(node.kind)));
      return;
    }
    for (const Entry& entry : node.entries) {
      TestRef ref;
      ref.name = full_ref_name(entry.key);
      ref.where = entry.key_where;
      if (const auto mistake = ref_name_mistake(ref.name)) {
        diagnostics_.error(ref.where, "'" + printable(entry.key, kShown) +
                                          "' is no name of a reference: " + *mistake);
      } else if (const auto other = server.names.in_the_way_of(ref.name)) {
        diagnostics_.error(ref.where, "'" + printable(entry.key, kShown) +
                                          "' cannot stand beside '" +
                                          printable(short_name(*other), kShown) + "'");
      } else if (server.refs.size() >= kMaxRefsOfCase) {
        diagnostics_.error(ref.where,
                           "more than " + std::to_string(kMaxRefsOfCase) + " references");
        return;
      }
      const OptionReader keys(entry.value, kGivenKeys, diagnostics_, "a reference of the server");
      ref.before_gate = keys.get(kBeforeGate);
      ref.pushed_by = read_user(keys, kPushedBy);
      read_contents(keys, server.names, ref);
      server.refs.push_back(std::move(ref));
    }
  }

  std::string read_user(const OptionReader& keys, const Option<std::string>& option) {
    const Node* node = keys.find(option.info.name);
    if (node == nullptr) return {};
    std::string name = keys.get(option);
    if (is_user_name(name)) return name;
    diagnostics_.error(node->where, "'" + printable(name, kShown) + "' is no user name");
    return {};
  }

  void read_evidence(const Node& list, Server& server) {
    for (const Node& item : list.items) {
      const OptionReader keys(item, kEvidenceKeys, diagnostics_, "a piece of evidence");
      if (item.kind != Node::Kind::map) continue;
      TestEvidence evidence;
      evidence.where = item.where;
      if (const Node* on = keys.find("on"); on == nullptr) {
        diagnostics_.error(item.where, "evidence is about a commit: 'on: feature/x'");
      } else if (auto name = read_commit_name(*on, server.names, diagnostics_)) {
        evidence.on = std::move(*name);
      }
      for (const auto* kind : {&kApproval, &kCheck, &kExemption}) {
        if (!keys.has(kind->info.name)) continue;
        if (!evidence.kind.empty()) {
          diagnostics_.error(
              keys.find(kind->info.name)->where,
              "one piece of evidence is of one kind; it is '" + evidence.kind + "' already");
        }
        evidence.kind = kind->info.name;
        evidence.name = read_user(keys, *kind);
      }
      if (evidence.kind.empty()) {
        diagnostics_.error(item.where, "evidence is an 'approval', a 'check' or an 'exemption'");
      }
      evidence.by = read_user(keys, kBy);
      if (evidence.by.empty() && evidence.kind == "approval") evidence.by = evidence.name;
      if (evidence.by.empty() && !keys.has("by") && !evidence.kind.empty()) {
        diagnostics_.error(item.where, "somebody left it: 'by: ci-bot'");
      }
      evidence.says = keys.get(kStatement);
      evidence.left = {true, -600};
      if (const Node* left = keys.find("left"); left != nullptr) {
        if (const auto time = read_test_time(*left, diagnostics_)) evidence.left = *time;
      }
      server.evidence.push_back(std::move(evidence));
    }
  }

  // What a reference of the server and an update have in common; its name is known from then on.
  void read_contents(const OptionReader& keys, TestNames& names, TestRef& ref) {
    if (const Node* from = keys.find("from"); from != nullptr) {
      ref.from = read_commit_name(*from, names, diagnostics_);
    }
    if (const Node* commits = list_of(keys, "commits"); commits != nullptr) {
      for (const Node& commit : commits->items)
        ref.commits.push_back(commits_.commit(commit, names));
    }
    if (const Node* tag = keys.find("tag"); tag != nullptr) ref.tag = commits_.tag(*tag);
    names.add_ref(ref.name);
  }

  void read_push(const Node& node, TestNames& names, TestPush& push) {
    const OptionReader reader(node, kPushKeys, diagnostics_, "a push");
    if (node.kind != Node::Kind::map) return;
    push.user = reader.get(kUser);
    if (!push.user.empty() && !is_user_name(push.user)) {
      diagnostics_.error(reader.find("user")->where,
                         "'" + printable(push.user, kShown) +
                             "' is no user name; '' is somebody whom nobody knows");
    }
    push.options = reader.get(kOptions);
    if (const Node* refs = list_of(reader, "refs"); refs != nullptr) {
      for (const Entry& entry : node.entries) {
        if (entry.key == "user" || entry.key == "options" || entry.key == "refs") continue;
        diagnostics_.error(entry.key_where,
                           "'" + printable(entry.key, kShown) + "' belongs into an item of 'refs'");
        return;
      }
      for (const Node& item : refs->items) {
        const OptionReader keys(item, kRefKeys, diagnostics_, "an item of 'refs'");
        read_update(keys, item, names, push);
      }
    } else if (!reader.has("refs")) {
      read_update(reader, node, names, push);
    }
  }

  void read_update(const OptionReader& keys, const Node& node, TestNames& names, TestPush& push) {
    if (node.kind != Node::Kind::map) return;
    TestRef ref;
    ref.where = node.where;
    if (const Node* name = keys.find("ref"); name != nullptr) {
      ref.name = full_ref_name(keys.get(kRef));
      ref.where = name->where;
    } else {
      diagnostics_.error(node.where, "a push needs a 'ref', such as 'ref: feature/x'");
    }
    if (const Node* old = keys.find("old"); old != nullptr) {
      ref.old = read_commit_name(*old, names, diagnostics_);
    }
    ref.removed = keys.get(kDelete);
    if (ref.removed && (keys.has("from") || keys.has("commits") || keys.has("tag"))) {
      diagnostics_.error(keys.find("delete")->where,
                         "a reference that is deleted gets no commits and no tag");
    }
    if (ref.removed && !ref.old && !ref.name.empty() && !names.knows(ref.name)) {
      diagnostics_.error(ref.where, "the server has no '" +
                                        printable(short_name(ref.name), kShown) +
                                        "' that could be deleted");
    }
    read_contents(keys, names, ref);
    push.refs.push_back(std::move(ref));
  }

  Diagnostics& diagnostics_;
  TestBudget budget_;
  CommitReader commits_;
  Server common_;
  std::int64_t time_ = kDefaultTime;
  std::string head_;
  std::set<std::string> case_names_;
};

}  // namespace

std::string test_file_of(const std::string& policy_file) {
  const bool yaml = policy_file.ends_with(kYaml);
  return policy_file.substr(0, policy_file.size() - (yaml ? kYaml.size() : 0)) +
         std::string(kTestYaml);
}

std::string policy_of_test_file(const std::string& test_file) {
  if (!test_file.ends_with(kTestYaml)) return {};
  return test_file.substr(0, test_file.size() - kTestYaml.size()) + std::string(kYaml);
}

TestFile read_test_file(std::shared_ptr<const Source> source, const TestLimits& limits) {
  Diagnostics diagnostics;
  TestFile file;
  const Node root = parse_document(std::move(source), diagnostics);
  if (root.kind == Node::Kind::map && !diagnostics.unreadable()) {
    file = TestReader(limits, diagnostics).read(root);
  }
  if (!diagnostics.empty()) throw ConfigError(std::move(diagnostics));
  return file;
}

}  // namespace trunkgate
