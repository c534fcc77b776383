// What holds for every rule, and every example of every rule.
#include "rules/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "config/number_option.h"
#include "evidence/evidence.h"
#include "policy/policy_loader.h"
#include "policy/verdict.h"
#include "rules/evidence/requirements/evidence_tree.h"
#include "rules/file_scenario.h"
#include "support/commit_example.h"
#include "support/push_example.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

bool is_words_with_hyphens(std::string_view id) {
  for (const std::string_view word : split(id, '-')) {
    if (word.empty() ||
        !std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
      return false;
    }
  }
  return true;
}

bool is_one_line(std::string_view text) {
  return !text.empty() && trim(text) == text && is_printable(text) &&
         text.find("  ") == std::string_view::npos;
}

// A whole sentence, or several.
bool is_sentence(std::string_view text) {
  return is_one_line(text) && text[0] >= 'A' && text[0] <= 'Z' && text.ends_with(".");
}

// A part of one, to stand behind a name.
bool is_phrase(std::string_view text) {
  return is_one_line(text) && !(text[0] >= 'A' && text[0] <= 'Z') && !text.ends_with(".");
}

// Reads a value as the option's own type does; the mistakes, or "".
std::string read_as(std::string_view type, const Node& node) {
  Diagnostics diagnostics;
  bool known = false;
  const auto attempt = [&]<typename T>(T value) {
    if (OptionType<T>::name != type) return;
    known = true;
    OptionType<T>::read(node, diagnostics, value);
  };
  attempt(false);
  attempt(std::int64_t{});
  attempt(double{});
  attempt(EvidenceList{});
  attempt(std::string());
  attempt(std::vector<std::string>());
  attempt(GlobSet());
  attempt(PathSet());
  attempt(Pattern());
  attempt(std::vector<Pattern>());
  attempt(std::chrono::seconds());
  attempt(ByteSize());
  return known ? diagnostics.render() : "unknown type " + std::string(type);
}

TEST(Catalogue, HasIdsThatAreWordsAndNeverTheSame) {
  std::set<std::string_view> seen;
  for (const RuleInfo* rule : all_rules()) {
    EXPECT_TRUE(is_words_with_hyphens(rule->id)) << rule->id;
    EXPECT_TRUE(seen.insert(rule->id).second) << rule->id;
  }
  EXPECT_FALSE(seen.empty());
}

TEST(Catalogue, FindsEveryRuleByItsId) {
  std::vector<std::string_view> ids;
  for (const RuleInfo* rule : all_rules()) {
    EXPECT_EQ(find_rule(rule->id), rule);
    ids.push_back(rule->id);
  }
  EXPECT_EQ(rule_ids(), ids);
  EXPECT_EQ(find_rule(""), nullptr);
  EXPECT_EQ(find_rule("direct-pus"), nullptr);
  EXPECT_EQ(find_rule("Direct-Push"), nullptr);
}

TEST(Catalogue, ExplainsEveryRule) {
  for (const RuleInfo* rule : all_rules()) {
    EXPECT_TRUE(is_phrase(rule->summary)) << rule->id;
    EXPECT_TRUE(is_sentence(rule->rationale)) << rule->id;
    EXPECT_TRUE(is_sentence(rule->remedy)) << rule->id;
  }
}

TEST(Catalogue, ExplainsEveryOptionAndCanReadItsDefault) {
  for (const RuleInfo* rule : all_rules()) {
    std::set<std::string_view> seen{"mode", "only", "except"};  // these belong to every rule
    for (const OptionInfo* option : rule->options) {
      const std::string name = std::string(rule->id) + ": " + std::string(option->name);
      EXPECT_TRUE(is_words_with_hyphens(option->name) || option->name.starts_with("x509")) << name;
      EXPECT_TRUE(seen.insert(option->name).second) << name;
      EXPECT_TRUE(is_phrase(option->help)) << name;
      if (option->fallback.empty()) continue;
      EXPECT_EQ(read_as(option->type, parse_default(option->fallback)), "") << name;
    }
  }
}

TEST(Catalogue, HasExamplesOfBothKindsForEveryRule) {
  for (const RuleInfo* rule : all_rules()) {
    const auto any = [&](bool accepted) {
      return std::any_of(rule->examples.begin(), rule->examples.end(),
                         [&](const Example& example) { return example.accepted == accepted; });
    };
    // What is accepted there needs a key: end_to_end/signatures_test.py has some.
    EXPECT_TRUE(any(true) || rule->id == "unsigned-commit" || rule->id == "unsigned-push")
        << rule->id;
    EXPECT_TRUE(any(false)) << rule->id;
    std::set<std::tuple<std::string_view, std::string_view>> seen;
    for (const Example& example : rule->examples) {
      EXPECT_TRUE(seen.insert({example.options, example.subject}).second)
          << rule->id << ": " << example.options << " " << example.subject;
    }
  }
}

