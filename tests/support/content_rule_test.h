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
                      "version: 1\nrulesets: [{name: x, refs: ['refs/**'], rules: {\n" + rule_ +
                          ": " + options + "}}]\n",
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

  // "LINE: MESSAGE", then "  DETAIL" and "? HINT" lines; "" when it is fine, "-" when the rule does
  // not look at the file. `before` is the content that `text` replaces.
  std::string judge(const std::string& path, const std::string& text,
                    const std::string* before = nullptr) const {
    ChangedFile file;
    file.path = path;
    file.mode = 0100644;
    file.id = server_.raw("blob", text);
    if (before != nullptr) {
      file.before = server_.raw("blob", *before);
      file.before_mode = 0100644;
    }
    const Rule& rule = *policy_->rules.at(0).rule;
    if (!rule.looks_at(file)) return "-";
    const auto repository = server_.open();
    const Push push{*repository, {}, {}, refs_, {}};
    const ObjectId commit = *ObjectId::parse(std::string(40, 'c'));
    Answer answer;
    rule.check_file(push, PushedFile(*repository, file, commit), answer);
    std::string all;
    for (const Finding& finding : answer.findings) {
      all += std::to_string(finding.line) + ": " + finding.message + "\n";
      for (const std::string& detail : finding.details) all += "  " + detail + "\n";
      if (!finding.hint.empty()) all += "? " + finding.hint + "\n";
      for (const std::string& command : finding.commands) all += "$ " + command + "\n";
    }
    return all;
  }
  std::string change(const std::string& path, const std::string& before,
                     const std::string& after) const {
    return judge(path, after, &before);
  }

  static constexpr const char* kFine = "";
  static constexpr const char* kNotAsked = "-";
  TemporaryRepository server_;
  std::unique_ptr<Policy> policy_;
  std::vector<PushedRef> refs_;  // of the push

 private:
  std::string rule_;
};

}  // namespace trunkgate
