// A bare repository made with Git, spool records for it, and a deliverer with a fixed clock.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "events/deliverer.h"
#include "events/file_sink.h"

namespace trunkgate {

inline constexpr const char* kUuid = "6f1c2b1e-3a52-4f0e-9d8a-0c7b1d2e3f40";
inline constexpr std::int64_t kNow = 1'767'323'045'678'901;  // 2026-01-02T03:04:05.678901Z
inline constexpr std::int64_t kSecond = 1'000'000;

// Fails on purpose, before or after passing events on.
class FlakySink final : public Sink {
 public:
  explicit FlakySink(Sink* next = nullptr) : next_(next) {}
  std::string name() const override { return "flaky"; }
  std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override {
    if (next_ != nullptr) next_->deliver(events);
    if (failing) throw std::runtime_error("no answer");
    delivered.insert(delivered.end(), events.begin(), events.end());
    return std::vector<DeliveryOutcome>(events.size(),
                                        {.state = DeliveryOutcome::State::delivered});
  }
  bool failing = true;
  std::vector<Delivery> delivered;

 private:
  Sink* next_;
};

class DeliveryFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "events-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    repository_path_ = root_ + "/trainer.git";
    git("init -q --bare -b main '" + repository_path_ + "'", false);
    std::filesystem::create_directories(folder() + "/state");
    std::ofstream(folder() + "/state/repository-id") << kUuid << "\n";
    reopen();
  }

  // Takes in what git() did to the configuration.
  void reopen() {
    repository_ = std::make_unique<Repository>(
        RepositoryPlace{.git_dir = repository_path_, .quarantine = {}, .git_namespace = {}});
  }

  void TearDown() override { std::filesystem::remove_all(root_); }

  std::string folder() const { return repository_path_ + "/trunkgate"; }
  std::string events_file() const { return folder() + "/events.jsonl"; }
  std::string spool_file(const std::string& name) const { return folder() + "/spool/" + name; }
  Spool spool() const { return Spool(folder() + "/spool", Sharing{}); }
  const Repository& repository() const { return *repository_; }

  // Output without the last LF. Everything that goes into an object is fixed.
  std::string git(const std::string& arguments, bool in_repository = true) const {
    std::string command =
        "env -i PATH=\"$PATH\" HOME=/nonexistent LC_ALL=C GIT_AUTHOR_NAME=Ada "
        "GIT_AUTHOR_EMAIL=ada@example.com GIT_COMMITTER_NAME=Ada "
        "GIT_COMMITTER_EMAIL=ada@example.com GIT_AUTHOR_DATE='" +
        date_ + "' GIT_COMMITTER_DATE='" + date_ + "' git ";
    if (in_repository) command += "-C '" + repository_path_ + "' ";
    command += arguments;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    std::string output;
    std::array<char, 4096> buffer{};
    while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
      output.append(buffer.data(), n);
    }
    if (!output.empty() && output.back() == '\n') output.pop_back();
    return output;
  }

  // A commit with an empty tree; each is a minute later than the one before.
  ObjectId commit(const std::string& title, const std::vector<ObjectId>& parents = {}) {
    date_ = std::to_string(1'767'225'600 + 60 * ++commits_) + " +0100";
    std::string arguments = "commit-tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    for (const ObjectId& parent : parents) arguments += " -p " + parent.hex();
    git("hash-object -t tree -w /dev/null");
    return id(git(arguments + " -m '" + title + "'"));
  }

  // A commit of files, by their paths; dated like those of commit().
  ObjectId commit_of(const std::string& message, const std::map<std::string, std::string>& files,
                     const std::vector<ObjectId>& parents = {}) {
    date_ = std::to_string(1'767'225'600 + 60 * ++commits_) + " +0100";
    std::ostringstream stream;
    stream << "commit refs/import/tip\ncommitter Ada <ada@example.com> " << date_ << "\ndata "
           << message.size() << "\n"
           << message << "\n";
    for (std::size_t i = 0; i < parents.size(); ++i) {
      stream << (i == 0 ? "from " : "merge ") << parents[i].hex() << "\n";
    }
    stream << "deleteall\n";
    for (const auto& [path, content] : files) {
      stream << "M 100644 inline " << path << "\ndata " << content.size() << "\n"
             << content << "\n";
    }
    std::ofstream(root_ + "/import") << stream.str();
    git("fast-import --quiet < '" + root_ + "/import'");
    const ObjectId made = id(git("rev-parse refs/import/tip"));
    git("update-ref -d refs/import/tip");
    return made;
  }

  static ObjectId id(const std::string& hex) { return ObjectId::parse(hex).value(); }

  void set_ref(const std::string& ref, const ObjectId& value) const {
    if (value.is_zero()) {
      git("update-ref -d '" + ref + "'");
    } else {
      git("update-ref '" + ref + "' " + value.hex());
    }
  }

  static PushKey key(int n) {
    return {.host = "0123abcd", .boot = "89ef4567", .pid = n, .start = "77"};
  }

  static SpoolRecord record(SpoolRecord::Kind kind, int push, std::vector<SpooledUpdate> updates) {
    SpoolRecord record;
    record.kind = kind;
    record.key = key(push);
    record.time = kNow - 100 * kSecond + push * kSecond;
    record.actor = {.kind = "user", .id = "alice", .transport = "ssh", .remote_addr = "10.0.0.7"};
    record.updates = std::move(updates);
    return record;
  }

  static SpoolRecord intent(int push, std::vector<SpooledUpdate> updates) {
    return record(SpoolRecord::Kind::intent, push, std::move(updates));
  }
  static SpoolRecord result(int push, std::vector<SpooledUpdate> updates) {
    return record(SpoolRecord::Kind::result, push, std::move(updates));
  }
  static SpoolRecord reject(int push, std::vector<SpooledUpdate> updates,
                            const std::string& stage = "pre-receive") {
    SpoolRecord made = record(SpoolRecord::Kind::reject, push, std::move(updates));
    made.stage = stage;
    return made;
  }

  static SpooledUpdate update(const std::string& ref, const ObjectId& before,
                              const ObjectId& after) {
    return {.ref = ref, .before = before, .after = after, .protected_ref = false};
  }

  // A push that went through: the refs move, both records are there.
  void pushed(int push, const std::vector<SpooledUpdate>& updates) const {
    for (const SpooledUpdate& each : updates) set_ref(each.ref, each.after);
    spool().write(intent(push, updates));
    spool().write(result(push, updates));
  }

  // Passes everything on, because a deliverer makes its own sinks.
  class Passing final : public Sink {
   public:
    explicit Passing(Sink& next) : next_(next) {}
    std::string name() const override { return next_.name(); }
    std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override {
      return next_.deliver(events);
    }
    std::optional<std::uint64_t> lost_since() override { return next_.lost_since(); }
    std::int64_t gathers_for() const override { return next_.gathers_for(); }

   private:
    Sink& next_;
  };

  DeliverySettings settings(const std::vector<Sink*>& sinks) const {
    std::vector<Receiver> receivers;
    for (Sink* sink : sinks) {
      receivers.push_back(
          {.name = "sink" + std::to_string(receivers.size()),
           .make = [sink](SinkMemory&) { return std::make_unique<Passing>(*sink); }});
    }
    return {.folder = folder(),
            .event_source = "https://git.example.com/trainer.git",
            .events = events_,
            .receivers = std::move(receivers),
            .now = [this] { return now_; },
            .wait = wait_,
            .liveness = [this](const PushKey&) { return liveness_; }};
  }

  DeliveryReport deliver(const std::vector<Sink*>& sinks) const {
    return Deliverer(repository(), settings(sinks)).run();
  }
  // Into the events file.
  DeliveryReport deliver() const {
    FileSink sink(events_file(), Sharing{});
    return deliver({&sink});
  }

  // The events file, with the repository's path as "@".
  std::vector<std::string> lines() const {
    std::ifstream file(events_file());
    std::vector<std::string> result;
    for (std::string line; std::getline(file, line);) {
      for (auto at = line.find(repository_path_); at != std::string::npos;
           at = line.find(repository_path_, at)) {
        line.replace(at, repository_path_.size(), "@");
      }
      result.push_back(line);
    }
    return result;
  }

  std::string root_;
  std::string repository_path_;
  std::string date_ = "1767225600 +0100";
  int commits_ = 0;
  bool wait_ = true;
  EventsPolicy events_;
  std::int64_t now_ = kNow;
  Liveness liveness_ = Liveness::dead;
  std::unique_ptr<Repository> repository_;
};

}  // namespace trunkgate
