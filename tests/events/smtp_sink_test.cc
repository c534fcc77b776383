// Mails against a real server on loopback.
#include "events/smtp_sink.h"

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/text.h"
#include "sink_example.h"
#include "smtp_server.h"

namespace trunkgate {
namespace {

class SmtpSinkTest : public SinkExample {
 protected:
  void start(const std::vector<std::string>& arguments = {}) {
    server_ = std::make_unique<SmtpServer>(folder_.path(), arguments);
    ASSERT_TRUE(server_->runs()) << "python3-aiosmtpd is missing";
    settings_.server = "smtp://127.0.0.1:" + server_->port();
    settings_.to = {"leads@example.com"};
  }
  std::string file(const std::string& name, const std::string& text) const {
    const std::string path = folder_.path() + "/" + name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0600));
    return path;
  }
  std::unique_ptr<Sink> sink(SmtpPatience patience = {}) {
    return make_smtp_sink({.name = "leads", .filter = {}, .receiver = settings_}, place(),
                          patience);
  }
  Told send(const std::vector<Delivery>& events) { return told(sink()->deliver(events)); }
  // Somebody whose name is in the subject.
  static Delivery by(const std::string& who, std::uint64_t n, const std::string& partition = {}) {
    return event(n, "ref.created",
                 R"({"actor":{"kind":"user","id":")" + who +
                     R"("},"change":{"ref":{"name":"refs/heads/x","kind":"branch","short":"x"}}})",
                 partition);
  }
  std::string at_server(const std::string& words) const {
    return "failed: " + settings_.server + words;
  }
  // A header's lines, unfolded.
  static std::string header(const std::string& mail, const std::string& name) {
    const auto start = mail.find("\r\n" + name + ": ");
    if (start == std::string::npos || start > mail.find("\r\n\r\n")) return "none";
    std::string value;
    for (auto at = start + name.size() + 4; at < mail.size(); ++at) {
      if (mail.compare(at, 2, "\r\n") == 0) {
        if (mail[at + 2] != ' ') break;
        at += 1;
        continue;
      }
      value.push_back(mail[at]);
    }
    return value;
  }

  std::unique_ptr<SmtpServer> server_;
  SmtpSettings settings_;
};

TEST_F(SmtpSinkTest, SendsOneMailForEachEventOverOneConnection) {
  start();
  EXPECT_EQ(sink()->name(), "smtp leads");
  EXPECT_EQ(sink()->gathers_for(), 0);
  settings_.to = {"leads@example.com", "audit@example.com"};
  EXPECT_EQ(send({by("alice", 1), by("bob", 2)}), Told(2, "delivered"));
  const std::string seen =
      "helo git.example.com from trunkgate@git.example.com to leads@example.com audit@example.com "
      "tls no user -\n";
  EXPECT_EQ(server_->connection(1), seen);
  EXPECT_EQ(server_->connection(2), seen);
  EXPECT_EQ(server_->client_port(1), server_->client_port(2));
  std::string mail = server_->mail(1);
  const std::string thread = header(mail, "References");
  EXPECT_EQ(thread.size(), std::string("<thread_@git.example.com>").size() + 32);
  for (auto found = mail.find(thread); found != std::string::npos; found = mail.find(thread)) {
    mail.replace(found, thread.size(), "<thread_THREAD@git.example.com>");
  }
  EXPECT_EQ(mail,
            "Date: Fri, 02 Jan 2026 03:04:05 +0000\r\n"
            "From: trunkgate <trunkgate@git.example.com>\r\n"
            "To: leads@example.com,\r\n audit@example.com\r\n"
            "Subject: alice created branch x\r\n"
            "Message-ID: <evt_00000000000000000000000000000001@git.example.com>\r\n"
            "In-Reply-To: <thread_THREAD@git.example.com>\r\n"
            "References: <thread_THREAD@git.example.com>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "X-Trunkgate-Event: ref.created.v1\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=UTF-8\r\n"
            "Content-Transfer-Encoding: 7bit\r\n"
            "\r\n"
            "alice created branch x\r\n"
            "\r\n"
            "Who          alice\r\n"
            "When         2026-01-02 03:04:05 UTC\r\n"
            "Ref          refs/heads/x\r\n"
            "\r\n"
            "Event        evt_00000000000000000000000000000001\r\n"
            "\r\n"
            "-- \r\n"
            "trunkgate on git.example.com\r\n");
  EXPECT_EQ(server_->mail(3), "");
}

