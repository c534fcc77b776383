#include "git/object_type.h"

namespace trunkgate {

std::string_view to_string(ObjectType type) {
  switch (type) {
    case ObjectType::missing:
      return "missing";
    case ObjectType::commit:
      return "a commit";
    case ObjectType::tree:
      return "a tree";
    case ObjectType::blob:
      return "a blob";
    case ObjectType::tag:
      return "a tag";
  }
  return "unknown";
}

}  // namespace trunkgate
