// Puts together what was found about a push: whose finding it is, what it refuses, which refs fall
// with another one.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/gate_findings.h"
#include "policy/policy.h"
#include "policy/verdict.h"
#include "rules/rule.h"

namespace trunkgate {

class VerdictBuilder {
 public:
  // To be filled in; its refs must all be there before anything is added.
  Verdict& verdict() { return verdict_; }

  // Whether a finding that refuses takes the whole push with it, even ref by ref.
  using AboutPush = bool (*)(const Finding& finding);

  // What `active` says of `ref`, or, with nullptr, what is always refused. Findings about files
  // are always about the push: what must not enter the store.
  void add(RefVerdict& ref, Answer answer, const ActiveRule* active,
           AboutPush about_push = nullptr);
  // The last finding of `ref` is about the push.
  void mark_about_push(const RefVerdict& ref);
  // A rule about evidence whose `only` or `except` leaves this update out.
  void not_applicable(RefVerdict& ref, const ActiveRule& active);
  void add_undecided(RefVerdict& ref, std::string_view rule, std::string_view why);

  // Runs something that may fail for reasons of its own; the ref is then undecided.
  template <typename Action>
  void guarded(RefVerdict& ref, std::string_view rule, const Action& action) {
    try {
      action();
    } catch (const BadCommit& bad) {
      ref.findings.push_back(malformed_commit(bad));
    } catch (const MissingObject& missing) {
      ref.findings.push_back(missing_object(missing));
    } catch (const BadTag& bad) {
      ref.findings.push_back(malformed_tag(bad));
    } catch (const std::exception& error) {
      add_undecided(ref, rule, reason_of(error));
    }
  }

  // The same for what one rule is asked; where the rule only warns, so does its failure.
  template <typename Action>
  void guarded(RefVerdict& ref, const ActiveRule& active, const Action& action) {
    guarded(ref, active.info->id, [&] {
      Answer answer;
      try {
        return action();
      } catch (const BadCommit&) {
        throw;
      } catch (const MissingObject&) {
        throw;
      } catch (const BadTag&) {
        throw;
      } catch (const std::exception& error) {
        answer.add(undecided({}, reason_of(error)));
      }
      add(ref, std::move(answer), &active);
    });
  }

  // Gives what refuses a ref to whoever may waive it, by setting Finding::waived_by: its findings,
  // and one for each kind of those that are not told (beyond kMaxFindings; `untold`, with rule and
  // ruleset and little else).
  void visit_refusing(RefVerdict& ref,
                      const std::function<void(Finding& finding, bool untold)>& visit);

  // Settles which refs are refused. Nothing can be added any more.
  Verdict finish();

 private:
  // A ref that needs another one of the push.
  struct Need {
    std::size_t ref = 0;  // index into Verdict::refs
    std::string needed;
    Finding otherwise;
    const ActiveRule* active = nullptr;
  };

  void attribute(const RefVerdict& ref, const ActiveRule& active, Finding& finding);
  static void attribute(const ActiveRule& active, Requirement& requirement);
  void keep_untold(const RefVerdict& ref, const Finding& finding, bool about_push);
  Outcome settle(const RefVerdict& ref);

  Verdict verdict_;
  std::vector<Need> needs_;
  std::set<std::pair<const RefVerdict*, const ActiveRule*>> with_examples_;
  std::size_t findings_ = 0;
  // Findings about the push: their refs, and where they stand there.
  std::set<std::pair<const RefVerdict*, std::size_t>> about_push_;
  // What refuses and is not told.
  struct Untold {
    const RefVerdict* ref = nullptr;
    Finding finding;
    bool about_push = false;
  };
  std::vector<Untold> untold_;
};

// A rule may want less than its mode for a finding, never more.
Mode lowered(const Finding& finding, const ActiveRule& active);

}  // namespace trunkgate
