#include "events/webhook_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/microseconds.h"
#include "base/text.h"
#include "events/secret_file.h"
#include "events/webhook/address_guard.h"
#include "events/webhook/http_post.h"
#include "events/webhook/request.h"
#include "events/webhook/retry_after.h"
#include "events/webhook/signature.h"
#include "events/webhook/url_parts.h"

namespace trunkgate {
namespace {

using Clock = std::chrono::steady_clock;
using State = DeliveryOutcome::State;
using Style = WebhookSettings::Style;

constexpr std::size_t kInFlight = 4;
constexpr int kFailuresInARow = 5;
constexpr std::chrono::seconds kPassTime{60};

// What is read anew for each pass, so that secrets can be changed while a deliverer runs.
struct Secrets {
  WebhookKeys keys;
  std::string token;
};

// A header must not end early, nor become two.
std::string read_token(const std::string& path) {
  std::string token = read_secret(path);
  for (const char c : token) {
    if (c <= 0x20 || c >= 0x7F) {
      throw Error(ErrorKind::delivery,
                  "the token in " + printable(path, 1000) + " is not one word of ASCII");
    }
  }
  return token;
}

// Whether an answer says something about the event, and not about the receiver: that it cannot be
// reached under this URL, knows nobody, or has no time.
bool refuses_event(long status) {
  constexpr std::array<long, 10> kAboutReceiver{401, 403, 404, 405, 407, 408, 410, 421, 425, 429};
  return status >= 400 && status < 500 &&
         std::find(kAboutReceiver.begin(), kAboutReceiver.end(), status) == kAboutReceiver.end();
}

DeliveryOutcome outcome_of(const HttpAnswer& answer, const std::string& place, std::int64_t now) {
  if (answer.status == 0) return {.state = State::failed, .reason = answer.failure};
  if (answer.status >= 200 && answer.status < 300) return {.state = State::delivered};
  DeliveryOutcome outcome{.state = State::failed,
                          .reason = fmt::format("{} has answered {}", place, answer.status)};
  if (answer.status >= 300 && answer.status < 400) {
    outcome.reason += ", a redirect; those are not followed: write its target as `url`";
  }
  if (answer.status == 429 || answer.status == 503) {
    outcome.retry_after = retry_after(answer.retry_after, now);
  }
  if (answer.status == 410) {
    outcome.gone = true;
    outcome.reason += ": it wants no more events";
  }
  outcome.refused = refuses_event(answer.status);
  return outcome;
}

class WebhookSink final : public Sink {
 public:
  WebhookSink(const SinkSettings& settings, const SinkPlace& place)
      : name_("webhook " + settings.name),
        settings_(std::get<WebhookSettings>(settings.receiver)),
        now_(place.now),
        url_(url_parts(settings_.url, name_)),
        guard_(settings_.allow, url_.host),
        target_{.url = settings_.url,
                .place = url_.place,
                .ca_file = settings_.ca_file,
                .timeout = settings_.timeout,
                .guard = &guard_},
        multi_(make_multi(static_cast<long>(kInFlight))) {}
  WebhookSink(const WebhookSink&) = delete;
  WebhookSink& operator=(const WebhookSink&) = delete;

  std::string name() const override { return name_; }
  std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override;

 private:
  class Pass;

  Secrets read_secrets() const;
  WebhookRequest sign(WebhookRequest request, const Delivery& event, const Secrets& secrets) const;

  std::string name_;
  WebhookSettings settings_;
  std::function<std::int64_t()> now_;
  UrlParts url_;
  AddressGuard guard_;
  HttpTarget target_;
  CurlMulti multi_;
  std::array<HttpPost, kInFlight> posts_;
};

Secrets WebhookSink::read_secrets() const {
  Secrets secrets;
  if (!settings_.secret_file.empty()) {
    secrets.keys =
        WebhookKeys(read_secret(settings_.secret_file), printable(settings_.secret_file, 1000));
  }
  if (!settings_.token_file.empty()) secrets.token = read_token(settings_.token_file);
  return secrets;
}

WebhookRequest WebhookSink::sign(WebhookRequest request, const Delivery& event,
                                 const Secrets& secrets) const {
  HttpHeaders& headers = request.headers;
  const std::int64_t timestamp = now_() / kSecond;
  headers.emplace_back("webhook-id", event.id);
  headers.emplace_back("webhook-timestamp", std::to_string(timestamp));
  headers.emplace_back("X-Hook-Attempt", std::to_string(event.attempt));
  if (!secrets.keys.empty()) {
    headers.emplace_back("webhook-signature",
                         secrets.keys.standard(event.id, timestamp, request.body));
    const std::string plain = secrets.keys.plain(request.body);
    headers.emplace_back("X-Hub-Signature-256", "sha256=" + plain);
    if (settings_.style == Style::gitea) {
      headers.emplace_back("X-Gitea-Signature", plain);
      headers.emplace_back("X-Gogs-Signature", plain);
    }
  }
  // GitLab's receivers compare a text, for which what signs would be too good.
  if (!secrets.token.empty() && settings_.style == Style::gitlab) {
    headers.emplace_back("X-Gitlab-Token", secrets.token);
  } else if (!secrets.token.empty()) {
    headers.emplace_back("Authorization", "Bearer " + secrets.token);
  }
  return request;
}

// One call of deliver(): which event goes next, and what became of each.
class WebhookSink::Pass {
 public:
  Pass(WebhookSink& sink, std::span<const Delivery> events)
      : sink_(sink), events_(events), secrets_(sink.read_secrets()), outcomes_(events.size()) {
    std::map<std::string_view, std::size_t> known;
    for (std::size_t i = 0; i < events.size(); ++i) {
      const auto [place, fresh] = known.emplace(events[i].partition, partitions_.size());
      if (fresh) partitions_.emplace_back();
      partitions_[place->second].push_back(i);
    }
    for (std::size_t i = 0; i < partitions_.size(); ++i) ready_.push_back(i);
    for (HttpPost& post : sink.posts_) slots_.push_back({&post});
  }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;
  // When something is thrown, libcurl must forget what is under way.
  ~Pass() {
    for (const Slot& slot : slots_) {
      if (slot.busy) slot.post->abandon(sink_.multi_.get());
    }
  }

