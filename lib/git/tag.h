// An annotated tag read from its raw bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "git/object_id.h"
#include "git/object_type.h"
#include "git/signature.h"

namespace trunkgate {

struct Tag {
  ObjectId id;
  ObjectId target;
  ObjectType type = ObjectType::missing;  // of the target, as the tag says
  std::string name;                       // as the tag says, raw bytes; a reference may differ
  Signature tagger;                       // empty in tags of before 2005
  bool signed_tag = false;                // something in the form of a signature stands at its end
  std::string message;                    // raw bytes after the first empty line, no signature
};

// A tag beyond it is refused before it is read whole.
inline constexpr std::size_t kMaxTagBytes = 1024 * 1024;

// A tag that no honest Git makes: the pusher's fault, not the server's.
class BadTag : public Error {
 public:
  BadTag(const ObjectId& tag, const std::string& why)
      : Error(ErrorKind::repository, "tag " + tag.brief() + " " + why), id(tag) {}
  ObjectId id;
};

// Throws BadTag with the reason when a header is missing or malformed.
Tag parse_tag(const ObjectId& id, std::string_view raw);

// Where the signature starts in the bytes of a tag, or in its message: at the last line that opens
// one, as Git has it. The size when there is none.
std::size_t tag_signature_start(std::string_view message);

}  // namespace trunkgate
