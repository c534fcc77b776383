// trunkgate check: every mistake of a policy file and what is doubtful in it, with line and caret.
#include <cstdio>

#include "base/text.h"
#include "commands.h"
#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

// 0 when the file is a policy without mistakes.
int check_file(const std::string& file) {
  try {
    const auto policy = load_policy({{file, file, false}}, read_policy_file);
    if (!policy->warnings.empty()) {
      Diagnostics warnings;
      for (const Diagnostic& warning : policy->warnings) {
        warnings.warning(warning.where, warning.message, warning.suggestion);
      }
      std::fputs(warnings.render().c_str(), stderr);
    }
    std::printf("%s: ok (%s, sha256 %s)\n", file.c_str(),
                count_of(policy->rules.size(), "active rule", "active rules").c_str(),
                policy->sha256.substr(0, 12).c_str());
    return 0;
  } catch (const ConfigError& mistakes) {
    std::fputs(mistakes.diagnostics().render().c_str(), stderr);
  } catch (const PolicyMissing& missing) {
    std::fprintf(stderr, "error: %s\n", printable(missing.what(), 1000).c_str());
  }
  return 2;
}

}  // namespace

int check_command(const CheckArguments& arguments) {
  int worst = 0;
  for (const std::string& file : arguments.files) worst = std::max(worst, check_file(file));
  return worst;
}

}  // namespace trunkgate
