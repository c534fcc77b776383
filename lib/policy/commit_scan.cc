#include "policy/commit_scan.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <utility>

#include "base/large_pages.h"
#include "base/together.h"
#include "policy/gate_findings.h"
#include "policy/verdict.h"
#include "push/commit_graph.h"
#include "push/overridden_files.h"
#include "push/revert.h"

namespace trunkgate {
namespace {

// Commits that one thread walks in a row. Not a share of all commits: which files are seen again
// must not depend on the number of processors.
constexpr std::size_t kSegment = 512;
// Files are handed to threads by so many: enough that each reads on where it has read.
constexpr std::size_t kChunk = 128;
// Findings of one rule that are kept whole.
constexpr std::size_t kMaxKept = 5000;

bool contains(const std::vector<std::size_t>& numbers, std::size_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// Without such a condition Scope::applies_to() holds for every commit and every file.
bool asks_about_commits(const Scope& scope) {
  return scope.only.paths || scope.only.commits || scope.except.paths || scope.except.commits;
}

}  // namespace

CommitScan::CommitScan(const Push& push, const std::vector<const ActiveRule*>& rules,
                       std::vector<const PushedRef*> refs, PackScan& packs)
    : push_(push),
      rules_(rules),
      refs_(std::move(refs)),
      packs_(packs),
      failed_(std::make_unique<std::atomic<bool>[]>(rules.size())),
      told_(rules.size()) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const ActiveRule& active = *rules_[i];
    concurrent_.push_back(active.info->concurrent && active.scope.judges_files_by_themselves());
    asks_about_commits_.push_back(asks_about_commits(active.scope));
    if (active.info->subject != Subject::file) continue;
    file_rules_.push_back(i);
    deletions_ = deletions_ || active.info->deletions;
    guards_ = guards_ || active.info->guards;
    asks_for_reverts_ = asks_for_reverts_ || active.scope.asks_for_reverts();
  }
}

std::vector<CommitFindings> CommitScan::run(const std::vector<ObjectId>& ids) {
  commits_.reserve(ids.size());
  ask_for_large_pages(commits_);
  // Children come first in `ids`; people read from the oldest.
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    Commit commit = push_.repository.commit(*id);
    merges_ = merges_ || commit.parents.size() > 1;
    signed_ = signed_ || commit.signed_commit;
    judge(commit, commits_.size());
    // Asked later on, of several threads, when the message is gone.
    if (asks_for_reverts_) is_revert(push_, commit);
    commits_.push_back({commit.id, commit.tree, std::move(commit.parents)});
  }
  if (!file_rules_.empty()) {
    walk_files();
    judge_contents();
    for (const Segment& segment : segments_) {
      for (const Waiting& waiting : segment.others) judge_others(waiting);
    }
  }
  if (guards_ && merges_) judge_overridden_files();
  std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<2>(a), std::get<1>(a)) <
           std::tie(std::get<0>(b), std::get<2>(b), std::get<1>(b));
  });
  std::vector<CommitFindings> findings;
  findings.reserve(found_.size());
  for (auto& [number, rule, path, found] : found_) {
    for (Finding& finding : found.answer.findings) {
      finding.root = commits_[number].parents.empty();
      finding.newer = commits_.size() - 1 - number;
    }
    findings.push_back(std::move(found));
  }
  return findings;
}

// With its place in history only.
Commit CommitScan::commit(std::size_t number) const {
  const Node& node = commits_[number];
  Commit commit;
  commit.id = node.id;
  commit.tree = node.tree;
  commit.parents = node.parents;
  return commit;
}

void CommitScan::judge(const Commit& commit, std::size_t number) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i]->info->subject != Subject::commit || failed_[i]) continue;
    const auto check = [&](Answer& answer) {
      if (!rules_[i]->scope.applies_to(push_, refs_, commit)) return;
      rules_[i]->rule->check_commit(push_, commit, answer);
    };
    ask(i, number, commit.id, {}, check, title_of(commit.message));
  }
}

void CommitScan::walk_files() {
  changes_ = packs_.changes();
  sieve_ = &packs_.sieve();
  segments_.resize((commits_.size() + kSegment - 1) / kSegment);
  run_together(segments_.size(), [&](std::size_t thread) {
    return [&, own = thread == 0 ? nullptr : std::make_shared<ObjectReader>(push_.repository),
            choices = FileChoices()](std::size_t number) mutable {
      walk_segment(number, own ? *own : push_.repository.objects(), choices);
    };
  });
  for (Segment& segment : segments_) {
    for (Waiting& waiting : segment.contents) {
      std::vector<std::size_t>& judged = judged_with(waiting.file);
      std::erase_if(waiting.rules, [&](std::size_t i) { return contains(judged, i); });
      if (waiting.rules.empty()) continue;
      judged.insert(judged.end(), waiting.rules.begin(), waiting.rules.end());
      waiting_.push_back(std::move(waiting));
    }
    segment.contents = {};
  }
}

