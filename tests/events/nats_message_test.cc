#include "events/nats_message.h"

#include <gtest/gtest.h>

namespace trunkgate {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Delivery ref_event(const std::string& json) {
  return {.id = "evt_1", .type = "dev.trunkgate.ref.updated.v1", .partition = {}, .json = json};
}

NatsMessage message(const std::string& json) {
  return nats_message(ref_event(json), "git", "ci-1.example.com");
}

TEST(NatsMessage, NamesHostRepositoryAndTypeInFourTokens) {
  EXPECT_EQ(message(R"({"subject":"refs/heads/main","data":{"repository":{"name":"ml/trainer"}}})")
                .subject,
            "git.ci-1%2Eexample%2Ecom.ml/trainer.ref%2Eupdated");
}

TEST(NatsMessage, CopiesIdTypeAndSubjectToHeaders) {
  EXPECT_EQ(message("{\"subject\":\"refs/heads/100% \\\"\xC3\xBC\\\"\"}").headers,
            (Headers{{"Nats-Msg-Id", "evt_1"},
                     {"Content-Type", "application/cloudevents+json"},
                     {"ce-type", "dev.trunkgate.ref.updated.v1"},
                     {"ce-subject", "refs/heads/100%25%20%22%C3%BC%22"}}));
}

TEST(NatsMessage, LetsNoSubjectStartANewHeader) {
  EXPECT_EQ(message(R"({"subject":"x\r\nNats-Msg-Id: evt_2"})").headers.back().second,
            "x%0D%0ANats-Msg-Id:%20evt_2");
}

TEST(NatsMessage, TakesTheRepositoryFromTheSourceWhenTheBodyNamesNone) {
  EXPECT_EQ(message(R"({"source":"https://git.example.com/a/trainer.git","data":{}})").subject,
            "git.ci-1%2Eexample%2Ecom.trainer.ref%2Eupdated");
}

TEST(NatsMessage, KeepsTheBytesOfARepositoryWhoseNameIsNoText) {
  EXPECT_EQ(
      message("{\"data\":{\"repository\":{\"name\":{\"lossy\":\"a\",\"b64\":\"Yf8=\"}}}}").subject,
      "git.ci-1%2Eexample%2Ecom.a%FF.ref%2Eupdated");
}

TEST(NatsMessage, MakesASubjectOfAnythingElse) {
  EXPECT_EQ(message("[]").subject, "git.ci-1%2Eexample%2Ecom._.ref%2Eupdated");
  EXPECT_EQ(message("{").subject, "git.ci-1%2Eexample%2Ecom._.ref%2Eupdated");
  EXPECT_EQ(message(R"({"subject":7,"source":[],"data":{"repository":"x"}})").subject,
            "git.ci-1%2Eexample%2Ecom._.ref%2Eupdated");
}

TEST(NatsMessage, TellsALaterVersionOfATypeApart) {
  const Delivery event{
      .id = "evt_1", .type = "dev.trunkgate.ref.updated.v2", .partition = {}, .json = "{}"};
  EXPECT_EQ(nats_message(event, "git", "h").subject, "git.h._.ref%2Eupdated%2Ev2");
}

TEST(NatsToken, EncodesWhatSeparatesTokensAndWhatIsNotVisible) {
  EXPECT_EQ(nats_token("a.b*c>d e%f\t\x7F\xFF/-_$"), "a%2Eb%2Ac%3Ed%20e%25f%09%7F%FF/-_$");
  EXPECT_EQ(nats_token(""), "_");
}

TEST(NatsToken, CutsLongOnesBetweenCharacters) {
  EXPECT_EQ(nats_token(std::string(300, 'a')), std::string(200, 'a'));
  EXPECT_EQ(nats_token(std::string(198, 'a') + "..."), std::string(198, 'a'));
  EXPECT_EQ(nats_token(std::string(199, 'a') + "..."), std::string(199, 'a'));
  EXPECT_EQ(nats_token(std::string(197, 'a') + "..."), std::string(197, 'a') + "%2E");
}

}  // namespace
}  // namespace trunkgate
