// locked-path: a file that somebody has locked is changed by somebody else, or a lock is taken or
// given back by somebody who may not. Needed for files that cannot be merged.
#include <algorithm>
#include <ctime>
#include <optional>
#include <set>

#include "base/text.h"
#include "git/change_walk.h"
#include "push/overridden_files.h"
#include "rules/catalogue.h"
#include "rules/push/locks.h"
#include "rules/ref/branch_claim.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kBy{"by", "",
                                               "users and groups who may unlock for others"};
constexpr const OptionInfo* kOptions[] = {&kBy.info};

std::string minute_of(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts)};
}

// For a message; bytes that cannot be pasted leave the command out.
std::vector<std::string> command(const std::string& words, const std::string& ref) {
  if (!is_printable(ref)) return {};
  return {"git push origin " + words + shell_quote(ref)};
}

class LockedPath final : public Rule {
 public:
  explicit LockedPath(const RuleSetup& setup) : by_(users_of(setup, kBy)) {}

  void check_push(const Push& push, const std::vector<PushPart>& parts,
                  PushAnswer& out) const override {
    std::vector<Lock> others = server_locks(push);
    std::erase_if(others, [&](const Lock& lock) { return lock.user == push.pusher.name; });
    std::vector<std::size_t> changes;  // parts that bring something into a branch or a tag
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].ref->name.starts_with(kLockRefs)) {
        check_lock(push, *parts[i].ref, others, out.parts[i]);
      } else {
        changes.push_back(i);
      }
    }
    if (others.empty()) return;
    ChangeWalk walk(push.repository.objects(), true);
    std::set<std::string> told;
    for (const std::size_t i : changes) {
      for (const ObjectId& id : parts[i].commits) {
        const Commit commit = push.repository.commit(id);
        const auto look = [&](const ChangedFile& file) {
          const Lock* lock = lock_on(file.path, others);
          if (lock == nullptr || !told.insert(file.path).second) return;
          Finding finding = locked(push, *lock);
          finding.commit = id;
          finding.title = std::string(title_of(commit.message));
          finding.path = file.path;
          finding.root = commit.parents.empty();
          out.parts[i].add(std::move(finding));
        };
        walk.visit(commit, look);
        const auto is_locked = [&](const ChangedFile& file) {
          return lock_on(file.path, others) != nullptr;
        };
        visit_overridden_files(push.repository, walk, commit, is_locked, look);
      }
    }
  }

 private:
  static const Lock* lock_on(std::string_view path, const std::vector<Lock>& locks) {
    const auto found = std::find_if(locks.begin(), locks.end(),
                                    [&](const Lock& lock) { return overlap(lock.path, path); });
    return found == locks.end() ? nullptr : &*found;
  }

  // When a lock was taken. The state folder is believed only as far as it tells of this very lock.
  static std::string since(const Push& push, const Lock& lock) {
    const auto claim = BranchClaims(push).find(lock.ref);
    if (!claim || claim->tip != lock.id) return {};
    return " since " + minute_of(claim->first);
  }

  bool may_unlock(const Push& push) const {
    return std::binary_search(by_.begin(), by_.end(), push.pusher.name);
  }

  Finding locked(const Push& push, const Lock& lock) const {
    Finding finding{.message = "locked by " + printable(lock.user) + since(push, lock)};
    if (may_unlock(push)) {
      finding.hint = "ask " + printable(lock.user) + ", or unlock it";
      finding.commands = command("--delete ", lock.ref);
    } else {
      finding.hint = "ask " + printable(lock.user) + " to unlock it";
      // Not as a command: the pusher cannot run it.
      if (is_printable(lock.ref)) {
        finding.hint += " with: git push origin --delete " + shell_quote(lock.ref);
      }
    }
    return finding;
  }

  void check_lock(const Push& push, const PushedRef& ref, const std::vector<Lock>& others,
                  Answer& out) const {
    const auto lock = read_lock(ref.name);
    if (!lock) {
      // Whatever it is, nothing obeys it, and it may go.
      if (ref.deletes()) return;
      out.add({.message = "is no lock: a lock is called refs/locks/USER/PATH",
               .hint = "bytes that Git does not take in a name are written %XX, and '%' as %25"});
      return;
    }
    if (ref.deletes()) {
      if (lock->user == push.pusher.name || may_unlock(push)) return;
      out.add({.message = "only " + printable(lock->user) + " may unlock it, and you are " +
                          push.pusher.words(),
               .hint = "ask " + printable(lock->user)});
      return;
    }
    if (lock->user != push.pusher.name) {
      out.add({.message = "only " + printable(lock->user) + " may lock as " +
                          printable(lock->user) + ", and you are " + push.pusher.words(),
               .commands = command("HEAD:", lock_ref(push.pusher.name, lock->path))});
      return;
    }
    if (const Lock* other = lock_on(lock->path, others); other != nullptr) {
      Finding finding = locked(push, *other);
      finding.message = "'" + printable(lock->path) + "' is " + finding.message + " already";
      out.add(std::move(finding));
      return;
    }
    const PushedRef* const branch = brought_by(push, ref);
    if (branch != nullptr) {
      // Where the branch is refused the lock would be left with its commits.
      out.need(branch->name, brings_commits(ref));
    } else if (!push.repository.existed_before(ref.new_id)) {
      out.add(brings_commits(ref));
      return;
    }
    remember(push, ref);
  }

  // A lock that brought commits of its own would hide them from everybody's branches.
  static Finding brings_commits(const PushedRef& ref) {
    return {.message = "a lock brings nothing to the server, and this one brings commits",
            .hint = "push the branch first, or lock with what the server has",
            .commands = command("origin/HEAD:", ref.name)};
  }

  // The branch of the push with the lock's commit; null when the server has it without that.
  static const PushedRef* brought_by(const Push& push, const PushedRef& ref) {
    if (push.repository.existed_before(ref.new_id)) return nullptr;
    const auto branch =
        std::find_if(push.refs.begin(), push.refs.end(), [&](const PushedRef& other) {
          return other.kind == RefKind::branch && other.new_id == ref.new_id;
        });
    return branch == push.refs.end() ? nullptr : &*branch;
  }

  static void remember(const Push& push, const PushedRef& ref) {
    const BranchClaims claims(push);
    const auto before = claims.find(ref.name);
    const bool same = before && !ref.creates() && before->tip == ref.old_id;
    claims.write(ref.name, {same ? before->first : push.now, 0, ref.new_id});
  }

  std::vector<std::string> by_;  // groups resolved, sorted
};

constexpr Example kExamples[] = {
    {"", "1 refs, 2 commits", true},
    {"", "1 refs, 2 commits, lock f1 by bo", false},
    {"", "1 refs, 2 commits, lock f1 by ada", true},
    {"", "1 refs, 2 commits, lock models by bo", true},
};

}  // namespace

constinit const RuleInfo locked_path{
    .id = "locked-path",
    .subject = Subject::push,
    .summary = "a file is changed that somebody else has locked",
    .rationale =
        "Two versions of a model, a picture or a binary cannot be merged, so one person works on "
        "it at a time. A lock is taken with git push origin HEAD:refs/locks/USER/PATH and given "
        "back with git push origin --delete refs/locks/USER/PATH; a folder's is for all below it.",
    .remedy = "Ask who has locked the file; the lock goes when that reference is deleted.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<LockedPath>,
    .own_refs = kLockRefs,
};

}  // namespace trunkgate
