#include "events/version.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <cstdint>

#include "base/error.h"
#include "base/text.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

constexpr std::string_view kNamespaces = "refs/namespaces/";
constexpr std::string_view kTags = "refs/tags/";

struct Semver {
  std::array<std::uint64_t, 3> numbers{};
  std::vector<std::string_view> prerelease;
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || after != end) return std::nullopt;
  return value;
}

// "v1.2.3", "v1.2.3-rc.1+build".
std::optional<Semver> semver_of(std::string_view name) {
  if (!name.starts_with('v')) return std::nullopt;
  name = name.substr(1, name.find('+') - 1);
  Semver version;
  if (const auto dash = name.find('-'); dash != std::string_view::npos) {
    version.prerelease = split(name.substr(dash + 1), '.');
    name = name.substr(0, dash);
  }
  const auto parts = split(name, '.');
  if (parts.size() != version.numbers.size()) return std::nullopt;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto value = number(parts[i]);
    if (!value) return std::nullopt;
    version.numbers[i] = *value;
  }
  return version;
}

// Semantic Versioning 2.0.0, item 11: numbers by value and below words, fewer words below more.
std::strong_ordering compare_words(std::string_view a, std::string_view b) {
  const auto x = number(a);
  const auto y = number(b);
  if (x && y) return *x <=> *y;
  if (x || y) return x ? std::strong_ordering::less : std::strong_ordering::greater;
  return a <=> b;
}

std::strong_ordering compare(const Semver& a, const Semver& b) {
  if (const auto order = a.numbers <=> b.numbers; order != 0) return order;
  if (a.prerelease.empty() || b.prerelease.empty()) {
    return a.prerelease.empty() <=> b.prerelease.empty();
  }
  return std::lexicographical_compare_three_way(a.prerelease.begin(), a.prerelease.end(),
                                                b.prerelease.begin(), b.prerelease.end(),
                                                compare_words);
}

}  // namespace

RefParts parts_of(std::string_view ref) {
  RefParts parts{.git_namespace = {}, .name = ref, .kind = "other"};
  while (parts.name.starts_with(kNamespaces)) {
    const auto end = parts.name.find('/', kNamespaces.size());
    if (end == std::string_view::npos) break;
    parts.name.remove_prefix(end + 1);
  }
  parts.git_namespace = ref.substr(0, ref.size() - parts.name.size());
  if (parts.name.starts_with("refs/heads/")) parts.kind = "branch";
  if (parts.name.starts_with("refs/tags/")) parts.kind = "tag";
  if (parts.name.starts_with("refs/notes/")) parts.kind = "note";
  return parts;
}

std::optional<ObjectId> commit_behind(const Repository& repository, const ObjectId& id) {
  try {
    const Peeled peeled = repository.peel(id);
    if (peeled.type == ObjectType::commit) return peeled.id;
  } catch (const Error&) {
    // An object that cannot be read leads nowhere.
  }
  return std::nullopt;
}

TagIndex::TagIndex(const Repository& repository, std::span<const Ref> refs) {
  for (const Ref& ref : refs) {
    const RefParts parts = parts_of(ref.name);
    if (parts.kind != "tag") continue;
    const auto commit = commit_behind(repository, ref.peeled.value_or(ref.id));
    if (!commit) continue;
    tags_[{std::string(parts.git_namespace), *commit}].push_back(
        {std::string(short_name(parts.name)), *commit != ref.id});
  }
  for (auto& [key, tags] : tags_) {
    std::sort(tags.begin(), tags.end(), [](const Tag& a, const Tag& b) {
      const auto x = semver_of(a.name);
      const auto y = semver_of(b.name);
      if (x.has_value() != y.has_value()) return x.has_value();
      if (x && y) {
        if (const auto order = compare(*x, *y); order != 0) return order > 0;
      }
      if (a.annotated != b.annotated) return a.annotated;
      return a.name < b.name;
    });
  }
}

Version TagIndex::of_commit(std::string_view ref, const ObjectId& commit) const {
  Version version = untagged(commit);
  const auto found = tags_.find({std::string(parts_of(ref).git_namespace), commit});
  if (found == tags_.end()) return version;
  version.name = found->second.front().name;
  version.tagged = true;
  for (const Tag& tag : found->second) version.tags.push_back(tag.name);
  return version;
}

Version TagIndex::of_commit(std::string_view ref, const ObjectId& commit,
                            const RefPatterns& releases) const {
  Version version = of_commit(ref, commit);
  for (const std::string& tag : version.tags) {
    if (!releases.matches(std::string(kTags) + tag)) continue;
    version.name = tag;
    break;
  }
  return version;
}

std::unordered_set<ObjectId> TagIndex::commits_with(std::string_view git_namespace,
                                                    const RefPatterns& releases) const {
  std::unordered_set<ObjectId> commits;
  for (const auto& [place, tags] : tags_) {
    if (place.first != git_namespace) continue;
    if (std::any_of(tags.begin(), tags.end(), [&](const Tag& tag) {
          return releases.matches(std::string(kTags) + tag.name);
        })) {
      commits.insert(place.second);
    }
  }
  return commits;
}

Version untagged(const ObjectId& id) {
  return {.name = "dev-" + id.brief(), .tagged = false, .commit = id, .tags = {}};
}

}  // namespace trunkgate