void CommitScan::walk_segment(std::size_t number, ObjectReader& reader, FileChoices& choices) {
  ChangeWalk walk(reader, deletions_, changes_);
  const std::size_t end = std::min(commits_.size(), (number + 1) * kSegment);
  for (std::size_t i = number * kSegment; i < end; ++i) {
    const Commit commit = this->commit(i);
    walk.visit(commit,
               [&](const ChangedFile& file) { judge_file(file, commit, i, reader, choices); });
  }
}

// The rules that look at a file. One that fails says so and is left out.
FileChoice CommitScan::choose(const ChangedFile& file, std::size_t number) {
  FileChoice choice;
  for (const std::size_t i : file_rules_) {
    const ActiveRule& active = *rules_[i];
    if (failed_[i] || (file.deleted() && !active.info->deletions)) continue;
    ask(i, number, commits_[number].id, file.path, [&](Answer&) {
      if (!active.rule->looks_at(file)) return;
      const ContentSieve::Rules bit = sieve_->bit(active);
      const bool sieved = bit != 0 && active.rule->judges_passages(file);
      choice.rules.push_back({i, sieved ? bit : 0});
    });
  }
  return choice;
}

void CommitScan::judge_file(const ChangedFile& file, const Commit& commit, std::size_t number,
                            ObjectReader& reader, FileChoices& choices) {
  const FileChoice* choice = choices.find(file);
  if (choice == nullptr) choice = &choices.keep(file, choose(file, number));
  const ContentSieve::Rules may_find = sieve_->may_find(file.id);
  std::vector<std::size_t> contents;
  std::vector<std::size_t> others;
  for (const auto& [i, sieved] : choice->rules) {
    const ActiveRule& active = *rules_[i];
    if (failed_[i]) continue;
    if (!concurrent_[i]) {
      others.push_back(i);
      continue;
    }
    if (sieved != 0 && (sieved & may_find) == 0) continue;
    if (active.info->content && !asks_about_commits_[i]) {
      contents.push_back(i);
      continue;
    }
    ask(i, number, commit.id, file.path, [&, i = i](Answer& answer) {
      if (!active.scope.applies_to(push_, refs_, commit, file.path)) return;
      if (active.info->content) return contents.push_back(i);
      active.rule->check_file(push_, PushedFile(reader, file, commit.id), answer);
    });
  }
  Segment& segment = segments_[number / kSegment];
  if (!contents.empty()) segment.contents.push_back({file, number, std::move(contents)});
  if (others.empty()) return;
  Waiting waiting{file, number, std::move(others)};
  if (segments_.size() > 1) {
    segment.others.push_back(std::move(waiting));
  } else {
    judge_others(waiting);  // there is no other thread
  }
}

// The rules that have had this change.
std::vector<std::size_t>& CommitScan::judged_with(const ChangedFile& file) {
  std::string key = file.path;
  for (const ObjectId* id : {&file.id, &file.before}) {
    key.append(reinterpret_cast<const char*>(id->bytes()), ObjectId::kSize);
  }
  key += std::to_string(file.mode) + " " + std::to_string(file.before_mode);
  return judged_[std::move(key)];
}

// All versions of a file one after the other, as the packs hold them: what a version is based on
// and what it replaces has mostly just been read.
std::vector<std::size_t> CommitScan::in_reading_order() const {
  std::vector<std::tuple<std::size_t, std::uint64_t, std::size_t>> places;
  places.reserve(waiting_.size());
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const ChangedFile& file = waiting_[i].file;
    places.emplace_back(std::hash<std::string>()(file.path),
                        push_.repository.pushed_place(file.id).value_or(PushedPlace()).offset, i);
  }
  std::sort(places.begin(), places.end());
  std::vector<std::size_t> order;
  order.reserve(places.size());
  for (const auto& [path, offset, index] : places) order.push_back(index);
  return order;
}

void CommitScan::judge_contents() {
  const std::vector<std::size_t> order = in_reading_order();
  run_together((order.size() + kChunk - 1) / kChunk, [&](std::size_t thread) {
    return [&, own = thread == 0 ? nullptr : std::make_shared<ObjectReader>(push_.repository)](
               std::size_t chunk) {
      ObjectReader& reader = own ? *own : push_.repository.objects();
      const std::size_t end = std::min(order.size(), (chunk + 1) * kChunk);
      for (std::size_t i = chunk * kChunk; i < end; ++i) {
        judge_content(waiting_[order[i]], reader);
      }
    };
  });
}

