// The conversation of Git and proc-receive, to the byte: what Git 2.39 sends and what it is told.
#include "hook/proc_receive_protocol.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "base/error.h"
#include "base/pipe.h"

namespace trunkgate {
namespace {

const std::string kZero(40, '0');
const std::string kOne(40, '1');
const std::string kTwo(40, '2');

std::string bytes(std::string_view text) { return std::string(text); }

std::string packet(const std::string& line) {
  std::array<char, 5> length{};
  std::snprintf(length.data(), length.size(), "%04zx", line.size() + 4);
  return length.data() + line;
}

// What Git says: the version with its features, then commands, then maybe options.
std::string said(const std::string& features, const std::string& rest) {
  const std::string version =
      features.empty() ? "version=1\n" : "version=1" + std::string(1, '\0') + features + "\n";
  return packet(version) + "0000" + rest;
}

class ProcReceiveProtocol : public testing::Test {
 protected:
  // Everything is there from the start, and Git says no more.
  void git_says(const std::string& text) {
    ASSERT_TRUE(to_hook_.open());
    ASSERT_TRUE(to_git_.open());
    ASSERT_EQ(::write(to_hook_.write_end.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
    to_hook_.write_end.close();
    session_.emplace(to_hook_.read_end.get(), to_git_.write_end.get());
  }

  std::string git_hears() {
    to_git_.write_end.close();
    std::string text(65536, '\0');
    const ssize_t n = ::read(to_git_.read_end.get(), text.data(), text.size());
    text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return text;
  }

  std::string failure() {
    try {
      session_->read_request();
    } catch (const Error& error) {
      return error.what();
    }
    return "understood";
  }

  Pipe to_hook_;
  Pipe to_git_;
  std::optional<ProcReceiveSession> session_;
};

TEST_F(ProcReceiveProtocol, ReadsCommandsAndAnswersThem) {
  git_says(said("", packet(kZero + " " + kOne + " refs/for/main") +
                        packet(kZero + " " + kTwo + " refs/for/develop") + "0000"));
  const ProcReceiveRequest request = session_->read_request();
  EXPECT_FALSE(request.atomic);
  EXPECT_EQ(request.options, std::vector<std::string>{});
  ASSERT_EQ(request.received.updates.size(), 2U);
  EXPECT_EQ(request.received.updates[0].old_id.hex(), kZero);
  EXPECT_EQ(request.received.updates[0].new_id.hex(), kOne);
  EXPECT_EQ(request.received.updates[0].name, "refs/for/main");
  EXPECT_EQ(request.received.updates[1].name, "refs/for/develop");
  EXPECT_EQ(request.received.malformed, 0U);
  session_->accept("refs/for/main", *ObjectId::parse(kTwo), *ObjectId::parse(kOne));
  session_->refuse("refs/for/develop", "needs 1 approval by reviewers");
  session_->finish();
  EXPECT_EQ(git_hears(),
            "000dversion=10000"
            "0014ok refs/for/main"
            "003boption old-oid " +
                kTwo + "003boption new-oid " + kOne +
                "0035ng refs/for/develop needs 1 approval by reviewers"
                "0000");
}

TEST_F(ProcReceiveProtocol, TakesPushOptionsWhenGitHasThem) {
  git_says(said("push-options atomic", packet(kZero + " " + kOne + " refs/for/main") + "0000" +
                                           packet("policy=check") + packet("reason=a\nb") +
                                           packet("") + "0000"));
  const ProcReceiveRequest request = session_->read_request();
  EXPECT_TRUE(request.atomic);
  EXPECT_EQ(request.options, (std::vector<std::string>{"policy=check", "reason=a\nb", ""}));
  EXPECT_EQ(git_hears(), bytes({"001aversion=1\0push-options0000", 30}));
}

TEST_F(ProcReceiveProtocol, AReasonIsOnePrintableLine) {
  git_says(said("", "0000"));
  session_->read_request();
  session_->refuse("refs/for/a", "\x1b[31mred\nsecond line");
  session_->refuse("refs/for/b", "\n");
  session_->refuse("refs/for/c", std::string(1000, 'x'));
  session_->finish();
  EXPECT_EQ(git_hears(), "000dversion=10000" + packet("ng refs/for/a \\x1b[31mred") +
                             packet("ng refs/for/b refused") +
                             packet("ng refs/for/c " + std::string(200, 'x') + "...") + "0000");
}

TEST_F(ProcReceiveProtocol, WhatIsNotTheProtocolIsNotUnderstood) {
  const std::string start = "git and proc-receive do not understand each other: ";
  const std::pair<std::string, std::string> cases[] = {
      {"", "it ends in the middle"},
      {"00", "it ends in the middle"},
      {"zzzz", "a line has no length"},
      {"-001", "a line has no length"},
      {"0001", "a line has no such length"},
      {"0003", "a line has no such length"},
      {"fff1", "a line has no such length"},
      {"0000", "there is no version"},
      {packet("hello"), "there is no version"},
      {packet("version=1"), "it ends in the middle"},
      {said("", ""), "it ends in the middle"},
      {said("", packet("x y z")), "it ends in the middle"},
      {said("", "0040cut short"), "it ends in the middle"},
      {said("push-options", "0000"), "it ends in the middle"},
      {said("push-options", "0000" + packet("policy=check")), "it ends in the middle"},
  };
  for (const auto& [text, what] : cases) {
    git_says(text);
    EXPECT_EQ(failure(), start + what) << text;
  }
}

TEST_F(ProcReceiveProtocol, CommandsThatAreNoneAreCounted) {
  git_says(said("", packet("what is this") + packet(kZero + " " + kOne + " refs/for/main") +
                        packet(kZero + " refs/for/main") + "0000"));
  const ProcReceiveRequest request = session_->read_request();
  EXPECT_EQ(request.received.malformed, 2U);
  EXPECT_EQ(request.received.updates.size(), 1U);
}

TEST_F(ProcReceiveProtocol, SeesIdsOfSha256) {
  const std::string id(64, '1');
  git_says(said("", packet(id + " " + id + " refs/for/main") + "0000"));
  EXPECT_TRUE(session_->read_request().received.sha256);
}

TEST_F(ProcReceiveProtocol, SaysSoWhenGitListensNoMore) {
  git_says(said("", "0000"));
  session_->read_request();
  to_git_.read_end.close();
  const SigpipeBlocked quiet;
  EXPECT_THROW(session_->refuse("refs/for/main", "no"), Error);
}

}  // namespace
}  // namespace trunkgate
