// Names one push on this machine without a file or a variable: all hooks of a push run below the
// same `git receive-pack` process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trunkgate {

// Process id and start time together never name two processes of one boot.
struct PushKey {
  std::string host;   // 8 hexadecimal digits of the SHA-256 of the host's name
  std::string boot;   // first 8 digits of the kernel's boot id
  long pid = 0;       // of receive-pack (of the hook when there is no receive-pack above)
  std::string start;  // its start time in clock ticks since boot

  // "host-boot-pid-start"; only [0-9a-f-], so it is safe in file names.
  std::string text() const;
  // The reverse of text(); nothing when it is none.
  static std::optional<PushKey> parse(std::string_view text);

  // "push_" and 32 hexadecimal digits, the same in every hook of the push.
  std::string push_id() const;

  friend bool operator==(const PushKey&, const PushKey&) = default;
};

// The push this process belongs to: that of the nearest ancestor that is a receive-pack. Else it is
// one of its own: the parent may be a server that runs hooks without a receive-pack, for any number
// of pushes, or whoever took over an orphan. To be asked for before anything that takes time.
PushKey current_push();
// That of this process alone, for what is no push and is told as one.
PushKey own_key();
// Whether the receive-pack that started this process was killed before the process could find it,
// as far as that can be told; what standard input says may be cut short then.
bool is_orphan();

enum class Liveness { alive, dead, foreign };
// Whether the push is still going on: what has ended and only waits for its parent to notice does
// not. `foreign` when it belongs to another host.
Liveness liveness(const PushKey& key);

}  // namespace trunkgate
