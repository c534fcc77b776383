// Judges ref updates with one rule as a policy makes it; whole findings become text to compare.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "policy/policy_loader.h"
#include "rules/rule.h"
#include "support/temporary_repository.h"

namespace trunkgate {

class RuleTest : public testing::Test {
 protected:
  explicit RuleTest(std::string rule) : rule_(std::move(rule)) {
    std::filesystem::create_directory(server_.beside("scratch"));
  }

  void with(const std::string& options) {
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present,
                      "version: 1\ngroups: {devs: [ada, bo]}\n"
                      "rulesets: [{name: x, refs: ['refs/**'], rules: {" +
                          rule_ + ": " + options + "}}]\n",
                      {}};
    });
  }

  // What the policy loader says of the options.
  std::string mistakes(const std::string& options) {
    try {
      with(options);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  // A ref update of the push; ids are peeled as the gate does it.
  PushedRef ref(const std::string& name, const ObjectId& from, const ObjectId& to) const {
    const auto repository = server_.open();
    const auto commit = [&](const ObjectId& id) {
      if (id.is_zero()) return ObjectId();
      const Peeled peeled = repository->peel(id);
      return peeled.type == ObjectType::commit ? peeled.id : ObjectId();
    };
    return {.name = name,
            .kind = kind_of(name),
            .old_id = from,
            .new_id = to,
            .old_commit = commit(from),
            .new_commit = commit(to)};
  }

  Answer answer(const PushedRef& ref) const {
    const auto repository = server_.open();
    Pusher pusher;
    pusher.name = pusher_;
    std::vector<PushedRef> refs = others_;
    refs.push_back(ref);
    Answer answer;
    policy_->rules.at(0).rule->check_ref(
        {*repository, pusher, {}, refs, server_.beside("scratch"), state_, now_}, ref, answer);
    return answer;
  }

  // "refused: MESSAGE", then "  DETAIL", "? HINT" and "$ COMMAND" lines; "" when it is fine.
  std::string judge(const PushedRef& ref) const {
    std::string text;
    for (const Finding& finding : answer(ref).findings) {
      text += (finding.advice ? "advice: " : "refused: ") + finding.message + "\n";
      for (const std::string& detail : finding.details) text += "  " + detail + "\n";
      if (!finding.hint.empty()) text += "? " + finding.hint + "\n";
      for (const std::string& command : finding.commands) text += "$ " + command + "\n";
    }
    return text;
  }
  std::string judge(const std::string& name, const ObjectId& from, const ObjectId& to) const {
    return judge(ref(name, from, to));
  }

  static constexpr const char* kFine = "";
  TemporaryRepository server_;
  std::unique_ptr<Policy> policy_;
  std::string pusher_ = "ada";
  std::vector<PushedRef> others_;  // of the same push
  std::string state_;
  std::int64_t now_ = 1'700'000'000;

 private:
  std::string rule_;
};

}  // namespace trunkgate
