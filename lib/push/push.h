// The facts of one push, gathered once and read by every rule.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/environment.h"
#include "git/object_id.h"
#include "git/repository.h"
#include "push/pusher.h"

namespace trunkgate {

struct AttestationPolicy;
struct EvidenceCache;
struct Landing;
struct ReceivedCertificate;
struct RefUpdates;

enum class RefKind { branch, tag, note, other };
RefKind kind_of(std::string_view ref);
std::string_view to_string(RefKind kind);  // "branch", "tag", "note", "reference"

// A ref update: its name, old and new commit.
using RefUpdateKey = std::tuple<std::string, ObjectId, ObjectId>;

// One ref update whose name, old value and objects have been checked against the repository.
struct PushedRef {
  std::string name;  // "refs/heads/main"; inside the namespace, when there is one
  RefKind kind = RefKind::branch;
  ObjectId old_id;  // what the ref holds now; zero when it does not exist
  ObjectId new_id;  // zero to delete
  // The commits behind the ids (tags followed); zero when there is none.
  ObjectId old_commit;
  ObjectId new_commit;

  bool creates() const { return old_id.is_zero(); }
  bool deletes() const { return new_id.is_zero(); }
  bool updates() const { return !creates() && !deletes(); }
};

struct Push {
  const Repository& repository;
  Pusher pusher;
  std::vector<std::string> options;  // push options, raw bytes
  std::vector<PushedRef> refs;
  std::string scratch;     // a folder for short-lived files
  std::string state = {};  // the repository's state folder; empty where nothing may be kept
  std::int64_t now = 0;    // seconds since 1970
  std::string id = {};     // of the push, as reports and events have it; may be empty
  const Environment* environment = nullptr;  // the hook's; nullptr when there is none
  // Every line of the push as Git gave it, refused ones too; nullptr where only `refs` are known.
  const RefUpdates* received = nullptr;
  // Judged by the hook `update` on its own, which Git gives neither push options nor a certificate.
  bool update_alone = false;

  mutable std::shared_ptr<const std::vector<Ref>> listed = {};     // for server_refs()
  mutable std::shared_ptr<std::map<ObjectId, bool>> reverts = {};  // for is_revert()
  mutable std::shared_ptr<std::map<RefUpdateKey, std::shared_ptr<const Landing>>> landings =
      {};  // for landing_of()
  mutable std::shared_ptr<const ReceivedCertificate> certificate =
      {};  // for received_certificate()

  bool ref_by_ref = false;  // refs are let in one by one, whatever becomes of the others

  // Who may leave which attestations; nullptr where the policy takes none. Outlives the push.
  const AttestationPolicy* attestations = nullptr;
  mutable std::shared_ptr<EvidenceCache> evidence = {};  // for evidence_about()
};

// All references of the server as they are before this push, listed once for all who ask.
std::shared_ptr<const std::vector<Ref>> server_refs(const Push& push);

}  // namespace trunkgate
