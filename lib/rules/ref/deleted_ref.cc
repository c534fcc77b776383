// deleted-ref: a push that deletes a branch or a tag.
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

class DeletedRef final : public Rule {
 public:
  explicit DeletedRef(const RuleSetup&) {}

  void check_ref(const Push&, const PushedRef& ref, Answer& out) const override {
    if (!ref.deletes()) return;
    out.add({.message = "the " + std::string(to_string(ref.kind)) + " must not be deleted",
             .hint = "an admin can remove it on the server with git update-ref -d"});
  }
};

constexpr Example kExamples[] = {
    {"", "delete refs/heads/main", false},
    {"", "delete refs/tags/v1", false},
    {"", "update refs/heads/main", true},
    {"", "create refs/heads/main", true},
};

}  // namespace

constinit const RuleInfo deleted_ref{
    .id = "deleted-ref",
    .subject = Subject::ref,
    .summary = "a push deletes a branch or a tag",
    .rationale =
        "A deleted branch takes its commits out of reach; a new one could then take its name.",
    .remedy = "Leave it; ask an admin when it really has to go.",
    .options = {},
    .examples = kExamples,
    .make = make_rule<DeletedRef>,
};

}  // namespace trunkgate
