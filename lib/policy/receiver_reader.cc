#include "policy/receiver_reader.h"

#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "policy/sink_keys.h"

namespace trunkgate {
namespace {

using namespace keys;
using std::chrono::seconds;

constexpr seconds kShortestTimeout{1};
constexpr seconds kLongestTimeout{300};
constexpr seconds kLongestDigest{7 * 86'400};
constexpr std::int64_t kMostKept = 1000;

constexpr std::string_view kWebhookSchemes[] = {"https", "http"};
constexpr std::string_view kNatsSchemes[] = {"nats", "tls"};
constexpr std::string_view kSmtpSchemes[] = {"smtp", "smtps"};

bool is_set(const OptionReader& reader, const OptionInfo& option) {
  return reader.has(option.name);
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

FileSinkSettings ReceiverReader::read_file(const Node& node) {
  FileSinkSettings settings;
  if (node.kind == Node::Kind::scalar) {
    settings.path = values_.path_of(node, "file");
    return settings;
  }
  const OptionReader reader(node, kFileKeys, diagnostics_, "'file'");
  if (node.kind != Node::Kind::map && node.kind != Node::Kind::null) return settings;
  if (!is_set(reader, kFilePath.info)) {
    diagnostics_.error(node.where, "'file' needs a path: 'file: events.jsonl'");
  }
  settings.path = values_.path_at(reader, kFilePath);
  settings.max_size = reader.get(kFileMaxSize).bytes;
  const std::int64_t keep = reader.get(kFileKeep);
  const Node* kept = reader.find(kFileKeep.info.name);
  if (kept != nullptr && (keep < 1 || keep > kMostKept)) {
    values_.complain(*kept, "keep", {"is a number from 1 to 1000"});
  } else if (kept != nullptr && !is_set(reader, kFileMaxSize.info)) {
    values_.complain(*kept, "keep", {"is for nothing without 'max-size'", "max-size: 100 MiB"});
  }
  settings.keep = static_cast<std::uint64_t>(std::max<std::int64_t>(keep, 1));
  return settings;
}

WebhookSettings ReceiverReader::read_webhook(const Node& node) {
  static constexpr ReceiverValues::SecretKey kSecrets[] = {
      {"secret", "secret-file"}, {"token", "token-file"}, {"password", "token-file"}};
  const UrlShape shape{kWebhookSchemes, true};
  constexpr std::string_view kInstead = "'token-file', or 'secret-file' to sign";
  WebhookSettings settings;
  if (node.kind == Node::Kind::scalar) {
    settings.url = values_.url_of(node, "webhook", shape, kInstead);
    return settings;
  }
  const Node rest = values_.without_secrets(node, kSecrets);
  const OptionReader reader(rest, kWebhookKeys, diagnostics_, "'webhook'");
  if (rest.kind != Node::Kind::map && rest.kind != Node::Kind::null) return settings;
  if (!is_set(reader, kUrl.info)) {
    diagnostics_.error(node.where, "'webhook' needs a URL: 'url: https://ci.example/hook'");
  }
  if (const Node* url = scalar_at(reader, kUrl); url != nullptr) {
    settings.url = values_.url_of(*url, "url", shape, kInstead);
  }
  settings.secret_file = values_.secret_path_at(reader, kSecretFile);
  settings.token_file = values_.secret_path_at(reader, kTokenFile);
  settings.ca_file = values_.path_at(reader, kCaFile);
  if (const Node* style = reader.find(kStyle.info.name); style != nullptr) {
    settings.style =
        static_cast<WebhookSettings::Style>(read_word(*style, kStyleWords, 0, diagnostics_));
  }
  settings.timeout = values_.duration_at(reader, kWebhookTimeout, kShortestTimeout, kLongestTimeout,
                                         "from 1s to 5m");
  settings.allow = values_.texts_at(reader, kAllow, network_mistake);
  warn_about_clear_token(reader, settings);
  return settings;
}

void ReceiverReader::warn_about_clear_token(const OptionReader& reader,
                                            const WebhookSettings& settings) {
  if (settings.token_file.empty() || !settings.url.starts_with("http:")) return;
  if (is_loopback(host_of(settings.url))) return;
  diagnostics_.warning(reader.find(kUrl.info.name)->where,
                       "everybody on the way can read the token", "say https://");
}

NatsSettings ReceiverReader::read_nats(const Node& node) {
  static constexpr ReceiverValues::SecretKey kSecrets[] = {{"credentials", "credentials-file"},
                                                           {"password", "credentials-file"},
                                                           {"token", "credentials-file"},
                                                           {"user", "credentials-file"}};
  NatsSettings settings;
  const Node rest = values_.without_secrets(node, kSecrets);
  const OptionReader reader(rest, kNatsKeys, diagnostics_, "'nats'");
  if (rest.kind != Node::Kind::map && rest.kind != Node::Kind::null) return settings;
  const std::vector<const Node*> servers = scalars_at(reader, kNatsServers);
  for (const Node* server : servers) {
    settings.servers.push_back(
        values_.url_of(*server, "servers", UrlShape{kNatsSchemes}, "'credentials-file'"));
  }
  const Node* list = reader.find(kNatsServers.info.name);
  if (list == nullptr || (list->kind == Node::Kind::sequence && list->items.empty())) {
    diagnostics_.error(list == nullptr ? node.where : list->where,
                       "'nats' needs servers: 'servers: [nats://127.0.0.1:4222]'");
  }
  if (!is_set(reader, kNatsStream.info)) {
    diagnostics_.error(node.where, "'nats' needs the name of a stream: 'stream: GIT'");
  }
  settings.stream = values_.text_at(reader, kNatsStream, stream_mistake);
  settings.subject = values_.text_at(reader, kNatsSubject, subject_mistake);
  settings.credentials_file = values_.secret_path_at(reader, kNatsCredentials);
  settings.ca_file = values_.path_at(reader, kCaFile);
  return settings;
}

SmtpSettings ReceiverReader::read_smtp(const Node& node) {
  static constexpr ReceiverValues::SecretKey kSecrets[] = {{"secret", "secret-file"},
                                                           {"password", "secret-file"}};
  SmtpSettings settings;
  const Node rest = values_.without_secrets(node, kSecrets);
  const OptionReader reader(rest, kSmtpKeys, diagnostics_, "'smtp'");
  if (rest.kind != Node::Kind::map && rest.kind != Node::Kind::null) return settings;
  if (!is_set(reader, kSmtpServer.info)) {
    diagnostics_.error(node.where, "'smtp' needs a server: 'server: smtp://localhost'");
  }
  if (const Node* server = scalar_at(reader, kSmtpServer); server != nullptr) {
    settings.server =
        values_.url_of(*server, "server", UrlShape{kSmtpSchemes}, "'user' and 'secret-file'");
  }
  settings.from = values_.text_at(reader, kSmtpFrom, mail_mistake);
  settings.to = values_.texts_at(reader, kSmtpTo, mail_mistake);
  const Node* to = reader.find(kSmtpTo.info.name);
  if (to == nullptr || (to->kind == Node::Kind::sequence && to->items.empty())) {
    diagnostics_.error(to == nullptr ? node.where : to->where,
                       "'smtp' needs addresses: 'to: [leads@example.com]'");
  }
  const Node* user = scalar_at(reader, kSmtpUser);
  if (user != nullptr) settings.user = user->text;
  if (user != nullptr && user->text.empty()) values_.complain(*user, "user", {"is empty"});
  settings.secret_file = values_.secret_path_at(reader, kSmtpSecretFile);
  if (is_set(reader, kSmtpUser.info) != is_set(reader, kSmtpSecretFile.info)) {
    const bool has_user = is_set(reader, kSmtpUser.info);
    diagnostics_.error(reader.find(has_user ? "user" : "secret-file")->where,
                       has_user ? "'user' needs 'secret-file', a file that holds the password"
                                : "'secret-file' needs 'user': whose password it is");
  }
  settings.ca_file = values_.path_at(reader, kCaFile);
  settings.digest =
      values_.duration_at(reader, kSmtpDigest, seconds(0), kLongestDigest, "7d at most");
  return settings;
}

CommandSinkSettings ReceiverReader::read_command(const Node& node) {
  CommandSinkSettings settings;
  std::vector<std::string>& run = settings.run;
  const Node* list = &node;
  if (node.kind == Node::Kind::map || node.kind == Node::Kind::null) {
    const OptionReader reader(node, kCommandKeys, diagnostics_, "'command'");
    settings.timeout = values_.duration_at(reader, kCommandTimeout, kShortestTimeout,
                                           kLongestTimeout, "from 1s to 5m");
    list = reader.find(kCommandRun.info.name);
  }
  if (list == nullptr) {
    diagnostics_.error(node.where, "'command' needs a program: 'run: [/usr/local/bin/notify]'");
    return settings;
  }
  if (!OptionType<std::vector<std::string>>::read(*list, diagnostics_, run)) return settings;
  if (run.empty() || run[0].empty()) {
    diagnostics_.error(list->where, "a command needs a program: [/usr/local/bin/notify]");
    return settings;
  }
  if (list->kind == Node::Kind::scalar && run[0].find(' ') != std::string::npos) {
    diagnostics_.error(
        list->where, "no shell takes a command apart: write it as a list",
        "[" + printable(join({run[0].substr(0, run[0].find(' '))}, ""), 60) + ", ARGUMENT]");
    return settings;
  }
  const Node& program = list->kind == Node::Kind::scalar ? *list : list->items.front();
  run[0] = values_.path_of(program, "command");
  if (!run[0].empty() && ::access(run[0].c_str(), X_OK) != 0) {
    // No mistake: the policy may be checked on another machine.
    diagnostics_.warning(program.where,
                         "there is no program " + printable(run[0]) + " here that could be run",
                         "its path starts at the policy's folder");
  }
  return settings;
}

}  // namespace trunkgate
