// foreign-author: a commit whose author the policy does not accept.
#include "rules/catalogue.h"
#include "rules/commit/foreign_person.h"

namespace trunkgate {
namespace {

class ForeignAuthor final : public ForeignPerson {
 public:
  explicit ForeignAuthor(const RuleSetup& setup) : ForeignPerson(Role::author, setup) {}
};

constexpr Example kExamples[] = {
    {"", "author: Ada <ada@example.com>\n\nfeat: add login", true},
    {"", "author: root <root@localhost>\n\nfeat: add login", false},
    {"", "author: Ada <ada@laptop.(none)>\n\nfeat: add login", false},
    {"", "author: Ada <ada@laptop.local>\n\nfeat: add login", false},
    {"", "author: Ada <>\n\nfeat: add login", false},
    {"", "author:  <ada@example.com>\n\nfeat: add login", false},
    {"{deny-unset: false}", "author: Ada <ada@laptop.local>\n\nfeat: add login", true},
    {"{email: '.*@example[.]com'}", "author: Ada <ada@example.com>\n\nfeat: add login", true},
    {"{email: '.*@example[.]com'}", "author: Ada <ada@example.com.evil>\n\nfeat: add login", false},
    {"{name: '[A-Z]\\S+ .*'}", "author: Ada Lovelace <a@example.com>\n\nfeat: add login", true},
    {"{name: '[A-Z]\\S+ .*'}", "author: ada <a@example.com>\n\nfeat: add login", false},
    {"{email: '.*@.*[.]local'}", "author: Ada <ada@laptop.local>\n\nfeat: add login", true},
    {"{deny-email: '.*@gmail[.]com'}", "author: Ada <ada@gmail.com>\n\nfeat: add login", false},
    {"{deny-email: '.*@gmail[.]com'}", "author: Ada <ada@example.com>\n\nfeat: add login", true},
    {"{deny-name: '(?i).*bot'}", "author: Bot <bot@example.com>\n\nfeat: add login", false},
    {"{pusher-name: true}", "author: Ada <ada@example.com>\n\nfeat: add login", false},
    {"{known: true}", "author: Ada <ada@example.com>\n\nfeat: add login", false},
};

}  // namespace

constinit const RuleInfo foreign_author{
    .id = "foreign-author",
    .subject = Subject::commit,
    .summary = "the author of a commit is nobody the policy accepts",
    .rationale = "A name in the history that is nobody's, or somebody else's, cannot be asked.",
    .remedy = "Set user.name and user.email, then git commit --amend --reset-author.",
    .options = kPersonOptions,
    .examples = kExamples,
    .make = make_rule<ForeignAuthor>,
};

}  // namespace trunkgate
