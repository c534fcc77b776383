// What pre-receive tells update about the same push: which updates may go on, and which refs must
// still be where they were.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/push_key.h"
#include "git/object_id.h"

namespace trunkgate {

struct HandedUpdate {
  std::string old_id;  // 40 hexadecimal digits
  std::string new_id;
  std::string ref;
  bool let_in = false;
  // Refs the verdict relies on: name on disk, id in hexadecimal.
  std::vector<std::pair<std::string, std::string>> relied;
};

// One file a push in <state>/verdicts, named by the push's key. It is read once for each ref, so it
// is plain lines and needs neither libgit2 nor a parser:
//   a OLD NEW REF       let in            r OLD NEW REF       refused
//   w ID REF            the update above relies on this
class Handover {
 public:
  Handover(std::string folder, const PushKey& key);

  void write(const std::vector<HandedUpdate>& updates, const Sharing& sharing) const;

  enum class Answer { none, let_in, refused, moved };
  // `none` when pre-receive of this push left nothing about exactly this update. `moved` when a ref
  // the verdict relies on has another value in `git_dir` by now; `moved_ref` is then its name. So
  // it is when the update before it that relies on that ref has not come about yet: Git moves
  // nothing of an atomic push before `update` has seen all of it. `prefix` is the namespace's,
  // which refs of the push are below.
  Answer look_up(std::string_view old_id, std::string_view new_id, std::string_view ref,
                 const std::string& git_dir, std::string& moved_ref,
                 const std::string& prefix = {}) const;

  // How many updates of this push pre-receive has judged; nothing when it left no word.
  std::optional<std::size_t> size() const;

  // The file, which nothing needs once all refs are updated.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::string folder_;
};

// To the pusher of `ref`, when `moved` is no longer where the verdict has found it.
std::string moved_while_landing(std::string_view ref, std::string_view moved);

// Removes what pushes that are over have left behind.
void sweep_handovers(const std::string& folder);

}  // namespace trunkgate
