#include "policy/test/scratch_server.h"

#include "base/file.h"
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/recorded_pushers.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kGivenAge = 3600;  // seconds, of commits of the server
constexpr std::int64_t kPushedAge = 60;
constexpr const char* kSomebody = "somebody";

std::string repository_in(const std::string& folder) { return folder + "/server.git"; }

std::string quarantine_in(const std::string& folder) {
  return repository_in(folder) + "/objects/incoming";
}

std::string person(const std::string& user) {
  const std::string name = user.empty() ? kSomebody : user;
  return name + " <" + name + "@example.com>";
}

// What `git init --bare` makes, as far as anything looks at it, without starting a program for each
// case. Returns its path.
std::string make_repository(const std::string& folder, const std::string& head) {
  std::string path = repository_in(folder);
  make_folder(path + "/objects/info", {});
  make_folder(path + "/refs", {});
  make_folder(folder + "/state", {});
  write_file(path + "/HEAD", "ref: " + head + "\n", {}, Durability::none);
  write_file(path + "/config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n", {},
             Durability::none);
  return path;
}

}  // namespace

ScratchServer::ScratchServer(const std::string& folder, const TestCase& test,
                             const TestSigners& signers, std::function<void()> before_commit)
    : folder_(folder),
      head_(test.head),
      before_commit_(std::move(before_commit)),
      builder_(make_repository(folder, test.head), signers) {
  const TestDefaults given{person(kSomebody), test.time - kGivenAge, test.time};
  TestCommit root;
  root.message = "chore: begin";
  root_ = builder_.commit(root, {}, {}, given);
  for (const TestRef& ref : test.given) give(ref, given);
  for (const TestEvidence& evidence : test.evidence) leave(evidence, test.time);
  make_folder(quarantine_in(folder), {});
  builder_.start_push(quarantine_in(folder));
  const TestDefaults pushed{person(test.push.user), test.time - kPushedAge, test.time};
  for (const TestRef& ref : test.push.refs) push(ref, pushed);
  append_lines(state(), lines_, {});
}

ObjectId ScratchServer::commit_called(const CommitName& name) const {
  // Ids of commits first, then as TestNames knows references.
  for (const std::string prefix : {"", "refs/heads/", "refs/tags/"}) {
    const auto found = commits_.find(prefix + name.name);
    if (found == commits_.end()) continue;
    if (const auto commit = builder_.ancestor(found->second, name.back)) return *commit;
    mistake_at(name.where, "'" + printable(name.name, 60) + "' has no " +
                               count_of(name.back, "commit", "commits") + " before it");
  }
  mistake_at(name.where, "there is no commit of this name by then");
}

// Where its first commit goes on, and what it gets without commits.
ObjectId ScratchServer::start_of(const TestRef& ref) const {
  if (ref.from) return commit_called(*ref.from);
  for (const std::string& name : {ref.name, head_}) {
    const auto held = server_commits_.find(name);
    if (held != server_commits_.end()) return held->second;
  }
  return root_;
}

ObjectId ScratchServer::make_commits(const TestRef& ref, const ObjectId& start,
                                     const TestDefaults& defaults) {
  ObjectId tip = start;
  for (const TestCommit& commit : ref.commits) {
    std::vector<ObjectId> parents{tip};
    if (commit.parents) {
      parents.clear();
      for (const CommitName& parent : *commit.parents) parents.push_back(commit_called(parent));
    }
    std::vector<ObjectId> merged;
    for (const CommitName& name : commit.merged) merged.push_back(commit_called(name));
    for (std::size_t i = 0; i < commit.repeat; ++i) {
      before_commit_();
      if (i > 0) parents = {tip};
      tip = builder_.commit(commit, parents, i == 0 ? merged : std::vector<ObjectId>(), defaults);
    }
    if (!commit.id.empty()) commits_[commit.id] = tip;
  }
  return tip;
}

ObjectId ScratchServer::value(const TestRef& ref, const ObjectId& commit,
                              const TestDefaults& defaults) {
  commits_[ref.name] = commit;
  if (!ref.tag) return commit;
  return builder_.tag(*ref.tag, std::string(short_name(ref.name)), commit, defaults);
}

void ScratchServer::give(const TestRef& ref, const TestDefaults& defaults) {
  const ObjectId commit = make_commits(ref, start_of(ref), defaults);
  server_[ref.name] = value(ref, commit, defaults);
  server_commits_[ref.name] = commit;
  if (!ref.pushed_by.empty()) {
    lines_.push_back(pusher_line(commit, ref.pushed_by, defaults.date, ref.name));
  }
  if (ref.before_gate) before_gate_[ref.name] = commit;
}

// As the gate lets it in from whoever left it; whether they might is not asked.
void ScratchServer::leave(const TestEvidence& evidence, std::int64_t pushed) {
  AttestationName name{commit_called(evidence.on), AttestationKind::approval, evidence.name};
  for (const AttestationKind kind : kAttestationKinds) {
    if (to_string(kind) == evidence.kind) name.kind = kind;
  }
  std::string says = evidence.says;
  if (says.empty() && name.kind == AttestationKind::check) says = R"({"status": "success"})";
  if (says.empty() && name.kind == AttestationKind::exemption) says = "{}";
  const ObjectId object = says.empty() ? name.commit : builder_.blob(says);
  const std::int64_t time = evidence.left.seconds + (evidence.left.relative ? pushed : 0);
  server_[name.ref()] = object;
  const Repository repository(
      {.git_dir = repository_in(folder_), .quarantine = {}, .git_namespace = {}});
  lines_.push_back(issuer_line(repository, name, object, {evidence.by, time, false}));
}

void ScratchServer::push(const TestRef& ref, const TestDefaults& defaults) {
  RefUpdate update;
  update.name = ref.name;
  if (const auto held = server_.find(ref.name); held != server_.end()) update.old_id = held->second;
  if (ref.old) update.old_id = commit_called(*ref.old);
  if (!ref.removed) {
    update.new_id = value(ref, make_commits(ref, start_of(ref), defaults), defaults);
    if (update.new_id == update.old_id) {
      mistake_at(ref.where, "the push changes nothing: the reference holds that already");
    }
  }
  updates_.updates.push_back(std::move(update));
}

void ScratchServer::write_refs(const Refs& refs) const {
  std::string text = "# pack-refs with: sorted \n";
  for (const auto& [name, id] : refs) text += id.hex() + " " + name + "\n";
  write_file(repository_in(folder_) + "/packed-refs", text, {}, Durability::none);
}

void ScratchServer::show_refs_before_gate() const {
  Refs refs = before_gate_;
  refs["refs/heads/beginning"] = root_;
  write_refs(refs);
}

void ScratchServer::show_refs() const { write_refs(server_); }

std::unique_ptr<Repository> ScratchServer::open() const {
  return std::make_unique<Repository>(RepositoryPlace{.git_dir = repository_in(folder_),
                                                      .quarantine = quarantine_in(folder_),
                                                      .git_namespace = {}});
}

}  // namespace trunkgate
