// The text of mails: headers that hold whatever is in them, and bodies that say what happened.
#include "events/mail_text.h"

#include "base/error.h"
#include "base/text.h"
#include "sink_example.h"

namespace trunkgate {
namespace {

class MailText : public SinkExample {
 protected:
  static MailEnvelope envelope() {
    return {.from = "gate@example.com",
            .to = {"leads@example.com"},
            .host = "git.example.com",
            .now = kNow};
  }
  static std::string mail(const std::vector<Delivery>& events) {
    return mail_text(events, envelope());
  }
  static std::string by(const std::string& who, const std::string& branch = "x") {
    return R"({"repository":{"name":"trainer"},"actor":{"kind":"user","id":")" + who +
           R"("},"change":{"ref":{"kind":"branch","short":")" + branch + R"("}}})";
  }
  static std::string refusal(const std::string& address) {
    try {
      check_mail_address(address);
    } catch (const Error& error) {
      return error.what();
    }
    return "good";
  }
};

TEST_F(MailText, FoldsPlainHeadersAtBlanks) {
  EXPECT_EQ(mail_header("Subject", "one two"), "Subject: one two\r\n");
  EXPECT_EQ(mail_header("Subject", "  one   two "), "Subject: one two\r\n");
  EXPECT_EQ(mail_header("Subject", std::string(60, 'a') + " " + std::string(20, 'b') + " c"),
            "Subject: " + std::string(60, 'a') + "\r\n " + std::string(20, 'b') + " c\r\n");
  EXPECT_EQ(mail_header("Subject", std::string(100, 'a') + " b"),
            "Subject: " + std::string(100, 'a') + "\r\n b\r\n");
}

TEST_F(MailText, WritesOtherHeadersInEncodedWordsOfWholeCharacters) {
  EXPECT_EQ(mail_header("Subject", "café"), "Subject: =?UTF-8?B?Y2Fmw6k=?=\r\n");
  EXPECT_EQ(mail_header("Subject", "=?UTF-8?Q?x?="),
            "Subject: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=\r\n");
  std::string many;
  for (int i = 0; i < 50; ++i) many += "日";
  const std::string header = mail_header("Subject", many);
  std::string decoded;
  for (const std::string_view line : split(header, '\n')) {
    if (line.empty()) continue;
    EXPECT_LE(line.size(), 77U);  // with CR
    const auto start = line.find("?B?") + 3;
    const auto word = unbase64(line.substr(start, line.find("?=", start) - start)).value();
    EXPECT_TRUE(is_utf8(word));
    decoded += word;
  }
  EXPECT_EQ(decoded, many);
}

TEST_F(MailText, EncodesLinesInQuotedPrintable) {
  EXPECT_EQ(quoted_printable("a=b é"), "a=3Db =C3=A9\r\n");
  EXPECT_EQ(quoted_printable("ends with a blank "), "ends with a blank=20\r\n");
  EXPECT_EQ(quoted_printable(std::string(76, 'a')), std::string(75, 'a') + "=\r\na\r\n");
}

TEST_F(MailText, DatesInTheFormOfMails) {
  EXPECT_EQ(mail_date(kNow), "Fri, 02 Jan 2026 03:04:05 +0000");
  EXPECT_EQ(mail_date(951'782'400'000'000), "Tue, 29 Feb 2000 00:00:00 +0000");
}

TEST_F(MailText, TakesOnlyAddressesThatStandAsTheyAre) {
  EXPECT_EQ(refusal("o'brien+git@example.com"), "good");
  for (const std::string bad :
       {"", "leads", "@example.com", "leads@", "a@b@c", "a b@example.com", "<a@example.com>",
        "a@example.com, b@example.com", "é@example.com"}) {
    EXPECT_EQ(refusal(bad), "no mail address: " + bad);
  }
  EXPECT_EQ(refusal("a@example.com\r\nBcc: x@y"), "no mail address: a@example.com\\x0d\\nBcc: x@y");
  MailEnvelope hostile = envelope();
  hostile.to.push_back("a@example.com\r\nDATA");
  EXPECT_THROW(mail_text(events(1, 1), hostile), Error);
}

