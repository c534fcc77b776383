#include "hook/policy_source.h"

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/text.h"

namespace trunkgate {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxCopyBytes = std::size_t{64} << 20U;

using Texts = std::map<std::string, std::string>;  // by path

// Remembers what the loader read, so that exactly that can be kept.
ReadPolicyFile recording(const ReadPolicyFile& read, Texts& texts) {
  return [&read, &texts](const std::string& path) {
    FileText file = read(path);
    if (file.state == FileState::present) texts[path] = file.text;
    return file;
  };
}

ReadPolicyFile from_copy(const Texts& texts) {
  return [&texts](const std::string& path) {
    FileText file;
    if (const auto found = texts.find(path); found != texts.end()) {
      file.state = FileState::present;
      file.text = found->second;
    } else {
      file.reason = "it was not there then";
    }
    return file;
  };
}

// The digest stands first and alone on the first line, so that an unchanged policy costs one short
// read and no parsing.
bool is_kept(const std::string& path, const std::string& sha256) {
  const FileText file = read_file(path, kMaxCopyBytes);
  return file.state == FileState::present && file.text.starts_with(sha256 + "\n");
}

bool is_there_still(const Texts& texts, const ReadPolicyFile& read) {
  return std::all_of(texts.begin(), texts.end(), [&](const auto& file) {
    const FileText now = read(file.first);
    return now.state == FileState::present && now.text == file.second;
  });
}

void keep(const std::string& path, const Policy& policy, const std::vector<PolicyRoot>& roots,
          const Texts& texts, const ReadPolicyFile& read, const Sharing& sharing) {
  if (is_kept(path, policy.sha256)) return;
  // Else a hook that was slow would put back what was in force before another one's copy.
  if (!is_there_still(texts, read)) return;
  json copy;
  copy["roots"] = json::array();
  for (const PolicyRoot& root : roots) {
    copy["roots"].push_back({{"path", hex(root.path)},
                             {"shown", hex(root.shown)},
                             {"optional", root.optional},
                             {"in-git", root.in_git}});
  }
  // A path need not be UTF-8, nor a file that a rule reads; JSON must be.
  for (const auto& [file, text] : texts) {
    copy["files"][hex(file)] = is_utf8(text) ? json(text) : json{{"hex", hex(text)}};
  }
  make_folder(path.substr(0, path.rfind('/')), sharing);
  // Not synced: the digest tells a copy that was cut short by a power cut, and the next push keeps
  // it.
  write_file(path, policy.sha256 + "\n" + copy.dump() + "\n", sharing, Durability::none);
}

// nullptr when there is no usable copy.
std::unique_ptr<Policy> load_copy(const std::string& path) {
  const FileText file = read_file(path, kMaxCopyBytes);
  const auto line = file.text.find('\n');
  if (file.state != FileState::present || line == std::string::npos) return nullptr;
  try {
    const json copy = json::parse(file.text.substr(line + 1));
    std::vector<PolicyRoot> roots;
    for (const json& root : copy.at("roots")) {
      roots.push_back({unhex(root.at("path").get<std::string>()).value_or(""),
                       unhex(root.at("shown").get<std::string>()).value_or(""), root.at("optional"),
                       root.at("in-git")});
    }
    Texts texts;
    for (const auto& [name, text] : copy.at("files").items()) {
      texts[unhex(name).value_or("")] = text.is_object()
                                            ? unhex(text.at("hex").get<std::string>()).value_or("")
                                            : text.get<std::string>();
    }
    auto policy = load_policy(roots, from_copy(texts));
    // A copy that was tampered with, or cut short, must not become a policy that says nothing.
    if (roots.empty() || policy->sha256 != file.text.substr(0, line)) return nullptr;
    return policy;
  } catch (const json::exception&) {
    return nullptr;
  } catch (const Error&) {
    return nullptr;  // for example written by a build that knew other rules
  }
}

std::string first_mistake(const ConfigError& error) {
  const std::vector<Diagnostic>& list = error.diagnostics().list();
  if (list.empty()) return "unknown mistake";
  // They stand in the order they were found in, which is not that of the file.
  const auto first =
      std::min_element(list.begin(), list.end(), [&](const Diagnostic& a, const Diagnostic& b) {
        return std::tuple(a.where.source != list[0].where.source, a.where.line, a.where.column) <
               std::tuple(b.where.source != list[0].where.source, b.where.line, b.where.column);
      });
  return file_and_line(first->where) + ": " + first->message;
}

// Shows all mistakes. The last root is the policy in Git, if there is one.
std::string check_command(const std::vector<PolicyRoot>& roots) {
  const auto file = std::find_if(roots.rbegin(), roots.rend(),
                                 [](const PolicyRoot& root) { return !root.in_git; });
  return "trunkgate check" + (file == roots.rend() ? std::string() : " " + shell_quote(file->path));
}

// Beside the copy of the last good policy.
std::string parsed_policy(const std::string& last_good) {
  return last_good.substr(0, last_good.rfind('/')) + "/parsed-policy";
}

DocumentCache parsed_before(const std::string& last_good) {
  return DocumentCache(read_file(parsed_policy(last_good), kMaxCopyBytes).text);
}

// What `load` gives, or the last good copy.
PolicyInForce in_force(const std::vector<PolicyRoot>& roots, const std::string& last_good,
                       const std::function<std::unique_ptr<Policy>()>& load) {
  PolicyInForce result;
  try {
    result.policy = load();
    return result;
  } catch (const PolicyMissing& missing) {
    throw Error(ErrorKind::config, std::string("the policy cannot be loaded: ") + missing.what());
  } catch (const ConfigError& mistakes) {
    const std::string first = first_mistake(mistakes);
    const std::size_t count = mistakes.diagnostics().list().size();
    result.policy = load_copy(last_good);
    if (result.policy == nullptr) {
      throw Error(ErrorKind::config,
                  "the policy cannot be loaded: it has " + count_of(count, "mistake", "mistakes") +
                      "; the first is " + first,
                  "an admin finds them all with: " + check_command(roots));
    }
    result.notices.push_back("the policy has " + count_of(count, "mistake", "mistakes") + " (" +
                             first + ");");
    result.notices.push_back(
        "the last good one stays in force; please tell " +
        (result.policy->contact.empty() ? "an admin of this server" : result.policy->contact));
    return result;
  }
}

}  // namespace

std::unique_ptr<Policy> load_policy_and_keep(const std::vector<PolicyRoot>& roots,
                                             const ReadPolicyFile& read,
                                             const std::string& last_good, const Sharing& sharing) {
  Texts texts;
  DocumentCache cache = parsed_before(last_good);
  auto policy = load_policy(roots, recording(read, texts), &cache);
  keep(last_good, *policy, roots, texts, read, sharing);
  // Not synced, either: a file that was cut short is an empty cache.
  if (cache.changed()) {
    write_file(parsed_policy(last_good), cache.bytes(), sharing, Durability::none);
  }
  return policy;
}

PolicyInForce load_policy_in_force(const std::vector<PolicyRoot>& roots, const ReadPolicyFile& read,
                                   const std::string& last_good, const Sharing& sharing) {
  return in_force(roots, last_good,
                  [&] { return load_policy_and_keep(roots, read, last_good, sharing); });
}

PolicyInForce read_policy_in_force(const std::vector<PolicyRoot>& roots, const ReadPolicyFile& read,
                                   const std::string& last_good) {
  return in_force(roots, last_good, [&] {
    DocumentCache cache = parsed_before(last_good);
    return load_policy(roots, read, &cache);
  });
}

}  // namespace trunkgate
