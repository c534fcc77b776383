// foreign-committer: a commit whose committer the policy does not accept.
#include "rules/catalogue.h"
#include "rules/commit/foreign_person.h"

namespace trunkgate {
namespace {

class ForeignCommitter final : public ForeignPerson {
 public:
  explicit ForeignCommitter(const RuleSetup& setup) : ForeignPerson(Role::committer, setup) {}
};

constexpr Example kExamples[] = {
    {"", "committer: Ada <ada@example.com>\n\nfeat: add login", true},
    {"", "committer: root <root@localhost>\n\nfeat: add login", false},
    {"", "committer: Ada <ada@laptop.(none)>\n\nfeat: add login", false},
    {"", "committer: Ada <ada@laptop.local>\n\nfeat: add login", false},
    {"", "committer: Ada <>\n\nfeat: add login", false},
    {"", "committer:  <ada@example.com>\n\nfeat: add login", false},
    {"{deny-unset: false}", "committer: Ada <ada@laptop.local>\n\nfeat: add login", true},
    {"{email: '.*@example[.]com'}", "committer: Ada <ada@example.com>\n\nfeat: add login", true},
    {"{email: '.*@example[.]com'}", "committer: Ada <ada@example.com.evil>\n\nfeat: add login",
     false},
    {"{name: '[A-Z]\\S+ .*'}", "committer: Ada Lovelace <a@example.com>\n\nfeat: add login", true},
    {"{name: '[A-Z]\\S+ .*'}", "committer: ada <a@example.com>\n\nfeat: add login", false},
    {"{email: '.*@.*[.]local'}", "committer: Ada <ada@laptop.local>\n\nfeat: add login", true},
    {"{deny-email: '.*@gmail[.]com'}", "committer: Ada <ada@gmail.com>\n\nfeat: add login", false},
    {"{deny-email: '.*@gmail[.]com'}", "committer: Ada <ada@example.com>\n\nfeat: add login", true},
    {"{deny-name: '(?i).*bot'}", "committer: Bot <bot@example.com>\n\nfeat: add login", false},
    {"{pusher-name: true}", "committer: Ada <ada@example.com>\n\nfeat: add login", false},
    {"{known: true}", "committer: Ada <ada@example.com>\n\nfeat: add login", false},
};

}  // namespace

constinit const RuleInfo foreign_committer{
    .id = "foreign-committer",
    .subject = Subject::commit,
    .summary = "the committer of a commit is nobody the policy accepts",
    .rationale = "Who made a commit should be known by an address that exists.",
    .remedy = "Set user.name and user.email, then make the commits anew: git rebase -f.",
    .options = kPersonOptions,
    .examples = kExamples,
    .make = make_rule<ForeignCommitter>,
};

}  // namespace trunkgate
