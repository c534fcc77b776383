#include "policy/sink_reader.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;
using std::chrono::seconds;

// What a policy in /p says of sinks; `sinks` are items of a flow list.
std::unique_ptr<Policy> load(const std::string& sinks, const std::string& more = {}) {
  return load_policy({{"/p/policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
    return FileText{
        FileState::present, "version: 1\n" + more + "events:\n  sinks: [" + sinks + "]\n", {}};
  });
}

SinkSettings sink(const std::string& text, const std::string& more = {}) {
  return load(text, more)->sinks.at(0);
}

template <typename Settings>
Settings receiver(const std::string& text) {
  return std::get<Settings>(sink("{name: x, " + text + "}").receiver);
}

TEST(SinkReader, TakesEverythingWithoutAFilter) {
  const SinkSettings made = sink("{name: log, file: events.jsonl}");
  EXPECT_EQ(made.name, "log");
  EXPECT_TRUE(made.filter.types.empty());
  EXPECT_TRUE(made.filter.refs.empty());
  EXPECT_TRUE(made.filter.paths.empty());
  EXPECT_TRUE(made.filter.labels.empty());
  EXPECT_TRUE(made.filter.drafts);
  EXPECT_TRUE(made.ordered);
}

TEST(SinkReader, ReadsFilters) {
  const SinkSettings made = sink(
      "{name: x, file: y, types: [branch.stale, 'ref.*'], refs: ['feature/**'], paths: '*.py', "
      "labels: [skip], drafts: false, ordered: false}",
      "groups: {all: [ada]}\nexemptions: {skip: {waives: [missing-check], by: [ada]}}\n");
  ASSERT_EQ(made.filter.types.size(), 2U);
  EXPECT_EQ(made.filter.types[0].text(), "branch.stale");
  EXPECT_TRUE(made.filter.types[1].matches("ref.created"));
  EXPECT_TRUE(made.filter.refs.matches("refs/heads/feature/a"));
  EXPECT_FALSE(made.filter.refs.matches("refs/heads/main"));
  EXPECT_EQ(made.filter.paths.texts(), Lines{"*.py"});
  EXPECT_EQ(made.filter.labels, Lines{"skip"});
  EXPECT_FALSE(made.filter.drafts);
  EXPECT_FALSE(made.ordered);
}

TEST(SinkReader, TakesLabelsOfExemptionsThatALayerBelowAdds) {
  const auto policy = load_policy({{"/p/policy.yaml", "policy.yaml", false}}, [](const auto& path) {
    return FileText{FileState::present,
                    path == "/p/policy.yaml"
                        ? "version: 1\nextends: base.yaml\nexemptions: {skip: {waives: "
                          "[missing-check], by: [ada]}}\n"
                        : "version: 1\nevents: {sinks: [{name: x, file: y, labels: [skip]}]}\n",
                    {}};
  });
  EXPECT_EQ(policy->sinks.at(0).filter.labels, Lines{"skip"});
}

TEST(SinkReader, ReadsFiles) {
  EXPECT_EQ(receiver<FileSinkSettings>("file: a/../events.jsonl").path, "/p/events.jsonl");
  EXPECT_EQ(receiver<FileSinkSettings>("file: /var/log/e.jsonl").path, "/var/log/e.jsonl");
  EXPECT_EQ(receiver<FileSinkSettings>("file: e").max_size, 0U);
  const auto made = receiver<FileSinkSettings>("file: {path: e.jsonl, max-size: 1 MiB, keep: 3}");
  EXPECT_EQ(made.path, "/p/e.jsonl");
  EXPECT_EQ(made.max_size, std::uint64_t{1} << 20U);
  EXPECT_EQ(made.keep, 3U);
}

TEST(SinkReader, ReadsWebhooks) {
  const auto brief = receiver<WebhookSettings>("webhook: 'https://ci.example/hook?x=1'");
  EXPECT_EQ(brief.url, "https://ci.example/hook?x=1");
  EXPECT_EQ(brief.secret_file, "");
  EXPECT_EQ(brief.style, WebhookSettings::Style::cloudevents);
  EXPECT_EQ(brief.timeout, seconds(15));
  const auto made = receiver<WebhookSettings>(
      "webhook: {url: 'http://[::1]:8080/', secret-file: ci.key, token-file: /etc/ci.token, "
      "ca-file: ca.pem, style: gitea, timeout: 5m, allow: ['::1', 10.1.2.0/24, ci]}");
  EXPECT_EQ(made.secret_file, "/p/ci.key");
  EXPECT_EQ(made.token_file, "/etc/ci.token");
  EXPECT_EQ(made.ca_file, "/p/ca.pem");
  EXPECT_EQ(made.style, WebhookSettings::Style::gitea);
  EXPECT_EQ(made.timeout, seconds(300));
  EXPECT_EQ(made.allow, (Lines{"::1", "10.1.2.0/24", "ci"}));
  const std::pair<const char*, WebhookSettings::Style> kStyles[] = {
      {"cloudevents", WebhookSettings::Style::cloudevents},
      {"cloudevents-binary", WebhookSettings::Style::cloudevents_binary},
      {"github", WebhookSettings::Style::github},
      {"gitlab", WebhookSettings::Style::gitlab}};
  for (const auto& [word, style] : kStyles) {
    EXPECT_EQ(
        receiver<WebhookSettings>("webhook: {url: 'https://ci', style: " + std::string(word) + "}")
            .style,
        style);
  }
}

TEST(SinkReader, WarnsAboutATokenThatEverybodyOnTheWayCanRead) {
  const auto warnings = [](const std::string& url) {
    const auto policy = load("{name: x, webhook: {url: '" + url + "', token-file: t}}");
    return policy->warnings.empty() ? std::string() : policy->warnings.at(0).message;
  };
  EXPECT_EQ(warnings("http://ci.example/"), "everybody on the way can read the token");
  EXPECT_EQ(warnings("https://ci.example/"), "");
  EXPECT_EQ(warnings("http://127.0.0.1/"), "");
}

TEST(SinkReader, ReadsNats) {
  const auto brief = receiver<NatsSettings>("nats: {servers: 'nats://a:4222', stream: GIT}");
  EXPECT_EQ(brief.servers, Lines{"nats://a:4222"});
  EXPECT_EQ(brief.subject, "git");
  const auto made = receiver<NatsSettings>(
      "nats: {servers: ['nats://a', 'tls://[::1]:4222'], stream: GIT, subject: git.site, "
      "credentials-file: git.creds, ca-file: ca.pem}");
  EXPECT_EQ(made.servers, (Lines{"nats://a", "tls://[::1]:4222"}));
  EXPECT_EQ(made.stream, "GIT");
  EXPECT_EQ(made.subject, "git.site");
  EXPECT_EQ(made.credentials_file, "/p/git.creds");
  EXPECT_EQ(made.ca_file, "/p/ca.pem");
}

TEST(SinkReader, ReadsMail) {
  const auto brief =
      receiver<SmtpSettings>("smtp: {server: 'smtp://localhost', to: a@example.com}");
  EXPECT_EQ(brief.server, "smtp://localhost");
  EXPECT_EQ(brief.from, "");
  EXPECT_EQ(brief.to, Lines{"a@example.com"});
  EXPECT_EQ(brief.digest, seconds(0));
  const auto made = receiver<SmtpSettings>(
      "smtp: {server: 'smtps://mail.example:465', from: git@example.com, to: [a@example.com, "
      "b@example.com], user: git, secret-file: mail.key, ca-file: ca.pem, digest: 1d}");
  EXPECT_EQ(made.from, "git@example.com");
  EXPECT_EQ(made.to, (Lines{"a@example.com", "b@example.com"}));
  EXPECT_EQ(made.user, "git");
  EXPECT_EQ(made.secret_file, "/p/mail.key");
  EXPECT_EQ(made.ca_file, "/p/ca.pem");
  EXPECT_EQ(made.digest, seconds(86'400));
}

TEST(SinkReader, ReadsCommandsAndWarnsWhereTheirProgramIsMissing) {
  EXPECT_EQ(receiver<CommandSinkSettings>("command: /bin/cat").run, Lines{"/bin/cat"});
  EXPECT_EQ(receiver<CommandSinkSettings>("command: [bin/notify, --all, '']").run,
            (Lines{"/p/bin/notify", "--all", ""}));
  const auto made = receiver<CommandSinkSettings>("command: {run: [/bin/cat, -], timeout: 1s}");
  EXPECT_EQ(made.run, (Lines{"/bin/cat", "-"}));
  EXPECT_EQ(made.timeout, seconds(1));
  EXPECT_TRUE(load("{name: x, command: [/bin/cat]}")->warnings.empty());
  const auto policy = load("{name: x, command: [notify]}");
  ASSERT_EQ(policy->warnings.size(), 1U);
  EXPECT_EQ(policy->warnings[0].message, "there is no program /p/notify here that could be run");
}

// As it stands in the product's description.
TEST(SinkReader, ReadsEveryKindAtOnce) {
  const auto policy = load_policy({{"/p/policy.yaml", "policy.yaml", false}}, [](const auto&) {
    return FileText{
        FileState::present,
        "version: 1\n"
        "events:\n"
        "  sinks:\n"
        "    - {name: log,  file: events.jsonl}\n"
        "    - {name: ci,   webhook: {url: \"https://ci.example/hook\", secret-file: ci.key}, "
        "refs: "
        "[\"feature/**\"]}\n"
        "    - {name: bus,  nats: {servers: [\"nats://127.0.0.1:4222\"], stream: GIT}}\n"
        "    - {name: mail, smtp: {server: \"smtp://localhost\", to: [leads@example.com]}, types: "
        "[\"branch.stale\"]}\n",
        {}};
  });
  Lines names;
  for (const SinkSettings& each : policy->sinks) {
    names.push_back(each.name + " " + std::to_string(each.receiver.index()));
  }
  EXPECT_EQ(names, (Lines{"log 0", "ci 1", "bus 2", "mail 3"}));
  EXPECT_TRUE(policy->warnings.empty());
}

}  // namespace
}  // namespace trunkgate
