#include "rules/ref/certificate_faults.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <tuple>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxShown = 3;
constexpr std::size_t kShown = 80;
constexpr const char* kPushAgain = "push again with git push --signed";

bool before(const RefUpdate& a, const RefUpdate& b) {
  return std::tie(a.name, a.old_id, a.new_id) < std::tie(b.name, b.old_id, b.new_id);
}

std::vector<RefUpdate> sorted(std::vector<RefUpdate> updates) {
  std::sort(updates.begin(), updates.end(), before);
  return updates;
}

// "only the push has refs/heads/x: 1234567 to 89abcde"; a few of them.
void add_details(const std::string& who, const std::vector<RefUpdate>& updates, Finding& finding) {
  for (std::size_t i = 0; i < updates.size() && i < kMaxShown; ++i) {
    const RefUpdate& update = updates[i];
    finding.details.push_back("only the " + who + " has " + printable(update.name, kShown) + ": " +
                              update.old_id.brief() + " to " + update.new_id.brief());
  }
  if (updates.size() > kMaxShown) {
    finding.details.push_back("and " + std::to_string(updates.size() - kMaxShown) +
                              " more that only the " + who + " has");
  }
}

std::vector<RefUpdate> all_of(const Push& push) {
  if (push.received != nullptr) return push.received->updates;
  std::vector<RefUpdate> updates;
  for (const PushedRef& ref : push.refs) updates.push_back({ref.old_id, ref.new_id, ref.name});
  return updates;
}

std::string seconds_text(std::int64_t seconds) {
  return count_of(static_cast<std::size_t>(std::llabs(seconds)), "second", "seconds");
}

}  // namespace

std::vector<Finding> faults_of_nonce(const Push& push, const ReceivedCertificate& received,
                                     const NonceLimits& limits) {
  const std::string& nonce = received.certificate.nonce;
  const std::string& status = received.nonce_status;
  if (nonce.empty()) {
    return {{.message = "the push certificate has no nonce of this server", .hint = kPushAgain}};
  }
  const auto time = time_of_nonce(nonce);
  // A nonce of now for a certificate of then: the variables are not receive-pack's.
  const bool of_this_push = status == "SLOP" || (status == "OK" && nonce == received.nonce);
  if (!time || !of_this_push) {
    return {{.message = "the push certificate has a nonce that this server has not given for this "
                        "repository and this push",
             .hint = kPushAgain}};
  }
  const std::int64_t age = push.now - *time;
  if (std::llabs(age) > limits.age.count()) {
    return {{.message = "the push certificate is too old: its nonce is of " + seconds_text(age) +
                        (age < 0 ? " later" : " ago"),
             .details = {"the limit is " + seconds_text(limits.age.count()) + " (max-age)"},
             .hint = kPushAgain}};
  }
  if (status == "SLOP" && std::llabs(age) > limits.slop.count()) {
    return {
        {.message = "the push certificate has a nonce of " + seconds_text(age) + " ago",
         .details = {"over HTTP it is given in another request, and this server allows no "
                     "delay between the two"},
         .hint = "push again; an admin can allow a delay: git config receive.certNonceSlop 60"}};
  }
  return {};
}

std::vector<Finding> faults_of_contents(const Push& push, const PushCertificate& certificate) {
  std::vector<Finding> faults;
  const std::vector<RefUpdate> pushed = sorted(all_of(push));
  const std::vector<RefUpdate> certified = sorted(certificate.updates.updates);
  std::vector<RefUpdate> uncertified;
  std::vector<RefUpdate> unpushed;
  std::set_difference(pushed.begin(), pushed.end(), certified.begin(), certified.end(),
                      std::back_inserter(uncertified), before);
  std::set_difference(certified.begin(), certified.end(), pushed.begin(), pushed.end(),
                      std::back_inserter(unpushed), before);
  if (!uncertified.empty() || !unpushed.empty()) {
    Finding finding{.message = "the push certificate is for another push: it names other updates",
                    .hint = kPushAgain};
    add_details("push", uncertified, finding);
    add_details("certificate", unpushed, finding);
    faults.push_back(std::move(finding));
  }
  if (certificate.options != push.options) {
    faults.push_back({.message = "the push certificate is for another push: it names other push "
                                 "options",
                      .hint = kPushAgain});
  }
  return faults;
}

}  // namespace trunkgate
