#include "policy/receiver_values.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/text.h"

namespace trunkgate {

using std::chrono::seconds;

// A text at the key; other kinds are reported.
const Node* scalar_at(const OptionReader& reader, const Option<std::string>& option) {
  const Node* node = reader.find(option.info.name);
  std::string text;
  if (node == nullptr || !OptionType<std::string>::read(*node, reader.diagnostics(), text)) {
    return nullptr;
  }
  return node;
}

// A list's texts, or the one text that stands for it.
std::vector<const Node*> scalars_at(const OptionReader& reader,
                                    const Option<std::vector<std::string>>& option) {
  const Node* node = reader.find(option.info.name);
  std::vector<std::string> texts;
  std::vector<const Node*> nodes;
  if (node == nullptr ||
      !OptionType<std::vector<std::string>>::read(*node, reader.diagnostics(), texts)) {
    return nodes;
  }
  if (node->kind == Node::Kind::scalar) nodes.push_back(node);
  for (const Node& item : node->items) nodes.push_back(&item);
  return nodes;
}

void ReceiverValues::complain(const Node& node, std::string_view key, const NameMistake& mistake) {
  diagnostics_.error(node.where, "'" + std::string(key) + "' " + mistake.message,
                     mistake.suggestion);
}

// The map without them: each would be an unknown key, shown with its value.
Node ReceiverValues::without_secrets(const Node& map, std::span<const SecretKey> keys) {
  Node rest = map;
  std::erase_if(rest.entries, [&](const Entry& entry) {
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const SecretKey& key) { return key.key == entry.key; });
    if (found == keys.end()) return false;
    secrets_.add(entry.value);
    diagnostics_.error(entry.key_where,
                       "a policy holds no secrets: everybody who may read it would know them",
                       "'" + std::string(found->file_key) + "' names a file that holds it");
    return true;
  });
  return rest;
}

std::string ReceiverValues::path_of(const Node& node, std::string_view key) {
  if (node.text.empty() || node.text.ends_with('/')) {
    complain(node, key, {node.text.empty() ? "is empty" : "ends with '/', and it names a file"});
    return {};
  }
  const std::string path = node.text.starts_with('/') ? node.text : folder_ + node.text;
  return std::filesystem::absolute(path).lexically_normal().string();
}

std::string ReceiverValues::path_at(const OptionReader& reader, const Text& option) {
  const Node* node = scalar_at(reader, option);
  return node == nullptr ? std::string() : path_of(*node, option.info.name);
}

std::string ReceiverValues::secret_path_at(const OptionReader& reader, const Text& option) {
  const Node* node = scalar_at(reader, option);
  if (node == nullptr) return {};
  if (!looks_like_secret(node->text)) return path_of(*node, option.info.name);
  secrets_.add(*node);
  complain(*node, option.info.name,
           {"names a file, and this looks like what should stand in it",
            "put it into a file with mode 0600; a file of such a name is './NAME'"});
  return {};
}

std::string ReceiverValues::url_of(const Node& node, std::string_view key, const UrlShape& shape,
                                   std::string_view instead) {
  if (holds_user(node.text)) {
    secrets_.add(node);
    complain(node, key, {"must not hold a user or a password", "say " + std::string(instead)});
    return {};
  }
  if (const auto mistake = url_mistake(node.text, shape)) {
    complain(node, key, *mistake);
    return {};
  }
  return node.text;
}

std::string ReceiverValues::text_at(const OptionReader& reader, const Text& option, Judge judge) {
  if (const Node* node = scalar_at(reader, option); node != nullptr) {
    const auto mistake = judge(node->text);
    if (!mistake) return node->text;
    complain(*node, option.info.name, *mistake);
  }
  return std::string(option.info.fallback);
}

std::vector<std::string> ReceiverValues::texts_at(const OptionReader& reader, const Texts& option,
                                                  Judge judge) {
  std::vector<std::string> texts;
  for (const Node* node : scalars_at(reader, option)) {
    if (const auto mistake = judge(node->text)) {
      diagnostics_.error(node->where, "'" + printable(node->text, 60) + "' " + mistake->message,
                         mistake->suggestion);
    } else {
      texts.push_back(node->text);
    }
  }
  return texts;
}

seconds ReceiverValues::duration_at(const OptionReader& reader, const Option<seconds>& option,
                                    seconds least, seconds most, std::string_view words) {
  const seconds value = reader.get(option);
  if (value >= least && value <= most) return value;
  complain(*reader.find(option.info.name), option.info.name, {"is " + std::string(words)});
  return least;
}

}  // namespace trunkgate
