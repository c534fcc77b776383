// leaked-secret: a new line with a password, a token or a private key in it.
#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/file/secrets/secret_scanner.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kKinds{
    "kinds", "", "kinds of secrets that are looked for; all without it"};
constexpr Option<std::vector<std::string>> kWithout{"without", "",
                                                    "kinds of secrets that are not looked for"};
constexpr Option<std::vector<Pattern>> kExtra{"extra", "",
                                              "expressions for secrets of other kinds"};
constexpr Option<std::vector<Pattern>> kAllow{"allow", "",
                                              "expressions for whole values that are no secrets"};
constexpr Option<std::int64_t> kEntropy{
    "entropy", "35", "least entropy of a value of no known form, in tenths of a bit for each byte"};
constexpr Option<bool> kTestKeys{"test-keys", "false", "refuse keys of test environments, too"};
constexpr Option<bool> kAllowInline{"allow-inline", "true",
                                    "leave lines alone that say trunkgate:allow leaked-secret"};
constexpr Option<bool> kBinary{"binary", "false",
                               "look into binary files, too; a text with a stray NUL is none"};
constexpr const OptionInfo* kOptions[] = {&kKinds.info,       &kWithout.info, &kExtra.info,
                                          &kAllow.info,       &kEntropy.info, &kTestKeys.info,
                                          &kAllowInline.info, &kBinary.info};

constexpr std::string_view kMarker = "trunkgate:allow leaked-secret";
// A file says it often enough in so many places.
constexpr std::size_t kMaxPlaces = 20;

// Marks the kinds that a list of the policy names, and reports the names nobody knows.
void mark(const OptionReader& options, const Option<std::vector<std::string>>& option, bool wanted,
          std::vector<bool>& kinds) {
  const std::vector<std::string_view> ids = token_kind_ids();
  for (const std::string& name : options.get(option)) {
    const auto found = std::find(ids.begin(), ids.end(), name);
    if (found != ids.end()) {
      kinds[static_cast<std::size_t>(found - ids.begin())] = wanted;
      continue;
    }
    const auto meant = nearest(name, ids);
    options.diagnostics().error(item_location(*options.find(option.info.name), name),
                                "unknown kind of secrets '" + printable(name, 60) + "'",
                                meant ? "did you mean '" + *meant + "'?" : std::string());
  }
}

std::vector<bool> read_kinds(const OptionReader& options) {
  std::vector<bool> kinds;
  const bool all = !options.has(kKinds.info.name);
  const bool test = options.get(kTestKeys);
  for (const TokenKind& kind : token_kinds()) kinds.push_back(all && (test || !kind.test));
  mark(options, kKinds, true, kinds);
  mark(options, kWithout, false, kinds);
  return kinds;
}

constexpr std::size_t kAround = std::size_t{16} << 10U;

// The lines of a file in which its secrets stand. Asked in the order of places, so that all answers
// together cost one look at the file, however many stand in one line.
class LineFinder {
 public:
  // `number` is that of the first line.
  LineFinder(std::string_view content, std::size_t number) : content_(content), number_(number) {}

  // The number of the line with the byte at `at`.
  std::size_t number_at(std::size_t at) {
    while (end_ < at) {
      begin_ = end_ + 1;
      end_ = std::min(content_.find('\n', begin_), content_.size());
      ++number_;
      marked_ = is_marked();
    }
    return number_;
  }
  // Of the line of the last answer.
  std::size_t begin() const { return begin_; }
  bool marked() const { return marked_; }

 private:
  bool is_marked() const {
    return content_.substr(begin_, end_ - begin_).find(kMarker) != std::string_view::npos;
  }

  std::string_view content_;
  std::size_t begin_ = 0;
  std::size_t end_ = std::min(content_.find('\n'), content_.size());
  std::size_t number_;
  bool marked_ = is_marked();
};

// 1-based, in code points, as editors count.
std::size_t column_in(std::string_view line, std::size_t offset) {
  std::size_t column = 1;
  for (std::string_view rest = line.substr(0, offset); !rest.empty(); ++column) {
    rest.remove_prefix(next_code_point(rest).size);
  }
  return column;
}

// The places of one file.
class Places {
 public:
  explicit Places(Answer& out) : out_(out) {}

  // The text of a secret must not come here.
  void add(std::size_t line, std::string what, std::string kind) {
    if (++count_ > kMaxPlaces) return;
    out_.add({.message = std::move(what),
              .details = {std::move(kind)},
              .hint = "revoke it now, for others may have seen it; then take it out of the commit",
              .line = line});
  }
  bool full() const { return count_ >= kMaxPlaces; }
  void skip() { ++count_; }
  void finish() {
    if (count_ <= kMaxPlaces) return;
    out_.add({.message = "and " + std::to_string(count_ - kMaxPlaces) + " more like these"});
  }

 private:
  Answer& out_;
  std::size_t count_ = 0;
};

class LeakedSecret final : public Rule {
 public:
  explicit LeakedSecret(const RuleSetup& setup)
      : scanner_({.kinds = read_kinds(setup.options),
                  .entropy = static_cast<double>(setup.options.get(kEntropy)) / 10,
                  .allow = setup.options.get(kAllow)}),
        extra_(setup.options.get(kExtra)),
        allow_(setup.options.get(kAllow)),
        allow_inline_(setup.options.get(kAllowInline)),
        binary_(setup.options.get(kBinary)) {}

