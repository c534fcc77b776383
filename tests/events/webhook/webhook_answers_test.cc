// What becomes of an event when its receiver answers in this way or that.
#include <gtest/gtest.h>

#include "webhook_fixture.h"

namespace trunkgate {
namespace {

class WebhookAnswers : public WebhookFixture {};

TEST_F(WebhookAnswers, TakesTheStatusForTheAnswer) {
  EXPECT_EQ(outcome_of(status("200 OK")), "delivered");
  EXPECT_EQ(outcome_of(status("299 Odd")), "delivered");
  EXPECT_EQ(outcome_of({.bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n",
                        .close = true}),
            "delivered");
  EXPECT_EQ(outcome_of(status("500 \x1b[31mBroken")), "failed: 127.0.0.1:PORT has answered 500");
  EXPECT_EQ(outcome_of(status("404 Not Found", "Retry-After: 5\r\n")),
            "failed: 127.0.0.1:PORT has answered 404");
  EXPECT_EQ(outcome_of(status("410 Gone")),
            "failed: 127.0.0.1:PORT has answered 410: it wants no more events | gone");
}

TEST_F(WebhookAnswers, PassesOnHowLongAReceiverAsksToWait) {
  EXPECT_EQ(outcome_of(status("429 Slow Down", "retry-after: 120\r\n")),
            "failed: 127.0.0.1:PORT has answered 429 | after 120 s");
  EXPECT_EQ(outcome_of(status("503 Later", "Retry-After: Tue, 14 Nov 2023 22:14:20 GMT\r\n")),
            "failed: 127.0.0.1:PORT has answered 503 | after 60 s");
  EXPECT_EQ(outcome_of(status("429 Slow Down")), "failed: 127.0.0.1:PORT has answered 429");
}

TEST_F(WebhookAnswers, FollowsNoRedirect) {
  HttpReceiver other(kAccept);
  for (const char* code : {"301", "302", "307", "308"}) {
    EXPECT_EQ(outcome_of(status(std::string(code) + " Moved", "Location: " + other.url() + "\r\n")),
              std::string("failed: 127.0.0.1:PORT has answered ") + code +
                  ", a redirect; those are not followed: write its target as `url`");
  }
  EXPECT_EQ(other.connections(), 0U);
}

TEST_F(WebhookAnswers, DoesNotCareForTheBodyOfAnAnswer) {
  EXPECT_EQ(
      outcome_of({.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut", .close = true}),
      "delivered");
  EXPECT_EQ(
      outcome_of({.bytes = "HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\ncut", .close = true}),
      "failed: 127.0.0.1:PORT has answered 500");
}

TEST_F(WebhookAnswers, ReadsLittleOfAHugeBody) {
  const std::string huge(std::size_t{64} << 20U, 'x');
  HttpReceiver receiver([&](const ReceivedRequest&) {
    return ReceiverAnswer{.bytes = "HTTP/1.1 200 OK\r\n\r\n" + huge, .close = true};
  });
  EXPECT_EQ(deliver(*sink(receiver.url()), {"a1", "a2"}, receiver.port()),
            (Outcomes{"delivered", "delivered"}));
  // What the kernel holds between the two is some megabytes.
  EXPECT_LT(receiver.bytes_sent(), huge.size());
}

TEST_F(WebhookAnswers, GivesUpOnASlowReceiver) {
  settings_.timeout = std::chrono::seconds{1};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(outcome_of({.delay = std::chrono::seconds{30}}),
            "failed: no answer from 127.0.0.1:PORT within 1 s");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{25});
}

TEST_F(WebhookAnswers, TellsWhyThereIsNoAnswer) {
  EXPECT_EQ(outcome_of({.bytes = "", .close = true}),
            "failed: 127.0.0.1:PORT has closed the connection without an answer");
  EXPECT_EQ(outcome_of({.bytes = "HTTP/1.1 200 OK\r\nContent-", .close = true}),
            "failed: 127.0.0.1:PORT has closed the connection without an answer");
  EXPECT_EQ(outcome_of({.bytes = "220 smtp.example ESMTP\r\n", .close = true}),
            "failed: 127.0.0.1:PORT cannot be called: Received HTTP/0.9 when not allowed");
  EXPECT_EQ(outcome_of({.bytes = "HTTP/1.1 102 Processing\r\n\r\n", .close = true}),
            "failed: 127.0.0.1:PORT has closed the connection without an answer");
  std::string headers;
  for (int i = 0; i < 5000; ++i) headers += "X-More: 0123456789\r\n";
  EXPECT_EQ(outcome_of(status("200 OK", headers)),
            "failed: 127.0.0.1:PORT has sent too many headers");
  std::string port;
  {
    HttpReceiver receiver(kAccept);
    port = receiver.port();
  }
  EXPECT_EQ(deliver(*sink("http://127.0.0.1:" + port + "/"), {"a1"}, port),
            Outcomes{"failed: cannot connect to 127.0.0.1:PORT: Connection refused"});
  // A name that is too long for any question to a server of names.
  const std::string name(64, 'x');
  EXPECT_EQ(deliver(*sink("http://" + name + "/secret-path"), {"a1"}, port),
            Outcomes{"failed: there is no address for " + name + ":80"});
}

TEST_F(WebhookAnswers, StopsWhenAReceiverFailsFiveTimesInARow) {
  HttpReceiver receiver([](const ReceivedRequest&) { return status("500 No"); });
  std::vector<std::string> names;
  for (char name = 'a'; name <= 'z'; ++name) names.push_back(std::string(1, name) + "1");
  const Outcomes outcomes = deliver(*sink(receiver.url()), names, receiver.port());
  const auto failed = std::count_if(outcomes.begin(), outcomes.end(),
                                    [](const std::string& text) { return text != "skipped"; });
  EXPECT_GE(failed, 5);
  EXPECT_LE(failed, 8);  // what was in flight is waited for
  EXPECT_EQ(receiver.requests().size(), static_cast<std::size_t>(failed));
}

TEST_F(WebhookAnswers, StartsNothingMoreWhenItIsAskedToWaitOrToEnd) {
  for (const char* line : {"429 Wait", "410 Gone"}) {
    HttpReceiver receiver(
        [&](const ReceivedRequest&) { return status(line, "Retry-After: 10\r\n"); });
    const Outcomes outcomes =
        deliver(*sink(receiver.url()), {"a1", "a2", "b1", "c1", "d1", "e1", "f1", "g1", "h1"},
                receiver.port());
    EXPECT_LE(receiver.requests().size(), 4U);
    EXPECT_EQ(outcomes.back(), "skipped");
  }
}

TEST_F(WebhookAnswers, SaysNothingThatMayBeSecret) {
  settings_.secret_file = write("key", "s3cret");
  settings_.token_file = write("token", "t0ken");
  HttpReceiver receiver([](const ReceivedRequest&) { return status("400 s3cret t0ken"); });
  EXPECT_EQ(deliver(*sink(receiver.url() + "/p4th?q=v4lue"), {"a1"}, receiver.port()),
            Outcomes{"failed: 127.0.0.1:PORT has answered 400"});
}

}  // namespace
}  // namespace trunkgate
