// Lands work on main with one rule about evidence as a policy makes it; how requirements stand and
// whole findings become text to compare.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/recorded_pushers.h"
#include "policy/policy_loader.h"
#include "rules/rule.h"
#include "support/temporary_repository.h"

namespace trunkgate {

class EvidenceRuleTest : public testing::Test {
 protected:
  using Files = std::map<std::string, std::string>;

  explicit EvidenceRuleTest(std::string rule) : rule_(std::move(rule)) {
    std::filesystem::create_directory(server_.beside("scratch"));
    main_ = commit("main", {}, {{"a", "1\n"}});
    server_.set_ref("refs/heads/main", main_);
  }

  // bo, cy and dee may approve; ci and cd may leave checks.
  void with(const std::string& options) {
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present,
                      "version: 1\ngroups: {reviewers: [bo, cy], ml: [dee]}\n"
                      "users: {dee: {email: [d@ml.example]}}\n"
                      "attestations: {approval: {by: [reviewers, dee]" +
                          not_ + "}, check: {by: [ci, cd]}}\n" +
                          "rulesets: [{name: x, refs: ['refs/**'], rules: {" + rule_ + ": " +
                          options + "}}]\n",
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

  // Texts have the label in place of the id.
  ObjectId commit(const std::string& label, const std::vector<ObjectId>& parents,
                  const Files& files) {
    return named(label, server_.commit("feat: " + label, parents, files));
  }
  ObjectId commit_by(const std::string& user, const std::string& label, const ObjectId& parent,
                     const Files& files) {
    const std::string person = user + " <" + user + "@example.com> 1700000000 +0000\n";
    return named(label,
                 server_.raw("commit", "tree " + server_.tree(files).hex() + "\nparent " +
                                           parent.hex() + "\nauthor " + person + "committer " +
                                           person + "\nfeat: " + label + "\n"));
  }
  ObjectId named(const std::string& label, const ObjectId& id) {
    labels_.emplace_back(id, label);
    return id;
  }
  // A branch that ada has pushed.
  ObjectId branch(const std::string& name, const ObjectId& tip, const std::string& pusher = "ada") {
    server_.set_ref("refs/heads/" + name, tip);
    append_lines(server_.beside("state"), {pusher_line(tip, pusher, 1, "refs/heads/" + name)}, {});
    return tip;
  }
  // A branch with one commit on top of main.
  ObjectId feature(const std::string& name = "x",
                   const Files& files = {{"a", "1\n"}, {"b", "1\n"}}) {
    return branch("feature/" + name, commit(name, {main_}, files));
  }

  void leave(AttestationKind kind, const ObjectId& about, const std::string& name,
             const ObjectId& object, const std::string& issuer, std::int64_t time) {
    const AttestationName attestation{about, kind, name};
    server_.set_ref(attestation.ref(), object);
    if (time == 0) return;  // older than the gate
    const auto repository = server_.open();
    append_lines(server_.beside("state"),
                 {issuer_line(*repository, attestation, object, {issuer, time, false})}, {});
  }
  void approve(const ObjectId& about, const std::string& user) {
    leave(AttestationKind::approval, about, user, about, user, now_ - 60);
  }
  void approve(const ObjectId& about, const std::string& user, const std::string& json) {
    leave(AttestationKind::approval, about, user, server_.raw("blob", json), user, now_ - 60);
  }
  void veto(const ObjectId& about, const std::string& user, const std::string& text = "no") {
    approve(about, user, R"({"verdict": "veto", "text": ")" + text + "\"}");
  }
  void check(const ObjectId& about, const std::string& name, const std::string& json,
             const std::string& user = "ci") {
    leave(AttestationKind::check, about, name, server_.raw("blob", json), user, now_ - 60);
  }

  Push push(const Repository& repository, const std::vector<PushedRef>& refs) const {
    Push push{repository, {}, {}, refs, server_.beside("scratch")};
    push.pusher.name = "ada";
    push.state = server_.beside("state");
    push.now = now_;
    if (policy_ != nullptr) push.attestations = policy_->attestations.get();
    return push;
  }

  PushedRef update(const std::string& name, const ObjectId& from, const ObjectId& to) const {
    return {.name = name,
            .kind = kind_of(name),
            .old_id = from,
            .new_id = to,
            .old_commit = from,
            .new_commit = to};
  }

  // "STATE WHAT: WHY" for each requirement, "relies on KIND/NAME of LABEL", and of each finding
  // "refused: MESSAGE" with "  DETAIL", "? HINT" and "$ COMMAND" lines.
  std::string judge(const PushedRef& ref) const {
    const auto repository = server_.open();
    const Push pushed = push(*repository, {ref});
    Answer answer;
    policy_->rules.at(0).rule->check_ref(pushed, ref, answer);
    std::string text;
    for (const Requirement& requirement : answer.requirements) {
      text += std::string(to_string(requirement.state)) + " " + requirement.what +
              (requirement.why.empty() ? "" : ": " + requirement.why) + "\n";
    }
    for (const auto& [name, id] : answer.relied) {
      EXPECT_EQ(repository->ref(name).id, id);
      if (id.is_zero()) continue;  // nobody may speak up until it has landed: silent()
      text += "relies on " + name.substr(kAttestationPrefix.size()) + "\n";
    }
    for (const Finding& finding : answer.findings) {
      text += "refused: " + finding.message + "\n";
      for (const std::string& detail : finding.details) text += "  " + detail + "\n";
      if (!finding.hint.empty()) text += "? " + finding.hint + "\n";
      for (const std::string& command : finding.commands) text += "$ " + command + "\n";
    }
    return labelled(std::move(text));
  }
  // Of whom the verdict needs that they leave no approval or veto meanwhile, "USER about LABEL".
  std::string silent(const PushedRef& ref) const {
    const auto repository = server_.open();
    const Push pushed = push(*repository, {ref});
    Answer answer;
    policy_->rules.at(0).rule->check_ref(pushed, ref, answer);
    std::string text;
    for (const auto& [name, id] : answer.relied) {
      const auto attestation = parse_attestation_name(name);
      if (!id.is_zero() || !attestation) continue;
      text += attestation->name + " about " + attestation->commit.brief() + "\n";
    }
    return labelled(std::move(text));
  }
  // Main moves on to `tip`.
  std::string land(const ObjectId& tip) const {
    return judge(update("refs/heads/main", main_, tip));
  }

  std::string labelled(std::string text) const {
    const auto replace = [&](const std::string& what, const std::string& by) {
      for (auto at = text.find(what); at != std::string::npos;
           at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
      }
    };
    for (const auto& [id, label] : labels_) {
      replace(id.hex(), "<" + label + ">");
      replace(id.brief(), "<" + label + ">");
    }
    return text;
  }

  TemporaryRepository server_;
  ObjectId main_;
  std::unique_ptr<Policy> policy_;
  std::int64_t now_ = 1'700'100'000;
  std::string not_;  // ", not: [...]"

 private:
  std::string rule_;
  std::vector<std::pair<ObjectId, std::string>> labels_;
};

}  // namespace trunkgate
