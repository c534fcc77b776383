// A commit read from its raw bytes, because libgit2's view of one differs from Git's in the corners
// (text after NUL, two author lines, two angle brackets).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "git/object_id.h"
#include "git/signature.h"

namespace trunkgate {

struct Commit {
  ObjectId id;
  ObjectId tree;
  std::vector<ObjectId> parents;
  Signature author;
  Signature committer;
  std::string encoding;  // the header's value; empty means UTF-8
  bool signed_commit = false;
  std::string message;  // every byte after the first empty line
};

// What a walk needs of a commit.
struct CommitLinks {
  std::vector<ObjectId> parents;
  std::int64_t time = 0;  // the committer's; 0 when it cannot be read
};

// Limits on one commit object; a commit beyond them is refused before it is read whole.
inline constexpr std::size_t kMaxCommitBytes = 1024 * 1024;
inline constexpr std::size_t kMaxParents = 128;

// A commit that no honest Git makes: the pusher's fault, not the server's.
class BadCommit : public Error {
 public:
  BadCommit(const ObjectId& commit, const std::string& why)
      : Error(ErrorKind::repository, "commit " + commit.brief() + " " + why), id(commit) {}
  ObjectId id;
};

// Throws BadCommit with the reason when a header is missing, doubled or malformed.
Commit parse_commit(const ObjectId& id, std::string_view raw);
CommitLinks parse_links(const ObjectId& id, std::string_view raw);

// The first line of the message that is not blank, as raw bytes without white space at its end.
std::string_view title_of(std::string_view message);

}  // namespace trunkgate
