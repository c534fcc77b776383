#include "support/commit_example.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

#include "base/text.h"

namespace trunkgate {
namespace {

using Headers = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kKnown[] = {"author", "committer", "authored", "committed", "parents",
                                       "branch", "pusher",    "encoding", "files"};

// Takes the header lines and the empty line behind them off the front; none when the first line is
// no header.
Headers take_headers(std::string_view& text) {
  Headers headers;
  std::string_view rest = text;
  while (!rest.starts_with('\n')) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const std::string_view name = line.substr(0, line.find(": "));
    if (name.size() == line.size() ||
        std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown) ||
        line.size() == rest.size()) {
      return {};
    }
    headers[std::string(name)] = line.substr(name.size() + 2);
    rest.remove_prefix(line.size() + 1);
  }
  if (!headers.empty()) text = rest.substr(1);
  return headers;
}

std::string value_of(const Headers& headers, std::string_view name, std::string_view fallback) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string(fallback) : found->second;
}

// "+10m" is ten minutes after the push; a plain number is a time.
std::int64_t time_of(const std::string& text) {
  if (text[0] != '+' && text[0] != '-') return std::stoll(text);
  static const std::map<char, std::int64_t> kUnits{{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}};
  return kExampleNow + std::stoll(text) * kUnits.at(text.back());
}

}  // namespace

CommitExample::CommitExample(TemporaryRepository& temporary, std::string_view text)
    : temporary_(temporary) {
  const Headers headers = take_headers(text);
  branch_ = value_of(headers, "branch", branch_);
  pusher_ = value_of(headers, "pusher", pusher_);
  const std::string tree = "tree " + temporary.tree({}).hex() + "\n";
  std::map<std::string, std::string> files;
  for (int i = 0; i < std::stoi(value_of(headers, "files", "0")); ++i) {
    files["f" + std::to_string(i)] = "1\n";
  }
  const int parents = std::stoi(value_of(headers, "parents", "1"));
  std::string parent_lines;
  for (int i = 0; i < parents; ++i) {
    const std::string who =
        " Ada <ada@example.com> " + std::to_string(kExampleNow - 86'400 + i) + " +0000\n";
    parents_.push_back(
        temporary.raw("commit", tree + "author" + who + "committer" + who + "\nfeat: base\n"));
    parent_lines += "parent " + parents_.back().hex() + "\n";
  }
  const auto person = [&](std::string_view name, std::string_view date) {
    return std::string(name) + " " + value_of(headers, name, "Ada <ada@example.com>") + " " +
           std::to_string(time_of(value_of(headers, date, "-1m"))) + " +0000\n";
  };
  std::string raw = "tree " + temporary.tree(files).hex() + "\n" + parent_lines +
                    person("author", "authored") + person("committer", "committed");
  if (headers.contains("encoding")) raw += "encoding " + headers.at("encoding") + "\n";
  id_ = temporary.raw("commit", raw + "\n" + std::string(text));
  tip_ = id_;
}

Answer CommitExample::judge(const Rule& rule) const {
  const auto repository = temporary_.open();
  const ObjectId old = parents_.empty() ? ObjectId() : parents_[0];
  const Push push{*repository,
                  {.name = pusher_,
                   .source = pusher_.empty() ? "" : "os-user",
                   .transport = {},
                   .remote_addr = {},
                   .problem = {}},
                  {},
                  {{.name = "refs/heads/" + branch_,
                    .kind = RefKind::branch,
                    .old_id = old,
                    .new_id = tip_,
                    .old_commit = old,
                    .new_commit = tip_}},
                  {},
                  {},
                  kExampleNow};
  Answer answer;
  rule.check_commit(push, repository->commit(id_), answer);
  return answer;
}

}  // namespace trunkgate
