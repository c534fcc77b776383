// Where the schema of a rule comes from: beside the policy, or a branch as it is on the server.
#pragma once

#include <memory>
#include <string>

#include "git/object_id.h"
#include "push/push.h"
#include "rules/file/schema/json_schema.h"
#include "rules/rule.h"

namespace trunkgate {

class SchemaSource {
 public:
  SchemaSource() = default;
  // Reads the schema at `path` below the policy's folder; what is wrong becomes mistakes of the
  // policy, at `where` or in the schema itself. With `branch` nothing is read before a push.
  SchemaSource(const RuleSetup& setup, std::string path, std::string branch, const Location& where);

  bool given() const { return !path_.empty(); }
  // "'schemas/model.json'", "'schemas/model.json' on main"
  std::string name() const;
  // Never reads what is pushed. Throws Error(config) when the branch has no such schema.
  const JsonSchema& schema(const Push& push) const;

 private:
  ObjectId blob_on_branch(const Push& push, const ObjectId& commit) const;

  std::string path_;
  std::string branch_;  // full name; empty for a schema beside the policy
  mutable ObjectId read_from_;
  mutable std::shared_ptr<const JsonSchema> schema_;
};

}  // namespace trunkgate
