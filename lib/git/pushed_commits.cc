#include "git/pushed_commits.h"

#include "base/file.h"
#include "git/commit.h"
#include "git/internals.h"
#include "git/pushed_packs.h"

namespace trunkgate {
namespace {

class Search {
 public:
  explicit Search(const Repository& repository)
      : repository_(repository), in_(repository.internals()) {}

  std::vector<CommitFault> run() {
    PushedReader reader(*in_.pushed);
    for (std::size_t i = 0; i < in_.pushed->packs().size(); ++i) {
      const PackFile& pack = *in_.pushed->packs()[i];
      for (const auto& [offset, number] : PushedPacks::in_order(pack)) {
        if (faults_.size() == kMaxCommitFaults) break;
        if (reader.of(i).type(offset) == ObjectType::commit) check(pack.id(number));
      }
    }
    for (const std::string& folder : list_folder(in_.quarantine)) {
      if (folder.size() == 2) search_folder(folder);
    }
    return std::move(faults_);
  }

 private:
  // Objects that came one by one, each in a file of its own.
  void search_folder(const std::string& folder) {
    for (const std::string& rest : list_folder(in_.quarantine + "/" + folder)) {
      if (faults_.size() == kMaxCommitFaults) return;
      const auto id = ObjectId::parse(folder + rest);
      if (id && repository_.header(*id).type == ObjectType::commit) check(*id);
    }
  }

  void check(const ObjectId& id) {
    try {
      repository_.commit(id);
    } catch (const BadCommit& bad) {
      // A pack brings old commits, too, where a delta is based on one.
      if (!repository_.existed_before(id)) faults_.push_back({id, bad.what()});
    }
  }

  const Repository& repository_;
  const Repository::Internals& in_;
  std::vector<CommitFault> faults_;
};

}  // namespace

std::vector<CommitFault> pushed_commit_faults(const Repository& repository) {
  if (repository.internals().pushed == nullptr) return {};
  return Search(repository).run();
}

}  // namespace trunkgate
