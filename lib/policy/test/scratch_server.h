// The repository of one case: what the server has, and what a client has just sent to it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "evidence/state_log.h"
#include "git/repository.h"
#include "policy/test/object_builder.h"
#include "policy/test/test_file.h"
#include "push/ref_update.h"

namespace trunkgate {

class ScratchServer {
 public:
  // Builds a bare repository below `folder`, an empty one, and in it what `test` gives and pushes,
  // the pushed objects in a quarantine as receive-pack keeps them. `before_commit` runs before each
  // commit and may throw to end it all. Throws ConfigError for what cannot be built.
  ScratchServer(const std::string& folder, const TestCase& test, const TestSigners& signers,
                std::function<void()> before_commit);

  // Makes the references those that were there before the gate was installed, or those of the time
  // of the push. Every history starts with a commit from before the gate.
  void show_refs_before_gate() const;
  void show_refs() const;

  // The repository as pre-receive sees it.
  std::unique_ptr<Repository> open() const;
  const RefUpdates& updates() const { return updates_; }
  // Where what is no object may be kept.
  std::string state() const { return folder_ + "/state"; }

 private:
  using Refs = std::map<std::string, ObjectId>;

  void give(const TestRef& ref, const TestDefaults& defaults);
  void leave(const TestEvidence& evidence, std::int64_t pushed);
  void push(const TestRef& ref, const TestDefaults& defaults);
  // The commit that `ref` leads to, its commits made.
  ObjectId make_commits(const TestRef& ref, const ObjectId& start, const TestDefaults& defaults);
  // What the reference gets: the commit, or a tag of it.
  ObjectId value(const TestRef& ref, const ObjectId& commit, const TestDefaults& defaults);
  ObjectId commit_called(const CommitName& name) const;
  ObjectId start_of(const TestRef& ref) const;
  void write_refs(const Refs& refs) const;

  std::string folder_;
  std::string head_;
  std::function<void()> before_commit_;
  ObjectBuilder builder_;
  ObjectId root_;
  std::vector<StateLine> lines_;  // what the gate has kept about all that
  Refs server_;                   // by full name: what the references of the server hold
  Refs server_commits_;           // likewise: the commits behind that
  Refs before_gate_;              // likewise, those that were there first
  Refs commits_;  // by full name or id: commits as far as they are made, pushed ones included
  RefUpdates updates_;
};

}  // namespace trunkgate
