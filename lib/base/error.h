// The one exception type: "could not decide". A rejected push is a value, never an exception.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace trunkgate {

enum class ErrorKind {
  usage,       // the caller's words are off
  config,      // a policy that cannot be used
  repository,  // an object, a reference or the repository cannot be read
  delivery,    // a spool file, a journal or a sink cannot be written
  internal,    // anything else
};

class Error : public std::runtime_error {
 public:
  // `message` says what went wrong, `hint` what to do about it (may be empty).
  Error(ErrorKind kind, const std::string& message, std::string hint = {})
      : std::runtime_error(message), kind_(kind), hint_(std::move(hint)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& hint() const { return hint_; }

 private:
  ErrorKind kind_;
  std::string hint_;
};

}  // namespace trunkgate
