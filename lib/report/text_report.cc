#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "base/text.h"
#include "report/exemption_lines.h"
#include "report/repair.h"
#include "report/report.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxBlocks = 10;        // commits or findings shown for one ref
constexpr std::size_t kMaxRequirements = 20;  // shown for one ref
constexpr std::size_t kMaxTitleColumns = 58;
constexpr std::size_t kLabelColumns = 11;  // "    fix    "

bool shown(const Finding& finding) { return finding.mode != Mode::audit; }

// The first `n` code points.
std::string_view head(std::string_view text, std::size_t n) {
  std::size_t at = 0;
  while (at < text.size() && n > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --n;
  }
  return text.substr(0, at);
}

std::string brief_id(const std::string& push_id) {
  const auto underscore = push_id.find('_');
  return push_id.substr(underscore == std::string::npos ? 0 : underscore + 1, 8);
}

class TextReport {
 public:
  TextReport(const Verdict& verdict, const ReportContext& context)
      : verdict_(verdict), context_(context) {}

  std::string render() {
    const Outcome outcome = verdict_.outcome();
    if (outcome == Outcome::accepted && !any_warning()) {
      notices();
      if (context_.checked_only) line("CHECK OK: the push would be accepted; nothing was changed");
      return finish();
    }
    header(outcome);
    for (const Finding& finding : verdict_.findings) {
      if (shown(finding)) block(nullptr, {&finding}, {}, false);
    }
    for (const RefVerdict& ref : verdict_.refs) ref_section(ref);
    footer(outcome);
    return finish();
  }

 private:
  bool any_warning() const {
    return std::any_of(verdict_.refs.begin(), verdict_.refs.end(), [](const RefVerdict& ref) {
      return std::any_of(ref.findings.begin(), ref.findings.end(), shown);
    });
  }

  static const Finding* reason_of(const RefVerdict& ref, Outcome outcome) {
    for (const Finding& finding : ref.findings) {
      if (!shown(finding)) continue;
      if (outcome == Outcome::undecided && !finding.undecided) continue;
      if (!finding.waived_by.empty()) continue;
      if (outcome == Outcome::accepted || refuses(finding)) return &finding;
    }
    return nullptr;
  }

  // The first line has the reason: many clients show nothing else.
  void header(Outcome outcome) {
    std::size_t total = verdict_.findings_dropped;
    std::set<ObjectId> commits;
    for (const RefVerdict& ref : verdict_.refs) {
      for (const Finding& finding : ref.findings) {
        if (!shown(finding) || !finding.waived_by.empty()) continue;
        ++total;
        if (finding.commit) commits.insert(*finding.commit);
      }
    }
    total += verdict_.findings.size();
    const std::string label =
        outcome == Outcome::accepted
            ? "warning: "
            : (outcome == Outcome::rejected ? "error: REJECTED " : "error: UNDECIDED ");
    // Of what is let in all the same, that is the news.
    if (outcome == Outcome::accepted) exemptions();
    if (!verdict_.findings.empty()) {
      reason_line(label + "push: ", verdict_.findings[0].message);
    } else {
      for (const RefVerdict& ref : verdict_.refs) {
        if (outcome != Outcome::accepted && ref.outcome == Outcome::accepted) continue;
        if (outcome == Outcome::undecided && ref.outcome != Outcome::undecided) continue;
        const Finding* reason = reason_of(ref, outcome);
        if (reason == nullptr) continue;
        reason_line(label + printable(ref.name) + ": ",
                    (reason->path.empty() ? "" : place(*reason) + ": ") + reason->message);
        break;
      }
    }
    if (total > 1) {
      std::string more =
          fmt::format("{}and {} more", label.substr(0, label.find(' ') + 1), total - 1);
      if (commits.size() > 1) more += fmt::format(" ({} commits)", commits.size());
      line(more);
    }
    if (outcome != Outcome::accepted) exemptions();
    notices();
    line("");
  }