TEST_F(SmtpSinkTest, SendsOneMailForAllEventsThatWereGathered) {
  start();
  settings_.digest = std::chrono::hours(24);
  settings_.from = "gate@example.com";
  EXPECT_EQ(sink()->gathers_for(), 86'400'000'000);
  EXPECT_EQ(send({by("alice", 1), by("bob", 2), by("carol", 3)}), Told(3, "delivered"));
  EXPECT_EQ(server_->connection(1),
            "helo git.example.com from gate@example.com to leads@example.com tls no user -\n");
  EXPECT_EQ(header(server_->mail(1), "Subject"), "3 events: alice created branch x");
  EXPECT_EQ(header(server_->mail(1), "Message-ID"),
            "<evt_00000000000000000000000000000003@git.example.com>");
  EXPECT_EQ(header(server_->mail(1), "References"), "none");
  EXPECT_EQ(server_->mail(2), "");
  EXPECT_EQ(send({by("poison", 4), by("bob", 5)}),
            Told(2, at_server(" answered: 550 5.7.1 looks like spam")));
}

TEST_F(SmtpSinkTest, PutsMailsAboutOneBranchIntoOneThread) {
  start();
  send({by("alice", 1, "uuid:a"), by("bob", 2, "uuid:b"), by("carol", 3, "uuid:a")});
  EXPECT_EQ(header(server_->mail(1), "References"), header(server_->mail(3), "References"));
  EXPECT_EQ(header(server_->mail(1), "In-Reply-To"), header(server_->mail(1), "References"));
  EXPECT_NE(header(server_->mail(1), "References"), header(server_->mail(2), "References"));
}

TEST_F(SmtpSinkTest, KeepsLinesThatStartWithADot) {
  start();
  EXPECT_EQ(send({by(".", 1), by("..é", 2)}), Told(2, "delivered"));
  EXPECT_NE(server_->mail(1).find("\r\n\r\n. created branch x\r\n"), std::string::npos);
  EXPECT_NE(server_->mail(2).find("\r\n\r\n..=C3=A9 created branch x\r\n"), std::string::npos);
}

TEST_F(SmtpSinkTest, TellsWhyAReceiverIsRefused) {
  start();
  settings_.to = {"leads@example.com", "nobody@example.com"};
  EXPECT_EQ(send({by("alice", 1), by("bob", 2)}),
            Told(2, at_server(" answered: 550 5.1.1 no such user")));
  settings_.to = {"busy@example.com"};
  EXPECT_EQ(send({by("alice", 1)}), Told{at_server(" answered: 450 4.2.1 mailbox is busy")});
  EXPECT_EQ(server_->mail(1), "");
}

TEST_F(SmtpSinkTest, GoesOnWithOtherPartitionsAfterAMailThatIsRefused) {
  start();
  EXPECT_EQ(send({by("poison", 1, "uuid:a"), by("bob", 2, "uuid:b"), by("carol", 3, "uuid:a"),
                  by("later", 4, "uuid:c"), by("eve", 5, "uuid:d")}),
            (Told{at_server(" answered: 550 5.7.1 looks like spam"), "delivered", "skipped",
                  at_server(" answered: 451 4.3.0 try again later"), "delivered"}));
  EXPECT_EQ(header(server_->mail(1), "Subject"), "bob created branch x");
  EXPECT_EQ(header(server_->mail(2), "Subject"), "eve created branch x");
}

TEST_F(SmtpSinkTest, GivesUpWhenTheServerClosesOrVanishes) {
  start();
  EXPECT_EQ(send({by("alice", 1), by("closing", 2), by("bob", 3)}),
            (Told{"delivered", at_server(" answered: 421 4.3.2 closing down"), "skipped"}));
  const Told vanished = send({by("vanishing", 4), by("bob", 5)});
  EXPECT_TRUE(vanished.at(0).starts_with(at_server(": "))) << vanished.at(0);
  EXPECT_EQ(vanished.at(1), "skipped");
  settings_.server = "smtp://127.0.0.1:1";
  const Told refused = send({by("alice", 6), by("bob", 7)});
  EXPECT_TRUE(refused.at(0).starts_with(at_server(": Failed to connect to "))) << refused.at(0);
  EXPECT_EQ(refused.at(1), "skipped");
}

TEST_F(SmtpSinkTest, WaitsNoLongerThanItsPatience) {
  start();
  const auto begin = std::chrono::steady_clock::now();
  const SmtpPatience patience{.connect = std::chrono::seconds(1),
                              .mail = std::chrono::seconds(1),
                              .call = std::chrono::seconds(5)};
  EXPECT_EQ(told(sink(patience)->deliver(std::vector{by("silent", 1), by("bob", 2)})),
            (Told{at_server(" has not taken the mail within 1 s"), "skipped"}));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(25));
}

TEST_F(SmtpSinkTest, UsesTlsWhenItIsOfferedWhateverTheCertificateWhenNoneIsAskedFor) {
  ASSERT_TRUE(make_certificates(folder_.path()));
  start({"--certificate", folder_.path() + "/server.pem"});
  EXPECT_EQ(send({by("alice", 1)}), Told{"delivered"});
  EXPECT_NE(server_->connection(1).find("tls yes"), std::string::npos) << server_->connection(1);
}

