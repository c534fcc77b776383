// Spool files: what the hooks leave for the deliverer, one small durable file a record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/push_key.h"
#include "git/object_id.h"

namespace trunkgate {

// Who pushed, as events show it.
struct Actor {
  std::string kind = "unknown";      // "user", "service", "system" or "unknown"
  std::string id;                    // the pusher's name; printable ASCII
  std::string transport;             // "ssh", "http", "git" or "local"
  std::string remote_addr;           // may be empty
  std::string key_fingerprint = {};  // of the SSH key that named the pusher; empty for none
};

// What one ref update brings to a protected branch.
struct SpooledSource {
  ObjectId commit;  // what is brought in, the tip of a branch
  ObjectId by;      // the commit on the branch's first-parent line that brings it
  std::vector<std::string> branches = {};  // that held it: full names, raw bytes

  bool operator==(const SpooledSource&) const = default;
};

// An attestation that counted: the verdict held only as long as its reference held this object.
struct SpooledEvidence {
  std::string ref;  // full name, raw bytes
  ObjectId object;

  bool operator==(const SpooledEvidence&) const = default;
};

// One ref update as asked for (intent, reject) or as applied (result). Zero ids for create, delete.
struct SpooledUpdate {
  std::string ref;  // full name on disk (a namespace's prefix included), raw bytes
  ObjectId before;
  ObjectId after;
  bool protected_ref = false;  // a direct-push rule is in force on it
  // How it lands: "merge", "fast-forward", "squash", "rebase" or "direct"; empty when nothing can
  // be said. This and what follows: of intents and rejections only.
  std::string landing = {};
  std::vector<SpooledSource> sources = {};
  std::vector<SpooledEvidence> evidence = {};  // by name, each once
};

// One finding as events show it.
struct SpooledFinding {
  std::string rule;
  bool warning = false;  // else an error
  std::string message;   // printable
  std::string ref;       // full name, raw bytes; may be empty
  std::optional<ObjectId> commit;
  std::string path;            // raw bytes; may be empty
  std::size_t line = 0;        // 0 for none
  std::string hint;            // printable; may be empty
  std::string waived_by = {};  // the label of an exemption; empty for none
};

// One requirement on evidence (rules/requirement.h).
struct SpooledRequirement {
  std::string rule;
  std::string ref;    // full name, raw bytes
  std::string state;  // the word of RequirementState
  std::string what;   // printable
  std::string why;    // printable; may be empty

  bool operator==(const SpooledRequirement&) const = default;
};

// One exemption that was used.
struct SpooledExemption {
  std::string label;
  std::string reason;              // raw bytes
  std::string ref;                 // full name, raw bytes
  std::vector<std::string> rules;  // whose findings it waived
  std::size_t findings = 0;
  std::vector<std::string> granted_by;
  std::int64_t expires = 0;     // seconds since 1970; 0 for never
  std::int64_t uses_left = -1;  // -1: not counted
  bool break_glass = false;

  bool operator==(const SpooledExemption&) const = default;
};

// A branch that goes into the archive unless it moves.
struct SpooledNotice {
  std::string ref;  // full name on disk, raw bytes
  ObjectId tip;
  std::int64_t last_commit = 0;          // when the tip was committed, seconds since 1970
  std::int64_t days_idle = 0;            // whole ones
  std::int64_t archive_after = 0;        // seconds since 1970
  std::vector<std::string> owners = {};  // names and addresses, raw bytes

  bool operator==(const SpooledNotice&) const = default;
};

struct SpoolRecord {
  // The letter is the end of the file's name. Kept on disk: never change.
  enum class Kind : char { intent = 'I', result = 'R', reject = 'X', notice = 'N' };

  Kind kind = Kind::intent;
  PushKey key;
  std::int64_t time = 0;  // wall clock when written, microseconds since 1970
  // Of an intent: the clock right before the gate read what refs hold.
  std::int64_t looked = 0;
  Actor actor;
  std::vector<SpooledUpdate> updates;
  std::vector<SpooledFinding> findings;  // reject: all; intent: those of mode warn or audit
  std::size_t findings_total = 0;        // more than findings.size() when the list was cut
  std::vector<SpooledRequirement> requirements = {};
  std::vector<SpooledExemption> exemptions = {};
  std::vector<SpooledNotice> notices = {};  // of a notice only
  // What made it, where that was no push: "timer" for the sweep, "admin" for the operator's tool.
  std::string cause = {};
  std::string stage;                      // reject: "pre-receive" or "update"
  std::string policy_sha256;              // empty when no policy could be loaded
  std::vector<std::string> push_options;  // raw bytes
  // Tells several records of one push apart: one for each ref that `update` judges on a host
  // without pre-receive. Else empty. Only [0-9a-f].
  std::string part;
};

// JSON of one record; bytes that are no UTF-8 are kept exactly ({"lossy", "b64"}).
std::string to_json(const SpoolRecord& record);
// Nothing when it is no record (damaged, another format).
std::optional<SpoolRecord> parse_record(std::string_view json);
// The name of its file: "KEY.I", "KEY.R", "KEY.N", "KEY.X" or "KEY.X-PART".
std::string file_name(const SpoolRecord& record);

class Spool {
 public:
  // `folder` is <repo>/trunkgate/spool; it is created with the first record.
  Spool(std::string folder, Sharing sharing);

  // Durable when it returns, but for a result: one that is lost with the machine is found again
  // from the intent and the refs, as after a kill. Throws Error(delivery). A record that stands
  // there already is replaced.
  void write(const SpoolRecord& record) const;
  // The same for a result, in the place of a file that has served its purpose; that file is gone
  // afterwards.
  void write_over(const std::string& file, const SpoolRecord& record) const;

  // Names of the finished files, sorted ("KEY.I", "KEY.I-PART", "KEY.N", "KEY.R", "KEY.X",
  // "KEY.X-PART"); temporary and foreign ones are left out.
  std::vector<std::string> names() const;
  // Nothing when the file is missing or damaged. Throws Error(delivery) when it is there and cannot
  // be read (another account's file), because such a record is not damaged.
  std::optional<SpoolRecord> read(const std::string& name) const;
  void remove(const std::string& name) const;
  // Moves a file that is no record to <name>.damaged, so that it is seen and never read again.
  void set_aside(const std::string& name) const;

  const std::string& folder() const { return folder_; }

 private:
  std::string path_of(const SpoolRecord& record) const;

  std::string folder_;
  Sharing sharing_;
};

// Removes temporary files of base/file.h that killed processes left in `folder` before `before`
// (microseconds since 1970).
void sweep_temporary_files(const std::string& folder, std::int64_t before);

}  // namespace trunkgate
