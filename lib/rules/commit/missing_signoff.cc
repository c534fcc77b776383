// missing-signoff: a commit without the Signed-off-by of the Developer Certificate of Origin.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "push/message_encoding.h"
#include "push/message_parts.h"
#include "push/trailers.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<std::string> kOf{"of", "author", "who has to: author, committer or either"};
constexpr Option<bool> kNames{"names", "false",
                              "the name must be the same as well, not only the "
                              "address"};
constexpr const OptionInfo* kOptions[] = {&kOf.info, &kNames.info};

constexpr std::array<std::string_view, 3> kWho{"author", "committer", "either"};

struct Person {
  std::string name;
  std::string address;
};

// "Ada Lovelace <ada@example.com>"; the address is empty when there is none.
Person person_of(std::string_view text) {
  const auto open = text.rfind('<');
  const auto close = text.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return {std::string(trim(text.substr(0, open))),
          std::string(trim(text.substr(open + 1, close - open - 1)))};
}

// Lower case, one space between words.
std::string loose(std::string_view name) {
  std::string words;
  for (const std::string_view word : split(name, ' ')) {
    if (!words.empty() && !word.empty()) words += ' ';
    words += word;
  }
  return ascii_lower(words);
}

class MissingSignoff final : public Rule {
 public:
  explicit MissingSignoff(const RuleSetup& setup) : names_(setup.options.get(kNames)) {
    if (const Node* of = setup.options.find(kOf.info.name); of != nullptr) {
      of_ = read_word(*of, kWho, 0, setup.options.diagnostics());
    }
  }

  void check_commit(const Push&, const Commit& commit, Answer& out) const override {
    const MessageParts parts = read_message(commit);
    std::vector<Person> signers;
    for (const Trailer& trailer : read_trailers(parts.text)) {
      if (same_token(trailer.token, "Signed-off-by")) signers.push_back(person_of(trailer.value));
    }
    const bool by_author = of_ != 1 && any_is(signers, commit.author, commit.encoding);
    const bool by_committer = of_ != 0 && any_is(signers, commit.committer, commit.encoding);
    if (by_author || by_committer) return;
    const Signature& wanted = of_ == 1 ? commit.committer : commit.author;
    Finding finding = finding_about(commit, parts, "the commit is not signed off by its " + who());
    finding.details = {"wanted: Signed-off-by: " + printable(wanted.name, 60) + " <" +
                       printable(wanted.email, 80) + ">"};
    for (const Person& signer : signers) {
      if (finding.details.size() == kMaxDetails) {
        finding.details.push_back("and " + std::to_string(signers.size() + 1 - kMaxDetails) +
                                  " more like these");
        break;
      }
      finding.details.push_back(signer.address.empty()
                                    ? "found: a Signed-off-by without an address"
                                    : "found: Signed-off-by: " + printable(signer.name, 60) + " <" +
                                          printable(signer.address, 80) + ">");
    }
    if (of_ == 0 && commit.author.email != commit.committer.email) {
      // --signoff writes the name of whoever runs it, which may be neither.
      finding.hint = "only the author can sign a commit off: git commit --amend -s";
    } else {
      finding.amendment = {.wanted = true, .sign_off = true};
    }
    out.add(std::move(finding));
  }

 private:
  static constexpr std::size_t kMaxDetails = 4;

  std::string who() const { return of_ == 2 ? "author or committer" : std::string(kWho[of_]); }

  // Names in headers have the encoding of the message.
  bool any_is(const std::vector<Person>& signers, const Signature& person,
              std::string_view encoding) const {
    return std::any_of(signers.begin(), signers.end(), [&](const Person& signer) {
      if (signer.address.empty() ||
          ascii_lower(signer.address) != ascii_lower(trim(person.email))) {
        return false;
      }
      return !names_ || loose(signer.name) == loose(decode_message(person.name, encoding).text);
    });
  }

  std::size_t of_ = 0;
  bool names_;
};

constexpr Example kExamples[] = {
    {"", "feat: add login\n\nSigned-off-by: Ada <ada@example.com>", true},
    {"", "feat: add login\n\nSigned-off-by: Countess <ADA@example.com>", true},
    {"", "feat: add login", false},
    {"", "feat: add login\n\nSigned-off-by: Bo <bo@example.com>", false},
    {"", "feat: add login\n\nSigned-off-by: Ada <ada@example.com>\n\nThe end.", false},
    {"{names: true}", "feat: add login\n\nSigned-off-by: ada <ada@example.com>", true},
    {"{names: true}", "feat: add login\n\nSigned-off-by: Countess <ada@example.com>", false},
    {"{of: committer}",
     "committer: Bo <bo@example.com>\n\nfeat: add login\n\nSigned-off-by: Bo <bo@example.com>",
     true},
    {"{of: committer}",
     "committer: Bo <bo@example.com>\n\nfeat: add login\n\nSigned-off-by: Ada <ada@example.com>",
     false},
    {"{of: either}",
     "committer: Bo <bo@example.com>\n\nfeat: add login\n\nSigned-off-by: Ada <ada@example.com>",
     true},
};

}  // namespace

constinit const RuleInfo missing_signoff{
    .id = "missing-signoff",
    .subject = Subject::commit,
    .summary = "a commit is not signed off by the one who wrote it",
    .rationale = "With Signed-off-by an author states the right to contribute the change (DCO).",
    .remedy = "Sign the commits off: git rebase --signoff, or git commit --amend -s for the last.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<MissingSignoff>,
};

}  // namespace trunkgate
