// One connection to NATS servers, and what the sink does on it. The only user of libnats.
#pragma once

#include <nats/nats.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "events/nats_message.h"
#include "events/stream_marks.h"
#include "policy/sink_settings.h"

namespace trunkgate {

// What a stream said to one message.
struct PublishAnswer {
  std::uint64_t token = 0;     // of the message; 0 when it is no answer to one
  std::string refusal;         // printable; empty when the stream has the message for good
  bool of_the_stream = false;  // it would refuse any other message, too
  std::uint64_t sequence = 0;  // in the stream
  bool repeat = false;         // it had the message already, there
};

// Never connects again by itself: messages that are under way when a connection breaks are lost
// without a word, so the caller has to start anew. Calls last 5 s at most for each server, and
// throw Error(delivery) with a printable reason.
class NatsConnection {
 public:
  explicit NatsConnection(const NatsSettings& settings);

  // The stream as it is; it is made when there is none.
  StreamState open_stream();
  // False when the stream has another message there.
  bool holds(std::uint64_t stream_sequence, const std::string& id);

  // Sends without waiting. Throws when the connection is broken; the reason why the message cannot
  // be sent at all when it is only that.
  std::optional<std::string> publish(const NatsMessage& message, std::string_view body,
                                     std::uint64_t token);
  // The next answer, in whatever order; nothing when none came in time.
  std::optional<PublishAnswer> next_answer(std::int64_t milliseconds);
  // Why that may be, " (Permissions Violation ...)": what the servers said last; may be empty.
  std::string last_complaint() const;

 private:
  template <auto destroy>
  struct Free {
    template <class T>
    void operator()(T* handle) const {
      destroy(handle);
    }
  };
  using StreamHandle = std::unique_ptr<jsStreamInfo, Free<jsStreamInfo_Destroy>>;
  using Message = std::unique_ptr<natsMsg, Free<natsMsg_Destroy>>;

  void connect();
  // With JetStream's own words, where it said some.
  [[noreturn]] void fail_call(const std::string& what, natsStatus status, jsErrCode code) const;
  StreamHandle make_stream();
  std::int64_t replicas() const;

  NatsSettings settings_;
  std::string answers_;  // subjects of answers start with it
  // Destroyed from the last to the first.
  std::unique_ptr<natsConnection, Free<natsConnection_Destroy>> connection_;
  std::unique_ptr<jsCtx, Free<jsCtx_Destroy>> stream_context_;
  std::unique_ptr<natsSubscription, Free<natsSubscription_Destroy>> subscription_;
};

}  // namespace trunkgate
