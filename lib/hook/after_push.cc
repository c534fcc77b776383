#include "hook/after_push.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "base/push_key.h"
#include "base/real_path.h"
#include "base/text.h"
#include "events/spool.h"
#include "events/spool_room.h"
#include "git/ref_name.h"
#include "hook/gate_paths.h"
#include "hook/handover.h"
#include "hook/wake.h"
#include "policy/exemption_claim_files.h"
#include "push/ref_update.h"

namespace trunkgate {
namespace {

// The intent was written with the repository's sharing, so its folder shows what that is.
Sharing sharing_of(const std::string& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return {};
  return {.extra = status.st_mode & 0066U};
}

std::string absolute(const std::string& path) {
  const std::string real = real_path(path);
  return real.empty() ? path : real;
}

}  // namespace

std::string record_result(const Invocation& call, const std::string& input) noexcept {
  try {
    // Its record could have the name of another push, or tell of some refs only. What happened is
    // seen from the intent.
    if (is_orphan()) return {};
    const GatePaths paths{absolute(call.environment.get("GIT_DIR").value_or("."))};
    const std::string prefix = namespace_prefix(call.environment.get("GIT_NAMESPACE").value_or(""));
    SpoolRecord record;
    record.kind = SpoolRecord::Kind::result;
    record.key = current_push();
    record.time = microseconds_now();
    for (const RefUpdate& update : parse_ref_updates(input).updates) {
      record.updates.push_back({prefix + update.name, update.old_id, update.new_id, false});
    }
    record.push_options = {};
    std::vector<std::pair<std::string, ObjectId>> landed;
    for (const SpooledUpdate& update : record.updates) {
      landed.emplace_back(update.ref, update.after);
    }
    confirm_claims(paths.state(), record.key, landed);
    const Spool spool(paths.spool(), sharing_of(paths.spool()));
    const std::string handover = Handover(paths.verdicts(), record.key).path();
    if (crowd_in_spool(paths.spool()) < kFullSpool) {
      spool.write_over(handover, record);
    } else {
      remove_file(handover);
    }
    wake_deliverer(paths.repository);
    return {};
  } catch (const std::exception& error) {
    return "warning: the push is done, but its event may come late: " + printable(error.what()) +
           "\n";
  }
}

}  // namespace trunkgate
