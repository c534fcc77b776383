// missing-ticket: a commit that tells no ticket, by its message or by the branch it is pushed to.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pattern_example.h"
#include "base/text.h"
#include "git/ref_name.h"
#include "push/message_parts.h"
#include "push/trailers.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<Pattern> kPattern{"pattern", "'[A-Z][A-Z0-9]+-[0-9]+'",
                                   "what a ticket looks like"};
constexpr Option<std::vector<std::string>> kIn{
    "in", "[branch, trailer, title, body]",
    "where it may stand: branch (the pushed one), trailer, title, body"};
constexpr Option<std::string> kTrailer{"trailer", "Ticket", "name of the trailer"};
constexpr Option<std::vector<std::string>> kProjects{
    "projects", "", "accepted words before the ticket's last '-'; any when left out"};
constexpr Option<std::vector<std::string>> kIgnore{
    "ignore", "[AES, CVE, ISO, MD, RFC, SHA, UTF]",
    "words before the '-' that make no ticket, such as UTF-8, when 'projects' is left out"};
constexpr const OptionInfo* kOptions[] = {&kPattern.info, &kIn.info, &kTrailer.info,
                                          &kProjects.info, &kIgnore.info};

enum class Place { branch, trailer, title, body };
constexpr std::array<std::string_view, 4> kPlaces{"branch", "trailer", "title", "body"};

// A text with thousands of things like tickets is nothing a person wrote.
constexpr std::size_t kMaxMatches = 1000;

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

class MissingTicket final : public Rule {
 public:
  explicit MissingTicket(const RuleSetup& setup)
      : pattern_(setup.options.get(kPattern)),
        trailer_(setup.options.get(kTrailer)),
        projects_(setup.options.get(kProjects)),
        ignore_(setup.options.get(kIgnore)) {
    const OptionReader& options = setup.options;
    if (const Node* in = options.find(kIn.info.name);
        in != nullptr && in->kind == Node::Kind::sequence) {
      for (const Node& place : in->items) {
        places_.push_back(static_cast<Place>(read_word(place, kPlaces, 0, options.diagnostics())));
      }
    } else if (in != nullptr) {
      places_.push_back(static_cast<Place>(read_word(*in, kPlaces, 0, options.diagnostics())));
    } else {
      places_ = {Place::branch, Place::trailer, Place::title, Place::body};
    }
    if (!is_trailer_token(trailer_)) {
      options.diagnostics().error(
          options.find(kTrailer.info.name)->where,
          "'" + printable(trailer_) + "' is no trailer's name: letters, digits and hyphens");
    }
    example_ = find_example();
  }

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override {
    const MessageParts parts = read_message(commit);
    std::string foreign;  // the first ticket of another project
    for (const Place place : places_) {
      for (const std::string& text : texts_at(place, push, parts)) {
        if (has_ticket(text, foreign)) return;
      }
    }
    Finding finding = finding_about_message(
        commit, parts,
        foreign.empty() ? "no ticket in the " + where()
                        : "'" + printable(foreign, 40) + "' is no ticket of an accepted project");
    finding.details = {projects_.empty()
                           ? "a ticket matches: " + printable(pattern_.text())
                           : "accepted projects: " + printable(join(projects_, ", "))};
    finding.hint = push.refs.size() > 1 && places_.front() == Place::branch
                       ? "push the branches one by one when their names have tickets"
                       : hint();
    if (!foreign.empty()) {
      const auto at = parts.title.find(foreign);
      if (at != std::string::npos) mark_title(finding, parts, at, foreign.size());
    }
    out.add(std::move(finding));
  }

 private:
  std::vector<std::string> texts_at(Place place, const Push& push,
                                    const MessageParts& parts) const {
    std::vector<std::string> texts;
    switch (place) {
      case Place::branch:
        texts = branches(push);
        break;
      case Place::trailer:
        for (const Trailer& trailer : read_trailers(parts.text)) {
          if (same_token(trailer.token, trailer_)) texts.push_back(trailer.value);
        }
        break;
      case Place::title:
        texts.push_back(parts.title);
        break;
      case Place::body:
        texts.push_back(parts.body);
        break;
    }
    return texts;
  }