  void exemptions() {
    for (const std::string& use : exemption_lines(verdict_, context_)) {
      wrapped("warning: ", use, "warning: ");
    }
  }

  void notices() {
    for (const std::string& notice : verdict_.notices) wrapped("warning: ", notice, "warning: ");
  }

  // Many clients show only this line, so it is never wrapped; what follows the reason itself (";
  // did you mean ...") gives way when it gets long, for it stands below again.
  void reason_line(const std::string& label, const std::string& message) {
    const auto semicolon = message.find("; ");
    const bool shorten =
        semicolon != std::string::npos && columns(label + message) > kReportColumns;
    line(label + (shorten ? message.substr(0, semicolon) : message));
  }

  using Group = std::vector<const Finding*>;

  // Findings about one commit and path stand together.
  static std::vector<Group> groups_of(const RefVerdict& ref) {
    std::vector<Group> groups;
    for (const Finding& finding : ref.findings) {
      if (!shown(finding)) continue;
      if (!groups.empty() && finding.commit && groups.back()[0]->commit == finding.commit &&
          groups.back()[0]->path == finding.path) {
        groups.back().push_back(&finding);
      } else {
        groups.push_back({&finding});
      }
    }
    return groups;
  }

  // The block in which the whole repair can stand, since nothing else is repaired by it; the number
  // of blocks when there is none.
  static std::size_t home_of(const Repair& repair, const std::vector<Group>& groups) {
    std::size_t home = groups.size();
    for (std::size_t i = 0; i < groups.size() && repair.commits.size() == 1; ++i) {
      if (groups[i][0]->commit != repair.commits[0]) continue;
      if (home < groups.size()) return groups.size();
      home = i;
    }
    return home < kMaxBlocks ? home : groups.size();
  }

  void ref_section(const RefVerdict& ref) {
    std::vector<Group> groups = groups_of(ref);
    if (groups.empty()) return;
    const Repair repair = repair_of(ref);
    // What is done to the branch as a whole comes after its commits have been mended.
    const auto later =
        repair.steps.empty()
            ? groups.end()
            : std::stable_partition(groups.begin(), groups.end(), [](const Group& group) {
                return group[0]->commit || group[0]->commands.empty();
              });
    const auto commits = static_cast<std::size_t>(later - groups.begin());
    const std::size_t home = home_of(repair, groups);
    if (sections() > 1) line(printable(ref.name));
    for (std::size_t i = 0; i < commits && i < kMaxBlocks; ++i) {
      block(&ref, groups[i], repair, i == home);
    }
    const std::size_t rest = groups.size() - commits;
    if (commits > kMaxBlocks) {
      line(fmt::format("  ... and {} more", commits - kMaxBlocks));
      line("");
    }
    if (home == groups.size() && !repair.steps.empty()) {
      steps(repair);
      line("");
    }
    for (std::size_t i = 0; i < rest && i < kMaxBlocks; ++i) {
      block(&ref, groups[commits + i], repair, false);
    }
    if (rest > kMaxBlocks) {
      line(fmt::format("  ... and {} more", rest - kMaxBlocks));
      line("");
    }
    evidence(ref);
  }

  // How everything stands that is asked of evidence, where not all of it is good.
  void evidence(const RefVerdict& ref) {
    if (ref.outcome == Outcome::accepted || ref.requirements.empty()) return;
    line("  evidence for landing");
    std::size_t shown_ones = 0;
    for (const Requirement& requirement : ref.requirements) {
      if (requirement.mode == Mode::audit) continue;
      if (++shown_ones > kMaxRequirements) continue;
      const std::string start = fmt::format("    {:<16}", to_string(requirement.state));
      wrapped(start, requirement.what + (requirement.why.empty() ? "" : ": " + requirement.why),
              std::string(columns(start), ' '));
    }
    if (shown_ones > kMaxRequirements) {
      line(fmt::format("    ... and {} more", shown_ones - kMaxRequirements));
    }
    line("");
  }

