#include <string_view>

#include "base/text.h"
#include "base/utc.h"
#include "events/lineage/trace_report.h"
#include "events/lineage/trace_tree.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

constexpr std::size_t kShownBranches = 20;  // below one node
constexpr std::size_t kShownLines = 400;    // of one tree
constexpr std::size_t kShownDigits = 12;

std::string when(std::int64_t microseconds) { return utc_text(microseconds / 1'000'000); }

// "weights vit.safetensors sha256:0123456789ab".
std::string title_of(const TracedNode& node) {
  std::string title(to_string(node.kind));
  const std::size_t colon = node.identity.find(':');
  const std::string value = node.identity.substr(colon + 1);
  if (node.kind == ArtifactKind::commit) return title + " " + value.substr(0, 8);
  const bool digest = node.identity.starts_with("sha256:");
  if (!digest) return title + " " + printable(value);
  const std::string& name = node.name.empty() ? node.uri : node.name;
  if (!name.empty()) title += " " + printable(name);
  return title + " sha256:" + value.substr(0, kShownDigits);
}

std::string author_of(const TracedStatement& statement) {
  std::string text;
  if (!statement.left_by.empty()) text += "by " + statement.left_by;
  if (statement.is_signed) text += text.empty() ? "signed" : ", signed";
  if (statement.recorded != 0) text += (text.empty() ? "" : ", ") + when(statement.recorded);
  return text;
}

class Drawing {
 public:
  Drawing(const LineageGraph& graph, LineageDirection direction)
      : graph_(graph), tree_(graph, direction), shown_(graph.nodes.size()) {}

  std::string draw() {
    shown_[0] = true;
    branches(0, "  ");
    if (left_out_ || graph_.cut) text_ += "  and more; --format json has all of it\n";
    return std::move(text_);
  }

 private:
  void branches(std::size_t node, const std::string& indent) {
    const auto& below = tree_.below(node);
    for (std::size_t i = 0; i < below.size(); ++i) {
      const bool last = i + 1 == below.size();
      if (++lines_ > kShownLines) {
        left_out_ = true;
        return;
      }
      if (i == kShownBranches && !last) {
        text_ += indent + "`- and " + std::to_string(below.size() - i) + " more\n";
        left_out_ = true;
        return;
      }
      branch(below[i], indent + (last ? "`- " : "|- "), indent + (last ? "   " : "|  "));
    }
  }

  void branch(const TreeBranch& branch, const std::string& first, const std::string& indent) {
    const TracedNode& node = graph_.nodes[branch.node];
    const std::string author = author_of(graph_.statements[branch.statement]);
    text_ += first + title_of(node) + (author.empty() ? "" : "  (" + author + ")");
    if (shown_[branch.node]) {
      text_ += tree_.below(branch.node).empty() ? "\n" : "  see above\n";
      return;
    }
    text_ += "\n";
    shown_[branch.node] = true;
    const bool leads_on = !tree_.below(branch.node).empty();
    for (const std::string& note : node.notes) {
      text_ += indent + (leads_on ? "| " : "  ") + printable(note) + "\n";
    }
    branches(branch.node, indent);
  }

  const LineageGraph& graph_;
  TraceTree tree_;
  std::vector<bool> shown_;
  std::string text_;
  std::size_t lines_ = 0;
  bool left_out_ = false;
};

std::string words(const std::vector<std::string>& list) { return join(list, ", "); }

void tell_step(std::string& text, std::string_view verb, const StoryStep& step,
               const std::string& more) {
  text += "  " + std::string(verb) + when(step.time) + " by " +
          (step.by.empty() ? "somebody unknown" : step.by) + " to " +
          std::string(short_name(step.ref)) + more + "\n";
  if (!step.policy_sha256.empty()) {
    text += "            policy " + step.policy_sha256.substr(0, kShownDigits);
  } else {
    text += "            no policy";
  }
  text += ", push " + step.push_id + "\n";
}

void tell_evidence(std::string& text, const std::vector<std::string>& approvals,
                   const std::vector<std::string>& checks) {
  text += "  approved  " + (approvals.empty() ? "by nobody" : "by " + words(approvals)) + "\n";
  text += "  checks    " + (checks.empty() ? "none" : words(checks)) + "\n";
}

std::string story_text(const CommitStory& story) {
  std::string text = "commit " + story.commit.hex() + "\n";
  if (!story.present) return text + "  is not in this repository\n";
  text += "  " + story.version + "  \"" + story.title + "\"\n";
  if (story.pushed) {
    tell_step(text, "pushed    ", *story.pushed, "");
  } else {
    text += "  pushed    before the journal began, or by nobody it knows of\n";
  }
  for (const StoryLanding& landing : story.landings) {
    tell_step(text, "landed    ", landing.step, ", " + landing.kind);
    tell_evidence(text, landing.approvals, landing.checks);
  }
  const bool known = story.pushed || !story.approvals.empty() || !story.checks.empty();
  if (story.landings.empty() && known) tell_evidence(text, story.approvals, story.checks);
  return text;
}

// The line of what was asked for, and what its statements say of it.
std::string root_text(const Trace& trace) {
  const LineageGraph& graph = trace.origin.nodes.empty() ? trace.fate : trace.origin;
  std::string text;
  if (!graph.nodes.empty()) {
    text = title_of(graph.nodes[0]);
    if (!trace.remark.empty()) text += "  (" + trace.remark + ")";
    text += "\n";
    for (const std::string& note : graph.nodes[0].notes) text += "  " + printable(note) + "\n";
  } else if (!trace.commits.empty()) {
    text = "commit " + trace.commits[0].commit.brief() + "\n";
  }
  return text;
}

std::string direction_text(const LineageGraph& graph, LineageDirection direction, bool asked) {
  const std::string what = direction == LineageDirection::up ? "made from" : "made into";
  if (graph.edges.empty()) return asked ? what + " nothing that is recorded\n" : "";
  return what + "\n" + Drawing(graph, direction).draw();
}

}  // namespace

std::string trace_text(const Trace& trace) {
  const bool both = trace.up && trace.down;
  std::string text = root_text(trace);
  if (trace.up) text += direction_text(trace.origin, LineageDirection::up, !both);
  if (trace.down) text += direction_text(trace.fate, LineageDirection::down, !both);
  if (both && trace.origin.edges.empty() && trace.fate.edges.empty()) {
    text += "nothing is recorded that it was made from or into\n";
  }
  for (const CommitStory& story : trace.commits) text += "\n" + story_text(story);
  if (trace.more_commits) text += "\nand more commits; trace each by its id\n";
  return text;
}

}  // namespace trunkgate