  // Names of the pushed branches; none when there is a ref that names no ticket, for which of the
  // refs brings a commit is not asked here: a walk for each commit and ref would cost too much.
  std::vector<std::string> branches(const Push& push) const {
    std::vector<std::string> names;
    std::vector<ObjectId> tips;
    std::string foreign;
    for (const PushedRef& ref : push.refs) {
      if (ref.kind != RefKind::branch || ref.new_commit.is_zero()) continue;
      names.emplace_back(short_name(ref.name));
      tips.push_back(ref.new_commit);
      if (push.refs.size() > 1 && !has_ticket(names.back(), foreign)) return {};
    }
    // A tag on one of the tips brings nothing of its own.
    const bool more = std::any_of(push.refs.begin(), push.refs.end(), [&](const PushedRef& ref) {
      return ref.kind != RefKind::branch && !ref.new_commit.is_zero() &&
             std::find(tips.begin(), tips.end(), ref.new_commit) == tips.end();
    });
    return more ? std::vector<std::string>() : names;
  }

  bool has_ticket(std::string_view text, std::string& foreign) const {
    std::size_t from = 0;
    for (std::size_t n = 0; n < kMaxMatches; ++n) {
      const auto found = pattern_.find(text, from);
      if (!found || found->size == 0) return false;
      const std::string_view ticket = text.substr(found->offset, found->size);
      const std::string_view project = ticket.substr(0, ticket.rfind('-'));
      if (projects_.empty() ? !contains(ignore_, project) : contains(projects_, project)) {
        return true;
      }
      if (foreign.empty() && !projects_.empty()) foreign = ticket;
      from = found->offset + found->size;
    }
    return false;
  }

  // "branch, trailer or title"
  std::string where() const {
    std::string text;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (i > 0) text += i + 1 == places_.size() ? " or " : ", ";
      text += kPlaces[static_cast<std::size_t>(places_[i])];
      if (places_[i] == Place::branch) text += " name";
      if (places_[i] == Place::trailer) text += " '" + trailer_ + "'";
    }
    return text;
  }

  // A ticket that this very policy accepts; empty when none is found.
  std::string find_example() const {
    std::vector<std::string> candidates;
    for (const std::string& project : projects_) candidates.push_back(project + "-123");
    if (projects_.empty()) candidates.push_back(example_of(pattern_).value_or(""));
    for (const std::string& candidate : candidates) {
      std::string foreign;
      if (is_printable(candidate) && has_ticket(candidate, foreign)) return candidate;
    }
    return {};
  }

  std::string hint() const {
    if (std::find(places_.begin(), places_.end(), Place::title) != places_.end()) {
      return "name the ticket in the title" +
             (example_.empty() ? "" : ", for example 'feat: add login (" + example_ + ")'");
    }
    if (std::find(places_.begin(), places_.end(), Place::trailer) != places_.end()) {
      return "write '" + trailer_ + ": " + (example_.empty() ? "TICKET" : example_) +
             "' in the last paragraph of the message";
    }
    if (places_.front() == Place::branch) return "push a branch with the ticket in its name";
    return "name the ticket in the body of the message";
  }

  Pattern pattern_;
  std::vector<Place> places_;
  std::string trailer_;
  std::vector<std::string> projects_;
  std::vector<std::string> ignore_;
  std::string example_;
};

constexpr Example kExamples[] = {
    {"", "feat: add login (ABC-12)", true},
    {"", "feat: add login\n\nSee ABC-12.", true},
    {"", "branch: feature/ABC-12-login\n\nfeat: add login", true},
    {"", "feat: add login", false},
    {"", "feat: write UTF-8", false},
    {"{in: [title]}", "ABC-12: add login", true},
    {"{in: [title]}", "branch: feature/ABC-12-login\n\nfeat: add login", false},
    {"{in: [trailer]}", "feat: add login\n\nTicket: ABC-12", true},
    {"{in: [trailer]}", "feat: add login (ABC-12)", false},
    {"{in: [trailer], trailer: Refs}", "feat: add login\n\nRefs: ABC-12", true},
    {"{projects: [ABC, XY]}", "feat: add login (XY-12)", true},
    {"{projects: [ABC, XY]}", "feat: add login (OLD-12)", false},
    {"{pattern: '#[0-9]+'}", "feat: add login (#12)", true},
    {"{pattern: '#[0-9]+'}", "feat: add login (ABC-12)", false},
};

}  // namespace

constinit const RuleInfo missing_ticket{
    .id = "missing-ticket",
    .subject = Subject::commit,
    .summary = "a commit names no ticket",
    .rationale = "From the ticket one learns why a line of code is there.",
    .remedy = "Name the ticket in the message, or push a branch that is named after it.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<MissingTicket>,
};

}  // namespace trunkgate
