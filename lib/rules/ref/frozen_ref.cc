// frozen-ref: a push to a reference that takes none at this time.
#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/ref/frozen_hours.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

constexpr Option<std::string> kText{"text", "", "why it is frozen; required, shown to the pusher"};
constexpr const OptionInfo* kOptions[] = {&kText.info,       &kFrozenDays.info, &kFrozenHours.info,
                                          &kFrozenZone.info, &kFrozenFrom.info, &kFrozenUntil.info};

class FrozenRef final : public Rule {
 public:
  explicit FrozenRef(const RuleSetup& setup)
      : text_(printable(trim(setup.options.get(kText)))), hours_(setup.options) {
    if (!text_.empty()) return;
    setup.options.diagnostics().error(setup.options.where(),
                                      "'text' is missing: it tells the pusher why it is frozen");
  }

  // By the server's clock: dates in a push say nothing.
  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.new_id == ref.old_id || !hours_.contains(push.now)) return;
    Finding finding;
    finding.message = "'" + shown_name(ref) + "' is frozen: " + text_;
    const auto end = hours_.end_after(push.now);
    finding.details = {"now: " + hours_.clock(push.now)};
    if (end) finding.details.push_back("open again: " + hours_.clock(*end));
    finding.hint = end ? "push again then" : "ask an admin";
    out.add(std::move(finding));
  }

 private:
  std::string text_;
  FrozenHours hours_;
};

constexpr Example kExamples[] = {
    {"{text: release week}", "update refs/heads/main", false},
    {"{text: release week}", "delete refs/tags/v1", false},
    {"{text: weekend, days: [sat, sun]}", "at 2026-01-03T12:00Z update refs/heads/main", false},
    {"{text: weekend, days: [sat, sun]}", "at 2026-01-05T12:00Z update refs/heads/main", true},
    {"{text: at night, hours: '22:00-06:00'}", "at 2026-01-05T05:59Z update refs/heads/main",
     false},
    {"{text: at night, hours: '22:00-06:00'}", "at 2026-01-05T06:00Z update refs/heads/main", true},
    {"{text: at night, hours: '22:00-06:00', timezone: '+01:00'}",
     "at 2026-01-05T05:30Z update refs/heads/main", true},
    {"{text: holidays, from: 2026-12-21, until: 2027-01-03}",
     "at 2027-01-03T23:59Z update refs/heads/main", false},
    {"{text: holidays, from: 2026-12-21, until: 2027-01-03}",
     "at 2027-01-04T00:00Z update refs/heads/main", true},
};

}  // namespace

constinit const RuleInfo frozen_ref{
    .id = "frozen-ref",
    .subject = Subject::ref,
    .summary = "the reference takes no pushes at this time",
    .rationale = "Before a release and when nobody is there to help, nothing should move.",
    .remedy = "Wait until it is open again, or ask an admin.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<FrozenRef>,
};

}  // namespace trunkgate
