#include "evidence/lineage_parts.h"

#include <algorithm>

#include "config/config_file.h"

namespace trunkgate {
namespace {

using Kind = ConfigValue::Kind;

constexpr std::size_t kMaxMistakes = 10;

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool is_image(const ConfigValue& resource) {
  const std::string uri = text_of(resource.find("uri"));
  const std::string media = text_of(resource.find("mediaType"));
  for (const std::string_view scheme : {"oci://", "docker://", "pkg:oci/", "pkg:docker/"}) {
    if (uri.starts_with(scheme)) return true;
  }
  return media.starts_with("application/vnd.oci.image") ||
         media.starts_with("application/vnd.docker.distribution.manifest");
}

void keep_each_once(std::vector<std::size_t>& places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
}

}  // namespace

std::string text_of(const ConfigValue* value) {
  return value != nullptr && value->kind == Kind::text ? value->text : std::string();
}

void LineageParts::read_subjects(const ConfigValue* list) { read(list, "subject", true); }

void LineageParts::read_dependencies(const ConfigValue* list) {
  read(list, "resolvedDependencies", false);
}

void LineageParts::read(const ConfigValue* list, const std::string& path, bool is_subject) {
  if (list == nullptr) return;
  if (list->kind != Kind::list) {
    fault("'" + path + "' is no list");
    return;
  }
  resources_ += list->items.size();
  if (resources_ > kMaxLineageArtifacts) {
    fault("it has more than " + std::to_string(kMaxLineageArtifacts) +
          " subjects and dependencies");
    return;
  }
  for (std::size_t i = 0; i < list->items.size() && mistakes_.size() < kMaxMistakes; ++i) {
    read_one(list->items[i], path + "[" + std::to_string(i) + "]", is_subject);
  }
}

void LineageParts::read_one(const ConfigValue& resource, const std::string& path, bool is_subject) {
  const std::string file = text_of(resource.find_path({"digest", "sha256"}));
  const std::string commit = text_of(resource.find_path({"digest", "gitCommit"}));
  const std::string sha1 = text_of(resource.find_path({"digest", "sha1"}));
  Artifact artifact;
  artifact.name = name_at(resource, "name", path);
  artifact.uri = name_at(resource, "uri", path);
  if (!commit.empty()) {
    if (!is_hex(commit, ObjectId::kHexSize)) {
      fault("the digest gitCommit of " + path + " is no 40 lower-case hexadecimal digits");
    }
    artifact.kind = ArtifactKind::commit;
    artifact.identity = "commit:" + commit;
    const ConfigValue* dirty = resource.find_path({"annotations", "dirty"});
    if (dirty != nullptr && dirty->boolean) artifact.note = "with changes that no commit has";
  } else if (!file.empty()) {
    if (!is_hex(file, 64)) {
      fault("the digest sha256 of " + path + " is no 64 lower-case hexadecimal digits");
    }
    artifact.kind = is_image(resource) ? ArtifactKind::image : ArtifactKind::file;
    artifact.identity = "sha256:" + file;
  } else {
    if (is_subject) fault(path + " has no digest sha256 or gitCommit");
    if (!sha1.empty()) sha1_.push_back(sha1);
    return;
  }
  const std::size_t place = add(std::move(artifact));
  (is_subject ? subjects_ : dependencies_).push_back(place);
}

std::string LineageParts::name_at(const ConfigValue& resource, std::string_view key,
                                  const std::string& path) {
  std::string name = text_of(resource.find(key));
  if (name.size() <= kMaxResourceName) return name;
  fault("'" + std::string(key) + "' of " + path + " is longer than " +
        std::to_string(kMaxResourceName) + " bytes");
  return {};
}

std::size_t LineageParts::add(Artifact artifact) {
  const auto [known, is_new] = places_.try_emplace(artifact.identity, lineage_.artifacts.size());
  if (is_new) {
    lineage_.artifacts.push_back(std::move(artifact));
    return known->second;
  }
  Artifact& there = lineage_.artifacts[known->second];
  if (there.kind == ArtifactKind::file) there.kind = artifact.kind;
  if (there.name.empty()) there.name = std::move(artifact.name);
  if (there.uri.empty()) there.uri = std::move(artifact.uri);
  if (there.note.empty()) there.note = std::move(artifact.note);
  return known->second;
}

void LineageParts::link(std::size_t from, std::size_t to) {
  // What a statement has on both sides was not made from itself.
  if (from == to) return;
  if (lineage_.edges.size() < kMaxLineageEdges) {
    lineage_.edges.push_back({from, to});
  } else if (mistakes_.empty()) {
    fault("its subjects and dependencies make more than " + std::to_string(kMaxLineageEdges) +
          " pairs");
  }
}

void LineageParts::link_sources(std::size_t to) {
  for (const std::size_t from : sources()) link(from, to);
}

std::vector<std::size_t> LineageParts::made() const {
  std::vector<std::size_t> found;
  for (const std::size_t place : subjects_) {
    if (lineage_.artifacts[place].kind != ArtifactKind::commit) found.push_back(place);
  }
  keep_each_once(found);
  return found;
}

std::vector<std::size_t> LineageParts::sources() const {
  std::vector<std::size_t> found = dependencies_;
  for (const std::size_t place : subjects_) {
    if (lineage_.artifacts[place].kind == ArtifactKind::commit) found.push_back(place);
  }
  keep_each_once(found);
  return found;
}

void LineageParts::name_made(ArtifactKind kind) {
  for (const std::size_t place : made()) lineage_.artifacts[place].kind = kind;
}

void LineageParts::note_made(const std::string& note) {
  for (const std::size_t place : made()) lineage_.artifacts[place].note = note;
}

void LineageParts::check(const ObjectId& commit) {
  if (made().empty()) {
    fault("no subject has the digest sha256, so it says of nothing how it was made");
    return;
  }
  for (const std::size_t place : sources()) {
    if (lineage_.artifacts[place].identity == "commit:" + commit.hex()) return;
  }
  const bool other_name = std::find(sha1_.begin(), sha1_.end(), commit.hex()) != sha1_.end();
  fault("no subject and no resolved dependency has the digest gitCommit " + commit.hex() +
        (other_name ? "; it stands there as sha1" : ""));
}

}  // namespace trunkgate
