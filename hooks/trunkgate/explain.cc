// trunkgate explain: what rules there are and what each one does. trunkgate schema: for editors.
#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

#include "base/nearest.h"
#include "base/text.h"
#include "commands.h"
#include "policy/always_on.h"
#include "report/policy_schema.h"
#include "report/rule_reference.h"
#include "rules/catalogue.h"

namespace trunkgate {

int explain_command(const ExplainArguments& arguments) {
  if (arguments.markdown) {
    std::fputs(rules_markdown().c_str(), stdout);
    return 0;
  }
  if (arguments.rules.empty()) {
    std::fputs(list_rules().c_str(), stdout);
    return 0;
  }
  int code = 0;
  for (const std::string& id : arguments.rules) {
    // A finding of a rule with parts names the part: "direct-push.evil-merge".
    const RuleInfo* rule = find_rule(std::string_view(id).substr(0, id.find('.')));
    if (rule != nullptr) {
      if (&id != &arguments.rules.front()) std::fputs("\n", stdout);
      std::fputs(explain_rule(*rule).c_str(), stdout);
      continue;
    }
    const auto always = std::find_if(always_on().begin(), always_on().end(),
                                     [&](const AlwaysOn& refusal) { return refusal.id == id; });
    if (always != always_on().end()) {
      std::printf("%s: refused whatever the policy says\n\n  %s\n", id.c_str(),
                  std::string(always->summary).c_str());
      continue;
    }
    std::vector<std::string_view> ids = rule_ids();
    ids.insert(ids.end(), always_on_ids().begin(), always_on_ids().end());
    const auto known = nearest(id, ids);
    std::fprintf(stderr, "error: there is no rule '%s'%s\n", printable(id).c_str(),
                 known ? ("; did you mean '" + *known + "'?").c_str() : "");
    code = 2;
  }
  return code;
}

int schema_command() {
  std::fputs(policy_schema().c_str(), stdout);
  return 0;
}

}  // namespace trunkgate