TEST_F(SmtpSinkTest, ChecksTheCertificateWhenACaIsNamed) {
  ASSERT_TRUE(make_certificates(folder_.path()));
  start({"--certificate", folder_.path() + "/server.pem"});
  settings_.ca_file = folder_.path() + "/ca.pem";
  EXPECT_EQ(send({by("alice", 1)}), Told{"delivered"});
  EXPECT_NE(server_->connection(1).find("tls yes"), std::string::npos);
  // Another authority's.
  std::filesystem::create_directory(folder_.path() + "/other");
  ASSERT_TRUE(make_certificates(folder_.path() + "/other"));
  settings_.ca_file = folder_.path() + "/other/ca.pem";
  const Told refused = send({by("alice", 2)});
  EXPECT_TRUE(refused.at(0).starts_with(at_server(": SSL"))) << refused.at(0);
  EXPECT_NE(refused.at(0).find("certificate"), std::string::npos) << refused.at(0);
  EXPECT_EQ(server_->mail(2), "");
}

TEST_F(SmtpSinkTest, SpeaksTlsFromTheStartWithSmtps) {
  ASSERT_TRUE(make_certificates(folder_.path()));
  start({"--certificate", folder_.path() + "/server.pem", "--tls"});
  settings_.server = "smtps://127.0.0.1:" + server_->port();
  const Told refused = send({by("alice", 1)});
  EXPECT_NE(refused.at(0).find("certificate"), std::string::npos) << refused.at(0);
  settings_.ca_file = folder_.path() + "/ca.pem";
  EXPECT_EQ(send({by("alice", 2)}), Told{"delivered"});
  EXPECT_NE(server_->mail(1).find("alice"), std::string::npos);
}

TEST_F(SmtpSinkTest, NeedsTlsWhereACaIsNamed) {
  ASSERT_TRUE(make_certificates(folder_.path()));
  start();
  settings_.ca_file = folder_.path() + "/ca.pem";
  const Told refused = send({by("alice", 1)});
  EXPECT_TRUE(refused.at(0).starts_with(at_server(": STARTTLS"))) << refused.at(0);
  EXPECT_EQ(server_->mail(1), "");
}

TEST_F(SmtpSinkTest, LogsInWithTheSecretOfTheFile) {
  start({"--password", "hunter2"});
  settings_.user = "gate";
  settings_.secret_file = file("right", "hunter2\n");
  EXPECT_EQ(send({by("alice", 1)}), Told{"delivered"});
  EXPECT_NE(server_->connection(1).find("user gate"), std::string::npos) << server_->connection(1);
  EXPECT_EQ(send({by("parrot", 2)}), Told{at_server(" answered: 550 5.7.1 *** or *** or ***")});
  settings_.secret_file = file("wrong", "swordfish\n");
  EXPECT_EQ(send({by("alice", 2), by("bob", 3)}),
            (Told{at_server(" refuses the login of gate"), "skipped"}));
  settings_.secret_file = folder_.path() + "/none";
  EXPECT_THROW(send({by("alice", 4)}), Error);
}

TEST_F(SmtpSinkTest, SendsNoPasswordToAnotherMachineWithoutTls) {
  start({"--password", "hunter2", "--address", "127.0.0.2"});
  settings_.server = "smtp://127.0.0.2:" + server_->port();
  settings_.user = "gate";
  settings_.secret_file = file("right", "hunter2\n");
  const Told refused = send({by("alice", 1)});
  EXPECT_TRUE(refused.at(0).starts_with(at_server(": STARTTLS"))) << refused.at(0);
}

TEST_F(SmtpSinkTest, BelievesNoProxyOfTheEnvironment) {
  start();
  for (const char* name : {"all_proxy", "ALL_PROXY", "smtp_proxy", "SMTP_PROXY"}) {
    ASSERT_EQ(::setenv(name, "http://127.0.0.1:1", 1), 0);
  }
  EXPECT_EQ(send({by("alice", 1)}), Told{"delivered"});
  for (const char* name : {"all_proxy", "ALL_PROXY", "smtp_proxy", "SMTP_PROXY"}) {
    ::unsetenv(name);
  }
}

TEST_F(SmtpSinkTest, ShowsTheServersWordsPrintable) {
  start();
  settings_.to = {"hostile@example.com"};
  const Told refused = send({by("alice", 1)});
  EXPECT_TRUE(is_printable(refused.at(0))) << refused.at(0);
  EXPECT_NE(refused.at(0).find("\\x1b[31m"), std::string::npos) << refused.at(0);
}

TEST_F(SmtpSinkTest, RefusesAUserInTheServersAddress) {
  settings_.server = "smtp://gate:hunter2@127.0.0.1:1";
  settings_.to = {"leads@example.com"};
  try {
    send({by("alice", 1)});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the server's address holds a user");
  }
}

}  // namespace
}  // namespace trunkgate
