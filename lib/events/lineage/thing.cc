#include "events/lineage/thing.h"

#include <string_view>

#include "base/file_digest.h"
#include "base/nearest.h"
#include "base/text.h"
#include "events/lineage/lineage_graph.h"
#include "events/version.h"
#include "git/abbreviation.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

constexpr std::string_view kDigest = "sha256:";
constexpr std::size_t kFullDigest = 7 + 64;
constexpr std::size_t kMaxNearestRefs = 20'000;

class Finder {
 public:
  Finder(const Database* database, const Repository& repository, const std::string& asked)
      : database_(database), repository_(repository), asked_(asked) {}

  Thing find() {
    if (asked_.starts_with(kDigest)) return by_digest(ascii_lower(asked_), asked_);
    for (const std::string_view kind : {"model:", "serving:", "job:", "commit:"}) {
      if (asked_.starts_with(kind)) return by_identity();
    }
    const bool is_path =
        asked_.starts_with('/') || asked_.starts_with("./") || asked_.starts_with("../");
    if (is_path) {
      if (auto thing = by_file()) return *thing;
    }
    if (auto thing = by_name()) return *thing;
    if (auto thing = by_ref()) return *thing;
    if (auto thing = by_commit(asked_)) return *thing;
    if (auto thing = by_file()) return *thing;
    return unknown("nothing here is called '" + printable(asked_) + "'", asked_);
  }

 private:
  static Thing found(std::int64_t node) {
    Thing thing;
    thing.nodes = {node};
    return thing;
  }
  static Thing refused(std::string problem, std::string hint = {}) {
    Thing thing;
    thing.problem = std::move(problem);
    thing.hint = std::move(hint);
    return thing;
  }

  Thing unknown(std::string problem, const std::string& name) const {
    std::vector<std::string> names;
    if (database_ != nullptr) names = lineage_names(*database_);
    std::size_t refs = 0;
    for (const Ref& ref : repository_.refs()) {
      const std::string_view shown = short_name(ref.name);
      if (shown == ref.name || ++refs > kMaxNearestRefs) continue;
      names.emplace_back(shown);
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto best = nearest(name, known);
    return refused(std::move(problem), best ? "did you mean '" + printable(*best) + "'?" : "");
  }

  std::optional<std::int64_t> node(const std::string& identity) const {
    return database_ == nullptr ? std::nullopt : node_of_identity(*database_, identity);
  }

  Thing by_digest(const std::string& digest, const std::string& shown) const {
    const auto known =
        database_ == nullptr ? std::vector<std::int64_t>() : nodes_of_prefix(*database_, digest);
    if (known.size() == 1) return found(known[0]);
    if (known.size() > 1) {
      return refused("several digests begin with '" + printable(shown) + "'",
                     "give more digits of it");
    }
    return refused("no statement speaks of " + printable(shown));
  }

  Thing by_identity() const {
    const std::size_t colon = asked_.find(':');
    const std::string name = asked_.substr(colon + 1);
    if (asked_.starts_with("commit:")) {
      if (auto thing = by_commit(name)) return *thing;
    }
    if (const auto known = node(asked_)) return found(*known);
    return unknown(
        "no statement speaks of the " + asked_.substr(0, colon) + " '" + printable(name) + "'",
        name);
  }

  std::optional<Thing> by_name() const {
    if (database_ == nullptr) return std::nullopt;
    const auto serving = node("serving:" + asked_);
    const auto model = node("model:" + asked_);
    if (serving && model) {
      return refused("'" + printable(asked_) + "' is a serving and a model",
                     "ask for serving:" + printable(asked_) + " or for model:" + printable(asked_));
    }
    if (serving) return found(*serving);
    if (model) return found(*model);
    if (const auto job = node("job:" + asked_)) return found(*job);
    // IMAGE@sha256:DIGEST says by itself which it is.
    const std::size_t at = asked_.rfind("@sha256:");
    if (at != std::string::npos && asked_.size() - at - 1 == kFullDigest) {
      return by_digest(asked_.substr(at + 1), asked_.substr(at + 1));
    }
    const auto named = nodes_of_name(*database_, asked_);
    if (named.empty()) return std::nullopt;
    Thing thing = found(named[0]);
    if (named.size() > 1) {
      thing.remark = "the newest of " + std::to_string(named.size()) +
                     " that are called so; ask for others by digest";
    }
    return thing;
  }

  Thing commit(const ObjectId& id) const {
    Thing thing;
    thing.commit = id;
    if (const auto known = node("commit:" + id.hex())) thing.nodes = {*known};
    return thing;
  }

  std::optional<Thing> by_ref() const {
    for (const char* prefix : {"", "refs/tags/", "refs/heads/"}) {
      const std::string name = prefix + asked_;
      if (!name.starts_with("refs/") || ref_name_mistake(name)) continue;
      const RefValue value = repository_.ref(name);
      if (value.kind != RefValue::Kind::direct) continue;
      if (const auto id = commit_behind(repository_, value.id)) return commit(*id);
      return refused("'" + printable(name) + "' holds no commit");
    }
    return std::nullopt;
  }

  std::optional<Thing> by_commit(const std::string& digits) const {
    const Abbreviation object = object_of_prefix(repository_, digits);
    if (object.several) {
      return refused("several objects begin with '" + printable(digits) + "'",
                     "give more digits of it");
    }
    if (!object.object) return std::nullopt;
    const auto id = commit_behind(repository_, *object.object);
    if (id) return commit(*id);
    return refused("'" + printable(digits) + "' is no commit");
  }

  std::optional<Thing> by_file() const {
    const auto digest = file_sha256(asked_);
    if (!digest) return std::nullopt;
    const std::string identity = std::string(kDigest) + *digest;
    if (const auto known = node(identity)) return found(*known);
    return refused("no statement speaks of the file " + printable(asked_),
                   "its digest is " + identity);
  }

  const Database* database_;
  const Repository& repository_;
  const std::string& asked_;
};

}  // namespace

Thing find_thing(const Database* database, const Repository& repository, const std::string& asked) {
  return Finder(database, repository, asked).find();
}

}  // namespace trunkgate
