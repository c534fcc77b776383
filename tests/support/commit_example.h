// Plays an example of a rule over commits: the text of Example::subject (see rules/rule.h).
#pragma once

#include <string_view>

#include "push/push.h"
#include "rules/rule.h"
#include "support/temporary_repository.h"

namespace trunkgate {

// The time of the push that an example plays in.
inline constexpr std::int64_t kExampleNow = 1'700'100'000;

class CommitExample {
 public:
  // Stores the commit and its parents; the same text gives the same ids. Throws
  // std::invalid_argument for a header line that cannot be read.
  CommitExample(TemporaryRepository& temporary, std::string_view text);

  Answer judge(const Rule& rule) const;

  const ObjectId& id() const { return id_; }
  const std::vector<ObjectId>& parents() const { return parents_; }
  // Another commit becomes the tip that is pushed; what is judged stays.
  void push_tip(const ObjectId& tip) { tip_ = tip; }

 private:
  const TemporaryRepository& temporary_;
  std::string branch_ = "feature/login";
  std::string pusher_ = "ada";
  std::vector<ObjectId> parents_;
  ObjectId id_;
  ObjectId tip_;
};

}  // namespace trunkgate
