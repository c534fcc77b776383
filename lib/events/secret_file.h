// Secrets of sinks: read from files only, never shown.
#pragma once

#include <string>

namespace trunkgate {

// The text of the file without white space at its ends; at most 64 KiB. Throws Error(delivery)
// without any of the text when the file is missing, empty, no regular file or open to other people
// (any bit of "others", or writable by the group).
std::string read_secret(const std::string& path);

}  // namespace trunkgate
