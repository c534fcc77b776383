// Lands branches as their pushers ask for by refs/for/<branch>: merges on the server, judges the
// merge like any push, and moves the branch.
#pragma once

#include <optional>
#include <string>

#include "base/file.h"
#include "git/object_id.h"
#include "hook/gate.h"
#include "policy/landing_check.h"
#include "policy/verdict.h"
#include "push/ref_update.h"

namespace trunkgate {

// A landing as it would be.
struct LandingAttempt {
  // About the request, whatever has been judged to come to it: refs/for/main is what the pusher
  // knows.
  Verdict verdict;
  // About the update of the branch, when it may be made: what events tell.
  Verdict landing;
  std::string branch;  // "refs/heads/main"
  ObjectId old_id;
  ObjectId new_id;    // the merge, or the tip of what lands
  std::string words;  // printable: "'feature/x' lands on 'main' by the merge 1a2b3c4d"

  bool lands() const { return verdict.lets_in(verdict.refs.front()); }
};

// What became of a request.
struct LandingAnswer {
  bool landed = false;
  std::string reason;  // when it has not: one line for Git's own summary
  ObjectId old_id;     // of the branch
  ObjectId new_id;
  std::string report;  // for the pusher; may be empty
};

class MergeQueue {
 public:
  // `gate` must outlive it.
  explicit MergeQueue(Gate& gate) : gate_(gate) {}

  // Lands it or says why not. One landing in a repository goes on at a time; others wait for some
  // seconds and are then told to push again. What fails on the way is a refusal. Never throws: an
  // earlier landing of the same push stays, and has to be told.
  LandingAnswer land(const RefUpdate& request) noexcept;

  // Merges and judges, and moves nothing. `objects`: where the merge is stored, the quarantine of a
  // push that will be refused or the repository's own store. Throws Error.
  LandingAttempt attempt(const RefUpdate& request, const std::string& objects);

 private:
  LandingAnswer land_now(const RefUpdate& request);
  bool wait_for_turn();
  // Moves the branch, if it and all that the verdict relies on are as they were. Else Git's words.
  std::optional<std::string> move_branch(const LandingAttempt& attempt) const;
  bool still_holds(const LandingAttempt& attempt) const;
  LandingAnswer landed(const LandingAttempt& attempt) noexcept;
  LandingAnswer refused(const Verdict& verdict);

  Gate& gate_;
  std::optional<FileLock> turn_;
};

// For each request among `received` that `verdict` lets in: merges and judges it in the push's own
// quarantine, which goes away with the push, and puts what comes of it into `verdict`. Returns
// lines for the pusher that say what would happen. For the push option policy=check, in
// pre-receive.
std::string rehearse_landings(Gate& gate, const RefUpdates& received, Verdict& verdict);

}  // namespace trunkgate
