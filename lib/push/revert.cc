#include "push/revert.h"

#include <map>
#include <memory>

#include "git/diff.h"
#include "push/conventional_exemptions.h"
#include "push/conventional_lines.h"
#include "push/message_parts.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

bool takes_back(const Push& push, const Commit& commit) {
  // A merge brings in more than its first parent lacks.
  if (commit.parents.size() != 1) return false;
  const MessageParts message = read_message(commit);
  const auto named = reverted_commit(split_lines(message.body));
  const auto id = ObjectId::parse(named.value_or(""));
  if (!id || push.repository.header(*id).type != ObjectType::commit) return false;
  // The walk through history comes last: it costs most.
  return is_inverse(push.repository, commit, push.repository.commit(*id)) &&
         reaches(push.repository, commit.parents[0], *id);
}

}  // namespace

bool is_revert(const Push& push, const Commit& commit) {
  if (push.reverts == nullptr) push.reverts = std::make_shared<std::map<ObjectId, bool>>();
  const auto known = push.reverts->find(commit.id);
  if (known != push.reverts->end()) return known->second;
  return push.reverts->emplace(commit.id, takes_back(push, commit)).first->second;
}

}  // namespace trunkgate
