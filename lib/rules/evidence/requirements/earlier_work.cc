#include "rules/evidence/requirements/earlier_work.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "git/patch_id.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

// A line of commits without merges on top of `base`, oldest last.
struct Line {
  ObjectId base;
  std::vector<Commit> commits;
};

bool same_words(const Commit& a, const Commit& b) {
  return a.author.name == b.author.name && a.author.email == b.author.email &&
         a.message == b.message;
}

std::optional<Line> line_to(const Repository& repository, const ObjectId& target,
                            const Commit& tip) {
  const std::vector<ObjectId> bases = merge_bases(repository, target, tip.id);
  if (bases.size() != 1) return std::nullopt;
  Line line{bases[0], {}};
  Commit at = tip;
  while (at.id != line.base) {
    if (at.parents.size() != 1 || line.commits.size() == kMaxLandedCommits) return std::nullopt;
    const ObjectId parent = at.parents[0];
    line.commits.push_back(std::move(at));
    at = repository.commit(parent);
  }
  if (line.commits.empty()) return std::nullopt;
  return line;
}

std::string patch_of(const Repository& repository, const Line& line) {
  return patch_id(repository, repository.commit(line.base).tree, line.commits[0].tree);
}

}  // namespace

std::vector<ObjectId> earlier_work(const LandedWork& work) {
  const Repository& repository = work.view.push.repository;
  const ObjectId& target = work.view.ref.old_commit;
  std::vector<ObjectId> same;
  if (target.is_zero()) return same;
  const std::optional<Line> landed =
      line_to(repository, target, repository.commit(work.source.commit));
  if (!landed) return same;
  const std::vector<ObjectId> own = work.commits();
  std::set<ObjectId> seen(own.begin(), own.end());
  std::string wanted;
  for (const Ref& ref : repository.refs(kAttestationPrefix)) {
    const auto name = parse_attestation_name(ref.name);
    if (!name || name->kind != AttestationKind::approval || !seen.insert(name->commit).second) {
      continue;
    }
    // What was approved may be gone.
    if (repository.header(name->commit).type != ObjectType::commit) continue;
    const Commit tip = repository.commit(name->commit);
    if (!same_words(tip, landed->commits[0])) continue;
    const std::optional<Line> earlier = line_to(repository, target, tip);
    if (!earlier || !std::equal(earlier->commits.begin(), earlier->commits.end(),
                                landed->commits.begin(), landed->commits.end(), same_words)) {
      continue;
    }
    if (wanted.empty()) wanted = patch_of(repository, *landed);
    if (patch_of(repository, *earlier) == wanted) same.push_back(tip.id);
  }
  return same;
}

}  // namespace trunkgate
