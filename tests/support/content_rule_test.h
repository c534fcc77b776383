// Judges contents of files with one rule as a policy makes it; whole findings become text to
// compare.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "policy/policy_loader.h"
#include "rules/rule.h"
#include "support/temporary_repository.h"

namespace trunkgate {

class ContentRuleTest : public testing::Test {
 protected:
  explicit ContentRuleTest(std::string rule) : rule_(std::move(rule)) {}

  // The policy stands beside the repository.
  void with(const std::string& options) {
    const std::string path = server_.beside("policy.yaml");
    policy_ = load_policy({{path, "policy.yaml", false}}, [&](const std::string& wanted) {
      if (wanted != path) return read_policy_file(wanted);
      return FileText{FileState::present,
                      "version: 1\nrulesets: [{name: x, refs: "
                      "['refs/**'], rules: {\n" +
                          rule_ + ": " + options + "}}]\ngroups: {devs: [bo, eve]}\n",
                      {}};
    });
  }

  // What the policy loader says of the options; paths of other files begin at the policy's folder.
  std::string mistakes(const std::string& options) {
    try {
      with(options);
    } catch (const Error& error) {
      std::string text = error.what();
      const std::string folder = server_.beside("");
      for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
        text.erase(at, folder.size());
      }
      return text;
    }
    return {};
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(server_.beside(name)) << text;
  }

  // Changes of a commit, to be judged.
  ChangedFile added(const std::string& path, const std::string& text,
                    unsigned mode = 0100644) const {
    return {path, server_.raw("blob", text), mode, {}, 0};
  }
  ChangedFile link(const std::string& path, const std::string& target) const {
    return added(path, target, kSymlinkMode);
  }
  static ChangedFile submodule(const std::string& path) {
    return {path, *ObjectId::parse(std::string(40, '5')), kSubmoduleMode, {}, 0};
  }
  ChangedFile deleted(const std::string& path, const std::string& text) const {
    return {path, {}, 0, server_.raw("blob", text), 0100644};
  }

  // "LINE: MESSAGE", then "  DETAIL", "? HINT", "$ COMMAND", "+ CHANGE" (of the index, before the
  // commit is amended) and "- take the path out" lines.
  static std::string text_of(const Answer& answer) {
    std::string all;
    for (const Finding& finding : answer.findings) {
      all += std::to_string(finding.line) + ": " + finding.message + "\n";
      for (const std::string& detail : finding.details) all += "  " + detail + "\n";
      if (!finding.hint.empty()) all += "? " + finding.hint + "\n";
      for (const std::string& command : finding.commands) all += "$ " + command + "\n";
      for (const std::string& change : finding.amendment.changes) all += "+ " + change + "\n";
      if (finding.drop_path) all += "- take the path out\n";
    }
    return all;
  }
  // "" when it is fine, "-" when the rule does not look at the file.
  std::string judge(const ChangedFile& file, const ObjectId& commit) const {
    const Rule& rule = *policy_->rules.at(0).rule;
    if (!rule.looks_at(file)) return kNotAsked;
    const auto repository = server_.open();
    Pusher pusher;
    pusher.name = pusher_;
    const Push push{*repository, pusher, {}, refs_, {}};
    Answer answer;
    rule.check_file(push, PushedFile(*repository, file, commit), answer);
    return text_of(answer);
  }
  std::string judge(const ChangedFile& file) const {
    return judge(file, *ObjectId::parse(std::string(40, 'c')));
  }
  // Every file of a commit, and the path of each that is not fine.
  std::string judge(const ObjectId& commit) const {
    std::string all;
    const auto repository = server_.open();
    ChangeWalk(repository->objects(), false)
        .visit(repository->commit(commit), [&](const ChangedFile& file) {
          const std::string text = judge(file, commit);
          if (text != kFine && text != kNotAsked) all += file.path + " " + text;
        });
    return all;
  }
  // `before` is the content that `text` replaces.
  std::string judge(const std::string& path, const std::string& text,
                    const std::string* before = nullptr) const {
    ChangedFile file = added(path, text);
    if (before != nullptr) {
      file.before = server_.raw("blob", *before);
      file.before_mode = file.mode;
    }
    return judge(file);
  }
  std::string change(const std::string& path, const std::string& before,
                     const std::string& after) const {
    return judge(path, after, &before);
  }

  static constexpr const char* kFine = "";
  static constexpr const char* kNotAsked = "-";
  TemporaryRepository server_;
  std::unique_ptr<Policy> policy_;
  std::string pusher_ = "ada";
  std::vector<PushedRef> refs_;  // of the push

 private:
  std::string rule_;
};

}  // namespace trunkgate
