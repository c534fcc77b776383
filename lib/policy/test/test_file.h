// What a test file of a policy says, as values: a server, a push, and what the gate must answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostics.h"

namespace trunkgate {

// "main", "v1", "base", "main~2": a branch, a tag or the `id` of a commit, and so many first
// parents back.
struct CommitName {
  std::string name;
  std::size_t back = 0;
  Location where;
};

// A point in time: seconds since 1970, or against the time of the push.
struct TestTime {
  bool relative = false;
  std::int64_t seconds = 0;
};

// Bytes of a file or a message, repeated until there are `size` of them. Nothing is repeated when
// `size` is not larger than they are.
struct TestContent {
  std::string bytes;
  std::uint64_t size = 0;
};

// What a commit does to one path.
struct TestFileChange {
  enum class Kind { plain, executable, symlink, submodule, removed };
  Kind kind = Kind::plain;
  std::string path;     // raw bytes
  TestContent content;  // of a symlink its target, of a submodule the id of its commit
  std::size_t copies = 1;
  Location where;
};

struct TestCommit {
  std::string id;  // a name for other commits and refs of the case; may be empty
  std::string message;
  std::string encoding;                  // the header; empty for none
  std::optional<std::string> author;     // "Ada <ada@example.com>"
  std::optional<std::string> committer;  // likewise; both are the pusher when left out
  std::optional<TestTime> authored;
  std::optional<TestTime> committed;
  std::optional<std::string> signer;  // a user of the policy
  std::vector<TestFileChange> files;
  std::optional<std::vector<CommitName>> parents;  // instead of the commit before it
  std::vector<CommitName> merged;                  // further parents, merged as `git merge` does
  std::size_t repeat = 1;
  Location where;
};

// An annotated tag.
struct TestTag {
  std::string message;
  std::optional<std::string> tagger;
  std::optional<TestTime> tagged;
  std::optional<std::string> signer;
};

// Somebody's word for a commit of the server, left through the gate.
struct TestEvidence {
  CommitName on;
  std::string kind;  // "approval", "check" or "exemption"
  std::string name;  // the reviewer's, the check's, the label
  std::string by;    // who left it
  std::string says;  // JSON; empty: an approval, or a check that succeeded
  TestTime left;
  Location where;
};

// A reference of the server, or an update of one.
struct TestRef {
  std::string name;  // full; raw bytes
  std::optional<CommitName> from;
  std::vector<TestCommit> commits;
  std::optional<TestTag> tag;
  bool removed = false;           // push: `delete: true`
  bool before_gate = false;       // given: history from before the gate was installed
  std::string pushed_by;          // given: who brought it through the gate; empty for nobody known
  std::optional<CommitName> old;  // push: what the client takes the server to hold
  Location where;
};

struct TestPush {
  std::string user;  // empty: nobody knows who it is
  std::vector<std::string> options;
  std::vector<TestRef> refs;
};

struct Expectation {
  std::optional<bool> accepted;  // `accept` or `reject` alone
  // Ids of rules, sorted; exactly these, whatever the order. Nothing when not asked.
  std::optional<std::vector<std::string>> reject;
  std::optional<std::vector<std::string>> warn;
  std::optional<std::vector<std::string>> audit;
  std::optional<std::vector<std::string>> lets_in;  // full names of refs, sorted
  std::vector<std::string> messages;                // each stands in what a finding says
};

struct TestCase {
  std::string name;
  std::int64_t time = 0;       // of the push, seconds since 1970
  std::string head;            // the branch that HEAD of the server names
  std::vector<TestRef> given;  // made in this order
  std::vector<TestEvidence> evidence;
  TestPush push;
  Expectation expect;
  Location where;
};

struct TestFile {
  std::vector<TestCase> cases;
  // Where the policy's rulesets take the server to lie, for those with `repositories`; may be
  // empty.
  std::string repository;
};

// Bounds of one test file. What goes beyond is a mistake in it, but for the time, which shows only
// when the cases run.
struct TestLimits {
  std::size_t cases = 1000;
  std::size_t commits = 20'000;                            // of all cases
  std::uint64_t bytes = std::uint64_t{512} << 20U;         // of all contents
  std::uint64_t largest_file = std::uint64_t{256} << 20U;  // it stands in memory at once
  std::int64_t seconds = 600;
};

}  // namespace trunkgate
