// Owns libgit2 objects and checks every call. Included by lib/git/*.cc only.
#pragma once

#include <git2.h>

#include <memory>
#include <string>

#include "base/error.h"
#include "git/object_id.h"

namespace trunkgate::git {

// Settings of the whole process, made before libgit2 is first used. In repository.cc.
void start_libgit2();

struct Free {
  void operator()(git_repository* p) const { git_repository_free(p); }
  void operator()(git_odb* p) const { git_odb_free(p); }
  void operator()(git_odb_object* p) const { git_odb_object_free(p); }
  void operator()(git_reference* p) const { git_reference_free(p); }
  void operator()(git_reference_iterator* p) const { git_reference_iterator_free(p); }
  void operator()(git_object* p) const { git_object_free(p); }
  void operator()(git_tree* p) const { git_tree_free(p); }
  void operator()(git_diff* p) const { git_diff_free(p); }
  void operator()(git_patch* p) const { git_patch_free(p); }
  void operator()(git_config* p) const { git_config_free(p); }
};

template <typename T>
using Handle = std::unique_ptr<T, Free>;

// libgit2's own words for the last failure; it may have none even after one.
inline std::string last_error() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "unknown error";
}

[[noreturn]] inline void fail(const std::string& what) {
  throw Error(ErrorKind::repository, what + ": " + last_error());
}

// Throws Error(repository) when `code` is a failure.
inline void check(int code, const std::string& what) {
  if (code < 0) fail(what);
}

// Calls a libgit2 function whose first argument is the handle to fill, checks it, owns the result.
template <typename T, typename Call, typename... Arguments>
Handle<T> acquire(const std::string& what, Call call, Arguments... arguments) {
  T* raw = nullptr;
  check(call(&raw, arguments...), what);
  return Handle<T>(raw);
}

inline git_oid to_oid(const ObjectId& id) {
  git_oid oid;
  git_oid_fromraw(&oid, id.bytes());
  return oid;
}

inline ObjectId from_oid(const git_oid& oid) { return ObjectId(oid.id); }

}  // namespace trunkgate::git
