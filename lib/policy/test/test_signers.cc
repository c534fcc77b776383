#include "policy/test/test_signers.h"

#include "base/child_process.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxKeyBytes = 4096;

ChildResult ssh_keygen(std::vector<std::string> arguments, std::string_view input = {}) {
  ChildRequest request;
  request.argv = std::move(arguments);
  request.argv.insert(request.argv.begin(), "ssh-keygen");
  request.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C"};
  request.input = input;
  ChildResult result = run_child(request);
  if (!result.succeeded()) {
    throw Error(ErrorKind::repository,
                "ssh-keygen, which signs for 'signed', failed: " +
                    printable(result.started ? trim(result.errors) : result.start_error));
  }
  return result;
}

// A user's name can be anything; a file's cannot.
std::string key_file(const std::string& folder, const std::string& user) {
  return folder + "/key-" + sha256(user).substr(0, 16);
}

}  // namespace

TestSigners::TestSigners(const TestFile& file, const std::string& scratch) : folder_(scratch) {
  const auto add_all = [&](const std::vector<TestRef>& refs) {
    for (const TestRef& ref : refs) {
      for (const TestCommit& commit : ref.commits) {
        if (commit.signer) add(*commit.signer);
      }
      if (ref.tag && ref.tag->signer) add(*ref.tag->signer);
    }
  };
  for (const TestCase& test : file.cases) {
    add_all(test.given);
    add_all(test.push.refs);
  }
}

void TestSigners::add(const std::string& user) {
  if (users_.contains(user)) return;
  const std::string path = key_file(folder_, user);
  ssh_keygen({"-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path});
  const FileText key = read_file(path + ".pub", kMaxKeyBytes);
  users_[user].keys = {std::string(trim(key.text))};
}

std::string TestSigners::sign(const std::string& user, std::string_view bytes) const {
  std::string signature =
      ssh_keygen({"-Y", "sign", "-q", "-n", "git", "-f", key_file(folder_, user)}, bytes).output;
  if (!signature.ends_with('\n')) signature += '\n';
  return signature;
}

}  // namespace trunkgate
