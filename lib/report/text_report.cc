#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>

#include "base/text.h"
#include "report/exemption_lines.h"
#include "report/finding_block.h"
#include "report/repair.h"
#include "report/report.h"
#include "report/report_lines.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxBlocks = 10;        // commits or findings shown for one ref
constexpr std::size_t kMaxRequirements = 20;  // shown for one ref
constexpr const char* kCheckOk = "CHECK OK: the push would be accepted; nothing was changed";

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
      if (context_.checked_only) lines_.line(kCheckOk);
      return lines_.finish();
    }
    header(outcome);
    for (const Finding& finding : verdict_.findings) {
      if (shown(finding)) add_block(finding, lines_);
    }
    for (const RefVerdict& ref : verdict_.refs) ref_section(ref);
    footer(outcome);
    return lines_.finish();
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
    const std::string label =
        outcome == Outcome::accepted
            ? "warning: "
            : (outcome == Outcome::rejected ? "error: REJECTED " : "error: UNDECIDED ");
    // Of what is let in all the same, that is the news.
    if (outcome == Outcome::accepted) exemptions();
    reason(outcome, label);
    count(label.substr(0, label.find(' ') + 1));
    if (outcome != Outcome::accepted) exemptions();
    notices();
    lines_.line("");
  }

  void reason(Outcome outcome, const std::string& label) {
    if (!verdict_.findings.empty()) {
      reason_line(label + "push: ", verdict_.findings[0].message);
      return;
    }
    for (const RefVerdict& ref : verdict_.refs) {
      if (outcome != Outcome::accepted && ref.outcome == Outcome::accepted) continue;
      if (outcome == Outcome::undecided && ref.outcome != Outcome::undecided) continue;
      const Finding* first = reason_of(ref, outcome);
      if (first == nullptr) continue;
      reason_line(label + printable(ref.name) + ": ",
                  (first->path.empty() ? "" : place_of(*first) + ": ") + first->message);
      return;
    }
  }

  // How much there is besides the reason.
  void count(const std::string& severity) {
    std::size_t total = verdict_.findings.size() + verdict_.findings_dropped;
    std::set<ObjectId> commits;
    for (const RefVerdict& ref : verdict_.refs) {
      for (const Finding& finding : ref.findings) {
        if (!shown(finding) || !finding.waived_by.empty()) continue;
        ++total;
        if (finding.commit) commits.insert(*finding.commit);
      }
    }
    if (total <= 1) return;
    std::string more = fmt::format("{}and {} more", severity, total - 1);
    if (commits.size() > 1) more += fmt::format(" ({} commits)", commits.size());
    lines_.line(more);
  }

  void exemptions() {
    for (const std::string& use : exemption_lines(verdict_, context_)) {
      lines_.wrapped("warning: ", use, "warning: ");
    }
  }

  void notices() {
    for (const std::string& notice : verdict_.notices) {
      lines_.wrapped("warning: ", notice, "warning: ");
    }
  }

  // Many clients show only this line, so it is never wrapped; what follows the reason itself (";
  // did you mean ...") gives way when it gets long, for it stands below again.
  void reason_line(const std::string& label, const std::string& message) {
    const auto semicolon = message.find("; ");
    const bool shorten =
        semicolon != std::string::npos && columns(label + message) > kReportColumns;
    lines_.line(label + (shorten ? message.substr(0, semicolon) : message));
  }

  // Findings about one commit and path stand together.
  static std::vector<FindingGroup> groups_of(const RefVerdict& ref) {
    std::vector<FindingGroup> groups;
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
  static std::size_t home_of(const Repair& repair, const std::vector<FindingGroup>& groups) {
    std::size_t home = groups.size();
    for (std::size_t i = 0; i < groups.size() && repair.commits.size() == 1; ++i) {
      if (groups[i][0]->commit != repair.commits[0]) continue;
      if (home < groups.size()) return groups.size();
      home = i;
    }
    return home < kMaxBlocks ? home : groups.size();
  }

  void ref_section(const RefVerdict& ref) {
    std::vector<FindingGroup> groups = groups_of(ref);
    if (groups.empty()) return;
    const Repair repair = repair_of(ref);
    // What is done to the branch as a whole comes after its commits have been mended.
    const auto later =
        repair.steps.empty()
            ? groups.end()
            : std::stable_partition(groups.begin(), groups.end(), [](const FindingGroup& group) {
                return group[0]->commit || group[0]->commands.empty();
              });
    const auto commits = static_cast<std::size_t>(later - groups.begin());
    const std::size_t home = home_of(repair, groups);
    if (sections() > 1) lines_.line(printable(ref.name));
    const std::span<const FindingGroup> all(groups);
    blocks(ref, all.first(commits), repair, home);
    if (home == groups.size() && !repair.steps.empty()) {
      add_steps(repair, lines_);
      lines_.line("");
    }
    const std::span<const FindingGroup> rest = all.subspan(commits);
    blocks(ref, rest, repair, rest.size());
    evidence(ref);
  }

  // `home`: the index of the one in which the whole repair stands.
  void blocks(const RefVerdict& ref, std::span<const FindingGroup> groups, const Repair& repair,
              std::size_t home) {
    for (std::size_t i = 0; i < groups.size() && i < kMaxBlocks; ++i) {
      add_block(ref, groups[i], repair, i == home, lines_);
    }
    if (groups.size() <= kMaxBlocks) return;
    lines_.line(fmt::format("  ... and {} more", groups.size() - kMaxBlocks));
    lines_.line("");
  }

  // How everything stands that is asked of evidence, where not all of it is good.
  void evidence(const RefVerdict& ref) {
    if (ref.outcome == Outcome::accepted || ref.requirements.empty()) return;
    lines_.line("  evidence for landing");
    std::size_t shown_ones = 0;
    for (const Requirement& requirement : ref.requirements) {
      if (requirement.mode == Mode::audit) continue;
      if (++shown_ones > kMaxRequirements) continue;
      const std::string start = fmt::format("    {:<16}", to_string(requirement.state));
      lines_.wrapped(start,
                     requirement.what + (requirement.why.empty() ? "" : ": " + requirement.why),
                     std::string(columns(start), ' '));
    }
    if (shown_ones > kMaxRequirements) {
      lines_.line(fmt::format("    ... and {} more", shown_ones - kMaxRequirements));
    }
    lines_.line("");
  }

  // How many refs have something to say.
  std::size_t sections() const {
    return static_cast<std::size_t>(
        std::count_if(verdict_.refs.begin(), verdict_.refs.end(), [](const RefVerdict& ref) {
          return std::any_of(ref.findings.begin(), ref.findings.end(), shown);
        }));
  }

  void footer(Outcome outcome) {
    const std::string id = "push id " + brief_id(context_.push_id);
    const bool others_let_in =
        context_.partly ||
        std::any_of(verdict_.refs.begin(), verdict_.refs.end(),
                    [&](const RefVerdict& ref) { return verdict_.lets_in(ref); });
    if (outcome == Outcome::undecided) {
      lines_.line(std::string("hint: this is the server's fault, not yours") +
                  (others_let_in ? "" : "; nothing was changed"));
    }
    if (outcome == Outcome::accepted) {
      if (context_.checked_only) {
        lines_.line(kCheckOk);
      } else {
        lines_.line("hint: the push was accepted; " + id);
      }
    } else if (others_let_in) {
      lines_.line("hint: only what is named above was refused; " + id);
    } else {
      lines_.line("hint: nothing on the server was changed; " + id);
    }
    if (!verdict_.contact.empty() && outcome != Outcome::accepted) {
      lines_.wrapped("hint: ", "questions? ask " + verdict_.contact, "hint: ");
    }
    for (const OfferLines& offer : offer_lines(verdict_)) {
      lines_.wrapped("hint: ", offer.words, "hint: ");
      if (!offer.command.empty()) lines_.line("hint:   " + offer.command);
    }
  }

  const Verdict& verdict_;
  const ReportContext& context_;
  ReportLines lines_;
};

}  // namespace

std::string text_report(const Verdict& verdict, const ReportContext& context) {
  return TextReport(verdict, context).render();
}

}  // namespace trunkgate
