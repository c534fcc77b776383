// Reads the text of a Git configuration file that is not on disk, such as .gitmodules in a commit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

struct ConfigSetting {
  std::string section;     // lower case
  std::string subsection;  // as it is meant, without quotes
  std::string key;         // lower case
  std::string value;       // without quotes, escapes and comments
  std::size_t line = 0;    // 1-based; of the key
};

// In the order of the file, up to the first thing that Git could not read (git-config(1), SYNTAX;
// config.c). Every section that holds no setting stands in `sections` as well.
struct ConfigText {
  std::vector<ConfigSetting> settings;
  std::vector<ConfigSetting> sections;  // key and value empty
};
ConfigText read_config_text(std::string_view text);

}  // namespace trunkgate
