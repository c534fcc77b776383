#include "events/nats_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "events/secret_file.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kWaitMilliseconds = 5000;
constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr std::int64_t kRepeatsKnownFor = 600 * kNanoseconds;
constexpr std::int64_t kKeptFor = 30 * 86'400 * kNanoseconds;

[[noreturn]] void fail(const std::string& what, natsStatus status) {
  throw Error(ErrorKind::delivery, what + ": " + natsStatus_GetText(status));
}

void check(natsStatus status, const char* what) {
  if (status != NATS_OK) fail(what, status);
}

// "tls://user:password@host:4222" is "host:4222".
std::string shown_server(const std::string& url) {
  std::string_view text = url;
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
  }
  text.remove_prefix(text.rfind('@') + 1);
  return printable(text);
}

std::string shown_servers(const std::vector<std::string>& urls) {
  std::vector<std::string> shown;
  shown.reserve(urls.size());
  std::transform(urls.begin(), urls.end(), std::back_inserter(shown), shown_server);
  return join(shown, ", ");
}

// Whether the stream would say the same to any other message.
bool of_the_stream(int code) { return code != JSStreamMessageExceedsMaximumErr; }

// The library would print complaints of servers; last_complaint() has them.
void ignore_complaint(natsConnection*, natsSubscription*, natsStatus, void*) {}

}  // namespace

NatsConnection::NatsConnection(const NatsSettings& settings) : settings_(settings) {
  connect();
  jsCtx* context = nullptr;
  check(natsConnection_JetStream(&context, connection_.get(), nullptr), "cannot use JetStream");
  stream_context_.reset(context);

  // Answers are read here, by the thread that sends: the library's own asynchronous publishing
  // calls back from a thread of its own, even after its context was destroyed.
  natsInbox* inbox = nullptr;
  check(natsInbox_Create(&inbox), "cannot make an inbox");
  answers_ = inbox;
  natsInbox_Destroy(inbox);
  natsSubscription* subscription = nullptr;
  check(natsConnection_SubscribeSync(&subscription, connection_.get(), (answers_ + ".*").c_str()),
        "cannot subscribe to answers");
  subscription_.reset(subscription);
  answers_ += '.';
}

// Why servers may not answer: they tell of missing permissions aside.
std::string NatsConnection::last_complaint() const {
  const char* words = nullptr;
  if (natsConnection_GetLastError(connection_.get(), &words) == NATS_OK || words == nullptr ||
      *words == '\0') {
    return {};
  }
  return fmt::format(" ({})", printable(words));
}

void NatsConnection::fail_call(const std::string& what, natsStatus status, jsErrCode code) const {
  if (status == NATS_TIMEOUT || code == 0) {
    throw Error(ErrorKind::delivery,
                fmt::format("{}: {}{}", what, natsStatus_GetText(status), last_complaint()));
  }
  const char* last = nats_GetLastError(nullptr);
  std::string_view words = last == nullptr ? "" : last;
  // The library puts its own place before them: "(jsm.c:1033): ".
  if (const auto place = words.find("): "); words.starts_with('(') && place < words.size()) {
    words.remove_prefix(place + 3);
  }
  throw Error(ErrorKind::delivery,
              fmt::format("{}: {} (error {})", what, printable(words), static_cast<int>(code)));
}

