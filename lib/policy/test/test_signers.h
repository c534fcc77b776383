// Keys that stand for those of the policy's users: nobody has their private keys, so a test signs
// with a key of its own, which counts for that user while the tests run.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "policy/test/test_file.h"
#include "rules/rule.h"

namespace trunkgate {

class TestSigners {
 public:
  // Makes a key for each user who signs in `file`, below the folder `scratch`. Throws
  // Error(repository) when ssh-keygen cannot be run.
  TestSigners(const TestFile& file, const std::string& scratch);

  // What load_policy() is to add to the users of the policy.
  const Users& users() const { return users_; }

  // An SSH signature as Git has it, ended by a line feed. The user must be one of the file's.
  std::string sign(const std::string& user, std::string_view bytes) const;

 private:
  void add(const std::string& user);

  std::string folder_;
  Users users_;
};

}  // namespace trunkgate
