// Pushes that land, attest and release, and what a deliverer tells of them besides the references.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "deliverer_fixture.h"

namespace trunkgate {

class DerivedEventsTest : public DelivererTest {
 protected:
  // Every event that a test made fits the schema.
  void TearDown() override {
    if (exists(events_file())) {
      const std::string command = "python3 -B '" TRUNKGATE_TESTS_DIR
                                  "/events/validate.py' '" TRUNKGATE_TESTS_DIR
                                  "/../config/events.schema.json' '" +
                                  events_file() + "'";
      EXPECT_EQ(std::system(command.c_str()), 0);
    }
    DelivererTest::TearDown();
  }

  // A landing on a protected branch, as the gate leaves it in an intent.
  static SpooledUpdate landing(const std::string& ref, const ObjectId& before,
                               const ObjectId& after, const std::string& kind,
                               std::vector<SpooledSource> sources) {
    SpooledUpdate made = update(ref, before, after);
    made.protected_ref = true;
    made.landing = kind;
    made.sources = std::move(sources);
    return made;
  }

  // post-receive knows names and values only.
  void pushed_as(SpoolRecord wish) const {
    std::vector<SpooledUpdate> plain;
    for (const SpooledUpdate& each : wish.updates) {
      plain.push_back(update(each.ref, each.before, each.after));
      set_ref(each.ref, each.after);
    }
    SpoolRecord done = wish;
    done.kind = SpoolRecord::Kind::result;
    done.updates = plain;
    done.findings = {};
    done.requirements = {};
    done.exemptions = {};
    done.push_options = {};
    spool().write(wish);
    spool().write(done);
  }

  std::vector<Json> events_of(const std::string& type) const {
    std::vector<Json> found;
    for (const Json& event : events()) {
      if (event["type"] == "dev.trunkgate." + type + ".v1") found.push_back(event);
    }
    return found;
  }
  // The only one.
  Json event_of(const std::string& type) const {
    const auto found = events_of(type);
    EXPECT_EQ(found.size(), 1U) << type;
    return found.empty() ? Json() : found[0];
  }

  // Delivers into a sink that has everything and fails before the state says so, then again.
  void expect_repeatable() {
    {
      FileSink file(events_file(), Sharing{});
      FlakySink crash(&file);
      deliver({&crash});
    }
    const auto before = lines();
    ASSERT_FALSE(before.empty());
    now_ += kSecond;
    EXPECT_EQ(deliver().records_left, 0U);
    EXPECT_EQ(lines(), before);
    expect_linked();
  }
};

}  // namespace trunkgate
