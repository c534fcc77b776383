// misdated-commit: a commit whose dates cannot be true.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/text.h"
#include "push/message_parts.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<std::chrono::seconds> kFuture{
    "future", "5m", "how far after the push a date may be, for clocks differ"};
constexpr Option<std::chrono::seconds> kPast{
    "past", "", "how long before the push a date may be, such as 520w; any time when left out"};
constexpr Option<bool> kOrder{
    "order", "true", "a commit may not be older than its parents, or written after it was made"};
constexpr Option<std::chrono::seconds> kSlack{"slack", "5m",
                                              "how far dates may be out of that order"};
constexpr Option<std::string> kOf{"of", "both", "whose date: author, committer or both"};
constexpr const OptionInfo* kOptions[] = {&kFuture.info, &kPast.info, &kOrder.info, &kSlack.info,
                                          &kOf.info};

constexpr std::array<std::string_view, 3> kWhose{"both", "author", "committer"};

// Beyond every date that can be shown; sums and differences of such times do not overflow.
constexpr std::int64_t kFarAway = std::int64_t{1} << 60U;

std::int64_t bounded(std::int64_t time) { return std::clamp(time, -kFarAway, kFarAway); }

// "2026-01-31 12:00:00 UTC"; the number for a time outside of the years 1 to 9999.
std::string shown(std::int64_t time) {
  constexpr std::int64_t kYearOne = -62'135'596'800;
  constexpr std::int64_t kYearTenThousand = 253'402'300'800;
  if (time < kYearOne || time >= kYearTenThousand) return std::to_string(time) + " s since 1970";
  using std::chrono::days;
  const std::chrono::sys_seconds point{std::chrono::seconds(time)};
  const auto day = std::chrono::floor<days>(point);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(point - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02ld:%02ld:%02ld UTC",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<long>(clock.hours().count()),
                static_cast<long>(clock.minutes().count()),
                static_cast<long>(clock.seconds().count()));
  return text.data();
}

// "12 minutes", "3 hours", "40 days": the largest unit that fits, rounded down.
std::string span_of(std::int64_t seconds) {
  const auto n = [&](std::int64_t unit) { return static_cast<std::size_t>(seconds / unit); };
  if (seconds < 120) return count_of(n(1), "second", "seconds");
  if (seconds < 7200) return count_of(n(60), "minute", "minutes");
  if (seconds < 172'800) return count_of(n(3600), "hour", "hours");
  return count_of(n(86'400), "day", "days");
}

class MisdatedCommit final : public Rule {
 public:
  explicit MisdatedCommit(const RuleSetup& setup)
      : future_(setup.options.get(kFuture).count()),
        past_(setup.options.has(kPast.info.name) ? setup.options.get(kPast).count() : kFarAway),
        order_(setup.options.get(kOrder)),
        slack_(setup.options.get(kSlack).count()) {
    if (const Node* of = setup.options.find(kOf.info.name); of != nullptr) {
      of_ = read_word(*of, kWhose, 0, setup.options.diagnostics());
    }
  }

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override {
    const std::int64_t authored = bounded(commit.author.time);
    const std::int64_t committed = bounded(commit.committer.time);
    if (of_ != 2) check_age(push, commit, "author", authored, out);
    if (of_ != 1) check_age(push, commit, "committer", committed, out);
    if (!order_) return;
    if (of_ != 2 && authored - committed > slack_) {
      add(commit, true,
          "it was written " + span_of(authored - committed) + " after it was committed",
          "author date: " + shown(authored) + ", committer date: " + shown(committed), out);
    }
    if (of_ == 1) return;
    for (const ObjectId& parent : commit.parents) {
      const std::int64_t before = bounded(push.repository.links(parent).time);
      if (before - committed <= slack_) continue;
      add(commit, false,
          "it is " + span_of(before - committed) + " older than its parent " + parent.brief(),
          "committer date: " + shown(committed) + ", the parent's: " + shown(before), out);
      return;
    }
  }

 private:
  void check_age(const Push& push, const Commit& commit, const std::string& whose,
                 std::int64_t time, Answer& out) const {
    const std::int64_t ahead = time - push.now;
    if (ahead <= future_ && -ahead <= past_) return;
    add(commit, whose == "author",
        "the " + whose + " date is " +
            (ahead > 0 ? span_of(ahead) + " in the future" : span_of(-ahead) + " ago"),
        whose + " date: " + shown(time) + ", the push: " + shown(push.now), out);
  }

  static void add(const Commit& commit, bool author, std::string message, std::string detail,
                  Answer& out) {
    Finding finding = finding_about(commit, read_message(commit), std::move(message));
    finding.details = {std::move(detail)};
    finding.hint = "check the clock of your machine first";
    finding.amendment = {.wanted = true, .reset_date = author};
    out.add(std::move(finding));
  }

  std::int64_t future_;
  std::int64_t past_;
  bool order_;
  std::int64_t slack_;
  std::size_t of_ = 0;
};

constexpr Example kExamples[] = {
    {"", "feat: add login", true},
    {"", "committed: +4m\n\nfeat: add login", true},
    {"", "committed: +6m\n\nfeat: add login", false},
    {"", "authored: +6m\n\nfeat: add login", false},
    {"", "authored: -300d\n\nfeat: add login", true},
    {"", "committed: -3d\nauthored: -3d\n\nfeat: add login", false},
    {"", "authored: -1h\ncommitted: -2h\n\nfeat: add login", false},
    {"{order: false}", "authored: -1h\ncommitted: -3d\n\nfeat: add login", true},
    {"{past: 4w}", "authored: -29d\n\nfeat: add login", false},
    {"{past: 4w, of: committer}", "authored: -29d\n\nfeat: add login", true},
    {"{future: 0s}", "committed: +1s\n\nfeat: add login", false},
};

}  // namespace

constinit const RuleInfo misdated_commit{
    .id = "misdated-commit",
    .subject = Subject::commit,
    .summary = "the dates of a commit cannot be true",
    .rationale = "Logs, blame and every walk over the history trust the dates of commits.",
    .remedy = "Set the clock, then make the commit anew: git commit --amend --date=now.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<MisdatedCommit>,
};

}  // namespace trunkgate
