// What the gate says itself, where no rule speaks.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "git/commit.h"
#include "git/repository.h"
#include "git/tag.h"
#include "rules/finding.h"

namespace trunkgate {

Finding too_many_commits();
Finding malformed_commit(std::string_view what);
Finding malformed_commit(const BadCommit& bad);
Finding malformed_tag(const BadTag& bad);
Finding missing_object(const MissingObject& missing);
// Why something failed, in words for people.
std::string reason_of(const std::exception& failure);
// Something failed while `rule` was judged; `why` may hold any bytes.
Finding undecided(std::string_view rule, std::string_view why);

}  // namespace trunkgate
