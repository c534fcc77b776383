// What files of several tools say a project is built from. Private to drifting-dependency.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_file.h"

namespace trunkgate {

struct Dependency {
  std::string name;     // as written, raw bytes: "Torch", "nvcr.io/nvidia/pytorch"
  std::string version;  // "2.1.0", ">=2", "3.11@sha256:..."; empty when any will do
  bool pinned = false;  // the version names exactly one
  std::size_t line = 0;
};

struct Dependencies {
  std::vector<Dependency> list;
  std::vector<ConfigMistake> mistakes;  // the file cannot be read
};

enum class DependencyFile { requirements, pyproject, conda, npm, dockerfile };

// By the name of the file; what has no well-known one is read as requirements, unless its extension
// says otherwise.
DependencyFile dependency_file(std::string_view path);
// How a pinned one is written: "NAME==VERSION".
std::string_view pinned_form(DependencyFile file);
Dependencies read_dependencies(std::string_view text, DependencyFile file);

// PEP 503: letter case and runs of '-', '_' and '.' tell no two names apart.
std::string normal_name(std::string_view name);

// One parser for each kind; hostile bytes give odd names or mistakes, never more.
void read_requirements(std::string_view text, Dependencies& out);
void read_pyproject(std::string_view text, Dependencies& out);
void read_conda(std::string_view text, Dependencies& out);
void read_package_json(std::string_view text, Dependencies& out);
void read_dockerfile(std::string_view text, Dependencies& out);

// One requirement of PEP 508, or a URL or path with a name in it; nothing for options and blanks.
void read_requirement(std::string_view text, std::size_t line, Dependencies& out);

// "2.1.0", "2.1.0+cu118", "v1.2-rc.1": one version and no pattern.
bool is_exact_version(std::string_view version);
// At least three numbers: "1.2.3-beta".
bool is_full_version(std::string_view version);
// Ends with the full id of a commit behind '@' or '#', or with a checksum.
bool is_pinned_url(std::string_view url);

}  // namespace trunkgate