  std::vector<DeliveryOutcome> run() {
    CURLM* multi = sink_.multi_.get();
    while (start_what_can()) {
      int running = 0;
      int waiting = 0;
      if (curl_multi_perform(multi, &running) != CURLM_OK) {
        throw Error(ErrorKind::delivery, "libcurl has failed");
      }
      bool done = false;
      while (const CURLMsg* message = curl_multi_info_read(multi, &waiting)) {
        if (message->msg != CURLMSG_DONE) continue;
        finish(message->easy_handle, message->data.result);
        done = true;
      }
      if (!done) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
    }
    return std::move(outcomes_);
  }

 private:
  struct Slot {
    HttpPost* post = nullptr;
    bool busy = false;
    std::size_t partition = 0;
  };

  // True while something is in flight.
  bool start_what_can() {
    bool flying = false;
    for (Slot& slot : slots_) {
      while (!slot.busy && !ready_.empty() && !stopped()) {
        slot.partition = ready_.front();
        ready_.pop_front();
        start(slot);
      }
      flying = flying || slot.busy;
    }
    return flying;
  }

  bool stopped() const {
    return asked_to_stop_ || failures_ >= kFailuresInARow || Clock::now() - begin_ > kPassTime;
  }

  void start(Slot& slot) {
    const Delivery& event = events_[partitions_[slot.partition].front()];
    std::optional<WebhookRequest> request;
    try {
      request = render(sink_.settings_.style, event);
    } catch (const std::exception&) {
      settle(slot, {.state = State::failed, .reason = "the event cannot be read"});
      return;
    }
    if (!request) {
      settle(slot, {.state = State::delivered});
      return;
    }
    slot.post->start(sink_.multi_.get(), sink_.target_,
                     sink_.sign(std::move(*request), event, secrets_));
    slot.busy = true;
  }

  void finish(CURL* handle, CURLcode result) {
    for (Slot& slot : slots_) {
      if (slot.post->handle() != handle) continue;
      slot.busy = false;
      const HttpAnswer answer = slot.post->finish(sink_.multi_.get(), result);
      DeliveryOutcome outcome = outcome_of(answer, sink_.target_.place, sink_.now_());
      failures_ = outcome.state == State::delivered ? 0 : failures_ + 1;
      asked_to_stop_ = asked_to_stop_ || outcome.gone || outcome.retry_after > 0;
      settle(slot, std::move(outcome));
    }
  }

  // What follows in the partition is next, unless this has failed.
  void settle(Slot& slot, DeliveryOutcome outcome) {
    std::deque<std::size_t>& rest = partitions_[slot.partition];
    const bool delivered = outcome.state == State::delivered;
    outcomes_[rest.front()] = std::move(outcome);
    rest.pop_front();
    if (delivered && !rest.empty()) ready_.push_back(slot.partition);
  }

  WebhookSink& sink_;
  std::span<const Delivery> events_;
  Secrets secrets_;
  std::vector<DeliveryOutcome> outcomes_;
  std::vector<std::deque<std::size_t>> partitions_;  // of indices into `events_`
  std::deque<std::size_t> ready_;                    // partitions with nothing in flight
  std::vector<Slot> slots_;
  int failures_ = 0;  // since something was delivered
  bool asked_to_stop_ = false;
  Clock::time_point begin_ = Clock::now();
};

std::vector<DeliveryOutcome> WebhookSink::deliver(std::span<const Delivery> events) {
  return Pass(*this, events).run();
}

}  // namespace

std::unique_ptr<Sink> make_webhook_sink(const SinkSettings& settings, const SinkPlace& place) {
  return std::make_unique<WebhookSink>(settings, place);
}

}  // namespace trunkgate
