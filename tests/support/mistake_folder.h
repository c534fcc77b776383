// A folder of files with mistakes, NAME.yaml, and of what their authors read, NAME.expected.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include "base/text.h"
#include "policy/policy_files.h"

namespace trunkgate {

class MistakeFolder {
 public:
  explicit MistakeFolder(std::string path) : path_(std::move(path)) {}

  // The text of "NAME.yaml" or "NAME.expected".
  std::string text(const std::string& file) const { return read_policy_file(path_ + file).text; }

  // Names of the files with this extension.
  std::set<std::string> names(const std::string& extension) const {
    std::set<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      if (entry.path().extension() == extension) result.insert(entry.path().stem().string());
    }
    return result;
  }

  // `said` is what the author of NAME reads.
  void expect_explained(const std::function<std::string(const std::string& name)>& said) const {
    for (const std::string& name : names(".yaml")) {
      EXPECT_EQ(said(name), text(name + ".expected")) << name;
    }
  }

  void expect_complete(std::size_t least) const {
    EXPECT_EQ(names(".yaml"), names(".expected"));
    EXPECT_GE(names(".yaml").size(), least);
  }

  void expect_printable() const {
    for (const std::string& name : names(".expected")) {
      const std::string expected = text(name + ".expected");
      for (const std::string_view line : split(expected, '\n')) {
        EXPECT_TRUE(is_printable(line)) << name << ": " << printable(line);
      }
    }
  }

 private:
  std::string path_;  // ends with a slash
};

}  // namespace trunkgate
