// Mistakes in a policy: where each is, what it is, what was probably meant.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace trunkgate {

// One file as it was read; shared by all nodes and mistakes that point into it.
struct Source {
  std::string path;  // as shown to people
  std::string text;
};

// A place in a source. Line and column are 1-based; the column counts code points.
struct Location {
  std::shared_ptr<const Source> source;
  std::size_t line = 1;
  std::size_t column = 1;
  std::size_t length = 1;  // code points to underline, at least 1
};

// "policy.yaml:14" for messages to pushers.
std::string file_and_line(const Location& where);

enum class Severity { error, warning };

struct Diagnostic {
  Location where;
  std::string message;     // "unknown key 'sevrity' in a rule"
  std::string suggestion;  // "did you mean 'severity'?"; may be empty
  Severity severity = Severity::error;
};

// Collects mistakes; nothing is thrown until all of them are known.
class Diagnostics {
 public:
  void error(const Location& where, std::string message, std::string suggestion = {});

  // What an admin may have meant, and most likely has not: the policy is taken all the same, and
  // `trunkgate check` says it.
  void warning(const Location& where, std::string message, std::string suggestion = {});

  bool empty() const { return list_.empty(); }  // there are no mistakes

  // The text could not be read to its end: what stands in the tree says nothing about the rest, so
  // complaints about it would only lead astray.
  void mark_unreadable() { unreadable_ = true; }
  bool unreadable() const { return unreadable_; }
  const std::vector<Diagnostic>& list() const { return list_; }
  const std::vector<Diagnostic>& warnings() const { return warnings_; }

  // All mistakes and warnings in the order of file and position, each as
  //   policy.yaml:14:7: error: unknown key 'sevrity' in a rule
  //      14 |       sevrity: error
  //         |       ^~~~~~~ did you mean 'severity'?
  // and a last line "2 mistakes" ("1 mistake", "1 mistake, 2 warnings"). Every byte of the source
  // is made printable; a line over 100 columns is cut around the caret. At most `limit` mistakes
  // are shown, then a count.
  std::string render(std::size_t limit = 100) const;

 private:
  std::vector<Diagnostic> list_;
  std::vector<Diagnostic> warnings_;
  bool unreadable_ = false;
};

// A policy with mistakes; what() is the rendered text.
class ConfigError : public Error {
 public:
  explicit ConfigError(Diagnostics diagnostics);
  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  Diagnostics diagnostics_;
};

}  // namespace trunkgate
