// Credentials and TLS.
#include <fmt/format.h>

#include "events/nats_sink.h"
#include "nats_fixture.h"

namespace trunkgate {
namespace {

// Of an operator, its accounts and a user, made for this test: seeds "operator", "account",
// "system" and "user", and no end of validity.
constexpr const char* kOperator =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJvIiwiaWF0IjoxLCJpc3MiOiJPREZTQ0R"
    "UM1BORU1GNElTNUhNV1E2RTZTRzVNVVZCS1RQS1VKQzQ1VkdVMlYyMzJQU0pZUDNCTSIsIm5hbWUiOiJvIiwic3ViI"
    "joiT0RGU0NEVDNQTkVNRjRJUzVITVdRNkU2U0c1TVVWQktUUEtVSkM0NVZHVTJWMjMyUFNKWVAzQk0iLCJuYXRzIjp"
    "7InR5cGUiOiJvcGVyYXRvciIsInZlcnNpb24iOjJ9fQ.qtjb2LjHP4c3fwaJZT_9kj0F1JVSRRgKu5bcn-jPCFI75w"
    "PwpDU5D9WsJqtt5MRMRlpxAPHJzv4z9EeS1pIzCA";
constexpr const char* kAccount = "ADWW6UB3I2QA54YGX3HKWXEMLHQOAGITEJUD6WVRX7PDUOCOMACEEGMJ";
constexpr const char* kAccountToken =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJhIiwiaWF0IjoxLCJpc3MiOiJPREZTQ0R"
    "UM1BORU1GNElTNUhNV1E2RTZTRzVNVVZCS1RQS1VKQzQ1VkdVMlYyMzJQU0pZUDNCTSIsIm5hbWUiOiJhIiwic3ViI"
    "joiQURXVzZVQjNJMlFBNTRZR1gzSEtXWEVNTEhRT0FHSVRFSlVENldWUlg3UERVT0NPTUFDRUVHTUoiLCJuYXRzIjp"
    "7ImxpbWl0cyI6eyJzdWJzIjotMSwiZGF0YSI6LTEsInBheWxvYWQiOi0xLCJpbXBvcnRzIjotMSwiZXhwb3J0cyI6L"
    "TEsIndpbGRjYXJkcyI6dHJ1ZSwiY29ubiI6LTEsImxlYWYiOi0xLCJtZW1fc3RvcmFnZSI6LTEsImRpc2tfc3RvcmF"
    "nZSI6LTEsInN0cmVhbXMiOi0xLCJjb25zdW1lciI6LTF9LCJ0eXBlIjoiYWNjb3VudCIsInZlcnNpb24iOjJ9fQ.nR"
    "IrCfmZIU6fsIrGIXZltu3ezHetdGJI6rmZpeclPedKshh1lNnERkVkEWvdf6XE_BYrVZNVwQK89-P4pC5qAg";
constexpr const char* kSystem = "ABWXTW2XFFHTCLGA2J46TQMESQ4QBIZBM5UT5XKU5OVHRM2O4NCKJEXO";
constexpr const char* kSystemToken =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJzIiwiaWF0IjoxLCJpc3MiOiJPREZTQ0R"
    "UM1BORU1GNElTNUhNV1E2RTZTRzVNVVZCS1RQS1VKQzQ1VkdVMlYyMzJQU0pZUDNCTSIsIm5hbWUiOiJzIiwic3ViI"
    "joiQUJXWFRXMlhGRkhUQ0xHQTJKNDZUUU1FU1E0UUJJWkJNNVVUNVhLVTVPVkhSTTJPNE5DS0pFWE8iLCJuYXRzIjp"
    "7ImxpbWl0cyI6eyJzdWJzIjotMSwiZGF0YSI6LTEsInBheWxvYWQiOi0xLCJpbXBvcnRzIjotMSwiZXhwb3J0cyI6L"
    "TEsIndpbGRjYXJkcyI6dHJ1ZSwiY29ubiI6LTEsImxlYWYiOi0xLCJtZW1fc3RvcmFnZSI6MCwiZGlza19zdG9yYWd"
    "lIjowLCJzdHJlYW1zIjowLCJjb25zdW1lciI6MH0sInR5cGUiOiJhY2NvdW50IiwidmVyc2lvbiI6Mn19.m8YLd5de"
    "RtlU9DEfVNf-S4MDOHPCVLwGGhckfSNPV6pYzWjAGeR5sIoBbhvYqNWBxaK98nGYruN1pNK3G3YgCA";
constexpr const char* kUserToken =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJ1IiwiaWF0IjoxLCJpc3MiOiJBRFdXNlV"
    "CM0kyUUE1NFlHWDNIS1dYRU1MSFFPQUdJVEVKVUQ2V1ZSWDdQRFVPQ09NQUNFRUdNSiIsIm5hbWUiOiJ1Iiwic3ViI"
    "joiVUFIVlVXU0w3NVNJV1BQQk5QVVFHQ1pBNEdPVEFYWk9VVU9KMlpBNEdKSVVIU01SNEZXUTVCT1UiLCJuYXRzIjp"
    "7InN1YnMiOi0xLCJkYXRhIjotMSwicGF5bG9hZCI6LTEsInR5cGUiOiJ1c2VyIiwidmVyc2lvbiI6Mn19.KF80zUsA"
    "PEvgK9N399ye0ybelVKjMTbgbWQj7lJdW248pPgf94SFxgvpae9j-uyIhotdcUzAUDXYFtz9Mi8pCg";
constexpr const char* kUserSeed = "SUAHK43FOIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHXTA";

class NatsAccessTest : public NatsFixture {
 protected:
  // An authority and the server's certificate for 127.0.0.1, made by it.
  std::string make_certificates() const {
    std::ofstream(root_ + "/names") << "subjectAltName=IP:127.0.0.1\n";
    const std::string in_root = "cd '" + root_ + "' && exec 2>/dev/null && ";
    const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
    for (const std::string& name : {std::string("ca"), std::string("other")}) {
      run(in_root + "openssl req -x509 " + key + "-keyout " + name + ".key -out " + name +
          ".pem -days 2 -subj /CN=" + name);
    }
    run(in_root + "openssl req " + key + "-keyout server.key -out server.csr -subj /CN=server");
    run(in_root +
        "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
        "-extfile names -out server.pem");
    return "tls { cert_file: \"" + root_ + "/server.pem\", key_file: \"" + root_ +
           "/server.key\" }\n";
  }
  static void run(const std::string& command) {
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  std::vector<DeliveryOutcome> deliver(const std::string& ca_file, const std::string& url) {
    SinkSettings settings = this->settings();
    auto& nats = std::get<NatsSettings>(settings.receiver);
    nats.servers = {url};
    nats.ca_file = ca_file.empty() ? "" : root_ + "/" + ca_file;
    return sink(settings)->deliver(events(1, 1));
  }
  void wait_for_start(const NatsServer& server) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (server.log().find("Server is ready") == std::string::npos &&
           std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
};

TEST_F(NatsAccessTest, SpeaksTlsWithServersWhoseAuthorityIsTrusted) {
  const NatsServer& server = start_server(make_certificates());
  wait_for_start(server);
  EXPECT_EQ(states(deliver("ca.pem", server.url("tls"))), "d");
  // With a file of certificates, TLS is meant.
  EXPECT_EQ(states(deliver("ca.pem", server.url("nats"))), "d");
}

TEST_F(NatsAccessTest, RefusesServersThatNobodyVouchesFor) {
  const NatsServer& server = start_server(make_certificates());
  wait_for_start(server);
  for (const std::string ca : {"", "other.pem"}) {
    const auto outcomes = deliver(ca, server.url("tls"));
    EXPECT_EQ(states(outcomes), "f");
    EXPECT_EQ(outcomes[0].reason, "cannot connect to " + server.url().substr(7) + ": SSL Error");
  }
}

TEST_F(NatsAccessTest, RefusesACertificateForAnotherName) {
  const NatsServer& server = start_server(make_certificates());
  wait_for_start(server);
  const std::string port = server.url().substr(server.url().rfind(':'));
  const auto outcomes = deliver("ca.pem", "tls://localhost" + port);
  EXPECT_EQ(states(outcomes), "f");
  EXPECT_EQ(outcomes[0].reason, "cannot connect to localhost" + port + ": SSL Error");
}

TEST_F(NatsAccessTest, NeverFallsBackToNoTls) {
  const NatsServer& server = start_server();
  reader();
  const auto outcomes = deliver("", server.url("tls"));
  EXPECT_EQ(states(outcomes), "f");
  EXPECT_EQ(outcomes[0].reason,
            "cannot connect to " + server.url().substr(7) + ": Secure Connection not available");
}

TEST_F(NatsAccessTest, SaysWhichCertificatesCannotBeRead) {
  const auto outcomes = deliver("missing.pem", "tls://127.0.0.1:1");
  EXPECT_EQ(outcomes[0].reason, "cannot read certificates in " + root_ + "/missing.pem");
}

TEST_F(NatsAccessTest, ShowsNoSecretOfTheServersAddress) {
  const NatsServer& server =
      start_server("authorization { user: bob, password: \"correct-horse\" }\n");
  wait_for_start(server);
  const std::string host = server.url().substr(7);
  EXPECT_EQ(states(deliver("", "nats://bob:correct-horse@" + host)), "d");
  const auto outcomes = deliver("", "nats://bob:wrong-horse@" + host);
  EXPECT_EQ(states(outcomes), "f");
  EXPECT_EQ(outcomes[0].reason, "cannot connect to " + host + ": Authentication Violation");
}

TEST_F(NatsAccessTest, ShowsItsCredentials) {
  const NatsServer& server =
      start_server(fmt::format("operator: {}\nsystem_account: {}\nresolver: "
                               "MEMORY\nresolver_preload: {{ {}: {}, {}: {} }}\n",
                               kOperator, kSystem, kSystem, kSystemToken, kAccount, kAccountToken));
  wait_for_start(server);
  SinkSettings settings = this->settings();
  auto& nats = std::get<NatsSettings>(settings.receiver);
  nats.credentials_file = root_ + "/user.creds";
  const auto put = [&](const std::string& seed) {
    std::ofstream(nats.credentials_file)
        << "-----BEGIN NATS USER JWT-----\n"
        << kUserToken << "\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n"
        << seed << "\n------END USER NKEY SEED------\n";
    std::filesystem::permissions(nats.credentials_file, std::filesystem::perms(0600));
  };
  put(kUserSeed);
  EXPECT_EQ(states(sink(settings)->deliver(events(1, 1))), "d");
  for (const std::string wrong : {"SUAM", "not a seed at all"}) {
    put(wrong);
    const auto outcomes = sink(settings)->deliver(events(1, 1));
    EXPECT_EQ(states(outcomes), "f");
    EXPECT_EQ(outcomes[0].reason.find(wrong), std::string::npos) << outcomes[0].reason;
  }
  nats.credentials_file.clear();
  EXPECT_EQ(sink(settings)->deliver(events(1, 1))[0].reason,
            "cannot connect to " + server.url().substr(7) + ": Authentication Violation");
}

TEST_F(NatsAccessTest, SaysWhatIsNotPermitted) {
  start_server(R"(authorization { users: [
    { user: a, password: b }
    { user: bob, password: c, permissions: { publish: { deny: "git.*.*.ref%2Eupdated" } } } ] })");
  wait_for_start(*servers_.back());
  const std::string host = servers_.back()->url().substr(7);
  const auto outcomes = deliver("", "nats://bob:c@" + host);
  EXPECT_EQ(states(outcomes), "f");
  EXPECT_EQ(outcomes[0].reason,
            "stream GIT gave no answer in 5 s (Permissions Violation for Publish to "
            "\"git.h1%2Eexample.ml/trainer.ref%2Eupdated\")");
}

TEST_F(NatsAccessTest, SaysWhatIsWrongWithTheCredentials) {
  SinkSettings settings = this->settings();
  auto& nats = std::get<NatsSettings>(settings.receiver);
  nats.servers = {"nats://127.0.0.1:1"};
  nats.credentials_file = root_ + "/user.creds";
  EXPECT_EQ(sink(settings)->deliver(events(1, 1))[0].reason,
            "cannot read the secret in " + root_ + "/user.creds: No such file or directory");
  std::ofstream(root_ + "/user.creds") << "SUAM";
  std::filesystem::permissions(root_ + "/user.creds", std::filesystem::perms(0644));
  EXPECT_EQ(sink(settings)->deliver(events(1, 1))[0].reason,
            "the secret in " + root_ + "/user.creds is open to others");
}

}  // namespace
}  // namespace trunkgate
