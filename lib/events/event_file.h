// A file that several processes append lines to, and that is moved away when it is full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/pipe.h"
#include "policy/sink_settings.h"

namespace trunkgate {

// Locked (flock) while it lives. The lock is on the file that has the name now: whoever waited for
// one that was moved away meanwhile waits anew, so that nobody writes behind a reader's back.
class EventFile {
 public:
  // Makes the file when it is missing; its folder must be there. Waits for the lock, ten seconds at
  // most. All throw Error(delivery); a symbolic link, a folder, a FIFO or a device is an error.
  EventFile(const FileSinkSettings& settings, const Sharing& sharing);

  std::uint64_t size() const { return size_; }
  // The last line has no LF.
  bool torn() const;

  // Whole lines, the oldest first: so many bytes from the end of the file and, where it is shorter,
  // of those that were moved away before it.
  std::string last_lines(std::size_t bytes) const;

  // On disk when it returns.
  void append(std::string_view bytes);

  // Moves the file to NAME.1, that to NAME.2 and so on; the one that would become NAME.(keep + 1)
  // goes. Then this is the new file. Killed between two steps it leaves a number out, which the
  // next call fills, and loses nothing.
  void move_away();

 private:
  std::string moved(std::uint64_t number) const;
  void open();

  const FileSinkSettings& settings_;
  Sharing sharing_;
  Descriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace trunkgate