void CommitScan::judge_content(const Waiting& waiting, ObjectReader& reader) {
  const ObjectId& commit = commits_[waiting.commit].id;
  const PushedFile file(reader, waiting.file, commit);
  for (const std::size_t i : waiting.rules) {
    if (failed_[i]) continue;
    ask(i, waiting.commit, commit, waiting.file.path,
        [&](Answer& answer) { rules_[i]->rule->check_file(push_, file, answer); });
  }
}

void CommitScan::judge_others(const Waiting& waiting) {
  const Commit commit = this->commit(waiting.commit);
  const std::string& path = waiting.file.path;
  const PushedFile file(push_.repository.objects(), waiting.file, commit.id);
  for (const std::size_t i : waiting.rules) {
    const ActiveRule& active = *rules_[i];
    if (failed_[i]) continue;
    ask(i, waiting.commit, commit.id, path, [&](Answer& answer) {
      if (!active.scope.applies_to(push_, refs_, commit, path)) return;
      if (active.info->content) {
        std::vector<std::size_t>& judged = judged_with(waiting.file);
        if (contains(judged, i)) return;
        judged.push_back(i);
      }
      active.rule->check_file(push_, file, answer);
    });
  }
}

// Where all history is new nothing that was there before can be thrown away.
void CommitScan::judge_overridden_files() {
  IdTable fresh;
  for (const Node& commit : commits_) fresh.add(commit.id);
  const bool all_new = std::all_of(commits_.begin(), commits_.end(), [&](const Node& commit) {
    return std::all_of(commit.parents.begin(), commit.parents.end(),
                       [&](const ObjectId& parent) { return fresh.contains(parent); });
  });
  if (all_new) return;
  ObjectReader& reader = push_.repository.objects();
  ChangeWalk walk(reader, true, changes_);
  const auto asks = [&](std::size_t i, const ChangedFile& file) {
    const ActiveRule& active = *rules_[i];
    return active.info->guards && !failed_[i] && (!file.deleted() || active.info->deletions) &&
           active.rule->looks_at(file);
  };
  for (std::size_t number = 0; number < commits_.size(); ++number) {
    const Commit commit = this->commit(number);
    visit_overridden_files(
        push_.repository, walk, commit,
        [&](const ChangedFile& file) {
          return std::any_of(file_rules_.begin(), file_rules_.end(),
                             [&](std::size_t i) { return asks(i, file); });
        },
        [&](const ChangedFile& file) {
          for (const std::size_t i : file_rules_) {
            if (!asks(i, file)) continue;
            ask(i, number, commit.id, file.path, [&](Answer& answer) {
              if (!rules_[i]->scope.applies_to(push_, refs_, commit, file.path)) return;
              rules_[i]->rule->check_file(push_, PushedFile(reader, file, commit.id), answer);
            });
          }
        });
  }
}

void CommitScan::ask(std::size_t rule, std::size_t number, const ObjectId& commit,
                     const std::string& path, const auto& check, std::string_view title) {
  Answer answer;
  bool failed = false;
  try {
    check(answer);
  } catch (const BadCommit&) {
    throw;
  } catch (const MissingObject&) {
    throw;
  } catch (const FileTooLarge& large) {
    answer.add({.message = large.what(),
                .hint = "keep it outside of Git, or ask an admin to except the path",
                .drop_path = true});
  } catch (const std::exception& error) {
    if (failed_[rule].exchange(true)) return;  // another thread has said so
    failed = true;
    answer = {};
    answer.add(undecided({}, reason_of(error)));
    answer.findings.back().title = title;
  }
  if (answer.findings.empty() && answer.relied.empty()) return;
  for (Finding& finding : answer.findings) {
    if (!finding.commit) finding.commit = commit;
    if (finding.path.empty()) finding.path = path;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  Told& told = told_[rule];
  told.findings += answer.findings.size();
  if (told.findings > kMaxKept && !failed) {
    // Nobody reads so many, and a push can make millions; each commit keeps one to be refused by.
    const std::size_t all = answer.findings.size();
    const auto refusing = std::find_if(answer.findings.begin(), answer.findings.end(), refuses);
    if (refusing != answer.findings.end() && told.refused.insert(number).second) {
      answer.findings = {std::move(*refusing)};
    } else {
      answer.findings.clear();
    }
    dropped_ += all - answer.findings.size();
    if (answer.findings.empty() && answer.relied.empty()) return;
  }
  found_.emplace_back(number, rule, path, CommitFindings{commit, rules_[rule], std::move(answer)});
}

}  // namespace trunkgate