  void check_file(const Push& push, const PushedFile& file, Answer& out) const override {
    if (const auto text = file.decoded()) return check_file(push, *text, out);
    if (!binary_ && file.opaque()) return;
    Places places(out);
    report_known(file, places);
    if (!extra_.empty()) report_extra(file, places);
    places.finish();
  }

 private:
  void report_known(const PushedFile& file, Places& places) const {
    const std::string_view content = around_added_part(file);
    const std::vector<Secret> secrets = scanner_.scan(content);
    if (secrets.empty()) return;
    LineFinder lines(content, file.line_number(content));
    for (const Secret& secret : secrets) {
      const std::size_t first = lines.number_at(secret.begin);
      const std::string_view text = content.substr(secret.begin, secret.end - secret.begin);
      if (!in_added_line(file, text)) continue;
      if (allow_inline_ && lines.marked()) continue;
      if (places.full()) {
        places.skip();
        continue;
      }
      const std::size_t column =
          column_in(content.substr(lines.begin()), secret.begin - lines.begin());
      places.add(first, describe(secret, column), "kind: " + std::string(secret.kind->id));
    }
  }

  void report_extra(const PushedFile& file, Places& places) const {
    for (const std::string_view line : file.added_lines()) {
      for (const Pattern& pattern : extra_) {
        const auto match = pattern.find(line);
        if (!match || allowed(line.substr(match->offset, match->size))) continue;
        if (allow_inline_ && line.find(kMarker) != std::string_view::npos) continue;
        places.add(file.line_number(line),
                   fmt::format("a secret at column {}", column_in(line, match->offset)),
                   "matches '" + printable(pattern.text(), 60) + "'");
        break;
      }
    }
  }

  // One that reaches over several lines counts when any of them is new.
  static bool in_added_line(const PushedFile& file, std::string_view secret) {
    const std::vector<std::string_view>& added = file.added_lines();
    const auto found = std::lower_bound(
        added.begin(), added.end(), secret.data(),
        [](std::string_view line, const char* at) { return line.data() + line.size() < at; });
    return found != added.end() && found->data() < secret.data() + secret.size();
  }

  // Whole lines: those that are new, what stands between them, and as much around them as a secret
  // of several lines may need to be known for one.
  static std::string_view around_added_part(const PushedFile& file) {
    const std::string_view content = file.content();
    const std::string_view part = file.added_part();
    if (file.added_lines().empty()) return {};
    auto begin = static_cast<std::size_t>(part.data() - content.data());
    std::size_t end = begin + part.size();
    begin -= std::min(begin, kAround);
    begin = begin == 0 ? 0 : content.rfind('\n', begin - 1) + 1;  // npos + 1 is 0
    end = content.find('\n', std::min(end + kAround, content.size()));
    return content.substr(begin, end == std::string_view::npos ? end : end - begin);
  }

  bool allowed(std::string_view value) const {
    return std::any_of(allow_.begin(), allow_.end(),
                       [&](const Pattern& pattern) { return pattern.matches_all(value); });
  }

  static std::string describe(const Secret& secret, std::size_t column) {
    std::string text(secret.kind->name);
    if (!secret.prefix.empty()) text += " (" + std::string(secret.prefix) + "...)";
    if (secret.certain) text += ", real by its checksum,";
    return fmt::format("{} at column {}", text, column);
  }

  SecretScanner scanner_;
  std::vector<Pattern> extra_;
  std::vector<Pattern> allow_;
  bool allow_inline_;
  bool binary_;
};

// The reference shows these as they stand, so none may look like a secret without its options.
constexpr Example kExamples[] = {
    {"", "add a.py\npassword = 'winter2024'\n", true},
    {"{entropy: 30}", "add a.py\npassword = 'winter2024'\n", false},
    {"{entropy: 30, without: assigned-secret}", "add a.py\npassword = 'winter2024'\n", true},
    {"{entropy: 30, kinds: [private-key]}", "add a.py\npassword = 'winter2024'\n", true},
    {"{entropy: 30, allow: 'winter\\d*'}", "add a.py\npassword = 'winter2024'\n", true},
    {"{entropy: 30}",
     "change a.py\npassword = 'winter2024'\n=====\npassword = 'winter2024'\nx = 1\n", true},
    {"{entropy: 30}", "add a.py\npassword = 'winter2024'  # trunkgate:allow leaked-secret\n", true},
    {"{entropy: 30, allow-inline: false}",
     "add a.py\npassword = 'winter2024'  # trunkgate:allow leaked-secret\n", false},
    {"{entropy: 30}", "add a.py\npassword = os.environ['PASSWORD']\n", true},
    {"{extra: 'corp-[0-9]{8}'}", "add a\ncorp-73519264\n", false},
    {"", "add a.py\nkey = 'AKIAIOSFODNN7EXAMPLE'\n", true},
    {"", "add a.sh\ngit clone https://bot:${TOKEN}@git.example.com/a.git\n", true},
    {"", "add id_rsa\n-----BEGIN OPENSSH PRIVATE KEY-----\n...\n", true},
};

}  // namespace

constinit const RuleInfo leaked_secret{
    .id = "leaked-secret",
    .subject = Subject::file,
    .summary = "a new line holds a password, a token or a private key",
    .rationale = "Whoever can read the repository can use it, and history keeps it for ever.",
    .remedy = "Revoke the secret first, then rewrite the commit that added it.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<LeakedSecret>,
    .content = true,
    .concurrent = true,
};

}  // namespace trunkgate
