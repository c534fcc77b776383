#include "policy/commit_scan.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <future>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "base/text.h"

namespace trunkgate {
namespace {

// Files are handed to threads by so many: enough that each reads on where it has read.
constexpr std::size_t kChunk = 128;
constexpr std::size_t kMaxThreads = 8;

bool any_rule(const std::vector<const ActiveRule*>& rules, bool (*what)(const RuleInfo&)) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const ActiveRule* rule) { return what(*rule->info); });
}

}  // namespace

CommitScan::CommitScan(const Push& push, const std::vector<const ActiveRule*>& rules,
                       std::vector<const PushedRef*> refs)
    : push_(push),
      rules_(rules),
      refs_(std::move(refs)),
      any_files_(any_rule(rules, [](const RuleInfo& r) { return r.subject == Subject::file; })),
      walk_(push.repository, any_rule(rules, [](const RuleInfo& r) { return r.deletions; })),
      failed_(std::make_unique<std::atomic<bool>[]>(rules.size())) {}

std::vector<CommitFindings> CommitScan::run(const std::vector<ObjectId>& ids) {
  // Children come first in `ids`; people read from the oldest.
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    const Commit commit = push_.repository.commit(*id);
    merges_ = merges_ || commit.parents.size() > 1;
    const std::size_t number = commits_.size();
    commits_.push_back(*id);
    judge(commit, number);
    if (any_files_) judge_files(commit, number);
  }
  judge_contents();
  judge_size();
  std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<2>(a), std::get<1>(a)) <
           std::tie(std::get<0>(b), std::get<2>(b), std::get<1>(b));
  });
  std::vector<CommitFindings> findings;
  findings.reserve(found_.size());
  for (auto& [commit, rule, path, found] : found_) findings.push_back(std::move(found));
  return findings;
}

void CommitScan::judge(const Commit& commit, std::size_t number) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i]->info->subject != Subject::commit || failed_[i]) continue;
    ask(i, number, commit.id, {}, [&](Answer& answer) {
      if (!rules_[i]->scope.applies_to(push_, refs_, commit)) return;
      rules_[i]->rule->check_commit(push_, commit, answer);
      for (Finding& finding : answer.findings) finding.root = commit.parents.empty();
    });
  }
}

void CommitScan::judge_files(const Commit& commit, std::size_t number) {
  walk_.visit(commit, [&](const ChangedFile& file) {
    Waiting waiting{file, number, {}};
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const ActiveRule& active = *rules_[i];
      if (active.info->subject != Subject::file || failed_[i]) continue;
      if (file.deleted() && !active.info->deletions) continue;
      bool wanted = false;
      ask(i, number, commit.id, file.path, [&](Answer& answer) {
        wanted =
            active.rule->looks_at(file) && active.scope.applies_to(push_, refs_, commit, file.path);
        if (!wanted || active.info->content) return;
        active.rule->check_file(push_, PushedFile(push_.repository, file, commit.id), answer);
      });
      if (wanted && active.info->content) waiting.rules.push_back(i);
    }
    if (!waiting.rules.empty()) wait_for(std::move(waiting));
  });
}

void CommitScan::wait_for(Waiting waiting) {
  std::string key = waiting.file.path;
  key.append(reinterpret_cast<const char*>(waiting.file.id.bytes()), ObjectId::kSize);
  std::vector<std::size_t>& known = waited_for_[std::move(key)];
  std::erase_if(waiting.rules, [&](std::size_t rule) {
    return std::find(known.begin(), known.end(), rule) != known.end();
  });
  if (waiting.rules.empty()) return;
  known.insert(known.end(), waiting.rules.begin(), waiting.rules.end());
  waiting_.push_back(std::move(waiting));
}

// All versions of a file one after the other, as the packs hold them: what a version is based on
// and what it replaces has mostly just been read.
std::vector<std::size_t> CommitScan::in_reading_order() const {
  std::vector<std::tuple<std::size_t, std::uint64_t, std::size_t>> places;
  places.reserve(waiting_.size());
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const ChangedFile& file = waiting_[i].file;
    places.emplace_back(std::hash<std::string>()(file.path),
                        push_.repository.pushed_offset(file.id), i);
  }
  std::sort(places.begin(), places.end());
  std::vector<std::size_t> order;
  order.reserve(places.size());
  for (const auto& [path, offset, index] : places) order.push_back(index);
  return order;
}

