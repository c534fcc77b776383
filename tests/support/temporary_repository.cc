#include "support/temporary_repository.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/child_process.h"

namespace trunkgate {

TemporaryRepository::TemporaryRepository() {
  std::string name = (std::filesystem::temp_directory_path() / "trunkgate-unit-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  folder_ = name;
  path_ = folder_ + "/repository.git";
  std::filesystem::create_directory(path_);
  git({"init", "-q", "--bare", "-b", "main", "."});
}

TemporaryRepository::~TemporaryRepository() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string TemporaryRepository::git(const std::vector<std::string>& arguments,
                                     std::string_view input) const {
  ChildRequest request;
  request.argv = {"git"};
  request.argv.insert(request.argv.end(), arguments.begin(), arguments.end());
  const std::string date = std::to_string(date_) + " +0000";
  request.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent",
                         "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
                         // Packs must not differ with the number of processors.
                         "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=pack.threads",
                         "GIT_CONFIG_VALUE_0=1", "GIT_AUTHOR_NAME=Ada",
                         "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_COMMITTER_NAME=Ada",
                         "GIT_COMMITTER_EMAIL=ada@example.com", "GIT_AUTHOR_DATE=" + date,
                         "GIT_COMMITTER_DATE=" + date};
  request.working_directory = path_;
  request.input = input;
  request.timeout = std::chrono::minutes(1);
  ChildResult result = run_child(request);
  if (!result.succeeded()) {
    throw std::runtime_error("git " + (arguments.empty() ? "" : arguments[0]) + ": " +
                             result.errors + result.start_error);
  }
  while (result.output.ends_with('\n')) result.output.pop_back();
  return result.output;
}

// One process for all of them: in a long history most of a test's time is starting git.
std::vector<std::string> TemporaryRepository::blobs(
    const std::map<std::string, std::string>& files) const {
  std::vector<std::string> ids;
  if (files.empty()) return ids;
  if (files.size() == 1) return {git({"hash-object", "-w", "--stdin"}, files.begin()->second)};
  const std::string folder = beside("blobs");
  std::filesystem::create_directory(folder);
  std::string paths;
  for (const auto& [path, content] : files) {
    const std::string name = folder + "/" + std::to_string(ids.size());
    std::ofstream(name, std::ios::binary) << content;
    paths += name + "\n";
    ids.emplace_back();
  }
  std::istringstream told(git({"hash-object", "-w", "--no-filters", "--stdin-paths"}, paths));
  for (std::string& id : ids) std::getline(told, id);
  std::filesystem::remove_all(folder);
  return ids;
}

ObjectId TemporaryRepository::tree(const std::map<std::string, std::string>& files) const {
  const std::vector<std::string> ids = blobs(files);
  std::map<std::string, std::string> stored;
  for (std::size_t i = 0; const auto& [path, content] : files) stored[path] = ids[i++];
  return tree_of_blobs(stored);
}

// `blobs`: path to id.
ObjectId TemporaryRepository::tree_of_blobs(const std::map<std::string, std::string>& blobs) const {
  std::map<std::string, std::map<std::string, std::string>> folders;
  std::string listing;
  for (const auto& [path, id] : blobs) {
    if (const auto slash = path.find('/'); slash != std::string::npos) {
      folders[path.substr(0, slash)][path.substr(slash + 1)] = id;
    } else {
      listing += "100644 blob " + id + "\t" + path;
      listing += '\0';
    }
  }
  for (const auto& [name, below] : folders) {
    listing += "040000 tree " + tree_of_blobs(below).hex() + "\t" + name;
    listing += '\0';
  }
  return *ObjectId::parse(git({"mktree", "-z"}, listing));
}

ObjectId TemporaryRepository::commit(const std::string& message,
                                     const std::vector<ObjectId>& parents,
                                     const std::map<std::string, std::string>& files) {
  return commit_of_tree(message, parents, tree(files));
}

ObjectId TemporaryRepository::commit_of_tree(const std::string& message,
                                             const std::vector<ObjectId>& parents,
                                             const ObjectId& tree_id) {
  date_ += 60;
  std::vector<std::string> arguments{"commit-tree", tree_id.hex()};
  for (const ObjectId& parent : parents) {
    arguments.insert(arguments.end(), {"-p", parent.hex()});
  }
  return *ObjectId::parse(git(arguments, message));
}

ObjectId TemporaryRepository::raw(const std::string& type, std::string_view bytes) const {
  return *ObjectId::parse(git({"hash-object", "-w", "--literally", "-t", type, "--stdin"}, bytes));
}

ObjectId TemporaryRepository::tag(const std::string& name, const ObjectId& commit,
                                  const std::string& message) const {
  return raw("tag", "object " + commit.hex() + "\ntype commit\ntag " + name +
                        "\ntagger Ada <ada@example.com> " + std::to_string(date_) + " +0000\n\n" +
                        message);
}

void TemporaryRepository::set_ref(const std::string& name, const ObjectId& id) const {
  git({"update-ref", name, id.hex()});
}

std::unique_ptr<Repository> TemporaryRepository::open() const {
  return std::make_unique<Repository>(
      RepositoryPlace{.git_dir = path_, .quarantine = {}, .git_namespace = {}});
}

}  // namespace trunkgate