  void steps(const Repair& repair) {
    std::string_view label = repair.steps[0].command ? "fix" : "hint";
    for (const RepairStep& step : repair.steps) {
      labelled(label, step.text, !step.command);
      label = "";
    }
  }

  // "src/main.cc:12"
  static std::string place(const Finding& finding) {
    return printable(finding.path) + (finding.line == 0 ? "" : ":" + std::to_string(finding.line));
  }

  // How many refs have something to say.
  std::size_t sections() const {
    return static_cast<std::size_t>(
        std::count_if(verdict_.refs.begin(), verdict_.refs.end(), [](const RefVerdict& ref) {
          return std::any_of(ref.findings.begin(), ref.findings.end(), shown);
        }));
  }

  // `repairs` says that the repair of the ref stands here.
  void block(const RefVerdict* ref, Group findings, const Repair& repair, bool repairs) {
    // Carets stand right below the title.
    std::stable_partition(findings.begin(), findings.end(),
                          [](const Finding* finding) { return finding->title_length > 0; });
    const Finding& first = *findings[0];
    if (first.commit) title(first);
    for (const Finding* finding : findings) {
      std::string severity = finding->advice || finding->mode == Mode::warn ? "warning: " : "";
      if (!finding->waived_by.empty()) severity = "waived by " + finding->waived_by + ": ";
      const bool elsewhere = !finding->path.empty() && finding->line != first.line;
      message(*finding, severity + finding->message +
                            (elsewhere ? " (line " + std::to_string(finding->line) + ")" : ""));
      for (const std::string& detail : finding->details) {
        if (detail.starts_with(' ')) {
          line("    " + detail);
        } else {
          wrapped("    ", detail, "    ");
        }
      }
    }
    if (ref != nullptr) {
      advise(*ref, findings, repair);
      if (repairs) steps(repair);
    } else {
      if (!first.hint.empty()) labelled("hint", first.hint, true);
      for (std::size_t i = 0; i < first.commands.size(); ++i) {
        labelled(i == 0 ? "fix" : "", first.commands[i], false);
      }
    }
    std::set<std::string> rules;
    for (const Finding* finding : findings) {
      if (finding->rule.empty()) continue;
      std::string text = finding->rule;
      if (!finding->ruleset.empty()) text += " (" + finding->ruleset + ", " + finding->origin + ")";
      if (rules.insert(text).second) labelled("rule", text, true);
    }
    line("");
  }