void NatsConnection::connect() {
  natsOptions* made = nullptr;
  check(natsOptions_Create(&made), "cannot use libnats");
  const std::unique_ptr<natsOptions, Free<natsOptions_Destroy>> options(made);
  std::vector<const char*> servers;
  bool tls = !settings_.ca_file.empty();
  for (const std::string& server : settings_.servers) {
    servers.push_back(server.c_str());
    tls = tls || server.starts_with("tls://");
  }
  check(natsOptions_SetServers(made, servers.data(), static_cast<int>(servers.size())),
        "cannot use the servers");
  check(natsOptions_SetName(made, "trunkgate"), "cannot use libnats");
  check(natsOptions_SetTimeout(made, kWaitMilliseconds), "cannot use libnats");
  check(natsOptions_SetWriteDeadline(made, kWaitMilliseconds), "cannot use libnats");
  check(natsOptions_SetAllowReconnect(made, false), "cannot use libnats");
  check(natsOptions_SetErrorHandler(made, ignore_complaint, nullptr), "cannot use libnats");
  // Else each message waits up to a millisecond for others.
  check(natsOptions_SetSendAsap(made, true), "cannot use libnats");
  // One server that asks for TLS: what the others are told is no less secret.
  if (tls) check(natsOptions_SetSecure(made, true), "cannot use TLS");
  if (!settings_.ca_file.empty() &&
      natsOptions_LoadCATrustedCertificates(made, settings_.ca_file.c_str()) != NATS_OK) {
    throw Error(ErrorKind::delivery,
                "cannot read certificates in " + printable(settings_.ca_file, 1000));
  }
  if (!settings_.credentials_file.empty()) {
    // The library reads them by itself; this says what is wrong with the file.
    read_secret(settings_.credentials_file);
    check(
        natsOptions_SetUserCredentialsFromFiles(made, settings_.credentials_file.c_str(), nullptr),
        "cannot use the credentials");
  }
  natsConnection* connection = nullptr;
  const natsStatus status = natsConnection_Connect(&connection, made);
  if (status != NATS_OK) fail("cannot connect to " + shown_servers(settings_.servers), status);
  connection_.reset(connection);
}

StreamState NatsConnection::open_stream() {
  jsStreamInfo* info = nullptr;
  jsErrCode code{};
  const natsStatus status =
      js_GetStreamInfo(&info, stream_context_.get(), settings_.stream.c_str(), nullptr, &code);
  StreamHandle stream(info);
  if (status == NATS_NOT_FOUND || code == JSStreamNotFoundErr) {
    stream = make_stream();
  } else if (status != NATS_OK) {
    fail_call("no answer about stream " + printable(settings_.stream), status, code);
  }
  return {
      .created = stream->Created, .first = stream->State.FirstSeq, .last = stream->State.LastSeq};
}

// Servers that the policy names or that the cluster tells of. A single server with three names
// refuses three replicas.
std::int64_t NatsConnection::replicas() const {
  char** servers = nullptr;
  int count = 0;
  if (natsConnection_GetServers(connection_.get(), &servers, &count) != NATS_OK) return 1;
  for (int i = 0; i < count; ++i) ::free(servers[i]);
  ::free(servers);
  return count >= 3 ? 3 : 1;
}

NatsConnection::StreamHandle NatsConnection::make_stream() {
  const std::string subjects = settings_.subject + ".>";
  const char* subject = subjects.c_str();
  jsStreamConfig config;
  check(jsStreamConfig_Init(&config), "cannot make a stream");
  config.Name = settings_.stream.c_str();
  config.Subjects = &subject;
  config.SubjectsLen = 1;
  config.Retention = js_LimitsPolicy;
  config.Storage = js_FileStorage;
  config.Discard = js_DiscardOld;
  config.Duplicates = kRepeatsKnownFor;
  config.MaxAge = kKeptFor;
  config.Replicas = replicas();
  config.AllowDirect = true;

  jsStreamInfo* info = nullptr;
  jsErrCode code{};
  natsStatus status = js_AddStream(&info, stream_context_.get(), &config, nullptr, &code);
  if (status != NATS_OK && code == JSStreamReplicasNotSupportedErr) {
    config.Replicas = 1;
    status = js_AddStream(&info, stream_context_.get(), &config, nullptr, &code);
  }
  if (status != NATS_OK && code == JSStreamNameExistErr) {  // somebody else was faster
    status = js_GetStreamInfo(&info, stream_context_.get(), config.Name, nullptr, &code);
  }
  if (status != NATS_OK) {
    fail_call("cannot make stream " + printable(settings_.stream), status, code);
  }
  return StreamHandle(info);
}

