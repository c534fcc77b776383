// The keys of a sink in a policy: declared once, for its reader and for the schema.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/option.h"

namespace trunkgate::keys {

inline constexpr Option<std::string> kSinkName{"name", "", "of the sink"};
inline constexpr Option<std::string> kSinkFile{
    "file", "", "a file of JSON lines: its path, or path, max-size and keep"};
inline constexpr Option<std::string> kSinkWebhook{
    "webhook", "", "POST of each event: a URL, or url and what is said to it"};
inline constexpr Option<std::string> kSinkNats{"nats", "", "a stream of NATS JetStream"};
inline constexpr Option<std::string> kSinkSmtp{"smtp", "", "mail"};
inline constexpr Option<std::vector<std::string>> kSinkCommand{
    "command", "",
    "a program and its arguments: it gets each event as one line of JSON on standard input"};
inline constexpr Option<std::vector<std::string>> kSinkTypes{
    "types", "", "of events to take, such as change.landed or 'ref.*'; all when left out"};
inline constexpr Option<RefPatterns> kSinkRefs{"refs", "",
                                               "take only events about these; all when left out"};
inline constexpr Option<PathSet> kSinkPaths{
    "paths", "", "take only events with new commits that change one of these"};
inline constexpr Option<std::vector<std::string>> kSinkLabels{
    "labels", "", "take only events that tell of the use of one of these exemptions"};
inline constexpr Option<bool> kSinkDrafts{"drafts", "true", "false: no event of git push -o draft"};
inline constexpr Option<bool> kSinkOrdered{
    "ordered", "true", "false: an event does not wait for earlier ones of its reference"};
inline constexpr const OptionInfo* kReceivers[] = {
    &kSinkFile.info, &kSinkWebhook.info, &kSinkNats.info, &kSinkSmtp.info, &kSinkCommand.info};
inline constexpr const OptionInfo* kSinkKeys[] = {
    &kSinkName.info,  &kSinkFile.info,    &kSinkWebhook.info, &kSinkNats.info,
    &kSinkSmtp.info,  &kSinkCommand.info, &kSinkTypes.info,   &kSinkRefs.info,
    &kSinkPaths.info, &kSinkLabels.info,  &kSinkDrafts.info,  &kSinkOrdered.info};

inline constexpr Option<std::string> kFilePath{"path", "", "of the file"};
inline constexpr Option<ByteSize> kFileMaxSize{
    "max-size", "0", "move the file away before it grows larger; 0 for never"};
inline constexpr Option<std::int64_t> kFileKeep{"keep", "10",
                                                "how many files that were moved away stay"};
inline constexpr const OptionInfo* kFileKeys[] = {&kFilePath.info, &kFileMaxSize.info,
                                                  &kFileKeep.info};

inline constexpr Option<std::string> kCaFile{"ca-file", "",
                                             "certificates to trust besides the system's"};

inline constexpr Option<std::string> kUrl{"url", "", "https://host/path, without any user"};
inline constexpr Option<std::string> kSecretFile{
    "secret-file", "", "a file (0600) with the secret that signs: whsec_..."};
inline constexpr Option<std::string> kTokenFile{
    "token-file", "", "a file (0600) with the token of 'Authorization: Bearer'"};
inline constexpr std::string_view kStyleWords[] = {"cloudevents", "cloudevents-binary", "github",
                                                   "gitlab", "gitea"};
inline constexpr Option<std::string> kStyle{
    "style", "cloudevents", "cloudevents, cloudevents-binary, github, gitlab or gitea"};
inline constexpr Option<std::chrono::seconds> kWebhookTimeout{"timeout", "15s",
                                                              "how long it may take to answer"};
inline constexpr Option<std::vector<std::string>> kAllow{
    "allow", "", "addresses of the own network that may be called: 10.1.2.0/24, ::1, a host"};
inline constexpr const OptionInfo* kWebhookKeys[] = {
    &kUrl.info,   &kSecretFile.info,     &kTokenFile.info, &kCaFile.info,
    &kStyle.info, &kWebhookTimeout.info, &kAllow.info};

inline constexpr Option<std::vector<std::string>> kNatsServers{
    "servers", "", "nats://host:4222 or tls://host:4222"};
inline constexpr Option<std::string> kNatsStream{"stream", "", "of JetStream"};
inline constexpr Option<std::string> kNatsSubject{"subject", "git", "what subjects start with"};
inline constexpr Option<std::string> kNatsCredentials{"credentials-file", "",
                                                      "a file (0600) as nsc writes it"};
inline constexpr const OptionInfo* kNatsKeys[] = {&kNatsServers.info, &kNatsStream.info,
                                                  &kNatsSubject.info, &kNatsCredentials.info,
                                                  &kCaFile.info};

inline constexpr Option<std::string> kSmtpServer{
    "server", "", "smtp://host or smtps://host, with a port where it is another one"};
inline constexpr Option<std::string> kSmtpFrom{"from", "", "the sender's address"};
inline constexpr Option<std::vector<std::string>> kSmtpTo{"to", "", "addresses"};
inline constexpr Option<std::string> kSmtpUser{"user", "", "who logs in at the server"};
inline constexpr Option<std::string> kSmtpSecretFile{"secret-file", "",
                                                     "a file (0600) with the user's password"};
inline constexpr Option<std::chrono::seconds> kSmtpDigest{
    "digest", "0s", "gather events for so long and send one mail"};
inline constexpr const OptionInfo* kSmtpKeys[] = {
    &kSmtpServer.info,     &kSmtpFrom.info, &kSmtpTo.info,    &kSmtpUser.info,
    &kSmtpSecretFile.info, &kCaFile.info,   &kSmtpDigest.info};

inline constexpr Option<std::vector<std::string>> kCommandRun{
    "run", "", "the program and its arguments; its path starts at the policy's folder"};
inline constexpr Option<std::chrono::seconds> kCommandTimeout{"timeout", "30s",
                                                              "how long it may take for one event"};
inline constexpr const OptionInfo* kCommandKeys[] = {&kCommandRun.info, &kCommandTimeout.info};

}  // namespace trunkgate::keys
