#include <algorithm>
#include <array>
#include <optional>

#include "base/child_process.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "push/signature_check.h"

namespace trunkgate {
namespace {

constexpr auto kTimeLimit = std::chrono::seconds(20);
constexpr std::string_view kStatus = "[GNUPG:] ";

ChildResult gpg(std::vector<std::string> argv, std::string_view input) {
  ChildRequest request;
  request.argv = std::move(argv);
  request.environment = {"LC_ALL=C", "PATH=/usr/bin:/bin"};
  request.input = input;
  request.output_limit = std::size_t{256} << 10U;
  request.timeout = kTimeLimit;
  ChildResult result = run_child(request);
  if (!result.started) {
    throw Error(ErrorKind::config, "gpg cannot be run: " + result.start_error,
                "install gpg on the server");
  }
  if (result.timed_out) throw Error(ErrorKind::config, "gpg takes too long");
  return result;
}

// "Ada <ada@example.com>" counts by its address, for names are anybody's.
std::vector<std::string> signer_in(std::string_view user_id) {
  const auto open = user_id.rfind('<');
  const auto close = user_id.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return {std::string(trim(user_id))};
  }
  return {std::string(user_id.substr(open + 1, close - open - 1))};
}

std::optional<KeyTrust> trust_in(std::string_view keyword) {
  static constexpr std::array<std::string_view, 5> kWords{
      "TRUST_UNDEFINED", "TRUST_NEVER", "TRUST_MARGINAL", "TRUST_FULLY", "TRUST_ULTIMATE"};
  const auto* found = std::find(kWords.begin(), kWords.end(), keyword);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<KeyTrust>(found - kWords.begin());
}

// GnuPG's lines for programs: doc/DETAILS of GnuPG.
struct Status {
  std::size_t results = 0;  // one for each signature in the file
  bool good = false;
  std::string problem;
  std::string key;
  std::vector<std::string> signers;
  std::optional<KeyTrust> trust;
};

struct Outcome {
  std::string_view keyword;
  std::string_view problem;  // empty: good
};
constexpr std::array<Outcome, 7> kOutcomes{{
    {"GOODSIG", ""},
    {"EXPSIG", "has expired"},
    {"EXPKEYSIG", "was made with a key that has expired"},
    {"REVKEYSIG", "was made with a key that has been revoked"},
    {"BADSIG", "does not fit what is signed"},
    {"ERRSIG", "was made with a key that is not allowed"},
    {"NODATA", "is damaged"},
}};

Status read_status(std::string_view output) {
  Status status;
  for (std::string_view line : split(output, '\n')) {
    if (!line.starts_with(kStatus)) continue;
    line.remove_prefix(kStatus.size());
    const std::vector<std::string_view> words = split(line, ' ');
    if (const auto trust = trust_in(words[0])) status.trust = trust;
    if (words[0] == "VALIDSIG" && words.size() > 1) status.key = printable(words[1], 60);
    const auto* outcome = std::find_if(kOutcomes.begin(), kOutcomes.end(),
                                       [&](const Outcome& o) { return o.keyword == words[0]; });
    if (outcome == kOutcomes.end()) continue;
    ++status.results;
    status.good = outcome->problem.empty();
    status.problem = outcome->problem;
    if (words.size() < 2) continue;
    if (status.key.empty()) status.key = printable(words[1], 60);
    if (!status.good) continue;
    const std::size_t at = words[0].size() + 1 + words[1].size() + 1;
    status.signers = signer_in(line.substr(std::min(at, line.size())));
  }
  return status;
}

}  // namespace

GpgSignatures::GpgSignatures(std::string_view keys, const std::string& scratch)
    : folder_(scratch, "gpg"), home_(folder_.path()), trusts_all_(true) {
  std::vector<std::string> import = command();
  import.emplace_back("--import");
  const ChildResult imported = gpg(std::move(import), keys);
  if (!imported.succeeded()) {
    throw Error(ErrorKind::config,
                "gpg cannot read the keys of the policy: " + printable(trim(imported.errors), 200));
  }
}

GpgSignatures::GpgSignatures(std::string home, KeyTrust trust, const std::string& scratch)
    : folder_(scratch, "gpg"), home_(std::move(home)), least_(trust), trusts_all_(false) {}

std::vector<std::string> GpgSignatures::command() const {
  return {"gpg",           "--homedir",
          home_,           "--batch",
          "--no-tty",      "--quiet",
          "--no-options",  "--no-auto-key-retrieve",
          "--trust-model", trusts_all_ ? "always" : "pgp"};
}

SignatureCheck GpgSignatures::check(const SignedText& text) {
  const std::string file = folder_.path() + "/signature";
  write_file(file, text.signature, {}, Durability::none);
  std::vector<std::string> verify = command();
  verify.insert(verify.end(), {"--status-fd=1", "--keyid-format=long", "--verify", file, "-"});
  const ChildResult verified = gpg(std::move(verify), text.payload);
  const Status status = read_status(verified.output);
  SignatureCheck check{.key = status.key, .problem = status.problem};
  if (status.results == 0) {
    check.problem = "cannot be read";
  } else if (status.results > 1) {
    check.problem = "is more than one signature";
  } else if (status.good && !verified.succeeded()) {
    check.problem = "is not accepted by gpg";
  } else if (status.good && !trusts_all_ &&
             (!status.trust || *status.trust == KeyTrust::never || *status.trust < least_)) {
    check.problem = "was made with a key that is not trusted enough";
  } else if (status.good) {
    check.good = true;
    check.signers = status.signers;
  }
  return check;
}

}  // namespace trunkgate
