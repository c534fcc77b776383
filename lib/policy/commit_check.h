// Asks rules about the new commits of a push and their files, and says of which refs the findings
// are.
#pragma once

#include <vector>

#include "policy/commit_scan.h"
#include "policy/commit_walks.h"
#include "policy/judged_push.h"
#include "policy/pack_scan.h"

namespace trunkgate {

class CommitCheck {
 public:
  // All must outlive this object.
  CommitCheck(JudgedPush& judged, CommitWalks& walks, PackScan& packs)
      : judged_(judged), walks_(walks), packs_(packs) {}

  // Never throws because of what was pushed.
  void check(const CommitGroup& group);

 private:
  bool one_by_one(const CommitGroup& group);
  void judge(const CommitGroup& group, const std::vector<ObjectId>& ids);
  void attribute(const CommitGroup& group, const std::vector<ObjectId>& ids,
                 const std::vector<CommitFindings>& all);

  JudgedPush& judged_;
  CommitWalks& walks_;
  PackScan& packs_;
};

}  // namespace trunkgate
