#include "push/push.h"

namespace trunkgate {

RefKind kind_of(std::string_view ref) {
  if (ref.starts_with("refs/heads/")) return RefKind::branch;
  if (ref.starts_with("refs/tags/")) return RefKind::tag;
  if (ref.starts_with("refs/notes/")) return RefKind::note;
  return RefKind::other;
}

std::string_view to_string(RefKind kind) {
  switch (kind) {
    case RefKind::branch:
      return "branch";
    case RefKind::tag:
      return "tag";
    case RefKind::note:
      return "note";
    case RefKind::other:
      return "reference";
  }
  return "reference";
}

std::shared_ptr<const std::vector<Ref>> server_refs(const Push& push) {
  if (push.listed == nullptr) {
    push.listed = std::make_shared<const std::vector<Ref>>(push.repository.refs());
  }
  return push.listed;
}

}  // namespace trunkgate