bool NatsConnection::holds(std::uint64_t stream_sequence, const std::string& id) {
  natsMsg* found = nullptr;
  jsErrCode code{};
  const natsStatus status = js_GetMsg(&found, stream_context_.get(), settings_.stream.c_str(),
                                      stream_sequence, nullptr, &code);
  const Message message(found);
  // Deleted on purpose: after a loss, another message would stand there.
  if (status == NATS_NOT_FOUND || code == JSNoMessageFoundErr) return true;
  if (status != NATS_OK) {
    fail_call("no answer from stream " + printable(settings_.stream), status, code);
  }
  const char* value = nullptr;
  return natsMsgHeader_Get(found, "Nats-Msg-Id", &value) == NATS_OK && value == id;
}

std::optional<std::string> NatsConnection::publish(const NatsMessage& message,
                                                   std::string_view body, std::uint64_t token) {
  natsMsg* made = nullptr;
  const std::string reply = answers_ + std::to_string(token);
  natsStatus status = natsMsg_Create(&made, message.subject.c_str(), reply.c_str(), body.data(),
                                     static_cast<int>(body.size()));
  const Message owned(made);
  for (const auto& [key, value] : message.headers) {
    if (status == NATS_OK) status = natsMsgHeader_Set(made, key.c_str(), value.c_str());
  }
  // Another stream may have taken the subjects over.
  if (status == NATS_OK) {
    status = natsMsgHeader_Set(made, "Nats-Expected-Stream", settings_.stream.c_str());
  }
  if (status == NATS_OK) status = natsConnection_PublishMsg(connection_.get(), made);
  if (status == NATS_OK) return std::nullopt;
  if (status == NATS_MAX_PAYLOAD) return "larger than what the servers take";
  if (status == NATS_INVALID_SUBJECT) return "cannot be sent to " + printable(message.subject);
  fail("cannot send", status);
}

std::optional<PublishAnswer> NatsConnection::next_answer(std::int64_t milliseconds) {
  natsMsg* received = nullptr;
  const natsStatus status = natsSubscription_NextMsg(&received, subscription_.get(), milliseconds);
  if (status == NATS_TIMEOUT) return std::nullopt;
  const std::string stream = printable(settings_.stream);
  if (status == NATS_NO_RESPONDERS) {  // the library does not say to which message
    throw Error(ErrorKind::delivery,
                fmt::format("stream {} does not listen: it has no leader, was deleted, or takes "
                            "other subjects than {}.>",
                            stream, printable(settings_.subject)));
  }
  if (status != NATS_OK) fail("the connection broke", status);

  const Message message(received);
  const std::string_view subject = natsMsg_GetSubject(received);
  PublishAnswer answer;
  const std::string_view token = subject.substr(std::min(answers_.size(), subject.size()));
  std::from_chars(token.data(), token.data() + token.size(), answer.token);
  const Json json =
      Json::parse(std::string_view(natsMsg_GetData(received),
                                   static_cast<std::size_t>(natsMsg_GetDataLength(received))),
                  nullptr, false);
  try {
    if (const auto error = json.find("error"); error != json.end()) {
      const int code = error->value("err_code", 0);
      answer.refusal = fmt::format("stream {} refused: {} (error {})", stream,
                                   printable(error->value("description", "")), code);
      answer.of_the_stream = of_the_stream(code);
      return answer;
    }
    answer.sequence = json.at("seq").get<std::uint64_t>();
    answer.repeat = json.value("duplicate", false);
  } catch (const Json::exception&) {
    answer.refusal = "stream " + stream + " gave an answer that makes no sense";
    answer.of_the_stream = true;
  }
  return answer;
}

}  // namespace trunkgate
