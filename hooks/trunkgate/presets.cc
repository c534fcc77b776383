// trunkgate presets: the policies that come with the program.
#include "policy/presets.h"

#include <cstdio>

#include "base/nearest.h"
#include "base/text.h"
#include "commands.h"

namespace trunkgate {
namespace {

// A preset begins with a comment whose first sentence says what it is for.
std::string summary_of(std::string_view text) {
  std::string summary;
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with('#')) break;
    line = trim(line.substr(1));
    summary += (summary.empty() ? "" : " ") + std::string(line);
    if (const auto end = summary.find(". "); end != std::string::npos) summary.resize(end + 1);
    if (summary.ends_with('.')) break;
  }
  return summary;
}

}  // namespace

int presets_command(const PresetsArguments& arguments) {
  if (arguments.show.empty()) {
    for (const std::string_view name : preset_names()) {
      std::printf("%-22s %s\n", std::string(name).c_str(), summary_of(*preset_text(name)).c_str());
    }
    return 0;
  }
  const auto text = preset_text(arguments.show);
  if (!text) {
    const auto known = nearest(arguments.show, preset_names());
    std::fprintf(stderr, "error: there is no preset '%s'%s\n", printable(arguments.show).c_str(),
                 known ? ("; did you mean '" + *known + "'?").c_str() : "");
    return 2;
  }
  std::fwrite(text->data(), 1, text->size(), stdout);
  return 0;
}

}  // namespace trunkgate
