// The few things for which an installation asks Git itself: making a repository, and configuration,
// which only Git reads in full (system, account, repository, conditional includes).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace trunkgate {

struct GitSetting {
  std::string value;
  std::string origin;  // "file:/etc/gitconfig"
};

class GitProgram {
 public:
  // `environment`: "NAME=value" each, all that git gets: HOME, or variables that say where
  // configuration is.
  explicit GitProgram(std::vector<std::string> environment)
      : environment_(std::move(environment)) {}

  // A bare repository with the branch main. Throws Error(repository) with Git's words.
  void make_repository(const std::string& path) const;

  // The value in force in a repository, wherever it is set. `type` as for git config --type, or
  // empty. Throws Error(repository) when the configuration cannot be read.
  std::optional<GitSetting> setting(const std::string& repository, const std::string& key,
                                    const std::string& type) const;

  // Sets it in the repository's own configuration. Throws Error(repository).
  void set(const std::string& repository, const std::string& key, const std::string& value) const;
  // One more value, beside those that are there.
  void add(const std::string& repository, const std::string& key, const std::string& value) const;
  // Takes this value away and leaves others; one that is not there is fine.
  void unset(const std::string& repository, const std::string& key, const std::string& value) const;

 private:
  std::vector<std::string> environment_;
};

}  // namespace trunkgate
