// Reads and writes whole files: bounded, never through surprises, durable where asked.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// How a repository shares what hooks create (core.sharedRepository).
struct Sharing {
  // Permission bits added to 0600 for files; a folder gets the matching search bits, and setgid
  // when the group may write.
  unsigned extra = 0;

  unsigned file_mode() const { return 0600U | extra; }
  unsigned folder_mode() const;
};

enum class FileState { present, missing, unreadable, not_regular, too_large };

struct FileText {
  FileState state = FileState::missing;
  std::string text;    // only when present
  std::string reason;  // the system's words, when not present
};

// Reads a regular file of at most `limit` bytes. Never blocks on a FIFO or a device.
FileText read_file(const std::string& path, std::size_t limit);

// Makes the folder and its parents down from an existing one. Throws Error(delivery).
void make_folder(const std::string& path, const Sharing& sharing);

enum class Durability { none, synced };

// Writes a file in one step: nobody ever sees half of it. With `synced` the file and its folder are
// on disk when this returns. Throws Error(delivery).
void write_file(const std::string& path, std::string_view bytes, const Sharing& sharing,
                Durability durability);

// Like write_file, synced, for a name that nothing has had before: the name is given first and both
// are synced together, which is one write of the file system's journal instead of two. After a
// crash of the machine before this returns, the file may be there empty or cut short.
void add_file(const std::string& path, std::string_view bytes, const Sharing& sharing);

// Like write_file without sync, by way of a file that is no longer needed for anything else: that
// saves making one. False when `from` is not there or cannot be used, and nothing has happened
// then.
bool turn_file_into(const std::string& from, const std::string& path, std::string_view bytes);

// Like write_file, but only when the file is not there yet; false when it was.
bool create_file(const std::string& path, std::string_view bytes, const Sharing& sharing,
                 Durability durability);

// Appends in one write() and syncs. Throws Error(delivery), and then cuts the file back to what it
// was before; whoever shares it with other writers holds a FileLock on it meanwhile.
void append_file(const std::string& path, std::string_view bytes, const Sharing& sharing);

// Names in a folder without "." and "..", sorted; empty when it cannot be read.
std::vector<std::string> list_folder(const std::string& path);

// Removes a file; missing is fine.
void remove_file(const std::string& path);

bool exists(const std::string& path);

// A lock on a file (flock), held until destroyed.
class FileLock {
 public:
  // Waits for the lock. Throws Error(delivery) when the file cannot be opened.
  static FileLock wait(const std::string& path, const Sharing& sharing);
  // Nothing when somebody else holds it.
  static std::optional<FileLock> try_now(const std::string& path, const Sharing& sharing);

  FileLock(FileLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace trunkgate
