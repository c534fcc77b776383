// Links when a static hook can be linked: see dependencies.cmake.
#include <git2.h>
#include <mbedtls/sha256.h>
#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

int main() {
  unsigned char digest[32];
  return git_libgit2_init() > 0 && RE2::FullMatch("a", "a") && YAML::Load("a: 1").IsMap() &&
                 mbedtls_sha256_ret(digest, 0, digest, 0) == 0
             ? 0
             : 1;
}