  // The titles, hints and commands of the findings themselves, each once; those that refuse go
  // before advice, and nobody has to mend what is waived.
  void advise(const RefVerdict& ref, const Group& findings, const Repair& repair) {
    Group wanted;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(wanted),
                 [](const Finding* finding) { return refuses(*finding); });
    if (wanted.empty()) {
      const auto unwaived =
          std::find_if(findings.begin(), findings.end(),
                       [](const Finding* finding) { return finding->waived_by.empty(); });
      if (unwaived == findings.end()) return;
      wanted.push_back(*unwaived);
    }
    std::set<std::string> said;
    for (const Finding* finding : wanted) {
      const std::optional<std::string>& title = finding->corrected_title;
      if (title && is_printable(*title) && !sets_title(repair, *title) &&
          said.insert(*title).second) {
        labelled("title", *title, false);
      }
      if (!finding->hint.empty() && said.insert(finding->hint).second) {
        labelled("hint", finding->hint, true);
      }
      const std::vector<std::string> commands = commands_of(ref, *finding, repair);
      if (commands.empty() || !said.insert(join(commands, "\n")).second) continue;
      for (std::size_t i = 0; i < commands.size(); ++i) {
        labelled(i == 0 ? "fix" : "", commands[i], false);
      }
    }
  }

  // A command of the repair has the title in it.
  static bool sets_title(const Repair& repair, const std::string& title) {
    return std::any_of(repair.steps.begin(), repair.steps.end(), [&](const RepairStep& step) {
      return step.text.find(" -m " + shell_quote(title)) != std::string::npos;
    });
  }

  void title(const Finding& finding) {
    if (!finding.path.empty()) {
      line("  " + finding.commit->brief() + " " + place(finding));
      return;
    }
    title_text_ = printable(finding.title, kMaxTitleColumns);
    line(fmt::format("  {} \"{}\"", finding.commit->brief(), title_text_));
  }

  // Under the title with a caret when the fault is in the visible part of it.
  void message(const Finding& finding, const std::string& text) {
    const std::size_t indent = 2 + 8 + 2;  // "  5d6e7f81 \""
    if (finding.commit && finding.title_length > 0 && finding.title_column > 0) {
      const std::string_view before = head(finding.title, finding.title_column - 1);
      const std::string_view through =
          head(finding.title, finding.title_column - 1 + finding.title_length);
      const std::size_t start = columns(printable(before, kMaxTitleColumns));
      const std::size_t end = std::max(start + 1, columns(printable(through, kMaxTitleColumns)));
      if (end <= kMaxTitleColumns) {
        const std::string carets = std::string(indent + start, ' ') + std::string(end - start, '^');
        if (columns(carets) + 2 + columns(text) <= kReportColumns) {
          line(carets + "  " + text);
          return;
        }
        line(carets);
      }
    }
    wrapped(finding.commit ? "    " : "  ", text, "    ");
  }

  void footer(Outcome outcome) {
    const std::string id = "push id " + brief_id(context_.push_id);
    const bool others_let_in =
        context_.partly ||
        std::any_of(verdict_.refs.begin(), verdict_.refs.end(),
                    [&](const RefVerdict& ref) { return verdict_.lets_in(ref); });
    if (outcome == Outcome::undecided) {
      line(std::string("hint: this is the server's fault, not yours") +
           (others_let_in ? "" : "; nothing was changed"));
    }
    if (outcome == Outcome::accepted) {
      if (context_.checked_only) {
        line("CHECK OK: the push would be accepted; nothing was changed");
      } else {
        line("hint: the push was accepted; " + id);
      }
    } else if (others_let_in) {
      line("hint: only what is named above was refused; " + id);
    } else {
      line("hint: nothing on the server was changed; " + id);
    }
    if (!verdict_.contact.empty() && outcome != Outcome::accepted) {
      wrapped("hint: ", "questions? ask " + verdict_.contact, "hint: ");
    }
    for (const OfferLines& offer : offer_lines(verdict_)) {
      wrapped("hint: ", offer.words, "hint: ");
      if (!offer.command.empty()) line("hint:   " + offer.command);
    }
  }

  void labelled(std::string_view label, const std::string& text, bool wrap_words) {
    const std::string start = fmt::format("    {:<7}", label);
    const std::string next(kLabelColumns, ' ');
    if (!wrap_words) {
      line(start + text);  // a command stays in one piece
    } else {
      wrapped(start, text, next);
    }
  }

  // Words of `text` on lines of at most kReportColumns: the first starts with `start`, the others
  // with `next`, which is as wide or wider.
  void wrapped(const std::string& start, const std::string& text, const std::string& next) {
    const std::size_t width = kReportColumns - std::max(columns(start), columns(next));
    bool first = true;
    for (const std::string& part : wrap(text, width)) {
      line((first ? start : next) + part);
      first = false;
    }
  }

  void line(const std::string& text) { text_ += text + "\n"; }

  std::string finish() {
    if (text_.size() > kMaxReportBytes) {
      const auto end = text_.rfind('\n', kMaxReportBytes - 64);
      text_.resize(end == std::string::npos ? 0 : end + 1);
      text_ += "... the rest is cut\n";
    }
    return std::move(text_);
  }

  const Verdict& verdict_;
  const ReportContext& context_;
  std::string text_;
  std::string title_text_;
};

}  // namespace

std::string text_report(const Verdict& verdict, const ReportContext& context) {
  return TextReport(verdict, context).render();
}

}  // namespace trunkgate
