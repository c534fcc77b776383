#include "events/smtp_sink.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/pipe.h"
#include "base/text.h"
#include "events/libcurl.h"
#include "events/mail_text.h"
#include "events/secret_file.h"

namespace trunkgate {
namespace {

using Clock = std::chrono::steady_clock;
using State = DeliveryOutcome::State;
using std::chrono::milliseconds;

constexpr std::string_view kHidden = "***";
constexpr std::size_t kMostReply = 512;  // bytes of a server's line
constexpr milliseconds kPause{500};
constexpr long kServiceEnds = 421;  // RFC 5321: the server closes the connection
constexpr long kFirstRefusal = 400;

// What became of one mail.
struct Answer {
  std::string reason;       // empty: the server has taken it
  bool about_mail = false;  // the next one may fare better
};

std::size_t send_part(char* buffer, std::size_t size, std::size_t count, void* rest) {
  auto& text = *static_cast<std::string_view*>(rest);
  const std::size_t part = std::min(size * count, text.size());
  std::memcpy(buffer, text.data(), part);
  text.remove_prefix(part);
  return part;
}

// libcurl shows each line that the server says as a header. Only what it has against the mail
// counts, not its answer to QUIT.
std::size_t keep_refusal(char* line, std::size_t size, std::size_t count, void* refusal) {
  if (size * count > 0 && (line[0] == '4' || line[0] == '5')) {
    static_cast<std::string*>(refusal)->assign(line, std::min(size * count, kMostReply));
  }
  return size * count;
}

// libcurl's own time limit does not hold for its QUIT after a failure; this is asked then, too.
int is_too_late(void* deadline, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return Clock::now() > *static_cast<Clock::time_point*>(deadline) ? 1 : 0;
}

std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

// The host in "smtp://host:25".
std::string_view host_of(std::string_view server) {
  server.remove_prefix(std::min(server.size(), server.find("://") + 3));
  if (server.starts_with('[')) return server.substr(0, server.find(']') + 1);
  return server.substr(0, server.find_first_of(":/"));
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host == "127.0.0.1";
}

// One connection, and what goes over it.
class Connection {
 public:
  Connection(const SmtpSettings& settings, const std::string& host, const SmtpPatience& patience);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  Answer send(std::string_view mail, milliseconds time);

 private:
  void set_security();
  std::string without_secret(std::string text) const;
  std::string failure(CURLcode code, long reply, milliseconds time) const;

