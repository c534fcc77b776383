// One thing wrong at one place, as data: report/ and events/ make text of it, each in its own way.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "git/object_id.h"

namespace trunkgate {

// What a rule does with a finding. The words of the policy.
enum class Mode { enforce, warn, audit, off };

// What `git commit --amend` has to do to a commit. The report makes one command of what all
// findings about a commit want, for each amendment would take the signature of the one before away.
struct Amendment {
  bool wanted = false;  // also when making the commit anew is all that is needed
  bool sign = false;
  bool sign_off = false;
  bool reset_author = false;
  bool reset_date = false;
  std::vector<std::string> trailers = {};  // "Reviewed-by: VALUE"; printable
  std::vector<std::string> settings = {};  // commands to run once, before any commit is touched
  std::vector<std::string> changes = {};   // commands that change the index of the commit

  bool operator==(const Amendment&) const = default;
};

struct Finding {
  // What is wrong, in one line of printable text: "type 'feature' is not allowed".
  std::string message = {};
  // More about it, one printable line each; the pusher sees them below the message. A line that
  // begins with a space is shown as it is, others are wrapped.
  std::vector<std::string> details = {};
  // What to do about it when no command can say it: printable text.
  std::string hint = {};
  // Shell commands that repair it, one a line, in the order to run them. What makes a commit anew
  // is no command but an amendment.
  std::vector<std::string> commands = {};
  Amendment amendment = {};

  // The commit it is about, with its title as raw bytes.
  std::optional<ObjectId> commit = {};
  std::string title = {};
  // Where in the title: 1-based code points; length 0 when not in the title.
  std::size_t title_column = 0;
  std::size_t title_length = 0;
  // Where in the message, 1-based; 0 when unknown.
  std::size_t line = 0;
  // The message of this commit has to be reworded; the report gives the command that fits its
  // depth.
  bool reword = false;
  std::optional<std::string> corrected_title = {};  // when it is certain
  bool keeps_body = false;  // there is text below the title that a repair must keep

  std::string path = {};  // raw bytes
  // Taking the path out of its commit repairs it; the report gives the commands.
  bool drop_path = false;

  // Worth saying, but no reason to refuse: never more than a warning, whatever the rule's mode.
  bool advice = false;

  // Nothing is known to be wrong: the gate itself failed.
  bool undecided = false;

  // The label of the exemption that waives it; empty for none. Filled by the evaluator, as what
  // follows.
  std::string waived_by = {};
  bool root = false;      // the commit has no parents
  std::size_t newer = 0;  // how many commits of the push come after it, as the gate walks them
  std::string rule =
      {};  // "unconventional-commit", or a word of its own for the always-on refusals
  std::string ruleset = {};  // empty for the always-on refusals
  std::string origin = {};   // "policy.yaml:31"
  Mode mode = Mode::enforce;

  bool operator==(const Finding&) const = default;
};

}  // namespace trunkgate