TEST_F(MailText, GreetsWithANameThatServersTake) {
  EXPECT_EQ(mail_host("git-1.example.com"), "git-1.example.com");
  for (const std::string bad : {"", "a_b", "a b", "a\r\nb", "-a", ".a", "a..b", "é"}) {
    EXPECT_EQ(mail_host(bad), "localhost");
  }
}

// Escaped in JSON, so that the values hold the bytes themselves.
TEST_F(MailText, LetsNoByteOfAPushMakeALineOfItsOwn) {
  const std::string bad =
      R"(x\r\nBcc: eve@example.com\r\n\r\n.\r\nMAIL FROM:<eve@example.com>\u0000\u2028\u202e\u0085)";
  const std::string before = mail({event(1, "ref.created", by("alice"))});
  Delivery hostile = event(1, "ref.created", by(bad, bad));
  hostile.partition = "p\r\nBcc: eve@example.com";
  hostile.type += "\r\nBcc: eve@example.com";
  hostile.id += "\r\nBcc: eve@example.com";
  const std::string after = mail({hostile});
  for (const std::string_view line : split(after, '\n')) {
    EXPECT_FALSE(line.starts_with("Bcc")) << line;
    EXPECT_FALSE(line.starts_with("MAIL")) << line;
    EXPECT_NE(line, ".\r");
    if (!line.empty()) {
      EXPECT_EQ(line.back(), '\r');
    }
    EXPECT_EQ(std::count(line.begin(), line.end(), '\r'), line.empty() ? 0 : 1);
  }
  // The same headers, and no other.
  const auto names = [](const std::string& text) {
    Told found;
    for (const std::string_view line :
         split(std::string_view(text).substr(0, text.find("\r\n\r\n")), '\n')) {
      if (!line.starts_with(' ')) found.emplace_back(line.substr(0, line.find(':')));
    }
    return found;
  };
  EXPECT_EQ(names(after), names(before));
}

TEST_F(MailText, CutsTheSubjectButNotTheBody) {
  const std::string branch(190, 'b');
  const std::string text = mail({event(1, "ref.created", by("alice", branch))});
  const auto subject = text.find("Subject: ");
  const std::string header = text.substr(subject, text.find("\r\nMessage-ID") - subject);
  EXPECT_LT(header.size(), 180U);
  EXPECT_TRUE(header.ends_with("...")) << header;
  EXPECT_NE(text.find("alice created branch " + branch + "\r\n"), std::string::npos);
}

TEST_F(MailText, GathersEventsInOneMailWithAListInFront) {
  const std::string text = mail({event(1, "ref.created", by("alice"), "uuid:x"),
                                 event(2, "ref.deleted", by("bob"), "uuid:x")});
  EXPECT_NE(text.find("Subject: [trainer] 2 events: alice created branch x\r\n"),
            std::string::npos);
  EXPECT_NE(text.find("References: <thread_"), std::string::npos);
  EXPECT_EQ(text.substr(text.find("\r\n\r\n") + 4),
            "   1. alice created branch x\r\n"
            "   2. bob deleted branch x\r\n"
            "\r\n" +
                std::string(72, '-') +
                "\r\n"
                "1. alice created branch x\r\n"
                "\r\n"
                "Repository   trainer\r\n"
                "Who          alice\r\n"
                "When         2026-01-02 03:04:05 UTC\r\n"
                "\r\n"
                "Event        evt_00000000000000000000000000000001\r\n"
                "\r\n" +
                std::string(72, '-') +
                "\r\n"
                "2. bob deleted branch x\r\n"
                "\r\n"
                "Repository   trainer\r\n"
                "Who          bob\r\n"
                "When         2026-01-02 03:04:05 UTC\r\n"
                "\r\n"
                "Event        evt_00000000000000000000000000000002\r\n"
                "\r\n"
                "-- \r\n"
                "trunkgate on git.example.com\r\n");
}

TEST_F(MailText, BoundsAMailAboutVeryManyEvents) {
  std::vector<Delivery> many;
  for (std::uint64_t n = 1; n <= 1500; ++n) many.push_back(event(n, "ref.created", by("alice")));
  const std::string text = mail(many);
  EXPECT_LT(text.size(), 200'000U);
  EXPECT_NE(text.find("\r\n      and 500 more\r\n"), std::string::npos);
  EXPECT_NE(text.find("\r\nThe first 50 are told in full.\r\n"), std::string::npos);
}

}  // namespace
}  // namespace trunkgate
