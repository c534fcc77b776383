// What a hook's record for the deliverer says of a verdict.
#pragma once

#include "events/spool.h"
#include "git/repository.h"
#include "policy/verdict.h"

namespace trunkgate {

// Adds to `record`, whose kind decides of what: an intent tells of the refs that are let in, a
// rejection of the others. Long lists are cut; SpoolRecord::findings_total says how many there
// were.
void record_verdict(const Verdict& verdict, const Repository& repository, SpoolRecord& record);

// One push, one intent: what pre-receive has let in and every landing.
SpoolRecord joined(SpoolRecord first, const SpoolRecord& more);

}  // namespace trunkgate
