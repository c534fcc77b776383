// Sends events through one sink, without journal and deliverer: for tests with real receivers.
//
//   send_events EVENTS webhook URL [--style S] [--secret FILE] [--token FILE] [--ca FILE]
//                                  [--allow ITEM]... [--timeout SECONDS]
//
// EVENTS has one event in structured mode on each line. Prints one line of JSON for each outcome;
// ends with 1 when something could not be tried at all, 2 when the arguments are off.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "events/short_memory.h"
#include "events/webhook_sink.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

class Usage : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::vector<Delivery> read_events(const std::string& path) {
  std::vector<Delivery> events;
  std::ifstream file(path);
  if (!file) throw Usage("cannot read " + path);
  for (std::string line; std::getline(file, line);) {
    const Json json = Json::parse(line);
    events.push_back({.sequence = events.size() + 1,
                      .id = json.at("id"),
                      .type = json.at("type"),
                      .partition = json.value("partitionkey", ""),
                      .time = microseconds_now(),
                      .json = line});
  }
  return events;
}

WebhookSettings::Style style_of(const std::string& word) {
  using Style = WebhookSettings::Style;
  const std::map<std::string, Style> styles{{"cloudevents", Style::cloudevents},
                                            {"cloudevents-binary", Style::cloudevents_binary},
                                            {"github", Style::github},
                                            {"gitlab", Style::gitlab},
                                            {"gitea", Style::gitea}};
  const auto found = styles.find(word);
  if (found == styles.end()) throw Usage("unknown style " + word);
  return found->second;
}

std::unique_ptr<Sink> webhook(const std::vector<std::string>& words, const SinkPlace& place) {
  WebhookSettings settings;
  settings.url = words.at(0);
  for (std::size_t i = 1; i < words.size(); i += 2) {
    const std::string& value = words.at(i + 1);
    if (words[i] == "--style") {
      settings.style = style_of(value);
    } else if (words[i] == "--secret") {
      settings.secret_file = value;
    } else if (words[i] == "--token") {
      settings.token_file = value;
    } else if (words[i] == "--ca") {
      settings.ca_file = value;
    } else if (words[i] == "--allow") {
      settings.allow.push_back(value);
    } else if (words[i] == "--timeout") {
      settings.timeout = std::chrono::seconds(std::stol(value));
    } else {
      throw Usage("unknown option " + words[i]);
    }
  }
  return make_webhook_sink({.name = "test", .filter = {}, .receiver = settings}, place);
}

void print(const Delivery& event, const DeliveryOutcome& outcome) {
  constexpr const char* kStates[] = {"delivered", "failed", "skipped"};
  const Json json{{"id", event.id},
                  {"state", kStates[static_cast<int>(outcome.state)]},
                  {"reason", outcome.reason},
                  {"retry_after", outcome.retry_after},
                  {"gone", outcome.gone}};
  std::cout << json.dump() << "\n";
}

int run(const std::vector<std::string>& words) {
  const std::map<std::string, std::function<decltype(webhook)>> kinds{{"webhook", webhook}};
  if (words.size() < 3 || !kinds.contains(words[1])) {
    throw Usage("send_events EVENTS webhook URL [OPTION VALUE]...");
  }
  ShortMemory memory;
  const SinkPlace place{.sharing = {}, .memory = memory, .host = "test", .now = microseconds_now};
  const std::vector<Delivery> events = read_events(words[0]);
  const auto sink = kinds.at(words[1])({words.begin() + 2, words.end()}, place);
  const auto outcomes = sink->deliver(events);
  for (std::size_t i = 0; i < events.size(); ++i) print(events[i], outcomes.at(i));
  return 0;
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv) {
  try {
    return trunkgate::run({argv + 1, argv + argc});
  } catch (const trunkgate::Error& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "usage: " << error.what() << "\n";
    return 2;
  }
}
