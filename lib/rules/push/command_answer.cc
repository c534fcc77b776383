#include "rules/push/command_answer.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

#include "base/text.h"

namespace trunkgate {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxMessage = 400;  // code points
constexpr std::size_t kMaxDetails = 20;
constexpr std::size_t kMaxCommands = 20;
constexpr std::int64_t kMaxLine = 1'000'000'000;

// The mistake that ends the reading.
struct Mistake {
  std::string text;
};

[[noreturn]] void mistake(const std::string& where, const std::string& what) {
  throw Mistake{where + ": " + what};
}

// The value of a key, or nullptr when it is not there or null.
const Json* member(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

void refuse_other_keys(const Json& json, const std::string& where,
                       std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : json.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      mistake(where, "there is no key '" + printable(key, 40) + "'");
    }
  }
}

// Bytes in either of the forms that the input has them in.
std::string bytes_of(const Json& json, const std::string& where) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_object()) {
    if (const Json* coded = member(json, "b64"); coded != nullptr && coded->is_string()) {
      if (const auto bytes = unbase64(coded->get_ref<const std::string&>())) return *bytes;
    }
  }
  mistake(where, "expected text");
}

std::string text_of(const Json& finding, const char* key, const std::string& where) {
  const Json* json = member(finding, key);
  if (json == nullptr) return {};
  if (!json->is_string()) mistake(where + "." + key, "expected text");
  return json->get<std::string>();
}

class AnswerReader {
 public:
  AnswerReader(const Push& push, const std::vector<PushPart>& parts, const std::string& rule,
               PushAnswer& out)
      : push_(push), parts_(parts), rule_(rule), out_(out) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      refs_.emplace(parts[i].ref->name, i);
      for (const ObjectId& id : parts[i].commits) commits_.emplace(id, i);
    }
  }

  void read(const Json& json) {
    if (!json.is_object()) mistake("the answer", "expected an object");
    refuse_other_keys(json, "the answer", {"findings"});
    const Json* findings = member(json, "findings");
    if (findings == nullptr) return;
    if (!findings->is_array()) mistake("findings", "expected a list");
    for (std::size_t i = 0; i < findings->size(); ++i) {
      read_finding((*findings)[i], "findings[" + std::to_string(i) + "]");
    }
  }

 private:
  void read_finding(const Json& json, const std::string& where) {
    if (!json.is_object()) mistake(where, "expected an object");
    refuse_other_keys(json, where,
                      {"ref", "commit", "path", "line", "message", "hint", "commands", "severity"});
    Finding finding{.rule = rule_};
    read_message(json, where, finding);
    finding.hint = printable(trim(text_of(json, "hint", where)), kMaxMessage);
    read_commands(json, where, finding);
    finding.advice = read_severity(json, where) == "warning";
    if (const Json* path = member(json, "path"); path != nullptr) {
      finding.path = bytes_of(*path, where + ".path");
      if (finding.path.empty()) mistake(where + ".path", "expected a path");
    }
    finding.line = read_line(json, where);
    place(std::move(finding), read_ref(json, where), read_commit(json, where));
  }

  // The first line is the message; more of them stand below it.
  static void read_message(const Json& json, const std::string& where, Finding& finding) {
    const std::string text = text_of(json, "message", where);
    std::size_t more = 0;
    for (const std::string_view raw : split(text, '\n')) {
      const std::string_view line = trim(raw);
      if (line.empty()) continue;
      if (finding.message.empty()) {
        finding.message = printable(line, kMaxMessage);
      } else if (finding.details.size() < kMaxDetails) {
        finding.details.push_back(printable(line, kMaxMessage));
      } else {
        ++more;
      }
    }
    if (more > 0) finding.details.push_back("and " + count_of(more, "more line", "more lines"));
    if (finding.message.empty()) mistake(where, "a finding needs a 'message'");
  }

  // A command that cannot be shown as it is would do something else when pasted.
  static void read_commands(const Json& json, const std::string& where, Finding& finding) {
    const Json* commands = member(json, "commands");
    if (commands == nullptr) return;
    if (!commands->is_array()) mistake(where + ".commands", "expected a list of texts");
    bool safe = commands->size() <= kMaxCommands;
    for (const Json& command : *commands) {
      if (!command.is_string()) mistake(where + ".commands", "expected a list of texts");
      finding.commands.push_back(command.get<std::string>());
      const std::string& text = finding.commands.back();
      safe = safe && !trim(text).empty() && is_printable(text) && text.size() <= 1000;
    }
    if (!safe) finding.commands.clear();
  }

  static std::string read_severity(const Json& json, const std::string& where) {
    std::string severity = text_of(json, "severity", where);
    if (!severity.empty() && severity != "error" && severity != "warning") {
      mistake(where + ".severity", "expected error or warning");
    }
    return severity;
  }

  static std::size_t read_line(const Json& json, const std::string& where) {
    const Json* line = member(json, "line");
    if (line == nullptr) return 0;
    if (!line->is_number_integer() || *line < 1 || *line > kMaxLine) {
      mistake(where + ".line", "expected a whole number from 1 on");
    }
    return line->get<std::size_t>();
  }

  std::optional<std::size_t> read_ref(const Json& json, const std::string& where) const {
    const Json* ref = member(json, "ref");
    if (ref == nullptr) return std::nullopt;
    const std::string name = bytes_of(*ref, where + ".ref");
    const auto found = refs_.find(name);
    if (found == refs_.end()) {
      mistake(where + ".ref",
              "'" + printable(name, 80) + "' is none of the refs it was told about");
    }
    return found->second;
  }

  std::optional<ObjectId> read_commit(const Json& json, const std::string& where) const {
    const std::string text = text_of(json, "commit", where);
    if (text.empty()) return std::nullopt;
    const auto id = ObjectId::parse(text);
    if (!id || !commits_.contains(*id)) {
      mistake(where + ".commit",
              "'" + printable(text, 80) + "' is none of the commits it was told about");
    }
    return id;
  }

  // A file without a commit is one of the ref's newest.
  void place(Finding finding, std::optional<std::size_t> part, std::optional<ObjectId> commit) {
    if (!commit && !finding.path.empty()) {
      const auto tip = std::find_if(parts_.begin(), parts_.end(), [&](const PushPart& candidate) {
        return !candidate.ref->new_commit.is_zero();
      });
      if (!part && tip != parts_.end()) part = static_cast<std::size_t>(tip - parts_.begin());
      if (part && !parts_[*part].ref->new_commit.is_zero()) commit = parts_[*part].ref->new_commit;
    }
    if (commit) {
      finding.commit = commit;
      finding.title = std::string(title_of(push_.repository.commit(*commit).message));
      if (!part) part = commits_.at(*commit);
    }
    (part ? out_.parts[*part] : out_.whole).add(std::move(finding));
  }

  const Push& push_;
  const std::vector<PushPart>& parts_;
  const std::string& rule_;
  PushAnswer& out_;
  std::unordered_map<std::string, std::size_t> refs_;
  std::unordered_map<ObjectId, std::size_t, ObjectIdHash> commits_;
};

}  // namespace

std::string read_command_answer(std::string_view text, const Push& push,
                                const std::vector<PushPart>& parts, const std::string& rule,
                                PushAnswer& out) {
  if (trim(text).empty()) return {};
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return "it is no JSON";
  try {
    AnswerReader(push, parts, rule, out).read(json);
  } catch (const Mistake& found) {
    return found.text;
  }
  return {};
}

}  // namespace trunkgate
