// Repository: its references.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "git/internals.h"
#include "git/ref_listing.h"
#include "git/repository.h"

namespace trunkgate {

std::string Repository::full_name(std::string_view name) const {
  return internals_->prefix + std::string(name);
}

RefValue Repository::ref(const std::string& name) const {
  RefValue value;
  git_reference* raw = nullptr;
  const int code =
      git_reference_lookup(&raw, internals_->repository.get(), full_name(name).c_str());
  if (code == GIT_ENOTFOUND) return value;
  git::check(code, "cannot read a reference");
  const git::Handle<git_reference> reference(raw);
  if (git_reference_type(raw) == GIT_REFERENCE_SYMBOLIC) {
    value.kind = RefValue::Kind::symbolic;
    value.target = git_reference_symbolic_target(raw);
    return value;
  }
  value.kind = RefValue::Kind::direct;
  value.id = git::from_oid(*git_reference_target(raw));
  return value;
}

std::optional<std::string> Repository::resolve_name(const std::string& name) const {
  std::string at = name;
  for (int steps = 0; steps <= 5; ++steps) {
    const RefValue value = ref(at);
    if (value.kind != RefValue::Kind::symbolic) return at;
    at = value.target;
    if (at.starts_with(internals_->prefix)) at.erase(0, internals_->prefix.size());
  }
  return std::nullopt;
}

std::vector<Ref> Repository::refs(std::string_view prefix) const {
  static constexpr std::string_view kEvidence = "refs/attest/";
  const std::string without = prefix.size() < kEvidence.size() ? full_name(kEvidence) : "";
  std::vector<Ref> result = list_ref_files(internals_->path, full_name(prefix), without);
  for (Ref& ref : result) ref.name.erase(0, internals_->prefix.size());
  return result;
}

std::string Repository::head() const {
  RefValue head = ref("HEAD");
  if (head.kind != RefValue::Kind::symbolic) return {};
  const std::string& prefix = internals_->prefix;
  if (!head.target.starts_with(prefix)) return {};
  return head.target.substr(prefix.size());
}

}  // namespace trunkgate
