// The work that a ref update lands, as requirements on evidence look at it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evidence/evidence.h"
#include "push/landing.h"
#include "push/push.h"

namespace trunkgate {

// A requirement can be judged only about work of at most this many commits.
inline constexpr std::size_t kMaxLandedCommits = 1000;

// What all pieces of work of one ref update share; found out when it is first asked for.
class LandingView {
 public:
  LandingView(const Push& of_push, const PushedRef& of_ref)
      : push(of_push), ref(of_ref), landing(landing_of(of_push, of_ref)) {}

  const Push& push;
  const PushedRef& ref;
  const std::shared_ptr<const Landing> landing;

  // Paths that the update changes, each once: what the new commit has and the old one has not, or
  // the other way round. Of a new reference, all of them.
  const std::vector<std::string>& paths() const;

 private:
  mutable std::optional<std::vector<std::string>> paths_;
};

// One of the things that land.
class LandedWork {
 public:
  LandedWork(const LandingView& of_view, const LandedSource& of_source)
      : view(of_view), source(of_source) {}

  const LandingView& view;
  const LandedSource& source;

  // For messages: "feature/x", or "5d6e7f81" when no branch has it as its tip. Printable.
  std::string name() const;
  // The commits that evidence may be about: the one that brings the work to the branch, the work's
  // own tip, and tips that would have come out the same. Each once.
  std::vector<ObjectId> commits() const;
  // Whether anybody can say anything about it yet.
  bool on_server() const { return !source.branches.empty(); }
  // The commits that come to the branch with it. Nothing when those are more than
  // kMaxLandedCommits.
  const std::optional<std::vector<ObjectId>>& new_commits() const;
  // What it does not bring: the branch as it is or, of a new reference, the default branch.
  std::vector<ObjectId> known_before() const;

  // How evidence about it is left: "git push origin OBJECT:refs/attest/COMMIT/KIND/NAME", and, when
  // it is not on the server, how it gets there first.
  std::vector<std::string> commands(AttestationKind kind, std::string_view object,
                                    std::string_view name) const;

 private:
  mutable std::optional<std::optional<std::vector<ObjectId>>> new_commits_;
};

}  // namespace trunkgate