// The policy whose one rule has the options of an example.
std::unique_ptr<Policy> policy_with(const RuleInfo& rule, std::string_view options) {
  const std::string text =
      "version: 1\nnamespaces: ['refs/locks/**']\nusers: {cy: {email: [cy@example.com]}}\n"
      "attestations: {approval: {by: [bo, cy]}, check: {by: [ci, cy]}}\n"
      "rulesets:\n  - name: all\n    refs: ['refs/**']\n    rules:\n"
      "      " +
      std::string(rule.id) + ": " + (options.empty() ? "{}" : std::string(options)) + "\n";
  return load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
    return FileText{FileState::present, text, {}};
  });
}

// A repository in which examples of Subject::ref play.
class Scenario {
 public:
  explicit Scenario(std::string_view text) {
    std::filesystem::create_directory(temporary_.beside("scratch"));
    base_ = commit("feat: base", {}, {{"a", "1"}});
    next_ = commit("feat: next", {base_}, {{"a", "2"}});
    const bool has_evidence =
        text.starts_with("approve ") || text.starts_with("veto ") || text.starts_with("check ");
    const std::size_t last = has_evidence ? text.rfind(", ") + 2 : 0;
    if (has_evidence) {
      for (const std::string_view part : split(text.substr(0, last - 2), ',')) leave(trim(part));
    }
    for (const std::string_view word : split(text.substr(last), ' ')) words_.emplace_back(word);
  }

  Answer judge(const Rule& rule, const AttestationPolicy* attestations) {
    const std::int64_t now = read_time();
    const PushedRef ref = play();
    const auto repository = temporary_.open();
    Push push{
        *repository,
        {.name = "ada", .source = "os-user", .transport = {}, .remote_addr = {}, .problem = {}},
        {},
        {ref},
        temporary_.beside("scratch"),
        {},
        now != 0 ? now : date_ + after_};
    if (!issued_.empty()) {
      push.state = temporary_.beside("state");
      std::vector<StateLine> lines;
      for (const auto& [name, object, issuer] : issued_) {
        lines.push_back(issuer_line(push.repository, name, object, issuer));
      }
      append_lines(push.state, lines, {});
    }
    push.attestations = attestations;
    Answer answer;
    rule.check_ref(push, ref, answer);
    return answer;
  }

 private:
  // "at 2026-01-05T09:30Z" gives a time of day, "after 80h" one that long after the last commit;
  // they stand before the verb.
  std::int64_t read_time() {
    std::int64_t now = 0;
    if (words_.at(0) == "at") {
      std::tm time{};
      if (::strptime(words_.at(1).c_str(), "%Y-%m-%dT%H:%MZ", &time) == nullptr) {
        throw std::invalid_argument("no time: " + words_.at(1));
      }
      now = ::timegm(&time);
    } else if (words_.at(0) == "after") {
      after_ = std::stol(words_.at(1)) * 3600;
    } else {
      return 0;
    }
    words_.erase(words_.begin(), words_.begin() + 2);
    return now;
  }

  // "approve SOURCE by USER", "veto SOURCE by USER", "check SOURCE NAME by USER STATUS
  // METRIC=VALUE".
  void leave(std::string_view text) {
    std::vector<std::string> words;
    for (const std::string_view word : split(text, ' ')) words.emplace_back(word);
    const ObjectId about = words.at(1) == "main" ? next_ : branch(words.at(1));
    const bool check = words.at(0) == "check";
    if (words.at(check ? 3 : 2) != "by")
      throw std::invalid_argument("no evidence: " + join(words, " "));
    const std::string user = words.at(check ? 4 : 3);
    ObjectId object = about;
    if (check) {
      std::string metrics;
      for (std::size_t i = 6; i < words.size(); ++i) {
        const auto equals = words[i].find('=');
        metrics += (i == 6 ? "\"" : ", \"") + words[i].substr(0, equals) +
                   "\": " + words[i].substr(equals + 1);
      }
      object = temporary_.raw(
          "blob", R"({"status": ")" + words.at(5) + R"(", "metrics": {)" + metrics + "}}");
    } else if (words.at(0) == "veto") {
      object = temporary_.raw("blob", R"({"verdict": "veto"})");
    }
    const AttestationName name{about, check ? AttestationKind::check : AttestationKind::approval,
                               check ? words.at(2) : user};
    temporary_.set_ref(name.ref(), object);
    issued_.emplace_back(name, object, Issuer{user, date_, false});
  }