void CommitScan::judge_contents() {
  const std::vector<std::size_t> order = in_reading_order();
  judge_together(order);
  const bool rest = std::any_of(rules_.begin(), rules_.end(), [](const ActiveRule* rule) {
    return rule->info->content && !rule->info->concurrent;
  });
  if (!rest) return;
  for (const std::size_t i : order) judge_content(waiting_[i], push_.repository.blobs(), false);
}

// On as many threads as there are processors and work for.
void CommitScan::judge_together(const std::vector<std::size_t>& order) {
  const std::size_t chunks = (order.size() + kChunk - 1) / kChunk;
  std::atomic<std::size_t> next = 0;
  std::vector<std::exception_ptr> failures(chunks);
  const auto work = [&](BlobReader& reader) {
    for (std::size_t chunk = next++; chunk < chunks; chunk = next++) {
      const std::size_t end = std::min(order.size(), (chunk + 1) * kChunk);
      try {
        for (std::size_t i = chunk * kChunk; i < end; ++i) {
          judge_content(waiting_[order[i]], reader, true);
        }
      } catch (...) {
        failures[chunk] = std::current_exception();
      }
    }
  };
  std::vector<std::future<void>> others;
  const std::size_t threads = std::min<std::size_t>(std::thread::hardware_concurrency(), chunks);
  for (std::size_t i = 1; i < std::min(threads, kMaxThreads); ++i) {
    try {
      others.push_back(std::async(std::launch::async, [&] {
        BlobReader reader(push_.repository);
        work(reader);
      }));
    } catch (const std::system_error&) {
      break;  // no thread to be had: it takes longer, that is all
    }
  }
  work(push_.repository.blobs());
  for (std::future<void>& other : others) other.get();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

void CommitScan::judge_content(const Waiting& waiting, BlobReader& reader, bool concurrent) {
  const ObjectId& commit = commits_[waiting.commit];
  const PushedFile file(reader, waiting.file, commit);
  for (const std::size_t i : waiting.rules) {
    if (failed_[i] || rules_[i]->info->concurrent != concurrent) continue;
    ask(i, waiting.commit, commit, waiting.file.path,
        [&](Answer& answer) { rules_[i]->rule->check_file(push_, file, answer); });
  }
}

// Its findings stand with the newest commit.
void CommitScan::judge_size() {
  if (commits_.empty()) return;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i]->info->subject != Subject::push) continue;
    ask(i, commits_.size(), commits_.back(), {}, [&](Answer& answer) {
      rules_[i]->rule->check_size(push_, commits_.size(), push_.repository.pushed_bytes(), answer);
    });
  }
}

void CommitScan::ask(std::size_t rule, std::size_t number, const ObjectId& commit,
                     const std::string& path, const auto& check) {
  Answer answer;
  std::string failure;
  try {
    check(answer);
  } catch (const BadCommit&) {
    throw;
  } catch (const MissingObject&) {
    throw;
  } catch (const FileTooLarge& large) {
    answer.add({.message = large.what()});
  } catch (const std::bad_alloc&) {
    failure = "out of memory";
  } catch (const std::exception& error) {
    failure = error.what();
  }
  if (!failure.empty()) {
    if (failed_[rule].exchange(true)) return;  // another thread has said so
    answer = {};
    answer.add({.message = "could not decide: " + printable(failure), .undecided = true});
  }
  if (answer.findings.empty() && answer.relied.empty()) return;
  for (Finding& finding : answer.findings) {
    if (!finding.commit && rules_[rule]->info->subject != Subject::push) finding.commit = commit;
    if (finding.path.empty()) finding.path = path;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  found_.emplace_back(number, rule, path, CommitFindings{commit, rules_[rule], std::move(answer)});
}

}  // namespace trunkgate
