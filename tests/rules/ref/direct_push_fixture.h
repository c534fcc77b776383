// A repository with main, one commit ahead of feature/x and the other way round, and direct-push.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "policy/policy_loader.h"
#include "push/landing.h"
#include "rules/catalogue.h"
#include "rules/ref/direct_push.h"
#include "support/temporary_repository.h"

namespace trunkgate {

using Lines = std::vector<std::string>;
using Files = std::map<std::string, std::string>;

class DirectPush : public testing::Test {
 protected:
  DirectPush() {
    std::filesystem::create_directory(temporary_.beside("scratch"));
    base_ = temporary_.commit("feat: base", {}, {{"a", "1\n"}});
    main_ = temporary_.commit("feat: main", {base_}, {{"a", "1\n"}, {"m", "1\n"}});
    work_ = temporary_.commit("feat: work", {base_}, {{"a", "1\n"}, {"w", "1\n"}});
    temporary_.set_ref("refs/heads/main", main_);
    temporary_.set_ref("refs/heads/feature/x", work_);
    with("{from: ['feature/**', 'hotfix/**']}");
  }

  void with(const std::string& options) {
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present,
                      "version: 1\ngroups: {maintainers: [ada, bo]}\n"
                      "rulesets:\n  - name: x\n    refs: ['refs/**']\n    rules:\n"
                      "      direct-push: " +
                          options + "\n",
                      {}};
    });
  }

  Answer judge(const PushedRef& ref, const std::string& pusher = "ada") const {
    const auto repository = temporary_.open();
    Pusher who;
    who.name = pusher;
    Answer answer;
    const Rule& rule = *policy_->rules.at(0).rule;
    const Push push{*repository, who, {}, {ref}, temporary_.beside("scratch")};
    look_for_rewritten(push, ref, rewritten_ways_of(rule));
    rule.check_ref(push, ref, answer);
    return answer;
  }
  static PushedRef update(const ObjectId& from, const ObjectId& to,
                          const std::string& name = "refs/heads/main") {
    return {.name = name,
            .kind = kind_of(name),
            .old_id = from,
            .new_id = to,
            .old_commit = from,
            .new_commit = to};
  }
  Answer land(const ObjectId& tip) const { return judge(update(main_, tip)); }
  ObjectId merge(const std::vector<ObjectId>& parents, const Files& files) {
    return temporary_.commit("Merge branch 'feature/x'", parents, files);
  }
  const Files kMerged{{"a", "1\n"}, {"m", "1\n"}, {"w", "1\n"}};

  static void expect_finding(const Answer& answer, const std::string& message, const Lines& details,
                             const std::string& hint, const Lines& commands) {
    ASSERT_EQ(answer.findings.size(), 1U);
    EXPECT_EQ(answer.findings[0].message, message);
    EXPECT_EQ(answer.findings[0].details, details);
    EXPECT_EQ(answer.findings[0].hint, hint);
    EXPECT_EQ(answer.findings[0].commands, commands);
  }
  // Its id once it is attributed: "direct-push.evil-merge".
  static std::string id_of(const Answer& answer) {
    if (answer.findings.size() != 1) return "";
    return answer.findings[0].rule.empty() ? "direct-push" : answer.findings[0].rule;
  }

  using Relied = std::vector<std::pair<std::string, ObjectId>>;

  TemporaryRepository temporary_;
  ObjectId base_;
  ObjectId main_;
  ObjectId work_;
  std::unique_ptr<Policy> policy_;
};

}  // namespace trunkgate
