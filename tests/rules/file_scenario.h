// Plays an example of Subject::file (see Example in rules/rule.h).
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/text.h"
#include "rules/rule.h"
#include "support/temporary_repository.h"

namespace trunkgate {

// A commit that adds every one of the paths, which stand in `words` with a space between them.
inline Answer judge_folder_example(const Rule& rule, const std::string& words) {
  TemporaryRepository temporary;
  std::map<std::string, std::string> files;
  for (const std::string_view path : split(words, ' ')) files[std::string(path)] = "1";
  const ObjectId commit = temporary.commit("feat: a folder", {}, files);
  const auto repository = temporary.open();
  const Push push{*repository, {}, {}, {}, {}};
  Answer answer;
  ChangeWalk(repository->objects(), false)
      .visit(repository->commit(commit), [&](const ChangedFile& file) {
        if (rule.looks_at(file))
          rule.check_file(push, PushedFile(*repository, file, commit), answer);
      });
  return answer;
}

// What the rule answers about the file that `text` speaks of, pushed by ada.
inline Answer judge_file_example(const Rule& rule, std::string_view text) {
  const auto line_end = text.find('\n');
  std::string_view first = text.substr(0, line_end);
  if (first.starts_with("folder ")) return judge_folder_example(rule, std::string(first.substr(7)));
  std::string_view content = line_end == std::string_view::npos ? "" : text.substr(line_end + 1);
  const TemporaryRepository temporary;
  ChangedFile file;
  const auto take = [&](std::string_view verb) {
    if (!first.starts_with(verb)) return false;
    file.path = first.substr(verb.size());
    return true;
  };
  const auto blob = [&](std::string_view bytes) { return temporary.raw("blob", bytes); };
  if (take("add -x ")) {
    file.id = blob(content);
    file.mode = 0100755;
  } else if (take("add ")) {
    file.id = blob(content);
    file.mode = 0100644;
  } else if (take("link ")) {
    file.id = blob(content);
    file.mode = kSymlinkMode;
  } else if (take("submodule ")) {
    file.id = *ObjectId::parse(std::string(40, '5'));
    file.mode = kSubmoduleMode;
  } else if (take("delete ")) {
    file.before = blob(content);
    file.before_mode = 0100644;
  } else if (take("change ")) {
    static constexpr std::string_view kBetween = "\n=====\n";
    const auto between = content.find(kBetween);
    if (between == std::string_view::npos) throw std::invalid_argument("no ===== in the example");
    file.before = blob(std::string(content.substr(0, between)) + "\n");
    file.id = blob(content.substr(between + kBetween.size()));
    file.mode = file.before_mode = 0100644;
  } else {
    throw std::invalid_argument("no scenario: " + std::string(first));
  }
  const auto repository = temporary.open();
  const Push push{
      *repository,
      {.name = "ada", .source = "os-user", .transport = {}, .remote_addr = {}, .problem = {}},
      {},
      {},
      {}};
  const ObjectId commit = *ObjectId::parse(std::string(40, 'c'));
  Answer answer;
  if (rule.looks_at(file)) rule.check_file(push, PushedFile(*repository, file, commit), answer);
  return answer;
}

}  // namespace trunkgate
