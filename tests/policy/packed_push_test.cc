// A push judged from its packs, by their deltas, against the same push with every object read.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "policy/content_sieve.h"
#include "policy/evaluator.h"
#include "policy/pack_scan.h"
#include "policy/policy_loader.h"
#include "support/quarantine.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;

constexpr const char* kPolicy =
    "version: 1\n"
    "identity: {unknown: allow}\n"
    "rulesets:\n"
    "  - name: all\n"
    "    refs: ['**']\n"
    "    rules:\n"
    "      forbidden-path: {paths: ['*.pth', 'lib/x*']}\n"
    "      oversized-file: {limit: 900}\n"
    "      line-endings: {crlf: '*.bat', final-newline: true}\n"
    "      binary-file: {}\n"
    "      forbidden-content: {match: ['import pdb', '^TODO$', 'x+ $']}\n"
    "      whitespace-error: {}\n"
    "      conflict-marker: {}\n"
    "      executable-bit: {script-only: true}\n"
    "      frozen-path: {paths: [LICENSE]}\n"
    "      changed-by-others: {paths: [ci/], by: [eve]}\n"
    "      missing-lfs: {paths: ['*.bin'], above: 700}\n"
    "      colliding-path: {}\n";

// Commits whose files get better and worse, with lines that rules object to now and then, at all
// places of a file.
class Author {
 public:
  explicit Author(unsigned seed) : random_(seed) {}

  std::string line() {
    static const std::string kBad[] = {
        "import pdb\n",   "TODO\n",
        "trailing \n",    "  \ttabs\n",
        "<<<<<<< HEAD\n", "x\r\n",
        "xx \n",          "\n",
        "nul\0nul\n",     "||||||| a\n",
        ">>>>>>> b\n",    "version https://git-lfs.github.com/spec/v1\n"};
    if (number(12) == 0) {
      const std::size_t which = number(std::size(kBad));
      return which == 8 ? std::string("nul\0nul\n", 8) : kBad[which];
    }
    return "line " + std::to_string(number(100'000)) + "\n";
  }

  void edit(std::vector<std::string>& text) {
    for (std::size_t edits = 1 + number(3); edits > 0; --edits) {
      const auto at = text.begin() + static_cast<long>(number(text.size() + 1));
      switch (number(5)) {
        case 0:
          if (at != text.end()) text.erase(at);
          break;
        case 1:
          if (text.size() > 1) text.erase(text.begin() + static_cast<long>(text.size()) - 1);
          break;
        case 2:
          if (at != text.end() && at->size() > 2) at->erase(number(at->size()), 1);
          break;
        default:
          text.insert(at, line());
      }
    }
  }

  void commit() {
    static const std::string kNames[] = {"a.txt", "lib/a.txt", "lib/b",  "run.bat",
                                         "m.bin", "LICENSE",   "ci/run", "lib/deep/c.c",
                                         "A.txt", "w.pth"};
    for (std::size_t files = 1 + number(3); files > 0; --files) {
      const std::string& name = kNames[number(std::size(kNames))];
      if (number(9) == 0) {
        texts_.erase(name);
        continue;
      }
      auto& text = texts_[name];
      if (text.empty()) {
        for (std::size_t lines = 5 + number(60); lines > 0; --lines) text.push_back(line());
      }
      edit(text);
    }
  }

  Files files() const {
    Files files{{"README", "base\n"}};
    for (const auto& [name, text] : texts_) {
      for (const std::string& part : text) files[name] += part;
    }
    return files;
  }
  std::size_t number(std::size_t below) { return random_() % below; }

 private:
  std::mt19937 random_;
  std::map<std::string, std::vector<std::string>> texts_;
};

class PackedPushTest : public testing::TestWithParam<unsigned> {
 protected:
  PackedPushTest() { fs::create_directory(repository_.beside("scratch")); }

  std::string judged(const Repository& repository, const ObjectId& tip) {
    Baselines baselines(repository_.path() + "/trunkgate/state/baselines", {});
    RefUpdates received;
    received.updates.push_back({ObjectId(), tip, "refs/heads/x"});
    Pusher who;
    who.name = "ada";
    const Verdict verdict = evaluate(
        {*policy_, repository, baselines, received, who, {}, {}, repository_.beside("scratch")});
    std::string text;
    for (const RefVerdict& ref : verdict.refs) {
      for (const Finding& finding : ref.findings) {
        text += (finding.commit ? finding.commit->hex() : "") + " " + finding.rule + " " +
                finding.path + ":" + std::to_string(finding.line) + " " + finding.message + "\n";
      }
    }
    EXPECT_EQ(verdict.findings.size(), 0U);
    EXPECT_EQ(verdict.findings_dropped, 0U);
    return text;
  }

  TemporaryRepository repository_;
  std::unique_ptr<Policy> policy_ =
      load_policy({{"policy.yaml", "policy.yaml", false}}, [](const std::string&) {
        return FileText{FileState::present, kPolicy, {}};
      });
};

TEST_P(PackedPushTest, HasTheFindingsOfTheSamePushInLooseObjects) {
  Author author(GetParam());
  const ObjectId base = repository_.commit("feat: base", {}, {{"README", "base\n"}});
  repository_.set_ref("refs/heads/main", base);
  judged(*repository_.open(), base);  // records the baselines
  std::vector<ObjectId> tips{base};
  for (int i = 0; i < 60; ++i) {
    author.commit();
    std::vector<ObjectId> parents{tips.back()};
    if (i % 7 == 6) parents.push_back(tips[tips.size() - 4]);
    tips.push_back(
        repository_.commit("feat: change " + std::to_string(i), parents, author.files()));
  }
  const ObjectId tip = tips.back();
  std::vector<ObjectId> pushed;
  const std::string listed =
      repository_.git({"rev-list", "--objects", "--no-object-names", tip.hex(), "^" + base.hex()});
  for (std::size_t at = 0; at < listed.size(); at += ObjectId::kHexSize + 1) {
    pushed.push_back(*ObjectId::parse(listed.substr(at, ObjectId::kHexSize)));
  }
  std::string from_loose;
  {
    const Quarantine loose(repository_);
    loose.push_loose(pushed);
    from_loose = judged(*loose.open(), tip);
    // Back to where they were.
    for (const ObjectId& id : pushed) {
      fs::create_directories(loose.objects() + "/" + id.hex().substr(0, 2));
      fs::rename(loose.folder() + Quarantine::loose(id), loose.objects() + Quarantine::loose(id));
    }
    fs::remove_all(loose.folder());
  }
  const Quarantine packed(repository_);
  packed.push_packed(pushed);
  const auto repository = packed.open();
  EXPECT_GT(from_loose.size(), 1000U);
  EXPECT_EQ(judged(*repository, tip), from_loose);

  // And it is spared most of the reading.
  std::vector<const ActiveRule*> rules;
  for (const ActiveRule& rule : policy_->rules) {
    if (rule.info->passages) rules.push_back(&rule);
  }
  PackScan scan(*repository, rules);
  std::size_t asked = 0;
  std::size_t spared = 0;
  for (const ObjectId& id : pushed) {
    if (repository->header(id).type != ObjectType::blob) continue;
    for (const ActiveRule* rule : rules) {
      if ((scan.sieve().may_find(id) & scan.sieve().bit(*rule)) != 0) {
        ++asked;
      } else {
        ++spared;
      }
    }
  }
  EXPECT_GT(asked, 50U);
  EXPECT_GT(spared, asked / 2);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PackedPushTest, testing::Range(1U, 9U));

}  // namespace
}  // namespace trunkgate
