// Plays an example of a rule over pushes: the text of Example::subject (see rules/rule.h).
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "rules/rule.h"
#include "support/quarantine.h"
#include "support/temporary_repository.h"

namespace trunkgate {

// What the rule answers about a push of ada's, whichever part it is about.
inline Answer judge_push_example(const Rule& rule, std::string_view text) {
  TemporaryRepository temporary;
  const Quarantine quarantine(temporary);
  std::filesystem::create_directory(temporary.beside("scratch"));
  std::vector<PushedRef> refs;
  std::vector<ObjectId> commits;
  for (const std::string_view part : split(text, ',')) {
    const std::vector<std::string_view> words = split(trim(part), ' ');
    if (words.size() == 4 && words[0] == "lock" && words[2] == "by") {
      const ObjectId id = temporary.commit("feat: base", {});
      temporary.set_ref("refs/locks/" + std::string(words[3]) + "/" + std::string(words[1]), id);
      continue;
    }
    if (words.size() != 2) throw std::invalid_argument("no scenario: " + std::string(part));
    const unsigned long count = std::stoul(std::string(words[0]));
    if (words[1] == "refs") {
      refs.resize(count);
      for (PushedRef& ref : refs) ref.name = "refs/heads/feature/x";
    } else if (words[1] == "commits") {
      std::map<std::string, std::string> files;
      for (unsigned long i = 0; i < count; ++i) {
        files["f" + std::to_string(i)] = "1\n";
        commits.push_back(temporary.commit(
            "feat: more", commits.empty() ? std::vector<ObjectId>() : std::vector{commits.back()},
            files));
      }
    } else if (words[1] == "bytes") {
      std::ofstream(quarantine.folder() + "/pack/some.pack") << std::string(count, 'x');
    } else if (words[1] == "strays") {
      for (unsigned long i = 0; i < count; ++i) {
        quarantine.push_loose({temporary.raw("blob", "stray " + std::to_string(i))});
      }
    } else {
      throw std::invalid_argument("no scenario: " + std::string(part));
    }
  }
  if (!commits.empty()) refs.at(0).new_id = refs.at(0).new_commit = commits.back();
  const auto repository = quarantine.open();
  const Push push{
      *repository,
      {.name = "ada", .source = "os-user", .transport = {}, .remote_addr = {}, .problem = {}},
      {},
      refs,
      temporary.beside("scratch")};
  std::vector<PushPart> parts;
  for (const PushedRef& ref : push.refs) parts.push_back({&ref, {}});
  if (!commits.empty()) parts.at(0).commits = commits;
  PushAnswer answer{std::vector<Answer>(parts.size()), {}};
  rule.check_push(push, parts, answer);
  for (const Answer& part : answer.parts) {
    for (const Finding& finding : part.findings) answer.whole.add(finding);
  }
  return answer.whole;
}

}  // namespace trunkgate
