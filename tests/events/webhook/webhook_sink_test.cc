#include "events/webhook_sink.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "webhook_fixture.h"

namespace trunkgate {
namespace {

class WebhookSinkTest : public WebhookFixture {};

TEST_F(WebhookSinkTest, PostsAnEventAsItIs) {
  HttpReceiver receiver(kAccept);
  const auto webhook = sink(receiver.url() + "?a=b#c");
  EXPECT_EQ(deliver(*webhook, {"a1"}, receiver.port()), Outcomes{"delivered"});
  EXPECT_EQ(webhook->name(), "webhook ci");
  ASSERT_EQ(receiver.requests().size(), 1U);
  const ReceivedRequest request = receiver.requests()[0];
  EXPECT_EQ(request.line, "POST /hook?a=b HTTP/1.1");
  EXPECT_EQ(request.body, R"({"id":"evt_a1"})");
  const std::map<std::string, std::string> headers{
      {"accept", "*/*"},
      {"content-length", "15"},
      {"content-type", "application/cloudevents+json; charset=utf-8"},
      {"host", "127.0.0.1:" + receiver.port()},
      {"user-agent", "trunkgate"},
      {"webhook-id", "evt_a1"},
      {"webhook-timestamp", "1700000000"},
      {"x-hook-attempt", "1"}};
  EXPECT_EQ(request.headers, headers);
}

TEST_F(WebhookSinkTest, SignsTheBytesItSends) {
  HttpReceiver receiver(kAccept);
  settings_.secret_file = write("key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\nsecond\n");
  settings_.token_file = write("token", "letmein\n");
  deliver(*sink(receiver.url()), {"a1"}, receiver.port());
  auto headers = receiver.requests().at(0).headers;
  // Made with Python's hmac.
  EXPECT_EQ(headers["webhook-signature"],
            "v1,/sgahAZHoiylaoHg9+Z38J82okvX+JqyV3pv3A22sLI= "
            "v1,OlAByTGIEN9c7PbGTsz17BkYlR8FLsos+JiJx3k+WlU=");
  EXPECT_EQ(headers["x-hub-signature-256"],
            "sha256=ce53775b8efd7b0da6d6cce541a0643278dfe33ca780d526084a237f1f3a3bf6");
  EXPECT_EQ(headers["authorization"], "Bearer letmein");
}

TEST_F(WebhookSinkTest, SignsAndNamesItselfInTheWayOfEachProduct) {
  HttpReceiver receiver(kAccept);
  settings_.secret_file = write("key", "second");
  settings_.token_file = write("token", "letmein");
  Delivery push = event("a1");
  push.json = R"({"id":"evt_a1","type":"dev.trunkgate.ref.updated.v1","data":{"change":)"
              R"({"ref":{"name":"refs/heads/x","kind":"branch"},"before":"1","after":"2"}}})";
  const auto headers = [&](WebhookSettings::Style style) {
    settings_.style = style;
    sink(receiver.url())->deliver(std::vector{push});
    const ReceivedRequest request = receiver.requests().back();
    std::string result;
    for (const auto& [name, value] : request.headers) {
      const bool ours =
          name.starts_with("x-g") || name.starts_with("x-hub") || name == "authorization";
      const std::string signature = hex(hmac_sha256("second", request.body));
      const auto at = value.find(signature);
      if (ours) {
        result += name + ": " +
                  (at == std::string::npos ? value : value.substr(0, at) + "SIGNATURE") + "\n";
      }
    }
    return result;
  };
  EXPECT_EQ(headers(WebhookSettings::Style::github),
            "authorization: Bearer letmein\n"
            "x-github-delivery: 6e5657ff-5cdd-cfb0-515b-b89dcba5ef70\n"
            "x-github-event: push\n"
            "x-hub-signature-256: sha256=SIGNATURE\n");
  EXPECT_EQ(headers(WebhookSettings::Style::gitlab),
            "x-gitlab-event: Push Hook\n"
            "x-gitlab-event-uuid: e3b0c442-98fc-1c14-9afb-f4c8996fb924\n"
            "x-gitlab-token: letmein\n"
            "x-hub-signature-256: sha256=SIGNATURE\n");
  EXPECT_EQ(headers(WebhookSettings::Style::gitea),
            "authorization: Bearer letmein\n"
            "x-gitea-delivery: 6e5657ff-5cdd-cfb0-515b-b89dcba5ef70\n"
            "x-gitea-event: push\n"
            "x-gitea-event-type: push\n"
            "x-gitea-signature: SIGNATURE\n"
            "x-github-delivery: 6e5657ff-5cdd-cfb0-515b-b89dcba5ef70\n"
            "x-github-event: push\n"
            "x-github-event-type: push\n"
            "x-gogs-delivery: 6e5657ff-5cdd-cfb0-515b-b89dcba5ef70\n"
            "x-gogs-event: push\n"
            "x-gogs-event-type: push\n"
            "x-gogs-signature: SIGNATURE\n"
            "x-hub-signature-256: sha256=SIGNATURE\n");
}

TEST_F(WebhookSinkTest, RepeatsTheSameBytesWithANewTimestampOnly) {
  HttpReceiver receiver(kAccept);
  const auto webhook = sink(receiver.url());
  Delivery again = event("a1");
  again.attempt = 7;
  webhook->deliver(std::vector{event("a1")});
  webhook->deliver(std::vector{again});
  auto requests = receiver.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[1].body, requests[0].body);
  EXPECT_EQ(requests[1].headers["x-hook-attempt"], "7");
  requests[1].headers["x-hook-attempt"] = "1";
  EXPECT_EQ(requests[1].headers, requests[0].headers);
}

TEST_F(WebhookSinkTest, SendsThoseOfAPartitionInOrderAndNothingAfterAFailure) {
  HttpReceiver receiver([](const ReceivedRequest& request) {
    if (request.headers.at("webhook-id") == "evt_a2") return status("500 No");
    return ReceiverAnswer{
        .delay = std::chrono::milliseconds{request.headers.at("webhook-id") == "evt_b1" ? 200 : 0}};
  });
  EXPECT_EQ(deliver(*sink(receiver.url()), {"a1", "b1", "a2", "a3", "b2", "c1"}, receiver.port()),
            (Outcomes{"delivered", "delivered", "failed: 127.0.0.1:PORT has answered 500",
                      "skipped", "delivered", "delivered"}));
  std::vector<std::string> a;
  std::vector<std::string> b;
  for (const std::string& name : bodies(receiver)) {
    if (name[0] == 'a') a.push_back(name);
    if (name[0] == 'b') b.push_back(name);
  }
  EXPECT_EQ(a, (std::vector<std::string>{"a1", "a2"}));
  EXPECT_EQ(b, (std::vector<std::string>{"b1", "b2"}));
}

TEST_F(WebhookSinkTest, HasFourRequestsInFlightAtMostAndUsesTheirConnectionsAgain) {
  HttpReceiver receiver([](const ReceivedRequest&) {
    return ReceiverAnswer{.delay = std::chrono::milliseconds{50}};
  });
  const auto webhook = sink(receiver.url());
  const std::vector<std::string> names{"a1", "b1", "c1", "d1", "e1", "f1", "g1", "h1", "a2"};
  EXPECT_EQ(deliver(*webhook, names, receiver.port()), Outcomes(9, "delivered"));
  EXPECT_EQ(receiver.most_at_once(), 4);
  EXPECT_EQ(deliver(*webhook, names, receiver.port()), Outcomes(9, "delivered"));
  EXPECT_EQ(receiver.connections(), 4U);
}

TEST_F(WebhookSinkTest, HasOneRequestOfAPartitionInFlight) {
  HttpReceiver receiver([](const ReceivedRequest&) {
    return ReceiverAnswer{.delay = std::chrono::milliseconds{20}};
  });
  EXPECT_EQ(deliver(*sink(receiver.url()), {"a1", "a2", "a3"}, receiver.port()),
            Outcomes(3, "delivered"));
  EXPECT_EQ(receiver.most_at_once(), 1);
}

TEST_F(WebhookSinkTest, DoesNotCallAnAddressOfTheOwnNetworkThatIsNotAllowed) {
  HttpReceiver receiver(kAccept);
  settings_.allow = {};
  const std::string port = receiver.port();
  const std::pair<const char*, const char*> kHosts[] = {
      {"127.0.0.1", "127.0.0.1:PORT is not called: 127.0.0.1 is a loopback address"},
      {"2130706433", "127.0.0.1:PORT is not called: 127.0.0.1 is a loopback address"},
      {"0x7f.1", "127.0.0.1:PORT is not called: 127.0.0.1 is a loopback address"},
      {"[::ffff:127.0.0.1]",
       "[::ffff:127.0.0.1]:PORT is not called: 127.0.0.1 is a loopback address"},
      {"0.0.0.0", "0.0.0.0:PORT is not called: 0.0.0.0 is an unspecified address"},
      {"169.254.169.254",
       "169.254.169.254:PORT is not called: 169.254.169.254 is a link-local address"}};
  for (const auto& [host, expected] : kHosts) {
    const std::string url = std::string("http://") + host + ":" + port + "/latest/meta-data";
    EXPECT_EQ(deliver(*sink(url), {"a1"}, port),
              Outcomes{std::string("failed: ") + expected + ", which `allow` does not name"});
  }
  EXPECT_EQ(deliver(*sink("http://localhost:" + port), {"a1"}, port).at(0).substr(0, 37),
            "failed: localhost:PORT is not called:");
  EXPECT_EQ(receiver.connections(), 0U);
  settings_.allow = {"LOCALHOST"};
  EXPECT_EQ(deliver(*sink("http://localhost:" + port), {"a1"}, port), Outcomes{"delivered"});
}

TEST_F(WebhookSinkTest, SendsNothingWithASecretThatCannotBeUsed) {
  HttpReceiver receiver(kAccept);
  const auto refusal = [&] {
    try {
      sink(receiver.url())->deliver(events({"a1"}));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("delivered");
  };
  settings_.token_file = write("token", "one\r\nX-Evil: two");
  EXPECT_EQ(refusal(), "the token in " + settings_.token_file + " is not one word of ASCII");
  settings_.token_file.clear();
  settings_.secret_file = folder_.path() + "/none";
  EXPECT_EQ(refusal(),
            "cannot read the secret in " + settings_.secret_file + ": No such file or directory");
  settings_.secret_file = write("key", "whsec_!");
  EXPECT_EQ(refusal(), "line 1 of " + settings_.secret_file + " has no base64 after \"whsec_\"");
  EXPECT_EQ(receiver.connections(), 0U);
}

TEST_F(WebhookSinkTest, ReadsSecretsAnewForEachPass) {
  HttpReceiver receiver(kAccept);
  settings_.token_file = write("token", "old");
  const auto webhook = sink(receiver.url());
  webhook->deliver(events({"a1"}));
  write("token", "new");
  webhook->deliver(events({"a2"}));
  EXPECT_EQ(receiver.requests().at(0).headers["authorization"], "Bearer old");
  EXPECT_EQ(receiver.requests().at(1).headers["authorization"], "Bearer new");
}

TEST_F(WebhookSinkTest, IsNotMadeForAUrlThatCannotBeUsed) {
  const auto refusal = [&](const std::string& url) {
    try {
      sink(url);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("made");
  };
  EXPECT_EQ(refusal("https://alice:s3cret@ci.example/"), "webhook ci has a URL with a user");
  EXPECT_EQ(refusal("https://t0ken@ci.example/"), "webhook ci has a URL with a user");
  EXPECT_EQ(refusal("ftp://ci.example/"), "webhook ci has a URL that is neither http nor https");
  EXPECT_EQ(refusal("file:///etc/passwd"), "webhook ci has a URL that is neither http nor https");
  EXPECT_EQ(refusal("gopher://x/"), "webhook ci has a URL that is neither http nor https");
  EXPECT_EQ(refusal("ci.example/hook"), "webhook ci has no URL that can be read");
  EXPECT_EQ(refusal("https://ci.example/hook"), "made");
}

TEST_F(WebhookSinkTest, CountsAsDeliveredWhatAStyleHasNoWordFor) {
  HttpReceiver receiver(kAccept);
  Delivery rejected = event("a1");
  rejected.json = R"({"id":"evt_a1","type":"dev.trunkgate.push.rejected.v1","data":{}})";
  Delivery broken = event("b1");
  broken.json = R"({"id":)";
  for (const auto style : {WebhookSettings::Style::github, WebhookSettings::Style::gitlab,
                           WebhookSettings::Style::gitea}) {
    settings_.style = style;
    const auto outcomes = sink(receiver.url())->deliver(std::vector{rejected, broken});
    EXPECT_EQ(text(outcomes[0]), "delivered");
    EXPECT_EQ(text(outcomes[1]), "failed: the event cannot be read");
  }
  EXPECT_EQ(receiver.connections(), 0U);
}

}  // namespace
}  // namespace trunkgate
