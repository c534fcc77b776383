#include "git/abbreviation.h"

#include <string>

#include "git/internals.h"

namespace trunkgate {

Abbreviation object_of_prefix(const Repository& repository, std::string_view digits) {
  if (digits.size() < 4 || digits.size() > ObjectId::kHexSize) return {};
  const std::string padded =
      std::string(digits) + std::string(ObjectId::kHexSize - digits.size(), '0');
  const auto start = ObjectId::parse(padded);
  if (!start) return {};
  const git_oid oid = git::to_oid(*start);
  git_oid found;
  const int code =
      git_odb_exists_prefix(&found, repository.internals().all.get(), &oid, digits.size());
  if (code == GIT_ENOTFOUND) return {};
  if (code == GIT_EAMBIGUOUS) return {.object = std::nullopt, .several = true};
  git::check(code, "cannot look for an object");
  return {.object = git::from_oid(found)};
}

}  // namespace trunkgate
