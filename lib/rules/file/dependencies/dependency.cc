#include "rules/file/dependencies/dependency.h"

#include <algorithm>

#include "base/text.h"

namespace trunkgate {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_hex(std::string_view text, std::size_t size) {
  return text.size() == size &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

}  // namespace

DependencyFile dependency_file(std::string_view path) {
  const std::string name = ascii_lower(path.substr(path.rfind('/') + 1));
  for (const std::string_view word : {"dockerfile", "containerfile"}) {
    if (name == word || name.starts_with(std::string(word) + ".") ||
        name.ends_with("." + std::string(word))) {
      return DependencyFile::dockerfile;
    }
  }
  switch (config_format(name).value_or(ConfigFormat::yaml)) {
    case ConfigFormat::toml:
      return DependencyFile::pyproject;
    case ConfigFormat::json:
      return DependencyFile::npm;
    case ConfigFormat::yaml:
      break;
  }
  return config_format(name) ? DependencyFile::conda : DependencyFile::requirements;
}

std::string_view pinned_form(DependencyFile file) {
  switch (file) {
    case DependencyFile::requirements:
    case DependencyFile::pyproject:
      return "NAME==VERSION";
    case DependencyFile::conda:
      return "NAME=VERSION=BUILD or NAME==VERSION";
    case DependencyFile::npm:
      return "\"NAME\": \"1.2.3\"";
    case DependencyFile::dockerfile:
      return "NAME:1.2.3 or NAME@sha256:DIGEST";
  }
  return "NAME==VERSION";
}

Dependencies read_dependencies(std::string_view text, DependencyFile file) {
  Dependencies out;
  switch (file) {
    case DependencyFile::requirements:
      read_requirements(text, out);
      break;
    case DependencyFile::pyproject:
      read_pyproject(text, out);
      break;
    case DependencyFile::conda:
      read_conda(text, out);
      break;
    case DependencyFile::npm:
      read_package_json(text, out);
      break;
    case DependencyFile::dockerfile:
      read_dockerfile(text, out);
      break;
  }
  return out;
}

std::string normal_name(std::string_view name) {
  std::string normal;
  for (const char c : ascii_lower(name)) {
    if (c != '-' && c != '_' && c != '.') {
      normal += c;
    } else if (!normal.ends_with('-')) {
      normal += '-';
    }
  }
  return normal;
}

bool is_exact_version(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  return !version.empty() && is_digit(version.front()) &&
         std::all_of(version.begin(), version.end(), [](char c) {
           return is_alphanumeric(c) || c == '.' || c == '+' || c == '-' || c == '_' || c == '!';
         });
}

bool is_full_version(std::string_view version) {
  if (!is_exact_version(version)) return false;
  if (version.starts_with('v')) version.remove_prefix(1);
  const std::string_view numbers = version.substr(0, version.find_first_not_of("0123456789."));
  const std::vector<std::string_view> parts = split(numbers, '.');
  return parts.size() >= 3 && !parts[1].empty() && !parts[2].empty();
}

bool is_pinned_url(std::string_view url) {
  const auto fragment_at = url.find('#');
  const std::string_view fragment =
      fragment_at == std::string_view::npos ? "" : url.substr(fragment_at + 1);
  for (const std::string_view part : split(fragment, '&')) {
    if (part.starts_with("sha256=") && is_hex(part.substr(7), 64)) return true;
  }
  if (is_hex(fragment, 40) || is_hex(fragment, 64)) return true;
  const std::string_view base = url.substr(0, fragment_at);
  const auto at = base.rfind('@');
  if (at == std::string_view::npos) return false;
  return is_hex(base.substr(at + 1), 40) || is_hex(base.substr(at + 1), 64);
}

}  // namespace trunkgate
