#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"
#include "report/repair.h"
#include "report/report.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxBlocks = 10;  // commits or findings shown for one ref
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
      if (shown(finding)) block(nullptr, {&finding}, true);
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
        if (!shown(finding)) continue;
        ++total;
        if (finding.commit) commits.insert(*finding.commit);
      }
    }
    total += verdict_.findings.size();
    const std::string label =
        outcome == Outcome::accepted
            ? "warning: "
            : (outcome == Outcome::rejected ? "error: REJECTED " : "error: UNDECIDED ");
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
    notices();
    line("");
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

  void ref_section(const RefVerdict& ref) {
    std::vector<std::vector<const Finding*>> groups;  // findings about one commit stand together
    std::set<ObjectId> reworded;
    const Finding* oldest = nullptr;
    for (const Finding& finding : ref.findings) {
      if (!shown(finding)) continue;
      if (!groups.empty() && finding.commit && groups.back()[0]->commit == finding.commit &&
          groups.back()[0]->path == finding.path) {
        groups.back().push_back(&finding);
      } else {
        groups.push_back({&finding});
      }
      if (finding.reword && !finding.advice && finding.commit &&
          reworded.insert(*finding.commit).second && oldest == nullptr) {
        oldest = &finding;
      }
    }
    if (groups.empty()) return;
    if (sections() > 1) line(printable(ref.name));
    for (std::size_t i = 0; i < groups.size() && i < kMaxBlocks; ++i) {
      block(&ref, groups[i], reworded.size() <= 1);
    }
    if (groups.size() > kMaxBlocks) {
      line(fmt::format("  ... and {} more", groups.size() - kMaxBlocks));
      line("");
    }
    if (reworded.size() > 1 && ref.kind == RefKind::branch) {
      labelled("fix", reword_command(ref, *oldest), false);
      labelled("", fmt::format("and mark the {} commits with 'reword'", reworded.size()), true);
      line("");
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

  void block(const RefVerdict* ref, std::vector<const Finding*> findings, bool alone) {
    // Carets stand right below the title.
    std::stable_partition(findings.begin(), findings.end(),
                          [](const Finding* finding) { return finding->title_length > 0; });
    const Finding& first = *findings[0];
    if (first.commit) title(first);
    for (const Finding* finding : findings) {
      const std::string severity =
          finding->advice || finding->mode == Mode::warn ? "warning: " : "";
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
      repair(*ref, findings, alone);
    } else if (!first.hint.empty()) {
      labelled("hint", first.hint, true);
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

  // One repair serves all findings that want the same; those that refuse go before advice.
  void repair(const RefVerdict& ref, const std::vector<const Finding*>& findings, bool alone) {
    std::vector<const Finding*> wanted;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(wanted),
                 [](const Finding* finding) { return refuses(*finding); });
    if (wanted.empty()) wanted.push_back(findings[0]);
    std::set<std::string> said;
    for (const Finding* finding : wanted) repair_one(ref, *finding, alone, said);
  }

  void repair_one(const RefVerdict& ref, const Finding& finding, bool alone,
                  std::set<std::string>& said) {
    const std::vector<std::string> commands = repair_commands(ref, finding, alone);
    const bool amended = std::any_of(commands.begin(), commands.end(), [](const std::string& c) {
      return c.find(" -m ") != std::string::npos;
    });
    if (finding.corrected_title && !amended && is_printable(*finding.corrected_title) &&
        said.insert(*finding.corrected_title).second) {
      labelled("title", *finding.corrected_title, false);
    }
    if (!finding.hint.empty() && said.insert(finding.hint).second) {
      labelled("hint", finding.hint, true);
    }
    if (commands.empty() || !said.insert(join(commands, "\n")).second) return;
    const bool edits = finding.drop_path && commands.size() == 3;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      labelled(i == 0 ? "fix" : "", commands[i], false);
      if (i == 0 && edits) {
        labelled("", "mark " + finding.commit->brief() + " with 'edit', then", true);
      }
    }
    if (alone && finding.reword && finding.commit && *finding.commit != ref.new_commit) {
      labelled("", "and mark " + finding.commit->brief() + " with 'reword'", true);
    }
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
    if (outcome == Outcome::undecided) {
      line("hint: this is the server's fault, not yours; nothing was changed");
    }
    if (outcome == Outcome::accepted) {
      if (context_.checked_only) {
        line("CHECK OK: the push would be accepted; nothing was changed");
      } else {
        line("hint: the push was accepted; " + id);
      }
    } else if (context_.partly || verdict_.ref_by_ref) {
      line("hint: only what is named above was refused; " + id);
    } else {
      line("hint: nothing on the server was changed; " + id);
    }
    if (!verdict_.contact.empty() && outcome != Outcome::accepted) {
      wrapped("hint: ", "questions? ask " + verdict_.contact, "hint: ");
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