  const SmtpSettings& settings_;
  std::string secret_;
  CurlEasy easy_;
  CurlList receivers_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::string refusal_;         // the server's last line that is one
  Clock::time_point deadline_;  // of the mail, and a little more
};

Connection::Connection(const SmtpSettings& settings, const std::string& host,
                       const SmtpPatience& patience)
    : settings_(settings) {
  if (settings.server.find('@') != std::string::npos) {
    throw Error(ErrorKind::delivery, "the server's address holds a user",
                "write it as 'user' and 'secret-file'");
  }
  if (!settings.secret_file.empty()) secret_ = read_secret(settings.secret_file);
  for (const std::string& address : settings.to) {
    append(receivers_, ("<" + address + ">").c_str());
  }
  easy_ = make_curl();
  CURL* const easy = easy_.get();
  std::string server = settings.server;
  while (server.ends_with('/')) server.pop_back();
  // What follows the server is the name to greet it with.
  set_option(easy, CURLOPT_URL, (server + "/" + mail_host(host)).c_str());
  set_option(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set_apart(easy);
  set_option(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.connect.count()));
  set_option(easy, CURLOPT_ERRORBUFFER, error_.data());
  set_option(easy, CURLOPT_HEADERFUNCTION, &keep_refusal);
  set_option(easy, CURLOPT_HEADERDATA, &refusal_);
  set_option(easy, CURLOPT_NOPROGRESS, 0L);
  set_option(easy, CURLOPT_XFERINFOFUNCTION, &is_too_late);
  set_option(easy, CURLOPT_XFERINFODATA, &deadline_);
  set_option(easy, CURLOPT_WRITEFUNCTION, &drop);
  set_option(easy, CURLOPT_READFUNCTION, &send_part);
  set_option(easy, CURLOPT_UPLOAD, 1L);
  set_option(easy, CURLOPT_MAIL_RCPT, receivers_.get());
  set_security();
}

Connection::~Connection() {
  // Says QUIT, but waits for no answer: libcurl would, for two minutes.
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK &&
      socket != CURL_SOCKET_BAD) {
    ::shutdown(socket, SHUT_RD);
  }
}

void Connection::set_security() {
  CURL* const easy = easy_.get();
  const bool login = !settings_.user.empty() && !secret_.empty();
  const bool required = settings_.server.starts_with("smtps://") || !settings_.ca_file.empty() ||
                        (login && !is_this_machine(host_of(settings_.server)));
  set_option(easy, CURLOPT_USE_SSL, static_cast<long>(required ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  set_option(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set_option(easy, CURLOPT_SSL_VERIFYPEER, required ? 1L : 0L);
  set_option(easy, CURLOPT_SSL_VERIFYHOST, required ? 2L : 0L);
  // The system's certificates stay trusted: they are in a folder, too.
  if (!settings_.ca_file.empty()) set_option(easy, CURLOPT_CAINFO, settings_.ca_file.c_str());
  if (!login) return;
  set_option(easy, CURLOPT_USERNAME, settings_.user.c_str());
  set_option(easy, CURLOPT_PASSWORD, secret_.c_str());
}

// A server may say back what it was told.
std::string Connection::without_secret(std::string text) const {
  if (secret_.empty()) return text;
  const std::string plain = std::string(1, '\0') + settings_.user + '\0' + secret_;
  for (const std::string& form : {base64(plain), base64(secret_), secret_}) {
    for (auto found = text.find(form); found != std::string::npos;
         found = text.find(form, found + kHidden.size())) {
      text.replace(found, form.size(), kHidden);
    }
  }
  return text;
}

std::string Connection::failure(CURLcode code, long reply, milliseconds time) const {
  const std::string server = printable(settings_.server);
  if (code == CURLE_LOGIN_DENIED) {
    return fmt::format("{} refuses the login of {}", server, printable(settings_.user));
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return fmt::format("{} has not taken the mail within {} s", server, time.count() / 1000);
  }
  if (reply >= kFirstRefusal && !refusal_.empty()) {
    return fmt::format("{} answered: {}", server,
                       printable(without_secret(std::string(trim(refusal_)))));
  }
  const char* words = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
  return fmt::format("{}: {}", server, printable(without_secret(words)));
}

Answer Connection::send(std::string_view mail, milliseconds time) {
  CURL* const easy = easy_.get();
  error_[0] = '\0';
  refusal_.clear();
  deadline_ = Clock::now() + time + kPause;
  const std::string from = "<" + settings_.from + ">";
  set_option(easy, CURLOPT_MAIL_FROM, from.c_str());
  set_option(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(time.count()));
  // A server that takes no mail of that size says so at once.
  set_option(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.size()));
  set_option(easy, CURLOPT_READDATA, &mail);
  const CURLcode code = curl_easy_perform(easy);
  long reply = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
  if (code == CURLE_OK) return {};
  const bool refused = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
  return {.reason = failure(code, reply, time),
          .about_mail = refused && reply >= kFirstRefusal && reply != kServiceEnds};
}

class SmtpSink final : public Sink {
 public:
  SmtpSink(const SinkSettings& settings, const SinkPlace& place, const SmtpPatience& patience)
      : name_(settings.name),
        settings_(std::get<SmtpSettings>(settings.receiver)),
        host_(mail_host(place.host)),
        now_(place.now),
        patience_(patience) {
    if (settings_.from.empty()) settings_.from = "trunkgate@" + host_;
  }

  std::string name() const override { return "smtp " + name_; }
  std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override;
  std::int64_t gathers_for() const override {
    return std::chrono::microseconds(settings_.digest).count();
  }

 private:
  std::string name_;
  SmtpSettings settings_;
  std::string host_;
  std::function<std::int64_t()> now_;
  SmtpPatience patience_;
};

std::vector<DeliveryOutcome> SmtpSink::deliver(std::span<const Delivery> events) {
  std::vector<DeliveryOutcome> outcomes(events.size());
  if (events.empty()) return outcomes;
  // TLS writes to sockets in its own way.
  const SigpipeBlocked sigpipe_blocked;
  // A new one for each call: servers close those that wait.
  Connection connection(settings_, host_, patience_);
  const MailEnvelope envelope{
      .from = settings_.from, .to = settings_.to, .host = host_, .now = now_()};
  const Clock::time_point deadline = Clock::now() + patience_.call;
  std::set<std::string_view> stuck;  // partitions of which an event has failed
  const std::size_t step = settings_.digest.count() > 0 ? events.size() : 1;
  for (std::size_t i = 0; i < events.size(); i += step) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) break;
    if (step == 1 && stuck.contains(events[i].partition)) continue;
    const std::string mail = mail_text(events.subspan(i, step), envelope);
    const Answer answer = connection.send(mail, std::min(left, patience_.mail));
    const DeliveryOutcome outcome{.state = answer.reason.empty() ? State::delivered : State::failed,
                                  .reason = answer.reason};
    std::fill_n(outcomes.begin() + static_cast<std::ptrdiff_t>(i), step, outcome);
    if (answer.reason.empty()) continue;
    if (!answer.about_mail) break;
    stuck.insert(events[i].partition);
  }
  return outcomes;
}

}  // namespace

std::unique_ptr<Sink> make_smtp_sink(const SinkSettings& settings, const SinkPlace& place,
                                     SmtpPatience patience) {
  return std::make_unique<SmtpSink>(settings, place, patience);
}

}  // namespace trunkgate
