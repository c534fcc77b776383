// Repository: its references.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "git/internals.h"
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
  std::vector<Ref> result;
  const std::string start = full_name(prefix);
  const auto iterator = git::acquire<git_reference_iterator>(
      "cannot list the references", git_reference_iterator_new, internals_->repository.get());
  while (true) {
    git_reference* raw = nullptr;
    const int code = git_reference_next(&raw, iterator.get());
    if (code == GIT_ITEROVER) break;
    git::check(code, "cannot list the references");
    const git::Handle<git_reference> reference(raw);
    const std::string_view name = git_reference_name(raw);
    if (!name.starts_with(start) || git_reference_type(raw) != GIT_REFERENCE_DIRECT) continue;
    Ref ref;
    ref.name = name.substr(internals_->prefix.size());
    ref.id = git::from_oid(*git_reference_target(raw));
    if (const git_oid* peeled = git_reference_target_peel(raw); peeled != nullptr) {
      ref.peeled = git::from_oid(*peeled);
    }
    result.push_back(std::move(ref));
  }
  std::sort(result.begin(), result.end(),
            [](const Ref& a, const Ref& b) { return a.name < b.name; });
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
