#include "git/ref_name.h"

#include "base/text.h"

namespace trunkgate {

std::optional<std::string> ref_name_mistake(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > 4096) return "it is longer than 4096 bytes";
  if (!name.starts_with("refs/")) return "it does not start with refs/";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return "it has a control character";
    if (c == ' ') return "it has a space";
    if (std::string_view("~^:?*[\\").find(c) != std::string_view::npos) {
      return std::string("it has the character '") + c + "'";
    }
  }
  if (name.find("..") != std::string_view::npos) return "it has '..'";
  if (name.find("@{") != std::string_view::npos) return "it has '@{'";
  if (name.back() == '.') return "it ends with '.'";
  const auto parts = split(name, '/');
  if (parts.size() < 3) return "it has only one part after refs/";
  for (const std::string_view part : parts) {
    if (part.empty()) return "it has an empty part";
    if (part.front() == '.') return "a part starts with '.'";
    if (part.ends_with(".lock")) return "a part ends with '.lock'";
  }
  return std::nullopt;
}

std::string_view short_name(std::string_view name) {
  for (const std::string_view prefix : {"refs/heads/", "refs/tags/"}) {
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  }
  return name;
}

std::string namespace_prefix(std::string_view name) {
  std::string prefix;
  while (!name.empty()) {
    const auto slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (!part.empty()) prefix += "refs/namespaces/" + std::string(part) + "/";
    if (slash == std::string_view::npos) break;
    name.remove_prefix(slash + 1);
  }
  return prefix;
}

}  // namespace trunkgate