  PushedRef play() {
    const std::string& verb = words_.at(0);
    const std::string word = words_.size() > 3 ? words_.at(2) : std::string();
    if (verb == "create") {
      if (word == "on") temporary_.set_ref("refs/heads/" + words_.at(3), next_);
      if (word == "beside") temporary_.set_ref(words_.at(3), base_);
      return update(words_.at(1), ObjectId(), next_);
    }
    if (verb == "annotate") {
      PushedRef ref = update(words_.at(1), ObjectId(), next_);
      ref.new_id = temporary_.tag("v1", next_, "Release\n\nAcc@1: 76.1%\n");
      return ref;
    }
    if (verb == "fork" && word == "from") {
      temporary_.set_ref("refs/heads/main", base_);
      temporary_.set_ref("refs/heads/develop", next_);
      const ObjectId from = words_.at(3) == "main" ? base_ : next_;
      return update(words_.at(1), ObjectId(), commit("feat: work", {from}, {{"b", "1"}}));
    }
    if (verb == "leave" && word == "behind") {
      temporary_.set_ref("refs/heads/" + words_.at(3), next_);
      return update(words_.at(1), base_, commit("feat: work", {base_}, {{"b", "1"}}));
    }
    if (verb == "update") return update(words_.at(1), base_, next_);
    if (verb == "rewind") return update(words_.at(1), next_, base_);
    if (verb == "delete") return update(words_.at(1), next_, ObjectId());
    if (verb == "merge" && words_.at(2) == "into") {
      const ObjectId source = branch(words_.at(1));
      return update(words_.at(3), next_,
                    commit("Merge", {next_, source}, {{"a", "2"}, {"b", "1"}}));
    }
    if (verb == "fast-forward" && words_.at(2) == "to") {
      return update(words_.at(1), base_, branch(words_.at(3)));
    }
    throw std::invalid_argument("no scenario: " + join(words_, " "));
  }

  ObjectId commit(const std::string& message, const std::vector<ObjectId>& parents,
                  const std::map<std::string, std::string>& files) {
    const ObjectId id = temporary_.commit(message, parents, files);
    date_ = temporary_.open()->links(id).time;
    return id;
  }

  ObjectId branch(const std::string& name) {
    if (const auto known = branches_.find(name); known != branches_.end()) return known->second;
    const ObjectId tip = commit("feat: work", {base_}, {{"a", "1"}, {"b", "1"}});
    temporary_.set_ref("refs/heads/" + name, tip);
    branches_.emplace(name, tip);
    return tip;
  }

  PushedRef update(const std::string& name, const ObjectId& from, const ObjectId& to) {
    // A name that Git does not write to a file is judged all the same.
    if (!from.is_zero()) temporary_.set_ref(name, from);
    return {.name = name,
            .kind = kind_of(name),
            .old_id = from,
            .new_id = to,
            .old_commit = from,
            .new_commit = to};
  }

  TemporaryRepository temporary_;
  std::vector<std::string> words_;
  std::int64_t date_ = 0;   // of the last commit
  std::int64_t after_ = 0;  // seconds from there to the push
  ObjectId base_;
  ObjectId next_;
  std::map<std::string, ObjectId> branches_;
  std::vector<std::tuple<AttestationName, ObjectId, Issuer>> issued_;
};

TEST(Catalogue, HasExamplesThatTellTheTruth) {
  TemporaryRepository temporary;
  for (const RuleInfo* rule : all_rules()) {
    for (const Example& example : rule->examples) {
      SCOPED_TRACE(std::string(rule->id) + " " + std::string(example.options) + ": " +
                   printable(example.subject));
      const auto policy = policy_with(*rule, example.options);
      ASSERT_EQ(policy->rules.size(), 1U);
      const Rule& made = *policy->rules[0].rule;
      const Answer answer =
          rule->subject == Subject::commit ? CommitExample(temporary, example.subject).judge(made)
          : rule->subject == Subject::push ? judge_push_example(made, example.subject)
          : rule->subject == Subject::file
              ? judge_file_example(made, example.subject)
              : Scenario(example.subject).judge(made, policy->attestations.get());
      const bool refused = std::any_of(answer.findings.begin(), answer.findings.end(),
                                       [](const Finding& finding) { return refuses(finding); });
      EXPECT_EQ(!refused, example.accepted);
      for (const Finding& finding : answer.findings) {
        EXPECT_TRUE(is_one_line(finding.message)) << finding.message;
        for (std::string_view detail : finding.details) {
          // Spaces in front keep its shape.
          detail.remove_prefix(detail.find_first_not_of(' '));
          EXPECT_TRUE(is_one_line(detail)) << detail;
        }
        EXPECT_TRUE(finding.hint.empty() || is_one_line(finding.hint)) << finding.hint;
        for (const std::string& line : finding.commands) EXPECT_TRUE(is_one_line(line)) << line;
      }
    }
  }
}

TEST(Users, AreThemselvesOrTheMembersOfGroups) {
  const Groups groups{{"reviewers", {"bo", "ada"}}, {"empty", {}}};
  EXPECT_EQ(users_of({"reviewers", "cy", "ada", "empty"}, groups),
            (std::vector<std::string>{"ada", "bo", "cy"}));
  EXPECT_EQ(users_of({}, groups), std::vector<std::string>());
}

}  // namespace
}  // namespace trunkgate
