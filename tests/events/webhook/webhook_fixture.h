// A webhook sink with a receiver on loopback, and outcomes as text.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/scratch_folder.h"
#include "events/webhook_sink.h"
#include "support/http_receiver.h"

namespace trunkgate {

using Outcomes = std::vector<std::string>;

class WebhookFixture : public ::testing::Test {
 protected:
  struct NoMemory final : SinkMemory {
    std::string get(std::string_view /*key*/) override { return {}; }
    void set(std::string_view /*key*/, std::string_view /*value*/) override {}
  };

  void SetUp() override { settings_.allow = {"127.0.0.1"}; }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = folder_.path() + "/" + name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path;
  }

  std::unique_ptr<Sink> sink(const std::string& url) {
    settings_.url = url;
    return make_webhook_sink({.name = "ci", .filter = {}, .receiver = settings_},
                             {.sharing = {}, .memory = memory_, .host = "here", .now = [] {
                                return 1'700'000'000'000'000;
                              }});
  }

  // "b2" is the second event of the partition "b".
  static Delivery event(const std::string& name) {
    return {.sequence = 1,
            .id = "evt_" + name,
            .type = "dev.trunkgate.ref.updated.v1",
            .partition = name.substr(0, 1),
            .json = R"({"id":"evt_)" + name + R"("})"};
  }
  static std::vector<Delivery> events(const std::vector<std::string>& names) {
    std::vector<Delivery> result;
    for (const std::string& name : names) result.push_back(event(name));
    return result;
  }

  static std::string text(const DeliveryOutcome& outcome) {
    constexpr const char* kStates[] = {"delivered", "failed", "skipped"};
    std::string result = kStates[static_cast<int>(outcome.state)];
    if (!outcome.reason.empty()) result += ": " + outcome.reason;
    if (outcome.retry_after != 0) {
      result += " | after " + std::to_string(outcome.retry_after / 1'000'000) + " s";
    }
    return result + (outcome.gone ? " | gone" : "");
  }
  // The receiver's port as PORT.
  Outcomes deliver(Sink& sink, const std::vector<std::string>& names, const std::string& port) {
    Outcomes result;
    for (const DeliveryOutcome& outcome : sink.deliver(events(names))) {
      std::string line = text(outcome);
      if (const auto at = line.find(":" + port); at != std::string::npos) {
        line.replace(at + 1, port.size(), "PORT");
      }
      result.push_back(line);
    }
    return result;
  }
  std::string outcome_of(const ReceiverAnswer& answer) {
    HttpReceiver receiver([&](const ReceivedRequest&) { return answer; });
    return deliver(*sink(receiver.url()), {"a1"}, receiver.port())[0];
  }
  static ReceiverAnswer status(const std::string& line, const std::string& headers = {}) {
    return {.bytes = "HTTP/1.1 " + line + "\r\n" + headers + "Content-Length: 3\r\n\r\nno\n"};
  }
  static std::vector<std::string> bodies(const HttpReceiver& receiver) {
    std::vector<std::string> result;
    for (const ReceivedRequest& request : receiver.requests()) {
      result.push_back(request.headers.at("webhook-id").substr(4));
    }
    return result;
  }

  ScratchFolder folder_{std::filesystem::temp_directory_path().string()};
  NoMemory memory_;
  WebhookSettings settings_;
};

inline const HttpReceiver::Answer kAccept = [](const ReceivedRequest&) { return ReceiverAnswer{}; };

}  // namespace trunkgate
